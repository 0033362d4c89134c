package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// joinPages is where people ask to be taken in by an organization.
type joinPages struct{ *Site }

func (p joinPages) routes() []route {
	return []route{
		{"GET", "/organizations/:id/join", p.join, market.ActApplyMember},
		{"POST", "/organizations/:id/join", p.apply, market.ActApplyMember},
	}
}

// joinPage is the data of page "member_join".
type joinPage struct {
	Base     web.Base
	OrgName  string
	Action   string
	Cancel   string
	Fields   []web.Field
	Problems []web.Problem
}

// join answers with the form of somebody who wants to join an organization.
func (p joinPages) join(c *fiber.Ctx) error {
	return p.joinForm(c, fiber.StatusOK, &form{values: url.Values{}})
}

// apply sends it.
func (p joinPages) apply(c *fiber.Ctx) error {
	f, file, err := readFormWithFile(c, "file")
	if err != nil {
		return err
	}
	err = p.People.Apply(c.UserContext(), actor(c), id(c), account.Application{Roles: chosenRoles(f), Upload: file})
	if f.refuse(err) {
		return p.joinForm(c, fiber.StatusUnprocessableEntity, f)
	}
	if market.Is(err, market.Conflict) {
		return done(c, "/account/organizations", web.Neutral, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/account/organizations", web.Good, "申请已提交，单位管理员同意后您会收到邮件。")
}

func (p joinPages) joinForm(c *fiber.Ctx, status int, f *form) error {
	if err := market.Permit(actor(c), market.ActApplyMember, id(c)); err != nil {
		return err
	}
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), id(c))
	if market.Is(err, market.Denied) { // one the bureau has not checked
		return done(c, "/organizations", web.Neutral, "这个单位还没有通过科技局核验，暂时不能申请加入。")
	}
	if err != nil {
		return err
	}
	page := joinPage{Base: p.base(c, "申请加入", ""), OrgName: org.Name, Cancel: organizationHref(org.ID), Action: organizationHref(org.ID) + "/join"}
	page.Base.Crumbs = crumbs("申请加入", web.Crumb{Href: page.Cancel, Text: org.Name})
	var roles []web.Option
	for _, role := range account.Askable(org) {
		roles = append(roles, web.Option{Value: string(role), Text: market.Roles.Name(string(role))})
	}
	page.Fields = []web.Field{
		f.fill(web.Field{Name: "roles", Label: "申请的角色", Type: "checks", Required: true, Options: roles}),
		f.fill(web.Field{Name: "file", Label: "证明材料", Type: "file", Accept: ".pdf,.png,.jpg,.jpeg", Hint: "证明您是该单位人员，如工作证、介绍信。PDF、PNG 或 JPEG，不超过 2 MB。可不传。"}),
	}
	page.Problems = f.summary(page.Fields)
	return p.render(c, status, "member_join", page)
}
