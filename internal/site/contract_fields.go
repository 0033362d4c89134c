package site

import (
	"net/url"
	"strconv"

	"jishi/internal/market"
	"jishi/web"
)

// maxParties is how many parties of one side the form takes, as the rules do.
const maxParties = 10

var partyFields = []string{"name", "code", "category", "division"}

// contractValues is a contract as its form shows it. Amounts stand in 元.
func contractValues(c *market.Contract) url.Values {
	kind := c.SubType
	if kind == "" {
		kind = c.Type
	}
	v := url.Values{
		"project": {c.Project}, "type": {kind}, "payment": {c.Payment},
		"class.field": {c.Class.Field}, "class.industry": {c.Class.Industry}, "class.ip": {c.Class.IP},
		"class.plan": {c.Class.Plan}, "class.objective": {c.Class.Objective},
		"amounts.total": {yuanValue(c.Amounts.Total)}, "amounts.technology": {yuanValue(c.Amounts.Technology)},
		"amounts.paid": {yuanValue(c.Amounts.Paid)}, "amounts.deducted": {c.Amounts.Deducted},
		"term.signed": {string(c.Term.Signed)}, "term.from": {string(c.Term.From)}, "term.to": {string(c.Term.To)},
		"origin.kind": {c.Origin.Kind}, "origin.achievement": {string(c.Origin.Achievement)}, "origin.demand": {string(c.Origin.Demand)},
	}
	partyValues(v, "sellers", c.Sellers)
	partyValues(v, "buyers", c.Buyers)
	return v
}

func partyValues(v url.Values, side string, parties []market.Party) {
	for i, one := range parties {
		for field, value := range map[string]string{
			"name": one.Name, "code": one.Code, "category": one.Category, "division": one.Division, "masked": one.Masked,
		} {
			v.Set(rowName(side, i, field), value)
		}
	}
}

// yuanValue is how the form holds an amount: in 元 without the unit, exactly.
func yuanValue(amount market.Fen) string {
	switch {
	case amount == 0:
		return ""
	case amount%market.Yuan == 0:
		return strconv.FormatInt(int64(amount/market.Yuan), 10)
	}
	return amount.Plain()
}

// readContract reads the contract a form says. What it cannot read is noted
// in the form.
func readContract(f *form) *market.Contract {
	c := &market.Contract{
		Project: f.text("project"), Payment: f.text("payment"),
		Sellers: readParties(f, "sellers"), Buyers: readParties(f, "buyers"),
		Amounts: market.Amounts{
			Total: f.yuan("amounts.total"), Technology: f.yuan("amounts.technology"), Paid: f.yuan("amounts.paid"),
			Deducted: f.text("amounts.deducted"),
		},
		Term: market.Term{Signed: f.date("term.signed"), From: f.date("term.from"), To: f.date("term.to")},
		Class: market.ContractClass{
			Field: f.text("class.field"), Industry: f.text("class.industry"), IP: f.text("class.ip"),
			Plan: f.text("class.plan"), Objective: f.text("class.objective"),
		},
		Origin: market.Origin{
			Kind: f.text("origin.kind"), Achievement: market.ID(f.text("origin.achievement")), Demand: market.ID(f.text("origin.demand")),
		},
	}
	c.Type, c.SubType = readContractType(f.text("type"))
	return c
}

// readContractType takes a type or sub-type apart; an unknown code is kept as
// a type, for the rules to refuse.
func readContractType(code string) (kind, sub string) {
	for kind, list := range market.SubTypes {
		if list.Has(code) {
			return kind, code
		}
	}
	return code, ""
}

func readParties(f *form, side string) []market.Party {
	var parties []market.Party
	for _, i := range f.filledRows(side, partyFields...) {
		party := market.Party{
			Name: f.text(rowName(side, i, "name")), Code: market.Fold(f.text(rowName(side, i, "code"))),
			Category: f.text(rowName(side, i, "category")), Division: f.text(rowName(side, i, "division")),
		}
		if party.Category == market.CategoryPerson { // the form has one place for either number
			party.Code, party.Card = "", party.Code
		}
		parties = append(parties, party)
	}
	return parties
}

// contractGroups is the form with what was typed and what is wrong with it.
func contractGroups(f *form) []web.Group {
	return fillGroups(f, []web.Group{
		{Legend: "基本信息", Fields: []web.Field{
			{Name: "project", Label: "项目名称", Type: "text", MaxLength: market.MaxTitle, Hint: "与合同文本上的名称一致。" + needToRegister, Wide: true},
			{Name: "type", Label: "合同类型", Type: "select", Placeholder: "请选择", Options: contractTypeOptions(), Hint: "按主要内容选一种。" + needToRegister},
			{Name: "class.field", Label: "技术领域", Type: "select", Placeholder: "请选择", Options: options(market.Fields), Hint: needToRegister},
			{Name: "class.industry", Label: "服务的国民经济行业", Type: "select", Placeholder: "不填", Options: options(market.Industries)},
		}},
		partyGroup(f, "sellers", "卖方", "研究开发人、让与人、许可人或受托人。由第一家办理登记。"),
		partyGroup(f, "buyers", "买方", "委托人、受让人或被许可人。"),
		amountGroup(f),
		{Legend: "日期", Fields: []web.Field{
			{Name: "term.signed", Label: "签订日期", Type: "date", Hint: "不晚于今天。" + needToRegister},
			{Name: "payment", Label: "支付方式", Type: "select", Placeholder: "不填", Options: options(market.PaymentModes)},
			{Name: "term.from", Label: "履行开始日期", Type: "date"},
			{Name: "term.to", Label: "履行结束日期", Type: "date"},
		}},
		{Legend: "统计分类", Hint: "登记统计用，拿不准的可以不填。", Fields: []web.Field{
			{Name: "class.ip", Label: "知识产权类型", Type: "select", Placeholder: "不填", Options: options(market.IPKinds)},
			{Name: "class.plan", Label: "计划来源", Type: "select", Placeholder: "不填", Options: options(market.PlanSources)},
			{Name: "class.objective", Label: "社会经济目标", Type: "select", Placeholder: "不填", Options: options(market.Objectives)},
			{Name: "origin.kind", Label: "合同来源", Type: "select", Options: options(market.Origins), Hint: "双方经本平台对接的选“本平台对接促成”。"},
		}},
	})
}

const needToRegister = "提交登记时必填。"

// contractTypeOptions is all sub-types under their types. A type without
// sub-type comes last in its group.
func contractTypeOptions() []web.Option {
	var list []web.Option
	for _, kind := range market.ContractTypes {
		for _, sub := range market.SubTypes[kind.Code] {
			list = append(list, web.Option{Value: sub.Code, Text: sub.Name, Group: kind.Name})
		}
		list = append(list, web.Option{Value: kind.Code, Text: kind.Name + "（不细分）", Group: kind.Name})
	}
	return list
}

func partyGroup(f *form, side, label, hint string) web.Group {
	group := web.Group{Legend: label, Hint: hint + "在本平台登记过的单位按信用代码或名称自动对应，对方登录后也能看到这份合同。当事人是自然人的，类别选“自然人”，代码一栏填身份证号：加密保存，以后只显示头尾几位。"}
	rows := f.filledRows(side, partyFields...)
	shown := 2
	if len(rows) > 0 {
		shown = max(shown, rows[len(rows)-1]+2)
	}
	for i := range min(shown, max(maxParties, shown-1)) {
		group.Rows = append(group.Rows, web.FieldRow{Label: label + " " + strconv.Itoa(i+1) + " ", Fields: []web.Field{
			{Name: rowName(side, i, "name"), Label: "名称", Type: "text", MaxLength: market.MaxTitle, Autocomplete: "off", Wide: true},
			{Name: rowName(side, i, "code"), Label: "统一社会信用代码", Type: "text", MaxLength: 40, Placeholder: "18 位", Autocomplete: "off", Hint: savedCard(f, side, i)},
			{Name: rowName(side, i, "category"), Label: "类别", Type: "select", Placeholder: "不填", Options: options(market.PartyCategories)},
			{Name: rowName(side, i, "division"), Label: "所在地区", Type: "select", Placeholder: "不填", Options: divisionOptions(f.text(rowName(side, i, "division")))},
		}})
	}
	return group
}

// savedCard says that the identity card of a party is on record.
func savedCard(f *form, side string, i int) string {
	if masked := f.text(rowName(side, i, "masked")); masked != "" {
		return "身份证号已保存：" + masked + "，留空即不变。"
	}
	return ""
}

// divisionOptions is the places to choose from; an old or rare code that is
// there already stays choosable.
func divisionOptions(code string) []web.Option {
	places := options(market.Divisions)
	if code != "" && !market.Divisions.Has(code) {
		places = append(places, web.Option{Value: code, Text: market.DivisionName(code) + "（" + code + "）"})
	}
	return places
}

func amountGroup(f *form) web.Group {
	return web.Group{
		Legend: "金额", Hint: "按元填写，也可以带单位，如 98万元。三个数各记各的：0 < 技术交易额 ≤ 合同成交额，到账额不超过合同成交额。",
		Fields: []web.Field{
			{Name: "amounts.total", Label: "合同成交额", Type: "money", Hint: readBack(f, "amounts.total") + "合同约定的全部价款。" + needToRegister},
			{Name: "amounts.technology", Label: "其中技术交易额", Type: "money", Hint: readBack(f, "amounts.technology") + "成交额减去购置设备、仪器、零部件、原材料等非技术性费用。" + needToRegister},
			{Name: "amounts.paid", Label: "已到账额", Type: "money", Hint: readBack(f, "amounts.paid") + "卖方实际收到的，没有就空着。"},
			{Name: "amounts.deducted", Label: "扣除了哪些费用", Type: "text", MaxLength: market.MaxTitle, Hint: "技术交易额小于成交额时写明，如：设备购置费 20 万元。", Wide: true},
		},
	}
}

// readBack says how an amount that was typed reads, so that a slip by the
// factor of ten thousand meets the eye.
func readBack(f *form, name string) string {
	amount, err := market.ParseMoney(f.text(name), market.Yuan)
	if err != nil || amount == 0 {
		return ""
	}
	return "即 " + amount.Wan() + "。"
}
