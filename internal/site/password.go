package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// passwordPages changes the reader's password.
type passwordPages struct{ *Site }

func (p passwordPages) routes() []route {
	return []route{
		{"GET", "/account/password", p.show, market.ActSelf},
		{"POST", "/account/password", p.change, market.ActSelf},
	}
}

// passwordPage is the data of page "password".
type passwordPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Refused  string
	Fields   []web.Field
	Problems []web.Problem
}

// show answers with the form.
func (p passwordPages) show(c *fiber.Ctx) error { return p.page(c, fiber.StatusOK, &form{}, "") }

// change sets the new password; the reader's other sessions end.
func (p passwordPages) change(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if f.typedTwice("new_password"); len(f.problems) > 0 {
		return p.page(c, fiber.StatusUnprocessableEntity, f, "")
	}
	opened, err := p.Sessions.ChangePassword(c.UserContext(), actor(c), f.values.Get("password"), f.values.Get("new_password"))
	if f.refuse(err) {
		return p.page(c, fiber.StatusUnprocessableEntity, f, "")
	}
	if market.Is(err, market.TooMany) {
		return p.page(c, fiber.StatusTooManyRequests, f, sentence(err))
	}
	if err != nil {
		return err
	}
	p.Session.Keep(c, opened.Pair)
	return done(c, "/account/sessions", web.Good, "密码已修改，其他设备上的登录已全部退出。")
}

// typedTwice notes when a new password was typed differently the second time.
func (f *form) typedTwice(name string) {
	f.problems.Check(f.values.Get(name) == f.values.Get(name+"_again"), name+"_again", "两次输入的密码不一样")
}

func (p passwordPages) page(c *fiber.Ctx, status int, f *form, refused string) error {
	page := passwordPage{Base: p.base(c, "修改密码", ""), Tabs: accountTabsOf(c), Refused: refused}
	page.Base.Crumbs = crumbs("修改密码")
	page.Fields = append([]web.Field{
		f.fill(web.Field{Name: "password", Label: "现在的密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "current-password"}),
	}, p.newPassword(f, "new_password")...)
	page.Problems = f.summary(page.Fields)
	return p.render(c, status, "password", page)
}

// newPassword asks for a new password, twice.
func (s *Site) newPassword(f *form, name string) []web.Field {
	return []web.Field{
		f.fill(web.Field{Name: name, Label: "新密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "new-password", Hint: s.Sessions.Passwords.Rule()}),
		f.fill(web.Field{Name: name + "_again", Label: "再输入一次新密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "new-password"}),
	}
}
