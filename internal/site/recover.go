package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/web"
)

// recoverPages lets people back in who forgot their password.
type recoverPages struct{ *Site }

func (p recoverPages) routes() []route {
	return []route{
		{"GET", "/recover", p.show, market.ActRecover},
		{"POST", "/recover", p.ask, market.ActRecover},
		{"GET", "/recover/:secret", secret(p.open), market.ActRecover},
		{"POST", "/recover/:secret", secret(p.set), market.ActRecover},
	}
}

// secret answers under an address that lets whoever knows it in: nothing keeps
// what it answered with. No other site is told the address as it is; a stricter
// referrer policy would also blank the Origin that forms are checked by.
func secret(answer fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := answer(c)
		c.Set(fiber.HeaderCacheControl, "no-store")
		return err
	}
}

// recoverPage is the data of page "recover": asking for the mail, or what to
// do once it was asked for.
type recoverPage struct {
	Base    web.Base
	Asked   bool
	Refused string
	Field   web.Field
}

// show answers with the form that asks for the mail.
func (p recoverPages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{}, recoverPage{})
}

// ask has the mail sent. The answer is the same for every login.
func (p recoverPages) ask(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if f.text("login") == "" {
		f.problems.Add("login", "必填")
		return p.page(c, fiber.StatusUnprocessableEntity, f, recoverPage{})
	}
	err = p.Sessions.AskRecovery(c.UserContext(), f.text("login"))
	if market.Is(err, market.TooMany) {
		return p.page(c, fiber.StatusTooManyRequests, f, recoverPage{Refused: sentence(err)})
	}
	if err != nil {
		return err
	}
	return p.page(c, fiber.StatusOK, f, recoverPage{Asked: true})
}

func (p recoverPages) page(c *fiber.Ctx, status int, f *form, page recoverPage) error {
	page.Base = p.base(c, "找回密码", "")
	page.Base.HideSearch, page.Base.Path = true, "/sign-in"
	page.Field = f.fill(web.Field{
		Name: "login", Label: "登录名", Type: "text", Required: true, MaxLength: 100, Autocomplete: "username", Hint: "通常是您注册时用的电子邮箱。",
	})
	return p.render(c, status, "recover", page)
}

// recoverFormPage is the data of page "recover_form": setting the password by
// the link in the mail.
type recoverFormPage struct {
	Base     web.Base
	Name     string
	Login    string // shown for password managers; nothing is read from it
	Action   string
	Refused  string
	Fields   []web.Field
	Problems []web.Problem
}

// open answers with the form for the new password while the link is good.
func (p recoverPages) open(c *fiber.Ctx) error { return p.form(c, fiber.StatusOK, &form{}, "") }

// set sets the new password; every session of the user ends.
func (p recoverPages) set(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if f.typedTwice("password"); len(f.problems) > 0 {
		return p.form(c, fiber.StatusUnprocessableEntity, f, "")
	}
	err = p.Sessions.Recover(c.UserContext(), c.Params("secret"), f.values.Get("password"), f.values.Get("code"))
	if f.refuse(err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, "")
	}
	if market.Is(err, market.TooMany) {
		return p.form(c, fiber.StatusTooManyRequests, f, sentence(err))
	}
	if err != nil {
		return err
	}
	p.Session.Drop(c)
	return done(c, "/sign-in", web.Good, "密码已重设，请用新密码登录。")
}

func (p recoverPages) form(c *fiber.Ctx, status int, f *form, refused string) error {
	found, err := p.Sessions.Recovery(c.UserContext(), c.Params("secret"))
	if err != nil {
		return err
	}
	page := recoverFormPage{Base: p.base(c, "重设密码", ""), Name: found.Name, Login: found.Login, Action: "/recover/" + c.Params("secret"), Refused: refused}
	page.Base.HideSearch, page.Base.Path = true, "/sign-in"
	page.Fields = p.recoveryFields(f, found)
	page.Problems = f.summary(page.Fields)
	return p.render(c, status, "recover_form", page)
}

func (p recoverPages) recoveryFields(f *form, found signin.Recovery) []web.Field {
	fields := p.newPassword(f, "password")
	if found.NeedsCode {
		fields = append(fields, codeField(f))
	}
	return fields
}
