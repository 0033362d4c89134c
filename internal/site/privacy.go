package site

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/privacy"
	"jishi/web"
)

// privacyPages is what readers decide about their own data, and the notice
// that tells them what they decide about.
type privacyPages struct{ *Site }

func (p privacyPages) routes() []route {
	return []route{
		{"GET", "/privacy", p.notice, market.ActPublic},
		{"GET", "/account/privacy", p.show, market.ActSelf},
		{"POST", "/account/privacy", p.agree, market.ActSelf},
		{"POST", "/account/privacy/give", p.give, market.ActSelf},
		{"POST", "/account/privacy/withdraw", p.withdraw, market.ActSelf},
		{"GET", "/account/export", p.export, market.ActSelf},
		{"POST", "/account/erase", p.erase, market.ActSelf},
	}
}

// noticePage is the data of page "privacy_notice".
type noticePage struct {
	Base     web.Base
	Policy   string
	Purposes []noticePurpose
}

// noticePurpose is one purpose as the notice explains it.
type noticePurpose struct {
	Name, Text string
	Needed     bool
}

// purposeTexts says what each purpose means for the person.
var purposeTexts = map[string]string{
	market.PurposeAccount: "保存登录名、姓名、电话、任职单位和经纪人证书，用来确认是谁在办理；谁在什么时候做了什么会留下记录，供单位和科技局核对，也是法律对平台的要求。没有这一项就无法开立账号。",
	market.PurposeContact: "您填在成果、需求或单位资料里的姓名、电话、邮箱，先以掩码形式显示给已核验单位的成员；对方点“查看联系方式”后显示完整内容，每次都记下是谁、在什么时候看的。撤回以后请不要再填自己的联系方式；已经填在发布项里的，由您或本单位改成别人，注销账号时会自动清除。",
	market.PurposePublish: "在公开的技术经纪人名录中展示您的姓名、单位和证书等级。不同意就不展示，不影响使用。",
	market.PurposeRecommend: "按您看过什么来推荐。目前平台的匹配只比较成果和需求的文字与条件，不使用任何人的浏览记录，" +
		"所以同意与否现在没有差别；以后若要使用，只对在这里同意过的人使用，并可随时关闭。",
}

// notice answers with the privacy notice in force.
func (p privacyPages) notice(c *fiber.Ctx) error {
	page := noticePage{Base: p.base(c, "隐私政策", ""), Policy: market.PolicyVersion}
	page.Base.Crumbs = crumbs("隐私政策")
	page.Base.Description = "技市处理哪些个人信息、为什么、保存多久，以及您怎样查看、复制、更正和注销。"
	for _, purpose := range market.ConsentPurposes {
		page.Purposes = append(page.Purposes, noticePurpose{Name: purpose.Name, Text: purposeTexts[purpose.Code], Needed: purpose.Code == market.PurposeAccount})
	}
	return p.render(c, fiber.StatusOK, "privacy_notice", page)
}

// privacyPage is the data of page "privacy".
type privacyPage struct {
	Base   web.Base
	Tabs   web.Tabs
	Policy string
	Due    []web.Field // purposes to decide about before anything else; empty when that is done
	Rows   []consentRow
	Erase  web.Confirm
}

// consentRow is one purpose and how the reader decided about it.
type consentRow struct {
	Name  string
	Text  string
	Badge web.Badge
	Past  []string // when what was agreed and withdrawn, newest first
	Press *web.Press
	Hint  string // in place of the button
}

// show answers with what the reader agreed to.
func (p privacyPages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, &form{}, false)
}

// page answers with the page; f is what was typed to close the account.
func (p privacyPages) page(c *fiber.Ctx, status int, f *form, erasing bool) error {
	mine, err := p.Privacy.Mine(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	page := privacyPage{Base: p.base(c, "隐私与数据", ""), Tabs: accountTabsOf(c), Policy: market.PolicyVersion, Erase: eraseConfirm(f, erasing)}
	page.Base.Path, page.Base.Crumbs = "/account/privacy", crumbs("隐私与数据")
	for _, one := range mine {
		if one.Needed && !one.Holds {
			page.Due = dueFields(mine)
		}
		page.Rows = append(page.Rows, rowOfConsent(one))
	}
	return p.render(c, status, "privacy", page)
}

// dueFields asks for a decision about every purpose. Nothing is ticked before.
func dueFields(mine []privacy.Choice) []web.Field {
	var fields []web.Field
	for _, one := range mine {
		field := web.Field{Name: one.Purpose, Label: market.ConsentPurposes.Name(one.Purpose), Type: "check", Required: one.Needed, Hint: purposeTexts[one.Purpose], Wide: true}
		field.Options = []web.Option{{Selected: one.Holds}}
		fields = append(fields, field)
	}
	return fields
}

func rowOfConsent(one privacy.Choice) consentRow {
	row := consentRow{Name: market.ConsentPurposes.Name(one.Purpose), Text: purposeTexts[one.Purpose], Badge: web.Badge{Text: "未同意"}}
	for _, past := range one.Past {
		text := string(market.DateOf(past.GivenAt)) + " 同意（政策 " + past.Policy + "）"
		if !past.Holds() {
			text += "，" + string(market.DateOf(past.WithdrawnAt)) + " 撤回"
		}
		row.Past = append(row.Past, text)
	}
	if one.Holds {
		row.Badge = web.Badge{Text: "已同意", Tone: web.Good}
	}
	hidden := []web.Hidden{{Name: "purpose", Value: one.Purpose}}
	switch {
	case one.Needed:
		row.Hint = "要撤回这一项，请注销账号。"
	case one.Holds:
		row.Press = &web.Press{Text: "撤回", Icon: "x", Action: "/account/privacy/withdraw", Hidden: hidden}
	default:
		row.Press = &web.Press{Text: "同意", Icon: "check", Action: "/account/privacy/give", Hidden: hidden}
	}
	return row
}

// agree records the decision that was due and goes on.
func (p privacyPages) agree(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if !f.ticked(market.PurposeAccount) {
		return done(c, "/account/privacy", web.Bad, "没有同意“"+market.ConsentPurposes.Name(market.PurposeAccount)+"”就不能继续使用账号；不同意的话，可以在本页注销账号。")
	}
	var purposes []string
	for _, purpose := range market.ConsentPurposes {
		if f.ticked(purpose.Code) {
			purposes = append(purposes, purpose.Code)
		}
	}
	if err := p.Privacy.Give(c.UserContext(), actor(c), purposes); err != nil {
		return err
	}
	return done(c, inside(f.text("next"), "/desk"), web.Good, "已记录您的选择，随时可以在“隐私与数据”中更改。")
}

func (p privacyPages) give(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.Privacy.Give(c.UserContext(), actor(c), []string{f.text("purpose")}); err != nil {
		return err
	}
	return done(c, "/account/privacy", web.Good, "已记录您的同意。")
}

func (p privacyPages) withdraw(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if err := p.Privacy.Withdraw(c.UserContext(), actor(c), f.text("purpose")); err != nil {
		return err
	}
	return done(c, "/account/privacy", web.Good, "已撤回。撤回以前已经做的处理不受影响。")
}

// export answers with everything about the reader as a file.
func (p privacyPages) export(c *fiber.Ctx) error {
	mine, err := p.Privacy.Export(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	if err := p.name(c, mine.User.History); err != nil {
		return err
	}
	file, err := json.MarshalIndent(mine, "", "  ")
	if err != nil {
		return err
	}
	return save(c, "我的数据-"+string(market.DateOf(p.Now()))+".json", fiber.MIMEApplicationJSONCharsetUTF8, file)
}
