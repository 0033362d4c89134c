package site

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// memberPage is the data of page "member".
type memberPage struct {
	Base     web.Base
	Name     string
	Badges   []web.Badge
	Lead     []string
	Facts    []web.Term
	Revise   *roleForm     // nil where the reader may not
	Approve  *roleForm     // takes an applicant in
	Confirms []web.Confirm // refuse, hand over, remove
	Problems []web.Problem
}

// roleForm gives roles.
type roleForm struct {
	Action  string
	Version int64
	Field   web.Field
	Button  string
}

// show answers with one member and what the reader may do about them.
func (p memberPages) show(c *fiber.Ctx) error {
	return p.member(c, fiber.StatusOK, "", &form{values: url.Values{}})
}

// member answers with a member; refused is the action the form f was refused
// for.
func (p memberPages) member(c *fiber.Ctx, status int, refused market.Action, f *form) error {
	ctx, by := c.UserContext(), actor(c)
	m, err := p.People.Member(ctx, by, id(c), memberID(c))
	if err != nil {
		return err
	}
	org, err := p.Organizations.Organization(ctx, by, id(c))
	if err != nil {
		return err
	}
	page := memberPage{Base: p.base(c, m.Name, ""), Name: m.Name, Badges: []web.Badge{memberBadge(m)}, Lead: worded(org.Name, rolesText(m.Roles))}
	page.Base.Crumbs = crumbs(m.Name, web.Crumb{Href: membersHref(by, org.ID), Text: "成员"})
	page.Facts = []web.Term{{Label: "登录名", Value: m.Login}, {Label: "角色", Value: rolesText(m.Roles)}, {Label: since(m), Value: dayOf(m.Since)}}
	if m.Proof != "" {
		page.Facts = append(page.Facts, web.Term{Label: "证明材料", Value: "下载", Href: fileHref(m.Proof)})
	}
	if m.State == market.MemberApplied {
		p.decide(by, org, m, &page, refused, f)
	} else {
		p.manage(by, org, m, &page, refused, f)
	}
	for i := range page.Confirms {
		page.Confirms[i].Hidden = append(page.Confirms[i].Hidden, web.Hidden{Name: "version", Value: number(m.Version)})
	}
	return p.render(c, status, "member", page)
}

func since(m *account.Member) string {
	if m.State == market.MemberApplied {
		return "申请日期"
	}
	return "加入日期"
}

// memberID returns the person named in the path beside an organization.
func memberID(c *fiber.Ctx) market.ID { return market.ID(c.Params("user")) }

// decide offers what can be done about an applicant.
func (p memberPages) decide(by market.Actor, org *market.Organization, m *account.Member, page *memberPage, refused market.Action, f *form) {
	href := memberHref(org.ID, m.User)
	if market.May(by, market.ActApproveMember, org.ID) {
		page.Approve = newRoleForm(href+"/approve", "同意加入", by, org, m, f, refused == market.ActApproveMember)
		page.Problems = f.summary([]web.Field{page.Approve.Field})
	}
	if market.May(by, market.ActRefuseMember, org.ID) {
		page.Confirms = append(page.Confirms, web.Confirm{
			Text: "不同意", Icon: "x", Action: href + "/refuse", Button: "确认不同意", Tone: web.Bad, Open: refused == market.ActRefuseMember,
			Ask: "申请人会收到邮件，内有您写的理由。", Fields: []web.Field{reasonField(f, refused == market.ActRefuseMember)},
		})
	}
}

// manage offers what can be done about a member.
func (p memberPages) manage(by market.Actor, org *market.Organization, m *account.Member, page *memberPage, refused market.Action, f *form) {
	href := memberHref(org.ID, m.User)
	if market.May(by, market.ActReviseMember, org.ID) {
		page.Revise = newRoleForm(href+"/revise", "保存角色", by, org, m, f, refused == market.ActReviseMember)
		page.Problems = f.summary([]web.Field{page.Revise.Field})
	}
	if m.User == by.User {
		return // one leaves by way of one's own pages
	}
	if market.May(by, market.ActHandOver, org.ID) && !m.Disabled {
		keep := web.Field{Name: "roles", Form: "keep", Label: "移交后我保留的角色", Type: "checks", Required: true}
		keep.Options = slices.DeleteFunc(roleOptions(by, org, by.Roles), func(o web.Option) bool { return o.Value == string(market.RoleManager) })
		if refused == market.ActHandOver {
			keep = f.fill(keep)
		}
		page.Confirms = append(page.Confirms, web.Confirm{
			Text: "移交管理员", Icon: "users", Action: href + "/hand-over", Button: "确认移交", Tone: web.Bad, Open: refused == market.ActHandOver,
			Ask: m.Name + "将成为单位管理员，您不再是。", Fields: []web.Field{keep},
		})
	}
	if market.May(by, market.ActRemoveMember, org.ID) {
		page.Confirms = append(page.Confirms, web.Confirm{
			Text: "移出单位", Icon: "trash", Action: href + "/remove", Button: "确认移出", Tone: web.Bad, Open: refused == market.ActRemoveMember,
			Ask: "对方为本单位的登录立即失效，并会收到邮件。已经办理的业务记录不受影响。", Fields: []web.Field{reasonField(f, refused == market.ActRemoveMember)},
		})
	}
}

func newRoleForm(action, button string, by market.Actor, org *market.Organization, m *account.Member, f *form, refused bool) *roleForm {
	field := web.Field{Name: "roles", Label: "角色", Type: "checks", Required: true, Options: roleOptions(by, org, m.Roles)}
	if refused {
		field = f.fill(field)
	}
	return &roleForm{Action: action, Version: m.Version, Field: field, Button: button}
}

// reasonField asks why; what was typed is in it again when it was refused.
func reasonField(f *form, refused bool) web.Field {
	field := web.Field{Name: "note", Label: "理由", Type: "textarea", Rows: 2, MaxLength: market.MaxNote, Required: true}
	if refused {
		field = f.fill(field)
	}
	return field
}
