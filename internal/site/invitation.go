package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// invitationPages is where the links of invitations lead.
type invitationPages struct{ *Site }

func (p invitationPages) routes() []route {
	return []route{
		{"GET", "/invitations/:secret", secret(p.show), market.ActAcceptInvitation},
		{"POST", "/invitations/:secret", secret(p.accept), market.ActAcceptInvitation},
	}
}

// invitationPage is the data of page "invitation".
type invitationPage struct {
	Base     web.Base
	Gone     string // why the link is good for nothing, and what to do; all else is empty then
	OrgName  string
	Roles    string
	Login    string
	Expires  string
	Action   string
	Other    string      // the reader is signed in with another login, this one
	Accepted bool        // they are a member already
	SignIn   string      // where to sign in first; empty when they need not
	Accept   *web.Press  // for who is signed in
	Groups   []web.Group // for who is new
	Consent  web.Field   // likewise
	Problems []web.Problem
}

// show answers with what a link stands for. It changes nothing: programs that
// look into mails open links too.
func (p invitationPages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{values: url.Values{}})
}

// accept makes the reader a member; who has no account gets one first.
func (p invitationPages) accept(c *fiber.Ctx) error {
	ctx, by := c.UserContext(), actor(c)
	if by.SignedIn() {
		org, err := p.People.Accept(ctx, by, secretOf(c))
		if market.Is(err, market.Conflict) {
			return p.gone(c, err)
		}
		if err != nil {
			return err
		}
		if _, err := p.Sessions.ActFor(ctx, by, org.ID); err != nil {
			return err
		}
		return done(c, "/desk", web.Good, "您已加入“"+org.Name+"”，现在代表该单位。")
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	user, err := p.People.AcceptNew(ctx, by, secretOf(c), account.Newcomer{
		Name: f.text("name"), Phone: f.text("phone"), Password: f.values.Get("password"), Purposes: f.values["consent"],
	})
	if f.refuse(err) {
		return p.page(c, fiber.StatusUnprocessableEntity, f)
	}
	if market.Is(err, market.Conflict) {
		return p.gone(c, err)
	}
	if err != nil {
		return err
	}
	return done(c, "/sign-in", web.Good, "账号已开立，请用 "+user.Login+" 登录。")
}

// secretOf returns the secret of a link; too long ones are none of ours.
func secretOf(c *fiber.Ctx) string { return market.Clip(c.Params("secret"), market.MaxWord) }

func (p invitationPages) page(c *fiber.Ctx, status int, f *form) error {
	by := actor(c)
	one, err := p.People.Invitation(c.UserContext(), by, secretOf(c))
	if market.Is(err, market.Conflict) || market.Is(err, market.NotFound) {
		return p.gone(c, err)
	}
	if err != nil {
		return err
	}
	page := p.blank(c)
	page.Action = "/invitations/" + url.PathEscape(secretOf(c))
	page.OrgName, page.Roles, page.Login, page.Expires, page.Accepted = one.OrgName, rolesText(one.Roles), one.Login, dayOf(one.ExpiresAt), one.Accepted
	switch {
	case one.Accepted:
	case by.SignedIn():
		self, err := p.People.Self(c.UserContext(), by)
		if err != nil {
			return err
		}
		if self.Login != one.Login {
			page.Other = self.Login
			break
		}
		page.Accept = &web.Press{Text: "接受邀请", Icon: "check", Primary: true, Action: page.Action}
	case one.Known:
		page.SignIn = signInTo(page.Action)
	default:
		page.Groups, page.Consent = fillGroups(f, []web.Group{p.newcomerGroup()}), f.fill(consentField())
		page.Problems = f.summary(append(labelled(page.Groups), page.Consent))
	}
	return p.render(c, status, "invitation", page)
}

// gone says why a link is good for nothing and what to do.
func (p invitationPages) gone(c *fiber.Ctx, err error) error {
	status := fiber.StatusConflict
	if market.Is(err, market.NotFound) {
		status = fiber.StatusNotFound
	}
	page := p.blank(c)
	page.Gone = sentence(err)
	return p.render(c, status, "invitation", page)
}

func (p invitationPages) blank(c *fiber.Ctx) invitationPage {
	page := invitationPage{Base: p.base(c, "加入单位的邀请", "")}
	page.Base.HideSearch = true
	page.Base.Path = "/" // the secret is in no link of this page but those that need it
	return page
}

func (p invitationPages) newcomerGroup() web.Group {
	return web.Group{Legend: "开立账号", Hint: "您还没有账号，填写后即可加入。", Fields: []web.Field{
		{Name: "name", Label: "姓名", Type: "text", Required: true, MaxLength: market.MaxWord, Autocomplete: "name"},
		{Name: "phone", Label: "电话", Type: "tel", Hint: "手机，或 023-12345678 样子的座机。可不填。", Autocomplete: "tel"},
		{Name: "password", Label: "密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "new-password", Hint: p.Sessions.Passwords.Rule()},
	}}
}
