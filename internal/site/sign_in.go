package site

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// signInPages opens and ends sessions.
type signInPages struct{ *Site }

// signInPage is the data of page "sign_in".
type signInPage struct {
	Base     web.Base
	Next     string // where to go afterwards
	Refused  string // why nobody was signed in; empty at first
	Fields   []web.Field
	Problems []web.Problem
	Accounts []demoAccount // to try in a demo store, else empty
}

// demoAccount is one sign-in of the demonstration store.
type demoAccount struct {
	Role, Does string
	Press      web.Press // signs in at once
}

// demoPassword is the password of every demo account. It opens nothing but a
// demonstration store, which says so itself.
const demoPassword = "Jishi-demo-2026"

// demoAccounts is who can be tried, going on to next.
func demoAccounts(next string) []demoAccount {
	accounts := []demoAccount{
		{Role: "供给方", Does: "发布成果、看匹配到的需求、填报合同", Press: web.Press{Text: "university@demo"}},
		{Role: "需求方", Does: "发布需求、看匹配到的成果和理由", Press: web.Press{Text: "enterprise@demo"}},
		{Role: "技术经纪人", Does: "查找双方、看联系方式", Press: web.Press{Text: "broker@demo"}},
		{Role: "科技局经办人", Does: "审核发布项、登记合同、看进度", Press: web.Press{Text: "bureau@demo"}},
		{Role: "平台管理员", Does: "管理用户、看审计记录和待发邮件", Press: web.Press{Text: "admin@demo"}},
		{Role: "属于两个单位的人", Does: "切换所代表的单位", Press: web.Press{Text: "consultant@demo"}},
	}
	for i := range accounts {
		press := &accounts[i].Press
		press.Action, press.Icon = "/sign-in", "login"
		press.Hidden = []web.Hidden{{Name: "login", Value: press.Text}, {Name: "password", Value: demoPassword}, {Name: "next", Value: next}}
	}
	return accounts
}

// show answers with the sign-in form, or goes on to the code where the
// password was given already.
func (p signInPages) show(c *fiber.Ctx) error {
	if _, err := p.Sessions.Waiting(c.UserContext(), p.Session.Token(c)); err == nil {
		return c.Redirect(codeFor(inside(c.Query("next"), "")), fiber.StatusSeeOther)
	}
	return p.page(c, fiber.StatusOK, &form{values: url.Values{"next": {c.Query("next")}}}, "")
}

// open signs in and goes on to where the reader came from. A session the
// browser had before ends: the new one has nothing in common with it.
func (p signInPages) open(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	opened, err := p.Sessions.Open(c.UserContext(), f.values.Get("login"), f.values.Get("password"))
	switch {
	case market.Is(err, market.Unauthenticated), market.Is(err, market.Denied):
		return p.page(c, fiber.StatusUnprocessableEntity, f, sentence(err))
	case market.Is(err, market.TooMany):
		return p.page(c, fiber.StatusTooManyRequests, f, sentence(err))
	case err != nil:
		return err
	}
	if err := p.Sessions.End(c.UserContext(), actor(c)); err != nil {
		return err
	}
	p.Session.Keep(c, opened.Pair)
	if opened.FactorDue {
		return c.Redirect(codeFor(inside(f.values.Get("next"), "")), fiber.StatusSeeOther)
	}
	return done(c, inside(f.values.Get("next"), "/desk"), web.Good, opened.Actor.Name+"，您已登录。")
}

// end ends the session, also one that still waits for the code, and makes the
// browser forget it.
func (p signInPages) end(c *fiber.Ctx) error {
	if err := p.Sessions.End(c.UserContext(), actor(c)); err != nil {
		return err
	}
	if err := p.Sessions.Abandon(c.UserContext(), p.Session.Token(c)); err != nil {
		return err
	}
	p.Session.Drop(c)
	return done(c, "/", web.Good, "您已退出登录。")
}

func (p signInPages) page(c *fiber.Ctx, status int, f *form, refused string) error {
	page := signInPage{Base: p.base(c, "登录", ""), Next: inside(f.values.Get("next"), ""), Refused: refused}
	page.Base.HideSearch = true
	page.Base.Path = "/sign-in"
	page.Fields = []web.Field{
		f.fill(web.Field{Name: "login", Label: "登录名", Type: "text", Required: true, MaxLength: 100, Autocomplete: "username"}),
		f.fill(web.Field{Name: "password", Label: "密码", Type: "password", Required: true, Autocomplete: "current-password"}),
	}
	if p.Demo {
		page.Accounts = demoAccounts(page.Next)
	}
	return p.render(c, status, "sign_in", page)
}

// inside returns an address of this site to go on to, or otherwise when the
// given one leads elsewhere.
func inside(next, otherwise string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(next, "/sign-in") {
		return otherwise
	}
	return next
}
