package site

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

const membersPerPage = 50

// memberPages is the people of an organization, for those who look after it.
type memberPages struct{ *Site }

func (p memberPages) routes() []route {
	const one = "/organizations/:id/members/:user"
	return []route{
		{"GET", "/organization/members", p.own, market.ActReadMembers},
		{"GET", "/organizations/:id/members", p.list, market.ActReadMembers},
		{"GET", one, p.show, market.ActReadMembers},
		{"POST", one + "/revise", p.revise, market.ActReviseMember},
		{"POST", one + "/approve", p.approve, market.ActApproveMember},
		{"POST", one + "/refuse", p.refuse, market.ActRefuseMember},
		{"POST", one + "/remove", p.remove, market.ActRemoveMember},
		{"POST", one + "/hand-over", p.handOver, market.ActHandOver},
		{"POST", "/organizations/:id/invitations", p.invite, market.ActInvite},
		{"POST", "/organizations/:id/invitations/:invitation/resend", p.resend, market.ActInvite},
		{"POST", "/organizations/:id/invitations/:invitation/revoke", p.revoke, market.ActRevokeInvitation},
	}
}

// membersPage is the data of page "members".
type membersPage struct {
	Base        web.Base
	Tabs        web.Tabs // of the reader's own organization only
	OrgName     string
	Applicants  []memberRow
	Rows        []memberRow
	Pager       web.Pager
	MayInvite   bool
	Invitations []invitationRow
	Invite      string // address of the form
	Fields      []web.Field
	Problems    []web.Problem
}

// memberRow is one person in the list.
type memberRow struct {
	Name  string
	Href  string
	Login string
	Roles string
	Since time.Time
	State web.Badge
	Self  bool
}

// invitationRow is one invitation that is open, or was not taken in time.
type invitationRow struct {
	Login   string
	Roles   string
	Expires time.Time
	Expired bool
	Resend  *web.Press
	Revoke  web.Press
}

// membersHref is where an organization's people are listed, for a reader.
func membersHref(by market.Actor, org market.ID) string {
	if by.ActsFor(org) {
		return "/organization/members"
	}
	return organizationHref(org) + "/members"
}

func memberHref(org, user market.ID) string {
	return organizationHref(org) + "/members/" + url.PathEscape(string(user))
}

// peopleLinks is where a reader of an organization's page may go about its
// people: to see them, to join them; empty where they may not.
func peopleLinks(by market.Actor, org *market.Organization) (members, join string) {
	if market.May(by, market.ActReadMembers, org.ID) {
		members = membersHref(by, org.ID)
	}
	belongs := by.ActsFor(org.ID) || slices.ContainsFunc(by.Others, func(p market.Place) bool { return p.Org == org.ID })
	if org.Verified() && !belongs && market.May(by, market.ActApplyMember, org.ID) {
		join = organizationHref(org.ID) + "/join"
	}
	return members, join
}

// queue reads who has asked to join an organization that has nobody to decide
// it, or waits for longer than that should take.
func (p memberPages) queue(ctx context.Context, by market.Actor) ([]waiting, error) {
	if !by.Has(market.RoleOfficer) {
		return nil, nil
	}
	found, err := p.People.OverdueApplicants(ctx, by, p.Now().Add(-overdueReview), queueLength)
	if err != nil {
		return nil, err
	}
	rows := make([]waiting, len(found))
	for i, one := range found {
		rows[i] = waiting{
			ID: one.User, Kind: "加入申请", Title: one.Name + "申请加入" + one.OrgName, Who: one.OrgName, Href: memberHref(one.Org, one.User), Since: one.Since,
			Mine: !market.May(by, market.ActApproveMember, one.Org),
		}
	}
	return rows, nil
}

// own answers with the people of the organization the reader acts for.
func (p memberPages) own(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, actor(c).Org, &form{values: url.Values{}})
}

// list answers with the people of any organization.
func (p memberPages) list(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, id(c), &form{values: url.Values{}})
}

func (p memberPages) page(c *fiber.Ctx, status int, id market.ID, f *form) error {
	ctx, by := c.UserContext(), actor(c)
	cursor := c.Query("cursor")
	found, err := p.People.Members(ctx, by, id, cursor, membersPerPage)
	if err != nil {
		return err
	}
	waiting, err := p.People.Applicants(ctx, by, id)
	if err != nil {
		return err
	}
	org, err := p.Organizations.Organization(ctx, by, id)
	if err != nil {
		return err
	}
	page := membersPage{Base: p.base(c, "成员", ""), OrgName: org.Name, Applicants: p.rows(c, org.ID, waiting)}
	if by.ActsFor(org.ID) {
		page.Tabs = accountTabsOf(c)
		page.Base.Crumbs = crumbs("成员")
	} else {
		page.Base.Crumbs = crumbs("成员", web.Crumb{Href: organizationHref(org.ID), Text: org.Name})
	}
	active := slices.DeleteFunc(found.Items, func(m *account.Member) bool { return m.State != market.MemberActive })
	page.Rows = p.rows(c, org.ID, active)
	page.Pager = nextPage(membersHref(by, org.ID), cursor, found.Next)
	if page.MayInvite = market.May(by, market.ActInvite, org.ID); page.MayInvite {
		if err := p.invitations(c, &page, org, f); err != nil {
			return err
		}
	}
	return p.render(c, status, "members", page)
}

func (p memberPages) rows(c *fiber.Ctx, org market.ID, members []*account.Member) []memberRow {
	rows := make([]memberRow, len(members))
	for i, m := range members {
		rows[i] = memberRow{
			Name: m.Name, Href: memberHref(org, m.User), Login: m.Login, Roles: rolesText(m.Roles), Since: m.Since,
			State: memberBadge(m), Self: m.User == actor(c).User,
		}
	}
	return rows
}

func memberBadge(m *account.Member) web.Badge {
	if m.Disabled {
		return web.Badge{Text: "账号已停用", Tone: web.Bad}
	}
	return web.Badge{Text: market.MembershipStates.Name(string(m.State)), Tone: placeTones[m.State]}
}

// invitations puts the open invitations and the form for another on a page.
func (p memberPages) invitations(c *fiber.Ctx, page *membersPage, org *market.Organization, f *form) error {
	open, err := p.People.Invitations(c.UserContext(), actor(c), org.ID)
	if err != nil {
		return err
	}
	page.Invite = organizationHref(org.ID) + "/invitations"
	for _, one := range open {
		address := page.Invite + "/" + url.PathEscape(string(one.ID))
		page.Invitations = append(page.Invitations, invitationRow{
			Login: one.Login, Roles: rolesText(one.Roles), Expires: one.ExpiresAt, Expired: one.Expired,
			Resend: &web.Press{Text: "重新发送", Icon: "send", Action: address + "/resend"}, Revoke: web.Press{Text: "撤销", Icon: "x", Action: address + "/revoke"},
		})
	}
	page.Fields = []web.Field{
		f.fill(web.Field{Name: "login", Label: "电子邮箱", Type: "email", Required: true, MaxLength: 100, Autocomplete: "off"}),
		f.fill(web.Field{Name: "roles", Label: "角色", Type: "checks", Required: true, Options: roleOptions(actor(c), org, nil)}),
	}
	page.Problems = f.summary(page.Fields)
	return nil
}

// roleOptions is the roles the reader may give in an organization, and those
// somebody has.
func roleOptions(by market.Actor, org *market.Organization, has []market.Role) []web.Option {
	var list []web.Option
	for _, one := range market.Roles {
		role := market.Role(one.Code)
		fits := slices.Contains(account.Assignable(org), role) && (role != market.RoleAdmin || by.Has(market.RoleAdmin))
		if fits || slices.Contains(has, role) {
			list = append(list, web.Option{Value: one.Code, Text: one.Name, Selected: slices.Contains(has, role)})
		}
	}
	return list
}
