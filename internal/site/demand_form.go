package site

import (
	"net/url"

	"jishi/internal/market"
	"jishi/web"
)

var criterionFields = []string{"name", "value", "unit"}

// blankDemand is what a new form starts with: the actor's organization asks.
func blankDemand(by market.Actor) *market.Demand {
	return &market.Demand{
		Demander: by.OrgName,
		Listing:  market.Listing{Contact: market.Contact{Name: by.Name}},
	}
}

func demandValues(d *market.Demand) url.Values {
	v := sharedValues(&d.Listing)
	for name, value := range map[string]string{
		"demander": d.Demander, "demand_kind": d.DemandKind, "min_trl": levelValue(d.MinTRL),
		"budget_low": wanValue(d.BudgetLow), "budget_high": wanValue(d.BudgetHigh),
		"deadline": string(d.Deadline), "ip_term": d.IPTerm, "conditions": d.Conditions,
	} {
		v.Set(name, value)
	}
	if d.Anonymous {
		v.Set("anonymous", "yes")
	}
	for i, c := range d.Criteria {
		v.Set(rowName("criteria", i, "name"), c.Name)
		v.Set(rowName("criteria", i, "op"), c.Op)
		v.Set(rowName("criteria", i, "value"), c.Value)
		v.Set(rowName("criteria", i, "unit"), c.Unit)
	}
	return v
}

func readDemand(f *form) *market.Demand {
	return &market.Demand{
		Listing: readShared(f), Demander: f.text("demander"), Anonymous: f.ticked("anonymous"),
		DemandKind: f.text("demand_kind"), Criteria: readCriteria(f), MinTRL: f.whole("min_trl"),
		BudgetLow: f.wan("budget_low"), BudgetHigh: f.wan("budget_high"), Deadline: f.date("deadline"),
		IPTerm: f.text("ip_term"), Conditions: f.text("conditions"),
	}
}

// readCriteria reads the rows of indicators. A row that breaks a rule by
// itself has the reason put beside its value, or its name where that is missing.
func readCriteria(f *form) []market.Criterion {
	var criteria []market.Criterion
	for _, i := range f.filledRows("criteria", criterionFields...) {
		name := func(field string) string { return rowName("criteria", i, field) }
		c := market.Criterion{Name: f.text(name("name")), Op: f.text(name("op")), Value: f.text(name("value")), Unit: f.text(name("unit"))}
		beside := name("value")
		if c.Name == "" {
			beside = name("name")
		}
		f.pin("criteria", beside, (&market.Demand{Criteria: []market.Criterion{c}}).Check(false))
		criteria = append(criteria, c)
	}
	return criteria
}

func demandGroups(f *form) []web.Group {
	return fillGroups(f, []web.Group{
		{Legend: "需求", Fields: []web.Field{
			titleField("需求名称", "一句话说清要解决什么。"),
			summaryField("现在怎么做、卡在哪里、要达到什么。任何人都能看到，参加检索和匹配。"),
			keywordsField(),
			{Name: "demand_kind", Label: "需求类型", Type: "select", Placeholder: "请选择", Options: options(market.DemandKinds), Hint: needToSubmit},
			{Name: "demander", Label: "需求单位", Type: "text", MaxLength: market.MaxTitle},
			{Name: "anonymous", Label: "匿名发布：公开页面不显示单位名称和联系方式", Type: "check", Wide: true},
		}},
		{Legend: "要达到的指标", Hint: "一行一项，例如：抗拉强度 ≥ 350 MPa。介于两数之间写成 10~20。没有的行空着。", Rows: criterionRows(f)},
		{Legend: "条件", Fields: []web.Field{
			{Name: "min_trl", Label: "成熟度要求", Type: "select", Options: levels("不限")},
			{Name: "deadline", Label: "需求截止日期", Type: "date"},
			{Name: "conditions", Label: "对承担方的要求", Type: "textarea", Rows: 3, MaxLength: market.MaxSummary, Wide: true},
			{Name: "ip_term", Label: "知识产权归属", Type: "text", MaxLength: market.MaxTitle, Hint: "例如：双方共有，需求方优先使用。", Wide: true},
		}},
		{Legend: "合作与预算", Fields: []web.Field{
			modesField(),
			{Name: "budget_low", Label: "预算，或下限", Type: "money", Unit: "万元", Hint: "空着即为面议；也可以带单位，如 5000元。"},
			{Name: "budget_high", Label: "预算上限", Type: "money", Unit: "万元"},
		}},
		{Legend: "分类", Fields: append(classFields(f), sourceField())},
		detailGroup("现有工艺参数、图纸说明、供货关系等。"),
		contactGroup(),
	})
}

func criterionRows(f *form) []web.FieldRow {
	rows := make([]web.FieldRow, f.shownRows(20, "criteria", criterionFields...))
	for i := range rows {
		rows[i] = web.FieldRow{Label: "指标第 " + number(int64(i+1)) + " 项", Fields: []web.Field{
			{Name: rowName("criteria", i, "name"), Label: "指标", Type: "text", MaxLength: market.MaxWord},
			{Name: rowName("criteria", i, "op"), Label: "比较", Type: "select", Options: options(market.CriterionOps)},
			{Name: rowName("criteria", i, "value"), Label: "数值", Type: "text", MaxLength: market.MaxWord},
			{Name: rowName("criteria", i, "unit"), Label: "单位", Type: "text", MaxLength: market.MaxWord},
		}}
	}
	return rows
}
