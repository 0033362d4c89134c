package exchange

import (
	"slices"

	"jishi/internal/market"
)

// demands is the table of market.Demand.
var demands = newTable(table[market.Demand]{
	kind:      Demands,
	importers: []market.Role{market.RoleDemander, market.RoleOfficer},
	columns: slices.Concat(
		[]column[market.Demand]{
			externalID([]string{"需求编号"}, func(d *market.Demand) *string { return &d.ImportKey }, func(d *market.Demand) market.ID { return d.Owner }),
			text(head{Key: "title", Name: "需求名称", Also: []string{"名称", "标题", "题名", "技术需求名称", "需求", "name"}, Required: true, Hint: "不超过 200 字"},
				func(d *market.Demand) *string { return &d.Title }),
			text(head{Key: "demander", Name: "需求单位", Also: []string{"需求方", "企业名称", "单位名称", "提出单位"}, Hint: "提出需求的单位全称"},
				func(d *market.Demand) *string { return &d.Demander }),
			yesNo(head{Key: "anonymous", Name: "是否匿名", Also: []string{"匿名", "匿名发布"}, Hint: "填 是 则不公开单位名称"},
				func(d *market.Demand) *bool { return &d.Anonymous }),
			code(head{Key: "demand_kind", Name: "需求类型", Also: []string{"类型"}, Codes: market.DemandKinds, Hint: "提交审核前必填"},
				func(d *market.Demand) *string { return &d.DemandKind }),
			text(head{Key: "summary", Name: "需求简介", Also: []string{"简介", "摘要", "abstract", "需求描述", "需求内容", "主要内容"}, Required: true, Hint: "公开，不超过 5000 字，不写商业秘密"},
				func(d *market.Demand) *string { return &d.Summary }),
			text(head{Key: "detail", Name: "保密内容", Also: []string{"详细说明", "保密说明"}, Hint: "只给经办人和本单位看"},
				func(d *market.Demand) *string { return &d.Detail }),
			keywordsColumn(demandListing),
		},
		classColumns(demandListing),
		demandTerms,
		[]column[market.Demand]{modesColumn(demandListing)},
		contactColumns(func(d *market.Demand) *market.Contact { return &d.Contact }),
		[]column[market.Demand]{sourceColumn(demandListing)},
		stateColumns(demandListing),
	),
	check:    func(d *market.Demand, _ market.Date) error { return d.Check(false) },
	external: func(d *market.Demand) string { return take(&d.ImportKey) },
	names:    func(d *market.Demand) []string { return d.ClaimKeys() },
})

// demandTerms is what a solution must meet and what the demander offers.
var demandTerms = []column[market.Demand]{
	criteria(head{Key: "criteria", Name: "技术指标", Also: []string{"指标", "主要指标", "考核指标"}, Hint: "如 抗拉强度≥350MPa；密度≤1.80g/cm³；温度介于20~30℃"},
		func(d *market.Demand) *[]market.Criterion { return &d.Criteria }),
	level(head{Key: "min_trl", Name: "最低技术成熟度", Also: []string{"成熟度要求", "技术成熟度"}, Codes: market.Maturities, Hint: "1 至 9 级，不限则留空"},
		func(d *market.Demand) *int { return &d.MinTRL }),
	money(head{Key: "budget_low_wan", Name: "预算下限（万元）", Also: []string{"最低预算"}, Field: "budget_low", Unit: market.Wan, Hint: "面议留空"},
		func(d *market.Demand) *market.Fen { return &d.BudgetLow }),
	money(head{Key: "budget_high_wan", Name: "预算上限（万元）", Also: []string{"预算", "最高预算", "拟投入资金", "投入预算"}, Field: "budget_high", Unit: market.Wan,
		Needs: []string{"budget_low_wan"}, Hint: "只有一个数时填这一列"},
		func(d *market.Demand) *market.Fen { return &d.BudgetHigh }),
	date(head{Key: "deadline", Name: "期望完成日期", Also: []string{"截止日期", "完成期限", "需求时限", "期望解决日期"}, Hint: "如 2027-06-30"},
		func(d *market.Demand) *market.Date { return &d.Deadline }),
	text(head{Key: "ip_term", Name: "知识产权归属", Also: []string{"知识产权约定"}},
		func(d *market.Demand) *string { return &d.IPTerm }),
	text(head{Key: "conditions", Name: "对解决方的要求", Also: []string{"揭榜条件", "合作要求", "对合作方要求"}},
		func(d *market.Demand) *string { return &d.Conditions }),
}

func demandListing(d *market.Demand) *market.Listing { return &d.Listing }
