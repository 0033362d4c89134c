package site

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/mail"
	"jishi/internal/market"
	"jishi/web"
)

const mailsPerPage = 50

// mailPages is the admins' desk for mails that do not find their way.
type mailPages struct{ *Site }

func (p mailPages) routes() []route {
	return []route{
		{"GET", "/admin/mails", p.list, market.ActReadMail},
		{"GET", "/admin/mails/:id", p.show, market.ActReadMail},
		{"POST", "/admin/mails/:id/open", p.open, market.ActReadMail},
		{"POST", "/admin/mails/:id/hand", p.hand, market.ActHandMail},
	}
}

func mailHref(id market.ID) string { return "/admin/mails/" + url.PathEscape(string(id)) }

// mailsPage is the data of page "mails".
type mailsPage struct {
	Base   web.Base
	Tabs   web.Tabs
	Sends  bool
	States []choice
	State  string
	Rows   []mailRow
	Pager  web.Pager
}

// mailRow is one mail in the list.
type mailRow struct {
	*market.Mail
	Href  string
	Badge web.Badge
}

// list answers with the mails of one state.
func (p mailPages) list(c *fiber.Ctx) error {
	state, cursor := c.Query("state", string(market.MailWaiting)), c.Query("cursor")
	found, err := p.Mails.List(c.UserContext(), actor(c), mail.Filter{State: market.MailState(state), After: cursor, Limit: mailsPerPage})
	if err != nil {
		return err
	}
	page := mailsPage{Base: p.base(c, "邮件", ""), Tabs: adminTabsOf(c), Sends: p.Mails.Sends(), State: state}
	page.Base.Crumbs = crumbs("邮件")
	for _, one := range market.MailStates {
		page.States = append(page.States, choice{Text: one.Name, Href: "/admin/mails?state=" + one.Code, Current: one.Code == state})
	}
	for _, m := range found.Items {
		page.Rows = append(page.Rows, mailRow{m, mailHref(m.ID), p.mailBadge(m)})
	}
	path := "/admin/mails?state=" + url.QueryEscape(state)
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = path, "回到第一页"
	}
	if found.Next != "" {
		page.Pager.Older = path + "&cursor=" + found.Next
	}
	return p.render(c, fiber.StatusOK, "mails", page)
}

// mailBadge says where a mail stands.
func (s *Site) mailBadge(m *market.Mail) web.Badge {
	switch {
	case m.State == market.MailSent:
		return web.Badge{Text: "已发送", Tone: web.Good}
	case m.State == market.MailHanded:
		return web.Badge{Text: "已转交", Tone: web.Good}
	case m.Stuck(s.Now()):
		return web.Badge{Text: "滞留超过 3 天", Tone: web.Bad}
	case !s.Mails.Sends():
		return web.Badge{Text: "等待转交", Tone: web.Wait}
	case m.Failure != "":
		return web.Badge{Text: "没有发出，会再试", Tone: web.Wait}
	}
	return web.Badge{Text: "待发送"}
}

// mailPage is the data of page "mail".
type mailPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Subject  string
	Badge    web.Badge
	Facts    []web.Term
	Open     string // address that shows the text; empty when it cannot be shown or is
	Text     string // empty until it was asked for
	Hand     *web.Confirm
	Problem  string // why what was asked for was not done
	History  []web.Step
	Finished bool
}

// show answers with one mail, without its text.
func (p mailPages) show(c *fiber.Ctx) error {
	m, err := p.Mails.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return p.page(c, fiber.StatusOK, m, "")
}

// open answers with one mail and its text. It is a POST because that it was
// read is written down.
func (p mailPages) open(c *fiber.Ctx) error {
	m, err := p.Mails.Open(c.UserContext(), actor(c), id(c))
	if err != nil {
		return p.refused(c, err)
	}
	return p.page(c, fiber.StatusOK, m, "")
}

// hand notes that a mail was passed on.
func (p mailPages) hand(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if _, err := p.Mails.Hand(c.UserContext(), actor(c), id(c), f.version()); err != nil {
		return p.refused(c, err)
	}
	return done(c, "/admin/mails", web.Good, "已记为转交，邮件内容已清除。")
}

// refused shows the mail as it stands now with why something was not done.
func (p mailPages) refused(c *fiber.Ctx, err error) error {
	if !market.Is(err, market.Conflict) && !market.Is(err, market.Stale) {
		return err
	}
	m, shown := p.Mails.Show(c.UserContext(), actor(c), id(c))
	if shown != nil {
		return err
	}
	return p.page(c, fiber.StatusConflict, m, sentence(err))
}

func (p mailPages) page(c *fiber.Ctx, status int, m *market.Mail, problem string) error {
	if err := p.name(c, m.History); err != nil {
		return err
	}
	page := mailPage{
		Base: p.base(c, m.Subject, ""), Tabs: adminTabsOf(c), Subject: m.Subject, Badge: p.mailBadge(m), Text: m.Text,
		Problem: problem, History: mailHistory(m), Finished: m.State != market.MailWaiting,
		Facts: stated(
			web.Term{Label: "收件人", Value: m.To}, web.Term{Label: "写于", Value: minuteOf(m.CreatedAt)},
			web.Term{Label: "试发次数", Value: number(int64(m.Tries))}, web.Term{Label: "上次没有发出的原因", Value: m.Failure}),
	}
	page.Base.Crumbs = crumbs(m.Subject, web.Crumb{Href: "/admin/mails", Text: "邮件"})
	if page.Finished {
		return p.render(c, status, "mail", page)
	}
	if p.Mails.Sends() {
		page.Facts = append(page.Facts, web.Term{Label: "下次试发", Value: minuteOf(m.NextAt)})
	}
	if m.Text == "" && p.Mails.Openable(m) {
		page.Open = mailHref(m.ID) + "/open"
	}
	page.Hand = &web.Confirm{
		Text: "已转交", Icon: "check", Ask: "用别的办法（电话、当面、即时通信）把内容交给收件人本人之后再确认。确认后内容清除，平台不再发送这封邮件。",
		Action: mailHref(m.ID) + "/hand", Button: "确认已转交", Hidden: []web.Hidden{{Name: "version", Value: number(m.Version)}},
	}
	return p.render(c, status, "mail", page)
}

// minuteOf writes an instant as people in Shanghai read it, to the minute.
func minuteOf(t time.Time) string { return t.In(market.Shanghai).Format("2006-01-02 15:04") }

func mailHistory(m *market.Mail) []web.Step {
	steps := make([]web.Step, 0, len(m.History))
	for i := len(m.History) - 1; i >= 0; i-- {
		e := m.History[i]
		title := map[market.MailState]string{market.MailWaiting: "放入发件箱", market.MailSent: "邮件服务器已接收", market.MailHanded: "管理员已转交"}[market.MailState(e.To)]
		if e.Action == market.ActErase {
			title = "收件人注销了账号，内容已清除"
		}
		steps = append(steps, web.Step{At: e.At, Title: title, By: e.ByName})
	}
	return steps
}
