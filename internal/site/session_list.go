package site

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/web"
)

// sessionPages shows where the reader is signed in, and ends that.
type sessionPages struct{ *Site }

func (p sessionPages) routes() []route {
	return []route{
		{"GET", "/account/sessions", p.show, market.ActSelf},
		{"POST", "/account/sessions/end-all", p.endAll, market.ActSelf},
		{"POST", "/account/sessions/:id/end", p.end, market.ActSelf},
	}
}

// sessionsPage is the data of page "sessions".
type sessionsPage struct {
	Base   web.Base
	Tabs   web.Tabs
	Rows   []sessionRow
	EndAll web.Confirm
}

// sessionRow is one sign-in in the list.
type sessionRow struct {
	Device  string // what the browser is, in words
	Agent   string // what it calls itself
	Address string
	Org     string
	Started time.Time
	Used    time.Time
	Current bool
	End     web.Press // ends it
}

// show answers with the open sessions of the reader.
func (p sessionPages) show(c *fiber.Ctx) error {
	open, err := p.Sessions.List(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	page := sessionsPage{Base: p.base(c, "登录会话", ""), Tabs: accountTabsOf(c)}
	page.Base.Crumbs = crumbs("登录会话")
	for _, one := range open {
		page.Rows = append(page.Rows, rowOfSession(one))
	}
	page.EndAll = web.Confirm{
		Text: "全部退出", Icon: "logout", Ask: "所有设备上的登录都会结束，包括现在这一个；用接口登录的程序也要重新登录。",
		Action: "/account/sessions/end-all", Button: "确认全部退出", Tone: web.Bad,
	}
	return p.render(c, fiber.StatusOK, "sessions", page)
}

func rowOfSession(one signin.Seen) sessionRow {
	row := sessionRow{
		Device: device(one.Agent), Agent: one.Agent, Address: one.Address, Org: one.OrgName,
		Started: one.Started, Used: one.Used, Current: one.Current,
		End: web.Press{Action: "/account/sessions/" + string(one.ID) + "/end", Text: "结束", Icon: "logout"},
	}
	if one.Current {
		row.End = web.Press{Action: "/sign-out", Text: "退出登录", Icon: "logout"}
	}
	return row
}

// end ends one session of the reader.
func (p sessionPages) end(c *fiber.Ctx) error {
	if err := p.Sessions.EndSession(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	if id(c) == actor(c).Session {
		p.Session.Drop(c)
		return done(c, "/", web.Good, "您已退出登录。")
	}
	return done(c, "/account/sessions", web.Good, "这个会话已结束，那台设备下一次操作就要重新登录。")
}

// endAll signs the reader out everywhere.
func (p sessionPages) endAll(c *fiber.Ctx) error {
	if err := p.Sessions.EndAll(c.UserContext(), actor(c)); err != nil {
		return err
	}
	p.Session.Drop(c)
	return done(c, "/sign-in", web.Good, "已在所有设备上退出登录。")
}

// device names browser and system in what a client calls itself. It is a
// help for people to know their devices again and no more: clients may say
// what they like.
func device(agent string) string {
	browser := firstNamed(agent, "其他程序", [][2]string{
		{"MicroMessenger", "微信"}, {"Edg/", "Edge"}, {"Firefox/", "Firefox"}, {"QQBrowser", "QQ 浏览器"}, {"OPR/", "Opera"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}, {"python", "Python 程序"}, {"Go-http-client", "Go 程序"},
	})
	system := firstNamed(agent, "", [][2]string{
		{"HarmonyOS", "HarmonyOS"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
	})
	if system == "" {
		return browser
	}
	return system + " 上的 " + browser
}

// firstNamed returns the name of the first mark that text has, else none.
func firstNamed(text, none string, marks [][2]string) string {
	for _, mark := range marks {
		if strings.Contains(text, mark[0]) {
			return mark[1]
		}
	}
	return none
}
