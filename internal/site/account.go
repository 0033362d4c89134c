package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// accountPages is what people see and change of themselves.
type accountPages struct{ *Site }

func (p accountPages) routes() []route {
	return []route{
		{"GET", "/account", p.show, market.ActSelf},
		{"POST", "/account", p.revise, market.ActSelf},
		{"GET", "/account/organizations", p.organizations, market.ActSelf},
		{"POST", "/account/act-for", p.actFor, market.ActActFor},
		{"POST", "/account/leave", p.leave, market.ActSelf}, // also of who acts for none and takes an application back
	}
}

// accountPage is the data of page "account".
type accountPage struct {
	Base        web.Base
	Tabs        web.Tabs
	Version     int64
	Login       string
	Groups      []web.Group
	Problems    []web.Problem
	Certificate *web.Badge // how the certificate on record stands; nil without one
	Refused     string     // why it was not confirmed
	Evidence    string     // address of the file on record
}

// show answers with the reader's own data as a form.
func (p accountPages) show(c *fiber.Ctx) error {
	user, err := p.People.Self(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return p.form(c, fiber.StatusOK, &form{values: profileValues(user)}, user)
}

// revise saves the form.
func (p accountPages) revise(c *fiber.Ctx) error {
	f, file, err := readFormWithFile(c, "file")
	if err != nil {
		return err
	}
	ctx, by := c.UserContext(), actor(c)
	user, err := p.People.Self(ctx, by)
	if err != nil {
		return err
	}
	profile := account.Profile{Name: f.text("name"), Phone: f.text("phone"), Certificate: readCertificate(f), Evidence: file}
	if len(f.problems) > 0 {
		return p.form(c, fiber.StatusUnprocessableEntity, f, user)
	}
	_, err = p.People.ReviseProfile(ctx, by, f.version(), profile)
	if f.refuse(err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f, user)
	}
	if market.Is(err, market.Stale) {
		f.problems.Add("", sentence(err))
		return p.form(c, fiber.StatusConflict, f, user)
	}
	if err != nil {
		return err
	}
	return done(c, "/account", web.Good, "个人资料已保存。")
}

// readCertificate reads the certificate of the form; nil when nothing of it is
// filled in.
func readCertificate(f *form) *market.Certificate {
	certificate := &market.Certificate{
		Level: f.text("certificate.level"), Number: f.text("certificate.number"), Issuer: f.text("certificate.issuer"), Until: f.date("certificate.until"),
	}
	if *certificate == (market.Certificate{}) {
		return nil
	}
	certificate.Evidence = market.ID(f.text("certificate.evidence"))
	return certificate
}

func profileValues(u *market.User) url.Values {
	values := url.Values{"name": {u.Name}, "phone": {u.Phone}, "version": {number(u.Version)}}
	if c := u.Certificate; c != nil {
		for name, value := range map[string]string{"level": c.Level, "number": c.Number, "issuer": c.Issuer, "until": string(c.Until), "evidence": string(c.Evidence)} {
			values.Set("certificate."+name, value)
		}
	}
	return values
}

func (p accountPages) form(c *fiber.Ctx, status int, f *form, user *market.User) error {
	page := accountPage{Base: p.base(c, "个人资料", ""), Tabs: accountTabsOf(c), Version: user.Version, Login: user.Login}
	page.Base.Crumbs = crumbs("个人资料")
	page.Groups = fillGroups(f, []web.Group{
		{Legend: "本人", Fields: []web.Field{
			{Name: "name", Label: "姓名", Type: "text", Required: true, MaxLength: market.MaxWord, Autocomplete: "name"},
			{Name: "phone", Label: "电话", Type: "tel", Hint: "手机，或 023-12345678 样子的座机。可不填。", Autocomplete: "tel"},
		}},
		{Legend: "技术经纪人证书", Hint: "没有证书的不用填。填写或改动后由科技局确认；确认后，只有您同意公开的，才会在经纪人名录中展示。", Fields: []web.Field{
			{Name: "certificate.level", Label: "级别", Type: "select", Placeholder: "没有证书", Options: options(market.BrokerLevels)},
			{Name: "certificate.number", Label: "证书编号", Type: "text", MaxLength: market.MaxWord},
			{Name: "certificate.issuer", Label: "发证单位", Type: "text", MaxLength: market.MaxTitle},
			{Name: "certificate.until", Label: "有效期至", Type: "date", Hint: "长期有效的不填。"},
			{Name: "file", Label: "证书扫描件", Type: "file", Accept: ".pdf,.png,.jpg,.jpeg", Wide: true, Hint: "PDF、PNG 或 JPEG，不超过 2 MB。不选则沿用已上传的。"},
		}},
	})
	if cert := user.Certificate; cert != nil {
		page.Certificate, page.Refused = certificateBadge(cert, market.DateOf(p.Now())), cert.Refused
		if cert.Evidence != "" {
			page.Evidence = fileHref(cert.Evidence)
		}
	}
	page.Problems = f.summary(labelled(page.Groups))
	return p.render(c, status, "account", page)
}

// certificateBadge says how a certificate stands.
func certificateBadge(cert *market.Certificate, today market.Date) *web.Badge {
	switch {
	case cert.Waits():
		return &web.Badge{Text: "待科技局确认", Tone: web.Wait}
	case !cert.Confirmed:
		return &web.Badge{Text: "未获确认", Tone: web.Bad}
	case !cert.Holds(today):
		return &web.Badge{Text: "已过有效期", Tone: web.Bad}
	}
	return &web.Badge{Text: "已确认", Tone: web.Good}
}
