package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// codePages asks for the second factor after the password.
type codePages struct{ *Site }

func (p codePages) routes() []route {
	return []route{
		{"GET", "/sign-in/code", p.show, market.ActSignIn},
		{"POST", "/sign-in/code", p.finish, market.ActSignIn},
	}
}

// codeFor is the page that asks for the code and goes on to next.
func codeFor(next string) string {
	if next == "" {
		return "/sign-in/code"
	}
	return "/sign-in/code?next=" + url.QueryEscape(next)
}

// codePage is the data of page "sign_in_code".
type codePage struct {
	Base    web.Base
	Name    string // of whose password it was
	Next    string
	Refused string
	Field   web.Field
}

// show answers with the form for the code; without a password given before it
// leads to where that is given.
func (p codePages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{values: url.Values{"next": {c.Query("next")}}}, "")
}

// finish takes the code and goes on to where the reader came from.
func (p codePages) finish(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	opened, err := p.Sessions.Finish(c.UserContext(), p.Session.Token(c), f.values.Get("code"))
	switch {
	case market.Is(err, market.Unauthenticated):
		return p.page(c, fiber.StatusUnprocessableEntity, f, sentence(err))
	case market.Is(err, market.TooMany):
		return p.page(c, fiber.StatusTooManyRequests, f, sentence(err))
	case err != nil:
		return err
	}
	p.Session.Keep(c, opened.Pair)
	return done(c, inside(f.values.Get("next"), "/desk"), web.Good, opened.Actor.Name+"，您已登录。")
}

func (p codePages) page(c *fiber.Ctx, status int, f *form, refused string) error {
	name, err := p.Sessions.Waiting(c.UserContext(), p.Session.Token(c))
	if market.Is(err, market.Unauthenticated) {
		return done(c, signInTo(inside(f.values.Get("next"), "/desk")), web.Wait, "请先输入登录名和密码。")
	}
	if err != nil {
		return err
	}
	page := codePage{Base: p.base(c, "输入验证码", ""), Name: name, Next: inside(f.values.Get("next"), ""), Refused: refused}
	page.Base.HideSearch, page.Base.Path = true, "/sign-in"
	page.Field = codeField(&form{})
	return p.render(c, status, "sign_in_code", page)
}

// codeField asks for a code of the authenticator, or a recovery code.
func codeField(f *form) web.Field {
	return f.fill(web.Field{
		Name: "code", Label: "验证码", Type: "text", Required: true, MaxLength: 30, Autocomplete: "one-time-code",
		Hint: "验证器现在显示的 6 位数字；手机不在身边时，可以输入一个恢复码。",
	})
}
