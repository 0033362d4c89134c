package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// eraseConfirm is the form that closes an account. f is what was typed before,
// open when that was refused.
func eraseConfirm(f *form, open bool) web.Confirm {
	return web.Confirm{
		Text: "注销账号", Icon: "trash", Tone: web.Bad, Button: "永久注销", Action: "/account/erase", Open: open,
		Ask: "注销后不能恢复：姓名、登录名、电话、证书、密码会被覆盖，登录会话、邀请和任职全部结束，发布项里写着您的联系方式也会清除。合同、成果、需求和办理记录保留，但只显示“" +
			market.ErasedName + "”。",
		Fields: []web.Field{
			f.fill(web.Field{Name: "login", Label: "输入您的登录名以确认", Type: "text", Required: true, MaxLength: 100, Autocomplete: "off"}),
			f.fill(web.Field{Name: "password", Label: "当前密码", Type: "password", Required: true, Autocomplete: "current-password"}),
		},
	}
}

// erase closes the reader's account and signs them out.
func (p privacyPages) erase(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	err = p.Privacy.Erase(c.UserContext(), actor(c), f.values.Get("password"), f.values.Get("login"))
	switch {
	case f.refuse(err):
		return p.page(c, fiber.StatusUnprocessableEntity, f, true)
	case market.Is(err, market.Conflict), market.Is(err, market.TooMany):
		return done(c, "/account/privacy", web.Bad, sentence(err))
	case err != nil:
		return err
	}
	p.Session.Drop(c)
	return done(c, "/", web.Good, "账号已注销。您的个人信息已覆盖，其余地方的联系方式正在清除。")
}
