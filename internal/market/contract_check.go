package market

import (
	"errors"
	"strings"
)

// firstSigned bounds signing dates: the technology market was opened in 1985,
// so an earlier year is a slip of the pen.
const firstSigned Date = "1985-01-01"

// maxParties bounds the sellers and the buyers of one contract.
const maxParties = 10

// Check normalises codes and returns Invalid naming every field that is
// broken or missing. today bounds the signing date.
func (c *Contract) Check(today Date) error {
	var p Problems
	c.check(&p, today)
	c.complete(&p)
	return p.Err()
}

// CheckDraft normalises codes and returns Invalid naming every broken field;
// what is not filled in yet may wait until the contract is submitted.
func (c *Contract) CheckDraft(today Date) error {
	var p Problems
	c.check(&p, today)
	return p.Err()
}

// check notes what is filled in wrongly.
func (c *Contract) check(p *Problems, today Date) {
	checkText(p, "project", c.Project, false, MaxTitle)
	p.Check(c.Type == "" || ContractTypes.Has(c.Type), "type", "请选择合同类型")
	p.Check(c.SubType == "" || SubTypes[c.Type].Has(c.SubType), "sub_type", "与合同类型不符")
	checkParties(p, "sellers", c.Sellers)
	checkParties(p, "buyers", c.Buyers)
	c.Amounts.check(p)
	c.Term.check(p, today)
	c.Class.check(p)
	checkCode(p, "payment", c.Payment, PaymentModes)
	if c.Origin.Kind == "" {
		c.Origin.Kind = "registered"
	}
	checkCode(p, "origin.kind", c.Origin.Kind, Origins)
	checkID(p, "origin.achievement", c.Origin.Achievement)
	checkID(p, "origin.demand", c.Origin.Demand)
	checkID(p, "origin.broker", c.Origin.Broker)
}

// complete notes what a contract needs before it may be submitted, and is not
// there yet.
func (c *Contract) complete(p *Problems) {
	p.Check(Fold(c.Project) != "", "project", "必填")
	p.Check(c.Type != "", "type", "请选择合同类型")
	namedParties(p, "sellers", c.Sellers)
	namedParties(p, "buyers", c.Buyers)
	p.Check(c.Amounts.Total != 0, "amounts.total", "合同成交额须大于 0")
	p.Check(c.Amounts.Technology != 0, "amounts.technology", "技术交易额须大于 0")
	p.Check(c.Term.Signed != "", "term.signed", "请填签订日期，如 2026-03-31")
	p.Check(c.Class.Field != "", "class.field", "请选择技术领域")
}

func (a Amounts) check(p *Problems) {
	p.Check(a.Total >= 0 && a.Total <= MaxFen, "amounts.total", "合同成交额须大于 0，且不超过十万亿元")
	p.Check(a.Technology >= 0 && a.Technology <= MaxFen, "amounts.technology", "技术交易额须大于 0，且不超过十万亿元")
	p.Check(a.Total == 0 || a.Technology <= a.Total, "amounts.technology", "技术交易额不能大于合同成交额")
	p.Check(a.Paid >= 0 && a.Paid <= a.Total, "amounts.paid", "到账额应在 0 与合同成交额之间")
	checkText(p, "amounts.deducted", a.Deducted, false, MaxTitle)
}

func (t Term) check(p *Problems, today Date) {
	p.Check(t.Signed == "" || t.Signed.Valid(), "term.signed", "请填签订日期，如 2026-03-31")
	p.Check(!t.Signed.Valid() || t.Signed <= today, "term.signed", "签订日期不能晚于今天")
	p.Check(!t.Signed.Valid() || t.Signed >= firstSigned, "term.signed", "签订日期过早，请核对年份")
	p.Check(t.From == "" || t.From.Valid(), "term.from", "不是日期")
	p.Check(t.To == "" || t.To.Valid(), "term.to", "不是日期")
	p.Check(t.From == "" || t.To == "" || t.From <= t.To, "term.to", "结束日期不能早于开始日期")
}

func (c ContractClass) check(p *Problems) {
	checkCode(p, "class.field", c.Field, Fields)
	checkCode(p, "class.industry", c.Industry, Industries)
	checkCode(p, "class.ip", c.IP, IPKinds)
	checkCode(p, "class.plan", c.Plan, PlanSources)
	checkCode(p, "class.objective", c.Objective, Objectives)
}

func checkParties(p *Problems, field string, parties []Party) {
	p.Check(len(parties) <= maxParties, field, "最多 10 个")
	for i := range parties {
		party := &parties[i]
		checkText(p, field+".name", party.Name, false, MaxTitle)
		checkID(p, field+".org", party.Org)
		checkCode(p, field+".category", party.Category, PartyCategories)
		checkDivision(p, field+".division", party.Division)
		if party.Code != "" {
			code, err := ParseCreditCode(party.Code)
			p.Check(err == nil, field+".code", "统一社会信用代码不对，请核对 18 位代码")
			party.Code = code
		}
		party.checkCard(p, field)
	}
}

// checkCard normalises the identity card of a party; only a natural person has
// one. A party that no longer is one loses it.
func (party *Party) checkCard(p *Problems, field string) {
	if party.Category != CategoryPerson {
		p.Check(party.Card == "", field+".identity", "只有类别为“自然人”的当事人填写身份证号")
		party.Identity, party.Masked = Sealed{}, ""
		return
	}
	if party.Card == "" {
		return
	}
	card, err := ParseIdentityCard(party.Card)
	var wrong *Error
	if errors.As(err, &wrong) {
		p.Add(field+".identity", strings.TrimSuffix(wrong.Message, "。"))
		return
	}
	party.Card = card
}

func namedParties(p *Problems, field string, parties []Party) {
	p.Check(len(parties) > 0, field, "必填")
	for _, party := range parties {
		p.Check(Fold(party.Name) != "", field+".name", "必填")
	}
}

// checkID notes an id from outside that cannot be one.
func checkID(p *Problems, field string, id ID) {
	p.Check(id == "" || id.WellFormed(), field, "编号不对，请重新选择")
}
