package site

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// ownOrganizationsPage is the data of page "account_organizations".
type ownOrganizationsPage struct {
	Base web.Base
	Tabs web.Tabs
	Rows []ownOrganization
}

// ownOrganization is one place of the reader's.
type ownOrganization struct {
	Name    string
	Href    string
	Roles   string
	State   web.Badge
	Since   time.Time
	Current bool         // they act for it now
	ActFor  *web.Press   // nil where they cannot or do
	Leave   *web.Confirm // nil where there is nothing to leave
}

// placeTones is how each state of a membership is shown.
var placeTones = map[market.MembershipState]web.Tone{market.MemberActive: web.Good, market.MemberApplied: web.Wait, market.MemberEnded: web.Neutral}

// organizations answers with the organizations the reader has to do with.
func (p accountPages) organizations(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), actor(c)
	user, err := p.People.Self(ctx, by)
	if err != nil {
		return err
	}
	places, err := p.People.Places(ctx, by, user)
	if err != nil {
		return err
	}
	page := ownOrganizationsPage{Base: p.base(c, "我的单位", ""), Tabs: accountTabsOf(c)}
	page.Base.Crumbs = crumbs("我的单位")
	for _, m := range user.Memberships {
		if org := places[m.Org]; org != nil {
			page.Rows = append(page.Rows, ownPlace(by, m, org))
		}
	}
	slices.SortStableFunc(page.Rows, func(a, b ownOrganization) int { return placeRank(a) - placeRank(b) })
	return p.render(c, fiber.StatusOK, "account_organizations", page)
}

func ownPlace(by market.Actor, m market.Membership, org *market.Organization) ownOrganization {
	row := ownOrganization{
		Name: org.Name, Roles: rolesText(m.Roles), Since: m.Since, Current: by.ActsFor(m.Org) && m.State == market.MemberActive,
		State: web.Badge{Text: market.MembershipStates.Name(string(m.State)), Tone: placeTones[m.State]},
	}
	if org.Verified() {
		row.Href = organizationHref(org.ID)
	}
	hidden := []web.Hidden{{Name: "organization", Value: string(m.Org)}}
	switch {
	case m.State == market.MemberActive:
		if !row.Current {
			row.ActFor = &web.Press{Text: "切换到这里", Action: "/account/act-for", Icon: "building", Hidden: append(hidden, web.Hidden{Name: "next", Value: "/account/organizations"})}
		}
		row.Leave = &web.Confirm{Text: "退出", Icon: "logout", Action: "/account/leave", Button: "确认退出", Tone: web.Bad, Hidden: hidden,
			Ask: "退出后您不能再为“" + org.Name + "”办理业务；要回来须由单位管理员重新邀请。"}
	case m.State == market.MemberApplied:
		row.Leave = &web.Confirm{Text: "撤回申请", Icon: "x", Action: "/account/leave", Button: "确认撤回", Tone: web.Bad, Hidden: hidden,
			Ask: "撤回后可以再次申请。"}
	}
	return row
}

// placeRank puts where the reader is now first, what is over last.
func placeRank(row ownOrganization) int {
	switch {
	case row.Current:
		return 0
	case row.ActFor != nil:
		return 1
	case row.Leave != nil:
		return 2
	}
	return 3
}

// actFor has the reader act for another of their organizations.
func (p accountPages) actFor(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	org := market.ID(f.values.Get("organization"))
	if org == "" {
		return done(c, "/account/organizations", web.Neutral, "请选择要代表的单位。")
	}
	by, err := p.Sessions.ActFor(c.UserContext(), actor(c), org)
	if market.Is(err, market.Invalid) {
		return done(c, "/account/organizations", web.Bad, "您已不是这个单位的成员，请在下面选择。")
	}
	if err != nil {
		return err
	}
	return done(c, inside(f.values.Get("next"), "/desk"), web.Good, "您现在代表“"+by.OrgName+"”。")
}

// leave ends one of the reader's memberships. Who leaves the organization they
// act for goes on for another, or for none.
func (p accountPages) leave(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	ctx, by, org := c.UserContext(), actor(c), market.ID(f.values.Get("organization"))
	if org == "" {
		return done(c, "/account/organizations", web.Neutral, "请选择要退出的单位。")
	}
	err = p.People.Leave(ctx, by, org)
	if market.Is(err, market.Conflict) || market.Is(err, market.NotFound) {
		return done(c, "/account/organizations", web.Bad, sentence(err))
	}
	if err != nil {
		return err
	}
	if by.ActsFor(org) {
		if _, err := p.Sessions.ActFor(ctx, by, ""); err != nil {
			return err
		}
	}
	return done(c, "/account/organizations", web.Good, "已退出。")
}

// rolesText names roles for people.
func rolesText(roles []market.Role) string { return roleNames(market.Actor{Roles: roles}) }
