package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

// signUpPages sign organizations up.
type signUpPages struct{ *Site }

func (p signUpPages) routes() []route {
	return []route{
		{"GET", "/sign-up", p.start, market.ActSignUp},
		{"POST", "/sign-up", p.add, market.ActSignUp},
		{"GET", "/sign-up/done", p.done, market.ActSignUp},
		{"GET", "/confirm/:secret", secret(p.confirm), market.ActConfirmAddress},
		{"POST", "/confirm/:secret", secret(p.confirmed), market.ActConfirmAddress},
	}
}

// signUpPage is the data of page "sign_up".
type signUpPage struct {
	Base     web.Base
	Visitor  bool // the person tells of themselves too
	Groups   []web.Group
	Consent  web.Field
	Problems []web.Problem
}

// beforeOrganization is what the names of fields about the organization begin
// with on a form that is about a person too.
const beforeOrganization = "organization."

// start answers with an empty form.
func (p signUpPages) start(c *fiber.Ctx) error {
	return p.form(c, fiber.StatusOK, &form{values: url.Values{}})
}

// add signs up. A visitor always gets the same answer, whether or not the
// address or the organization was there before.
func (p signUpPages) add(c *fiber.Ctx) error {
	f, proof, err := readFormWithFile(c, "proof")
	if err != nil {
		return err
	}
	ctx, by, org := c.UserContext(), actor(c), readOrganization(f, beforeOrganization)
	if !by.SignedIn() {
		err := p.Organizations.SignUp(ctx, account.SignUp{
			Login: f.text("login"), Name: f.text("name"), Phone: f.text("phone"), Password: f.values.Get("password"),
			Purposes: f.values["consent"], Organization: org, Proof: proof,
		})
		if f.refuse(err) {
			return p.form(c, fiber.StatusUnprocessableEntity, f)
		}
		if err != nil {
			return err
		}
		return c.Redirect("/sign-up/done", fiber.StatusSeeOther)
	}
	place, err := p.Organizations.AddOrganization(ctx, by, org, proof)
	if f.refuseUnder(beforeOrganization, err) {
		return p.form(c, fiber.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	text := "单位已注册，等待科技局核验。您可以在“我的单位”里切换到它。"
	if place.State == market.MemberApplied {
		text = "这个单位已经登记，您的加入申请已提交，等单位管理员或科技局处理。"
	}
	return done(c, "/organization", web.Good, text)
}

func (p signUpPages) form(c *fiber.Ctx, status int, f *form) error {
	page := signUpPage{Base: p.base(c, "注册单位", ""), Visitor: !actor(c).SignedIn()}
	page.Base.HideSearch = true
	page.Base.Path = "/sign-up"
	page.Base.Crumbs = crumbs("注册单位")
	groups := organizationGroups(f, beforeOrganization)
	groups = append(groups, web.Group{Legend: "证明材料", Fields: []web.Field{proofField()}})
	if page.Visitor {
		groups = append([]web.Group{p.personGroup()}, groups...)
		page.Consent = f.fill(consentField())
	}
	page.Groups = fillGroups(f, groups)
	page.Problems = f.summary(append(labelled(page.Groups), page.Consent))
	return p.render(c, status, "sign_up", page)
}

func proofField() web.Field {
	return web.Field{
		Name: "proof", Label: "营业执照或法人证书", Type: "file", Accept: ".pdf,.png,.jpg,.jpeg", Wide: true,
		Hint: "PDF、PNG 或 JPEG，注册时不超过 5 MB；更大的，或现在没有的，可以登录后在“单位资料”里上传。单位已有人登记时，请附能证明您是该单位人员的材料。",
	}
}

func (p signUpPages) personGroup() web.Group {
	return web.Group{Legend: "您本人", Hint: "您将成为单位管理员，之后可以邀请同事、移交管理。", Fields: []web.Field{
		{Name: "login", Label: "电子邮箱", Type: "email", Required: true, MaxLength: 100, Autocomplete: "email", Hint: "用作登录名，接收核验结果。"},
		{Name: "password", Label: "密码", Type: "password", Required: true, MaxLength: 128, Autocomplete: "new-password", Hint: p.Sessions.Passwords.Rule()},
		{Name: "name", Label: "姓名", Type: "text", Required: true, MaxLength: market.MaxWord, Autocomplete: "name"},
		{Name: "phone", Label: "电话", Type: "tel", Hint: "手机，或 023-12345678 样子的座机。可不填。", Autocomplete: "tel"},
	}}
}

// consentField asks for each purpose by itself; only the first is needed.
func consentField() web.Field {
	field := web.Field{Name: "consent", Label: "同意本平台处理您的个人信息，用于", Type: "checks", Required: true, Wide: true,
		Hint: "只有第一项是使用平台所必需的；其余各项都可以不选，也可以随时撤回，不影响使用。"}
	for _, purpose := range market.ConsentPurposes {
		text := purpose.Name
		if purpose.Code != market.PurposeAccount {
			text += "（可选）"
		}
		field.Options = append(field.Options, web.Option{Value: purpose.Code, Text: text})
	}
	return field
}

// signUpDonePage is the data of page "sign_up_done".
type signUpDonePage struct{ Base web.Base }

// done says what happens next, the same to everybody.
func (p signUpPages) done(c *fiber.Ctx) error {
	page := signUpDonePage{Base: p.base(c, "注册已提交", "")}
	page.Base.Path = "/organization"
	page.Base.Crumbs = crumbs("注册已提交", web.Crumb{Href: "/sign-up", Text: "注册单位"})
	return p.render(c, fiber.StatusOK, "sign_up_done", page)
}

// confirmPage is the data of page "sign_up_confirm".
type confirmPage struct {
	Base  web.Base
	Press web.Press
}

// confirm asks for the press of a button: programs that look into mails open
// links too.
func (p signUpPages) confirm(c *fiber.Ctx) error {
	page := confirmPage{Base: p.base(c, "确认邮箱", "")}
	page.Base.Path = "/"
	page.Press = web.Press{Text: "确认这是我的邮箱", Icon: "check", Primary: true, Action: "/confirm/" + url.PathEscape(c.Params("secret"))}
	return p.render(c, fiber.StatusOK, "sign_up_confirm", page)
}

// confirmed takes the secret.
func (p signUpPages) confirmed(c *fiber.Ctx) error {
	if err := p.Organizations.ConfirmAddress(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	next := "/sign-in?next=/organization"
	if actor(c).SignedIn() {
		next = "/organization"
	}
	return done(c, next, web.Good, "邮箱已确认。")
}
