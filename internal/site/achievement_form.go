package site

import (
	"net/url"
	"strings"

	"jishi/internal/market"
	"jishi/web"
)

var rightFields = []string{"kind", "number", "state", "expiry"}

// blankAchievement is what a new form starts with: the actor's organization
// made it, here.
func blankAchievement(by market.Actor) *market.Achievement {
	return &market.Achievement{
		Holder:  by.OrgName,
		Price:   market.Price{Mode: "negotiable"},
		Listing: market.Listing{Contact: market.Contact{Name: by.Name}},
	}
}

func achievementValues(a *market.Achievement) url.Values {
	v := sharedValues(&a.Listing)
	for name, value := range map[string]string{
		"benefit": a.Benefit, "holder": a.Holder, "holder_code": a.HolderCode, "partners": strings.Join(a.Partners, "、"),
		"category": a.Category, "form": a.Form, "level": a.Level, "registered": a.Registered,
		"maturity.stage": a.Maturity.Stage, "maturity.trl": levelValue(a.Maturity.TRL), "maturity.evidence": a.Maturity.Evidence,
		"price.mode": a.Price.Mode, "price.low": wanValue(a.Price.Low), "price.high": wanValue(a.Price.High),
	} {
		v.Set(name, value)
	}
	for i, r := range a.Rights {
		v.Set(rowName("rights", i, "kind"), r.Kind)
		v.Set(rowName("rights", i, "number"), r.Number)
		v.Set(rowName("rights", i, "state"), r.State)
		v.Set(rowName("rights", i, "expiry"), string(r.Expiry))
	}
	return v
}

func readAchievement(f *form) *market.Achievement {
	a := &market.Achievement{
		Listing: readShared(f), Benefit: f.text("benefit"),
		Holder: f.text("holder"), HolderCode: f.text("holder_code"), Partners: f.words("partners"),
		Category: f.text("category"), Form: f.text("form"), Level: f.text("level"), Registered: f.text("registered"),
		Maturity: market.Maturity{Stage: f.text("maturity.stage"), TRL: f.whole("maturity.trl"), Evidence: f.text("maturity.evidence")},
		Rights:   readRights(f),
		Price:    market.Price{Mode: f.text("price.mode")},
	}
	a.Price.Low, a.Price.High = f.wan("price.low"), f.wan("price.high")
	if a.Price.Mode == "negotiable" && (f.text("price.low") != "" || f.text("price.high") != "") { // a typed price is not dropped in silence
		f.problems.Add("price.mode", "填了价格就请选“一口价”或“价格区间”；要面议请清空价格")
	}
	return a
}

// readRights reads the rows of rights. A row that breaks a rule by itself has
// the reason put beside its number, or its kind where that is missing.
func readRights(f *form) []market.Right {
	var rights []market.Right
	for _, i := range f.filledRows("rights", rightFields...) {
		name := func(field string) string { return rowName("rights", i, field) }
		r := market.Right{
			Kind: f.text(name("kind")), Number: f.text(name("number")), State: f.text(name("state")), Expiry: f.date(name("expiry")),
		}
		beside := name("number")
		if !market.IPKinds.Has(r.Kind) {
			beside = name("kind")
		}
		f.pin("rights", beside, (&market.Achievement{Rights: []market.Right{r}}).Check(false))
		rights = append(rights, r)
	}
	return rights
}

func achievementGroups(f *form) []web.Group {
	return fillGroups(f, []web.Group{
		{Legend: "成果", Fields: []web.Field{
			titleField("成果名称", "一句话说清是什么技术、用在哪里。"),
			{Name: "benefit", Label: "好在哪里", Type: "textarea", Rows: 3, MaxLength: market.MaxSummary, Hint: "与现有做法比，用数字说明。列表里先看到这一句。", Wide: true},
			summaryField("任何人都能看到，参加检索和匹配，不写技术秘密。"),
			keywordsField(),
			{Name: "holder", Label: "第一完成单位", Type: "text", MaxLength: market.MaxTitle},
			{Name: "holder_code", Label: "统一社会信用代码", Type: "text", MaxLength: 18},
			{Name: "partners", Label: "合作完成单位", Type: "text", Hint: "多个单位用顿号隔开。", Wide: true},
		}},
		{Legend: "分类", Fields: append(classFields(f),
			web.Field{Name: "category", Label: "成果类别", Type: "select", Placeholder: "不填", Options: options(market.Categories)},
			web.Field{Name: "form", Label: "体现形式", Type: "select", Placeholder: "不填", Options: options(market.Forms)},
			web.Field{Name: "level", Label: "成果水平", Type: "select", Placeholder: "不填", Options: options(market.Levels)},
			web.Field{Name: "registered", Label: "成果登记号", Type: "text", MaxLength: market.MaxWord},
			sourceField(),
		)},
		{Legend: "成熟度", Fields: []web.Field{
			{Name: "maturity.stage", Label: "所处阶段", Type: "select", Placeholder: "按成熟度等级推算", Options: options(market.Stages), Hint: "提交审核时，阶段和等级至少填一项。"},
			{Name: "maturity.trl", Label: "技术成熟度等级（GB/T 22900）", Type: "select", Options: levels("未评估")},
			{Name: "maturity.evidence", Label: "依据", Type: "textarea", Rows: 2, MaxLength: market.MaxTitle, Hint: "检测报告、用户证明、中试记录等。", Wide: true},
		}},
		{Legend: "知识产权", Hint: "专利号写成 ZL201710601862.3 的样子，系统会核对校验位。没有的行空着。", Rows: rightRows(f)},
		{Legend: "合作与价格", Fields: []web.Field{
			modesField(),
			{Name: "price.mode", Label: "价格方式", Type: "radios", Options: options(market.PriceModes), Wide: true},
			{Name: "price.low", Label: "价格，或区间下限", Type: "money", Unit: "万元", Hint: "一口价只填这一格；也可以带单位，如 5000元。"},
			{Name: "price.high", Label: "区间上限", Type: "money", Unit: "万元"},
		}},
		detailGroup("技术路线、关键参数、成本构成等。"),
		contactGroup(),
	})
}

func rightRows(f *form) []web.FieldRow {
	rows := make([]web.FieldRow, f.shownRows(20, "rights", rightFields...))
	for i := range rows {
		rows[i] = web.FieldRow{Label: "知识产权第 " + number(int64(i+1)) + " 项", Fields: []web.Field{
			{Name: rowName("rights", i, "kind"), Label: "类型", Type: "select", Placeholder: "请选择", Options: options(market.IPKinds)},
			{Name: rowName("rights", i, "number"), Label: "号码", Type: "text", MaxLength: market.MaxWord},
			{Name: rowName("rights", i, "state"), Label: "状态", Type: "select", Placeholder: "不填", Options: options(market.IPStates)},
			{Name: rowName("rights", i, "expiry"), Label: "有效期至", Type: "date"},
		}}
	}
	return rows
}
