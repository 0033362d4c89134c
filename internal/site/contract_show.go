package site

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// contractPage is the data of page "contract".
type contractPage struct {
	Base     web.Base
	Title    string
	Badges   []web.Badge
	Lead     []string
	Masked   bool
	Decide   contractDecision
	Amounts  []amountTerm
	Deducted string
	Sides    []contractSide
	Reveal   *web.Press // shows identity cards in full; nil when there are none, or they are, or not for the reader
	Facts    []web.Term
	Origin   []web.Term
	Register []web.Term
	Missing  []web.Crumb // must be filled in before submitting, with the way there for who may
	Advice   []string    // better filled in too
	History  []web.Step
	Audit    web.Crumb // for officers
}

// amountTerm is one of the three amounts of a contract.
type amountTerm struct {
	Label string
	Fen   market.Fen
	Unset bool // not stated, which for 到账额 may mean none yet
}

// contractSide is the sellers or the buyers.
type contractSide struct {
	Label   string
	Parties []contractParty
}

// contractParty is one of them in words.
type contractParty struct {
	Name  string
	Href  string // of the organization; empty when it is not on the platform
	Terms []web.Term
}

// show answers with one contract, as far as the reader may see it.
func (p contractPages) show(c *fiber.Ctx) error {
	doc, err := p.Contracts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return p.page(c, fiber.StatusOK, doc, refusal{})
}

// page answers with a contract's page. refused is the decision that was not
// carried out, shown with what was typed.
func (p contractPages) page(c *fiber.Ctx, status int, doc *market.Contract, refused refusal) error {
	if err := p.name(c, doc.History); err != nil {
		return err
	}
	title := contractTitle(doc)
	page := contractPage{
		Base: p.base(c, title, "/contracts"), Title: title, Masked: masked(doc),
		Badges: []web.Badge{contractBadge(doc.State)}, Decide: p.decide(c, doc, refused),
		Amounts: []amountTerm{
			{"合同成交额", doc.Amounts.Total, doc.Amounts.Total == 0}, {"其中技术交易额", doc.Amounts.Technology, doc.Amounts.Technology == 0},
			{"已到账额", doc.Amounts.Paid, false},
		},
		Deducted: doc.Amounts.Deducted, Facts: contractFacts(doc), Register: registerTerms(doc), History: contractSteps(doc.History), Audit: auditLink(c, "contract", doc.ID),
	}
	page.Base.Path, page.Base.Crumbs = contractHref(doc.ID), crumbs(title, contractList)
	if refused.text != "" {
		page.Base.Flash = &web.Flash{Kind: web.Bad, Text: refused.text}
	}
	if doc.Type != "" && !page.Masked {
		page.Lead = append(page.Lead, contractType(doc))
	}
	if !doc.Register.At.IsZero() {
		page.Lead = append(page.Lead, string(market.DateOf(doc.Register.At))+" 登记")
	} else if doc.Term.Signed != "" {
		page.Lead = append(page.Lead, string(doc.Term.Signed)+" 签订")
	}
	if doc.Demo {
		page.Badges = append(page.Badges, demoBadge)
	}
	page.Sides = []contractSide{{"卖方", p.partiesOf(c, doc.Sellers)}, {"买方", p.partiesOf(c, doc.Buyers)}}
	if hidesCard(doc) && market.May(actor(c), market.ActRevealIdentity, doc.Parties()...) {
		page.Reveal = &web.Press{Text: "查看身份证号", Icon: "eye", Action: contractHref(doc.ID) + "/identities"}
	}
	if !page.Masked {
		page.Origin = p.originTerms(c, doc.Origin.Achievement, doc.Origin.Demand)
		if org, known := p.party(c, doc.Origin.Broker); known {
			page.Origin = append(page.Origin, web.Term{Label: "技术经纪机构", Value: org.Name, Href: organizationHref(org.Org)})
		}
		p.gaps(&page, doc)
	}
	return p.render(c, status, "contract", page)
}

// gaps says what a contract still lacks, as long as that can be mended.
func (p contractPages) gaps(page *contractPage, doc *market.Contract) {
	open := doc.State == market.ContractDraft || doc.State == market.ContractReturned
	if !open && doc.State != market.ContractSubmitted {
		return
	}
	edit := page.Decide.Edit.Href
	f := &form{values: contractValues(doc)}
	f.values.Set("then", "submit")
	if broken(f, readContract(f), market.DateOf(p.Now())) {
		for _, one := range f.summary(labelled(contractGroups(f))) {
			link := web.Crumb{Text: one.Text}
			if edit != "" {
				link.Href = edit + one.Target()
			}
			page.Missing = append(page.Missing, link)
		}
	}
	page.Advice = contractAdvice(doc)
}

// contractAdvice names what is not required but asked for at the counter.
func contractAdvice(doc *market.Contract) []string {
	var list []string
	for _, side := range []struct {
		label   string
		parties []market.Party
	}{{"卖方", doc.Sellers}, {"买方", doc.Buyers}} {
		for _, one := range side.parties {
			if person := one.Category == market.CategoryPerson; person && one.Masked == "" {
				list = append(list, side.label+"“"+market.Clip(one.Name, 30)+"”是自然人，没有填身份证号")
			} else if one.Name != "" && one.Code == "" && !person {
				list = append(list, side.label+"“"+market.Clip(one.Name, 30)+"”没有填统一社会信用代码")
			}
			if one.Name != "" && one.Division == "" {
				list = append(list, side.label+"“"+market.Clip(one.Name, 30)+"”没有填所在地区，不能按地区统计")
			}
		}
	}
	if doc.Amounts.Technology < doc.Amounts.Total && doc.Amounts.Technology > 0 && doc.Amounts.Deducted == "" {
		list = append(list, "技术交易额小于成交额，没有写明扣除了哪些费用")
	}
	for _, gap := range []struct{ value, text string }{
		{string(doc.Term.To), "没有填履行结束日期"}, {doc.Payment, "没有选支付方式"}, {doc.Class.Industry, "没有选国民经济行业"}, {doc.Class.IP, "没有选知识产权类型"},
	} {
		if gap.value == "" {
			list = append(list, gap.text)
		}
	}
	return list
}

func (p contractPages) partiesOf(c *fiber.Ctx, parties []market.Party) []contractParty {
	list := make([]contractParty, 0, len(parties))
	for _, one := range parties {
		party := contractParty{Name: one.Name}
		if party.Name == "" {
			party.Name = named(market.PartyCategories, one.Category)
		} else {
			party.Terms = stated(
				web.Term{Label: "统一社会信用代码", Value: one.Code}, web.Term{Label: "类别", Value: named(market.PartyCategories, one.Category)},
				web.Term{Label: "身份证号", Value: one.Masked})
		}
		party.Terms = append(party.Terms, stated(web.Term{Label: "所在地区", Value: market.DivisionName(one.Division)})...)
		if org, known := p.party(c, one.Org); known {
			party.Href = organizationHref(org.Org)
		}
		list = append(list, party)
	}
	return list
}

// contractFacts is what a contract is, for statistics and for its reader.
func contractFacts(doc *market.Contract) []web.Term {
	facts := []web.Term{
		{Label: "合同类型", Value: contractType(doc)},
		{Label: "技术领域", Value: named(market.Fields, doc.Class.Field)},
		{Label: "签订日期", Value: string(doc.Term.Signed)},
		{Label: "履行期限", Value: termOf(doc.Term)},
		{Label: "支付方式", Value: named(market.PaymentModes, doc.Payment)},
		{Label: "服务的行业", Value: named(market.Industries, doc.Class.Industry)},
		{Label: "知识产权", Value: named(market.IPKinds, doc.Class.IP)},
		{Label: "计划来源", Value: named(market.PlanSources, doc.Class.Plan)},
		{Label: "社会经济目标", Value: named(market.Objectives, doc.Class.Objective)},
		{Label: "合同来源", Value: named(market.Origins, doc.Origin.Kind)},
	}
	if masked(doc) {
		return stated(facts...)
	}
	return facts
}

// termOf writes how long a contract runs.
func termOf(t market.Term) string {
	switch {
	case t.From != "" && t.To != "":
		return string(t.From) + " 至 " + string(t.To)
	case t.From != "":
		return string(t.From) + " 起"
	case t.To != "":
		return "至 " + string(t.To)
	}
	return ""
}

// registerTerms is the office's entry, empty before there is one.
func registerTerms(doc *market.Contract) []web.Term {
	entry := doc.Register
	if entry.At.IsZero() {
		return nil
	}
	return stated(
		web.Term{Label: "登记编号", Value: entry.Number}, web.Term{Label: "登记日期", Value: string(market.DateOf(entry.At))},
		web.Term{Label: "注销日期", Value: dayOf(entry.Cancelled)},
		web.Term{Label: "计入统计", Value: countedIn(doc), Href: "/contracts?tab=registered&month=" + string(market.MonthOf(entry.At))})
}

func countedIn(doc *market.Contract) string {
	if doc.State != market.ContractRegistered {
		return ""
	}
	return doc.Register.At.In(market.Shanghai).Format("2006年1月")
}

// contractSteps turns a history into the line of what happened, newest first.
func contractSteps(history []market.Event) []web.Step {
	list := make([]web.Step, 0, len(history))
	for _, e := range slices.Backward(history) {
		title, state := market.ActionName(e.Action), market.ContractState(e.To)
		if e.From != e.To {
			title += "（" + state.Name() + "）"
		}
		list = append(list, web.Step{At: e.At, Title: title, By: e.ByName, Text: e.Note, Tone: contractTones[state]})
	}
	return list
}
