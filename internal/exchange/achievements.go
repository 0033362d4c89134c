package exchange

import (
	"slices"

	"jishi/internal/market"
)

// achievements is the table of market.Achievement.
var achievements = newTable(table[market.Achievement]{
	kind:      Achievements,
	importers: []market.Role{market.RoleSupplier, market.RoleOfficer},
	columns: slices.Concat(
		[]column[market.Achievement]{
			externalID([]string{"成果编号"}, func(a *market.Achievement) *string { return &a.ImportKey }, func(a *market.Achievement) market.ID { return a.Owner }),
			text(head{Key: "title", Name: "成果名称", Also: []string{"名称", "题名", "标题", "科技成果名称", "name"}, Required: true, Hint: "不超过 200 字"},
				func(a *market.Achievement) *string { return &a.Title }),
			text(head{Key: "holder", Name: "第一完成单位", Also: []string{"完成单位", "成果持有人", "成果单位", "权利人", "专利权人"}, Hint: "成果上写明的第一完成单位全称"},
				func(a *market.Achievement) *string { return &a.Holder }),
			text(head{Key: "holder_code", Name: "第一完成单位统一社会信用代码", Also: []string{"统一社会信用代码", "信用代码"}, Hint: "18 位"},
				func(a *market.Achievement) *string { return &a.HolderCode }),
			list(head{Key: "partners", Name: "合作完成单位", Also: []string{"合作单位", "其他完成单位"}, Hint: "按名次，用；分开"},
				func(a *market.Achievement) *[]string { return &a.Partners }),
			text(head{Key: "summary", Name: "成果简介", Also: []string{"简介", "摘要", "abstract", "内容简介", "成果摘要"}, Required: true, Hint: "公开，不超过 5000 字，不写技术秘密"},
				func(a *market.Achievement) *string { return &a.Summary }),
			text(head{Key: "benefit", Name: "优势与效益", Also: []string{"效益", "技术优势", "创新点"}, Hint: "比现有办法好多少，写数字"},
				func(a *market.Achievement) *string { return &a.Benefit }),
			text(head{Key: "detail", Name: "保密内容", Also: []string{"详细说明", "保密说明"}, Hint: "只给经办人和本单位看"},
				func(a *market.Achievement) *string { return &a.Detail }),
			keywordsColumn(achievementListing),
		},
		classColumns(achievementListing),
		achievementStanding,
		[]column[market.Achievement]{modesColumn(achievementListing)},
		contactColumns(func(a *market.Achievement) *market.Contact { return &a.Contact }),
		[]column[market.Achievement]{sourceColumn(achievementListing)},
		stateColumns(achievementListing),
	),
	finish:   func(a *market.Achievement) { a.Price.Mode = priceMode(a.Price) },
	check:    func(a *market.Achievement, _ market.Date) error { return a.Check(false) },
	external: func(a *market.Achievement) string { return take(&a.ImportKey) },
	names:    func(a *market.Achievement) []string { return a.ClaimKeys() },
})

// achievementStanding is how far an achievement is, what protects it and what it costs.
var achievementStanding = []column[market.Achievement]{
	code(head{Key: "category", Name: "成果类别", Also: []string{"类别"}, Codes: market.Categories},
		func(a *market.Achievement) *string { return &a.Category }),
	code(head{Key: "form", Name: "体现形式", Also: []string{"成果体现形式"}, Codes: market.Forms},
		func(a *market.Achievement) *string { return &a.Form }),
	code(head{Key: "level", Name: "成果水平", Also: []string{"水平"}, Codes: market.Levels},
		func(a *market.Achievement) *string { return &a.Level }),
	code(head{Key: "stage", Name: "所处阶段", Also: []string{"阶段", "成熟度阶段"}, Field: "maturity.stage", Codes: market.Stages, Hint: "提交审核前必填，填了成熟度可不填"},
		func(a *market.Achievement) *string { return &a.Maturity.Stage }),
	level(head{Key: "trl", Name: "技术成熟度", Also: []string{"成熟度", "技术就绪度"}, Field: "maturity.trl", Codes: market.Maturities, Hint: "1 至 9 级，GB/T 22900"},
		func(a *market.Achievement) *int { return &a.Maturity.TRL }),
	text(head{Key: "evidence", Name: "成熟度依据", Field: "maturity.evidence", Hint: "检测报告、用户证明等"},
		func(a *market.Achievement) *string { return &a.Maturity.Evidence }),
	rights(head{Key: "rights", Name: "知识产权", Also: []string{"专利号", "专利", "专利情况", "知识产权情况", "patent", "patents"},
		Hint: "如 发明专利:ZL201710601862.3（已授权，至2037-07-20）；软件著作权:2023SR0000001"},
		func(a *market.Achievement) *[]market.Right { return &a.Rights }),
	code(head{Key: "price_mode", Name: "价格方式", Also: []string{"定价方式"}, Field: "price.mode", Codes: market.PriceModes, Hint: "不填时按下面两列判断"},
		func(a *market.Achievement) *string { return &a.Price.Mode }),
	money(head{Key: "price_low_wan", Name: "报价下限（万元）", Also: []string{"报价", "价格", "一口价", "最低价", "转让价格"}, Field: "price.low", Unit: market.Wan,
		Needs: []string{"price_mode"}, Hint: "一口价只填这一列；面议留空"},
		func(a *market.Achievement) *market.Fen { return &a.Price.Low }),
	money(head{Key: "price_high_wan", Name: "报价上限（万元）", Also: []string{"最高价"}, Field: "price.high", Unit: market.Wan,
		Needs: []string{"price_mode", "price_low_wan"}, Hint: "价格区间才填"},
		func(a *market.Achievement) *market.Fen { return &a.Price.High }),
	text(head{Key: "registered", Name: "成果登记号", Also: []string{"登记号", "批准登记号"}, Hint: "12 位，可不填"},
		func(a *market.Achievement) *string { return &a.Registered }),
}

func achievementListing(a *market.Achievement) *market.Listing { return &a.Listing }

// priceMode says how amounts alone are meant, when the mode is not stated.
func priceMode(p market.Price) string {
	switch {
	case p.Mode != "" || (p.Low == 0 && p.High == 0):
		return p.Mode
	case p.High == 0 || p.High == p.Low:
		return "fixed"
	default:
		return "range"
	}
}
