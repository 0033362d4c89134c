package site

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/alert"
	"jishi/internal/market"
	"jishi/web"
)

// noticePages shows readers what they are told of, and how they want to be.
type noticePages struct{ *Site }

func (p noticePages) routes() []route {
	return []route{
		{"GET", "/account/notices", p.show, market.ActSelf},
		{"POST", "/account/notices/read-all", p.readAll, market.ActSelf},
		{"POST", "/account/notices/:id/open", p.open, market.ActSelf},
		{"POST", "/account/notices/:id/read", p.read, market.ActSelf},
		{"POST", "/account/alerts", p.set, market.ActSetAlerts},
		{"GET", "/alerts/off/:secret", secret(p.askOff), market.ActPublic},
		{"POST", "/alerts/off/:secret", secret(p.off), market.ActPublic},
	}
}

// unread is the number at the bell of every page.
func (s *Site) unread(c *fiber.Ctx, by market.Actor) int {
	return s.Alerts.Notices().Unread(c.UserContext(), by)
}

// noticesPage is the data of page "notices".
type noticesPage struct {
	Base    web.Base
	Tabs    web.Tabs
	Views   []choice // all of them, or those not read
	Rows    []noticeRow
	Empty   web.Empty
	ReadAll *web.Press
	Pager   web.Pager
	Setting settingForm
}

// noticeRow is one notice in the list.
type noticeRow struct {
	Notice *market.Notice
	Kind   string
	Unread bool
	Open   string    // address that notes it as read and goes on to what it tells of
	Read   web.Press // notes it as read and stays
}

// settingForm is how the reader wants to be told of what they did not ask for.
type settingForm struct {
	Version  string
	Fields   []web.Field
	Problems []web.Problem
}

// show answers with the reader's notices.
func (p noticePages) show(c *fiber.Ctx) error { return p.page(c, fiber.StatusOK, nil) }

func (p noticePages) page(c *fiber.Ctx, status int, typed *form) error {
	by, unread := actor(c), c.Query("show") == market.NoticeUnread
	found, err := p.Alerts.Notices().List(c.UserContext(), by, alert.Filter{Unread: unread, After: c.Query("cursor")})
	if err != nil {
		return err
	}
	setting, err := p.Alerts.Setting(c.UserContext(), by)
	if err != nil {
		return err
	}
	page := noticesPage{Base: p.base(c, "提醒", ""), Tabs: accountTabsOf(c), Setting: settingOf(setting, typed), Views: noticeViews(unread)}
	page.Base.Crumbs = crumbs("提醒")
	for _, one := range found.Items {
		page.Rows = append(page.Rows, rowOfNotice(one))
	}
	page.Empty = web.Empty{
		Icon: "bell", Title: "还没有提醒", Text: "本单位发布的成果或需求有了能对上的，或者保存的搜索有了新内容，会出现在这里。",
		Action: web.Crumb{Href: "/search", Text: "去搜索"},
	}
	if unread {
		page.Empty = web.Empty{Icon: "circle-check", Title: "没有未读的提醒", Action: web.Crumb{Href: "/account/notices", Text: "看全部提醒"}}
	}
	if page.Base.User.Unread > 0 {
		page.ReadAll = &web.Press{Action: "/account/notices/read-all", Text: "全部标为已读", Icon: "check"}
	}
	page.Pager = noticePager(c, unread, found.Next)
	return p.render(c, status, "notices", page)
}

func noticeViews(unread bool) []choice {
	return []choice{
		{ID: "all", Text: "全部", Href: "/account/notices", Count: -1, Current: !unread},
		{ID: "unread", Text: "未读", Href: "/account/notices?show=" + market.NoticeUnread, Count: -1, Current: unread},
	}
}

func noticePager(c *fiber.Ctx, unread bool, next string) web.Pager {
	first, sign := "/account/notices", "?"
	if unread {
		first, sign = first+"?show="+market.NoticeUnread, "&"
	}
	var pager web.Pager
	if next != "" {
		pager.Older = first + sign + "cursor=" + next
	}
	if c.Query("cursor") != "" {
		pager.Newer, pager.NewerText = first, "回到第一页"
	}
	return pager
}

func rowOfNotice(one *market.Notice) noticeRow {
	address := "/account/notices/" + string(one.ID)
	return noticeRow{
		Notice: one, Kind: market.NoticeKinds.Name(one.Kind), Unread: one.State == market.NoticeUnread,
		Open: address + "/open", Read: web.Press{Action: address + "/read", Text: "标为已读"},
	}
}

// settingOf is the form of a setting, with what was typed where that was refused.
func settingOf(setting *market.AlertSetting, typed *form) settingForm {
	standing := web.Field{
		Name: "standing", Label: "本单位发布的成果、需求有了能对上的", Type: "radios", Options: options(market.Alerts), Required: true,
		Hint: "同一对只提醒一次。",
	}
	mail := web.Field{Name: "mail", Label: "每天早上把未读的提醒汇总成一封邮件", Type: "check", Hint: "没有未读的就不寄。关掉以后，站内提醒不受影响。"}
	for i := range standing.Options {
		standing.Options[i].Selected = standing.Options[i].Value == string(setting.Standing)
	}
	mail.Options = []web.Option{{Selected: setting.Mail}}
	f := settingForm{Version: number(setting.Version)}
	if typed != nil {
		standing, mail = typed.fill(standing), typed.fill(mail)
		f.Problems = typed.summary([]web.Field{standing, mail})
	}
	f.Fields = []web.Field{standing, mail}
	return f
}

// open notes a notice as read and goes on to what it tells of.
func (p noticePages) open(c *fiber.Ctx) error {
	notice, err := p.Alerts.Notices().Read(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return done(c, notice.Link, web.Neutral, "")
}

// read notes a notice as read.
func (p noticePages) read(c *fiber.Ctx) error {
	if _, err := p.Alerts.Notices().Read(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	return done(c, "/account/notices", web.Good, "已标为已读。")
}

// readAll notes all of them as read.
func (p noticePages) readAll(c *fiber.Ctx) error {
	if _, err := p.Alerts.Notices().ReadAll(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return done(c, "/account/notices", web.Good, "全部提醒已标为已读。")
}

// set changes how the reader wants to be told.
func (p noticePages) set(c *fiber.Ctx) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	_, err = p.Alerts.Set(c.UserContext(), actor(c), max(f.version(), 0), market.Alert(f.text("standing")), f.ticked("mail"))
	switch {
	case f.refuse(err):
		return p.page(c, fiber.StatusUnprocessableEntity, f)
	case market.Is(err, market.Stale):
		return done(c, "/account/notices", web.Bad, sentence(err))
	case err != nil:
		return err
	}
	return done(c, "/account/notices", web.Good, "提醒设置已保存。")
}

// offPage is the data of page "alerts_off": ending the digests by the link in one.
type offPage struct {
	Base web.Base
	Done bool
	End  web.Press
}

// askOff asks whoever opened the link in a digest once more: mail programs
// open links on their own.
func (p noticePages) askOff(c *fiber.Ctx) error {
	if err := p.Alerts.NoMailTicket(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	return p.offPage(c, false)
}

// off ends the digests, for a person at the button and for a mail program.
func (p noticePages) off(c *fiber.Ctx) error {
	if err := p.Alerts.NoMail(c.UserContext(), c.Params("secret")); err != nil {
		return err
	}
	return p.offPage(c, true)
}

func (p noticePages) offPage(c *fiber.Ctx, done bool) error {
	page := offPage{Base: p.base(c, "退订每日汇总邮件", ""), Done: done}
	page.Base.HideSearch, page.Base.Path = true, "/account/notices"
	page.End = web.Press{Action: "/alerts/off/" + c.Params("secret"), Text: "不再收每日汇总邮件", Icon: "ban", Primary: true}
	return p.render(c, fiber.StatusOK, "alerts_off", page)
}
