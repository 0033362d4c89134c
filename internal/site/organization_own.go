package site

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/file"
	"jishi/internal/market"
	"jishi/web"
)

// ownOrganizationPage is the data of page "organization_own".
type ownOrganizationPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Name     string
	Badges   []web.Badge
	Lead     []string
	Stand    organizationStand
	Missing  []web.Crumb
	Edit     string // address of the form; empty for who may not
	Public   string // address of the public page; empty when there is none
	Confirm  *web.Press
	Login    string
	Summary  string
	Facts    []web.Term
	Contact  []web.Term
	Marks    []web.MarkRow
	Files    []web.FileRow
	History  []web.Step
	Applied  []string // names of organizations that were asked
	Homeless bool     // the reader acts for nobody
}

// organizationStand says how the bureau's check stands and what that means.
type organizationStand struct {
	Tone  web.Tone
	Title string
	Text  string
	Note  string // what the bureau said
}

var organizationTones = map[market.OrganizationState]web.Tone{
	market.OrgPending: web.Wait, market.OrgReturned: web.Bad, market.OrgVerified: web.Good, market.OrgRejected: web.Bad, market.OrgSuspended: web.Bad,
}

// stands is what each state means to the organization itself.
var stands = map[market.OrganizationState]struct{ title, text string }{
	market.OrgPending:   {"等待科技局核验", "现在可以填写成果、需求和合同的草稿。核验通过后才能提交、公开，并查看其他单位的联系方式。结果会发到管理员的邮箱。"},
	market.OrgReturned:  {"科技局要求补正资料", "请按下面的意见修改，保存后自动重新送核。"},
	market.OrgRejected:  {"核验没有通过", "如果情况有变，可以修改资料，保存后重新送核。"},
	market.OrgSuspended: {"单位已停用", "停用期间不能办理业务，只能查看公开内容和办理本人事项。如有疑问请与科技局联系。"},
	market.OrgVerified:  {"已通过核验", "更名和改变单位类型请联系科技局，其余资料可以随时修改。"},
}

func standOf(org *market.Organization) organizationStand {
	words := stands[org.State]
	stand := organizationStand{Tone: organizationTones[org.State], Title: words.title, Text: words.text}
	if n := len(org.History); n > 0 {
		for _, e := range slices.Backward(org.History) {
			if e.To == string(org.State) && e.From != e.To {
				stand.Note = e.Note
				break
			}
		}
	}
	if org.State == market.OrgPending || org.State == market.OrgVerified {
		stand.Note = ""
	}
	return stand
}

// own answers with the organization the reader acts for, as it sees itself.
func (p organizationPages) own(c *fiber.Ctx) error {
	standing, err := p.Organizations.Standing(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	page := ownOrganizationPage{Base: p.base(c, "单位资料", "/desk"), Tabs: accountTabsOf(c), Login: standing.Login}
	page.Base.Crumbs = crumbs("单位资料", web.Crumb{Href: "/desk", Text: "我的工作"})
	for _, org := range standing.Applied {
		page.Applied = append(page.Applied, org.Name)
	}
	if standing.Unconfirmed {
		page.Confirm = &web.Press{Text: "重新发送确认邮件", Icon: "mail", Action: "/organization/confirmation"}
	}
	if page.Homeless = standing.Organization == nil; page.Homeless {
		return p.render(c, fiber.StatusOK, "organization_own", page)
	}
	if err := p.fillOwn(c, &page, standing.Organization); err != nil {
		return err
	}
	return p.render(c, fiber.StatusOK, "organization_own", page)
}

// fillOwn puts what is known of an organization on its own page.
func (p organizationPages) fillOwn(c *fiber.Ctx, page *ownOrganizationPage, org *market.Organization) (err error) {
	page.Name, page.Badges = org.Name, []web.Badge{{Text: org.State.Name(), Tone: organizationTones[org.State]}}
	page.Lead = worded(named(market.OrganizationKinds, org.Kind), market.DivisionName(org.Division))
	page.Stand, page.Summary, page.Facts = standOf(org), org.Summary, organizationFacts(org)
	page.Contact = stated(web.Term{Label: "联系人", Value: org.Contact.Name}, web.Term{Label: "电话", Value: org.Contact.Phone}, web.Term{Label: "邮箱", Value: org.Contact.Email})
	if org.Demo {
		page.Badges = append(page.Badges, demoBadge)
	}
	if org.Verified() {
		page.Public = organizationHref(org.ID)
	}
	may, err := p.Organizations.OrganizationActions(c.UserContext(), actor(c), org)
	if err != nil {
		return err
	}
	if slices.Contains(may, market.ActReviseOrganization) {
		page.Edit = "/organization/edit"
		page.Missing = missingOf(org)
	}
	files, err := p.fileRows(c, org)
	if err != nil {
		return err
	}
	page.Files, page.Marks = files, markRows(org, market.DateOf(p.Now()))
	page.History, err = p.organizationSteps(c, org.History)
	return err
}

// missingOf names what an organization should still fill in, with the way there.
func missingOf(org *market.Organization) []web.Crumb {
	var list []web.Crumb
	for _, gap := range []struct {
		missing      bool
		field, words string
	}{
		{!org.Verified() && len(org.Evidence) == 0, "proof", "没有证明材料（营业执照或法人证书），科技局无法核对"},
		{org.Code == "", "", "没有统一社会信用代码，请联系科技局补登"},
		{org.Contact.Phone == "" && org.Contact.Email == "", "contact.phone", "没有联系方式"},
		{org.Summary == "", "summary", "没有单位简介"},
		{org.Serves() && len(org.Services) == 0, "services", "没有选服务内容"},
	} {
		if !gap.missing {
			continue
		}
		link := web.Crumb{Text: gap.words}
		if gap.field != "" {
			link.Href = "/organization/edit#" + web.Field{Name: gap.field}.ID()
		}
		list = append(list, link)
	}
	return list
}

// organizationFacts is what an organization is, in terms.
func organizationFacts(org *market.Organization) []web.Term {
	facts := stated(
		web.Term{Label: "统一社会信用代码", Value: org.Code}, web.Term{Label: "单位性质", Value: named(market.PartyCategories, org.Category)},
		web.Term{Label: "服务内容", Value: names(market.ServiceKinds, org.Services)})
	if org.Level != "" && org.Level != "none" {
		facts = append(facts, web.Term{Label: "机构级别", Value: market.InstitutionLevels.Name(org.Level), Note: "单位自报"})
	}
	return facts
}

// markRows is the marks of an organization with how they stand on a day.
func markRows(org *market.Organization, today market.Date) []web.MarkRow {
	rows := make([]web.MarkRow, len(org.Marks))
	for i, m := range org.Marks {
		rows[i] = web.MarkRow{Name: market.MarkKinds.Name(m.Kind), Number: m.Number, Term: string(m.From) + " 认定", Badge: web.Badge{Text: "待科技局确认", Tone: web.Wait}}
		if m.Until != "" {
			rows[i].Term += "，有效期至 " + string(m.Until)
		}
		switch {
		case m.Holds(today):
			rows[i].Badge = web.Badge{Text: "已确认", Tone: web.Good}
		case m.Confirmed:
			rows[i].Badge = web.Badge{Text: "已过期", Tone: web.Neutral}
		}
		if m.Evidence != "" {
			rows[i].File = web.Crumb{Href: fileHref(m.Evidence), Text: "看证明"}
		}
	}
	return rows
}

func fileHref(id market.ID) string { return "/files/" + url.PathEscape(string(id)) }

// fileRows is the files that prove who an organization is.
func (p organizationPages) fileRows(c *fiber.Ctx, org *market.Organization) ([]web.FileRow, error) {
	files, err := p.Organizations.EvidenceOf(c.UserContext(), actor(c), org)
	if err != nil {
		return nil, err
	}
	rows := make([]web.FileRow, len(files))
	for i, one := range files {
		rows[i] = web.FileRow{Href: fileHref(one.ID), Name: one.Name, Size: file.SizeText(one.Size), Day: dayOf(one.CreatedAt)}
	}
	return rows, nil
}

// organizationSteps turns a history into the line of what happened, newest
// first, with the names of those who did it.
func (p organizationPages) organizationSteps(c *fiber.Ctx, history []market.Event) ([]web.Step, error) {
	if err := p.name(c, history); err != nil {
		return nil, err
	}
	list := make([]web.Step, 0, len(history))
	for _, e := range slices.Backward(history) {
		title, state := market.ActionName(e.Action), market.OrganizationState(e.To)
		if e.From != e.To {
			title += "（" + state.Name() + "）"
		}
		list = append(list, web.Step{At: e.At, Title: title, By: e.ByName, Text: e.Note, Tone: organizationTones[state]})
	}
	return list, nil
}

// sendConfirmation sends the link that proves the reader's address again.
func (p organizationPages) sendConfirmation(c *fiber.Ctx) error {
	err := p.Organizations.SendConfirmation(c.UserContext(), actor(c))
	if market.Is(err, market.Conflict) {
		return done(c, "/organization", web.Neutral, sentence(err))
	}
	if err != nil {
		return err
	}
	return done(c, "/organization", web.Good, "确认邮件已发出。没有收到的话，十分钟后可以再发一次。")
}
