package site

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// draft is what a new form starts with: what the listings say that led here,
// and the reader's organization on its own side.
func (p contractForms) draft(c *fiber.Ctx) (*market.Contract, error) {
	ctx, by := c.UserContext(), actor(c)
	draft := &market.Contract{Sellers: []market.Party{{}}, Buyers: []market.Party{{}}, Origin: market.Origin{Kind: "registered"}}
	if id := market.ID(c.Query("demand")); id != "" {
		d, err := p.Demands.Show(ctx, by, id)
		if err != nil {
			return nil, err
		}
		p.fromDemand(c, draft, d)
	}
	if id := market.ID(c.Query("achievement")); id != "" {
		a, err := p.Achievements.Show(ctx, by, id)
		if err != nil {
			return nil, err
		}
		p.fromAchievement(c, draft, a)
	}
	own, known := p.party(c, by.Org)
	switch {
	case !known || own.Name == draft.Sellers[0].Name || own.Name == draft.Buyers[0].Name:
	case by.Has(market.RoleSupplier) && draft.Sellers[0].Name == "":
		draft.Sellers[0] = own
	case by.Has(market.RoleDemander) && draft.Buyers[0].Name == "":
		draft.Buyers[0] = own
	}
	return draft, nil
}

func (p contractForms) fromDemand(c *fiber.Ctx, draft *market.Contract, d *market.Demand) {
	draft.Project, draft.Origin.Kind, draft.Origin.Demand = d.Title, "matched", d.ID
	draft.Class.Field, draft.Class.Industry = d.Class.Field, d.Class.Industry
	draft.Buyers[0] = p.sideOf(c, d.Owner, market.Party{Name: d.Demander})
}

func (p contractForms) fromAchievement(c *fiber.Ctx, draft *market.Contract, a *market.Achievement) {
	draft.Project, draft.Origin.Kind, draft.Origin.Achievement = a.Title, "matched", a.ID
	if draft.Class.Field == "" {
		draft.Class.Field, draft.Class.Industry = a.Class.Field, a.Class.Industry
	}
	if len(a.Rights) > 0 {
		draft.Class.IP = a.Rights[0].Kind
	}
	draft.Sellers[0] = p.sideOf(c, a.Owner, market.Party{Name: a.Holder, Code: a.HolderCode})
}

// sideOf is a party as a listing names it; when that is the organization that
// listed it, with what is known of the organization.
func (p contractForms) sideOf(c *fiber.Ctx, owner market.ID, written market.Party) market.Party {
	org, known := p.party(c, owner)
	if known && (written.Name == org.Name || written.Code != "" && written.Code == org.Code) {
		return org
	}
	return written
}

// party is an organization as a party to a contract, as far as the reader may
// see it.
func (p contractPages) party(c *fiber.Ctx, id market.ID) (market.Party, bool) {
	if id == "" {
		return market.Party{}, false
	}
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), id)
	if err != nil {
		return market.Party{}, false
	}
	return market.Party{Org: org.ID, Name: org.Name, Code: org.Code, Category: org.Category, Division: org.Division}, true
}

// connect ties a contract to organizations on the platform and to the listings
// that led to it. old is the contract as stored, nil for a new one; who was
// tied there stays tied.
func (p contractForms) connect(c *fiber.Ctx, f *form, doc, old *market.Contract) error {
	for _, side := range []struct {
		parties []market.Party
		before  func(*market.Contract) []market.Party
	}{
		{doc.Sellers, func(c *market.Contract) []market.Party { return c.Sellers }},
		{doc.Buyers, func(c *market.Contract) []market.Party { return c.Buyers }},
	} {
		for i := range side.parties {
			if old != nil && stayed(&side.parties[i], side.before(old)) {
				continue
			}
			if err := p.tie(c, &side.parties[i]); err != nil {
				return err
			}
		}
	}
	if old != nil {
		doc.Origin.Broker = old.Origin.Broker
	}
	return p.checkOrigin(c, f, doc, old)
}

// stayed reports whether a party was there before under the same name and
// code, and gives it the organization it had.
func stayed(one *market.Party, before []market.Party) bool {
	i := slices.IndexFunc(before, func(b market.Party) bool { return b.Org != "" && b.Name == one.Name && b.Code == one.Code })
	if i >= 0 {
		one.Org = before[i].Org
	}
	return i >= 0
}

// tie finds the organization on the platform that a party is. One that is not
// there, or not yet checked, leaves the party as typed.
func (p contractForms) tie(c *fiber.Ctx, one *market.Party) error {
	if one.Name == "" {
		return nil
	}
	org, err := p.Organizations.LookUpOrganization(c.UserContext(), actor(c), one.Code, one.Name)
	switch {
	case err == nil:
		one.Org = org.ID
	case market.KindOf(err) == market.Internal || market.Is(err, market.Unavailable):
		return err
	}
	return nil
}

// checkOrigin refuses listings that the reader cannot see, unless they stand
// in the contract already.
func (p contractForms) checkOrigin(c *fiber.Ctx, f *form, doc, old *market.Contract) error {
	ctx, by, from := c.UserContext(), actor(c), doc.Origin
	var errs []error
	if from.Achievement != "" && (old == nil || old.Origin.Achievement != from.Achievement) {
		_, err := p.Achievements.Show(ctx, by, from.Achievement)
		errs = append(errs, err)
	}
	if from.Demand != "" && (old == nil || old.Origin.Demand != from.Demand) {
		_, err := p.Demands.Show(ctx, by, from.Demand)
		errs = append(errs, err)
	}
	for _, err := range errs {
		switch {
		case err == nil:
		case market.Is(err, market.NotFound), market.Is(err, market.Denied), market.Is(err, market.Invalid):
			f.problems.Add("origin.kind", "对接的成果或需求已不公开，请从它的页面重新填报")
		default:
			return err
		}
	}
	return nil
}

// originTerms names the listings a contract came from, with the way to those
// that the reader may still see.
func (p contractPages) originTerms(c *fiber.Ctx, achievement, demand market.ID) []web.Term {
	ctx, by := c.UserContext(), actor(c)
	var terms []web.Term
	if achievement != "" {
		term := web.Term{Label: "成果", Value: "已不公开"}
		if a, err := p.Achievements.Show(ctx, by, achievement); err == nil {
			term.Value, term.Href = a.Title, p.achievementPages().href(a.ID)
		}
		terms = append(terms, term)
	}
	if demand != "" {
		term := web.Term{Label: "需求", Value: "已不公开"}
		if d, err := p.Demands.Show(ctx, by, demand); err == nil {
			term.Value, term.Href = d.Title, p.demandPages().href(d.ID)
		}
		terms = append(terms, term)
	}
	return terms
}

// deal leads from a match to the contract that comes of it, for the two whose
// match it is and for officers.
func deal(by market.Actor, d *market.Demand, a *market.Achievement) web.Crumb {
	if !market.May(by, market.ActCreateContract) || !(by.ActsFor(d.Owner, a.Owner) || by.Has(market.RoleOfficer)) {
		return web.Crumb{}
	}
	from := url.Values{"demand": {string(d.ID)}, "achievement": {string(a.ID)}}
	return web.Crumb{Href: "/contracts/new?" + from.Encode(), Text: "双方谈成了，填报合同"}
}
