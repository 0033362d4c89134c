package site

import (
	"context"
	"net/url"
	"path"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/web"
)

const usersPerPage = 50

// userPages is everybody with an account, for admins.
type userPages struct{ *Site }

func (p userPages) routes() []route {
	return []route{
		{"GET", "/admin/users", p.list, market.ActManageUsers},
		{"GET", "/admin/users/:id", p.show, market.ActManageUsers},
		{"POST", "/admin/users/:id/disable", p.decide("账号已停用，登录立即失效。", (*account.People).DisableUser), market.ActDisableUser},
		{"POST", "/admin/users/:id/enable", p.decide("账号已启用。", (*account.People).EnableUser), market.ActEnableUser},
		{"POST", "/admin/users/:id/reset-factor", p.decide("两步验证已重置，并用邮件告知本人。", (*account.People).ResetFactor), market.ActResetFactor},
	}
}

func userHref(id market.ID) string { return "/admin/users/" + url.PathEscape(string(id)) }

// usersPage is the data of page "admin_users".
type usersPage struct {
	Base  web.Base
	Tabs  web.Tabs
	Query string
	Rows  []userRow
	Pager web.Pager
}

// userRow is one user in the list.
type userRow struct {
	Name   string
	Href   string
	Login  string
	Places []string
	Badges []web.Badge
}

// list answers with the users whose login or name begins with a text.
func (p userPages) list(c *fiber.Ctx) error {
	ctx, by, query, cursor := c.UserContext(), actor(c), c.Query("q"), c.Query("cursor")
	found, err := p.People.FindUsers(ctx, by, account.UserFilter{Query: query, After: cursor, Limit: usersPerPage})
	if err != nil {
		return err
	}
	places, err := p.People.Places(ctx, by, found.Items...)
	if err != nil {
		return err
	}
	page := usersPage{Base: p.base(c, "用户", ""), Tabs: adminTabsOf(c), Query: query, Pager: nextPage("/admin/users", cursor, found.Next)}
	page.Base.Crumbs = crumbs("用户")
	for _, u := range found.Items {
		row := userRow{Name: u.Name, Href: userHref(u.ID), Login: u.Login, Badges: userBadges(u)}
		for _, m := range u.Memberships {
			if org := places[m.Org]; org != nil && m.State == market.MemberActive {
				row.Places = append(row.Places, org.Name+"（"+rolesText(m.Roles)+"）")
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return p.render(c, fiber.StatusOK, "admin_users", page)
}

func userBadges(u *market.User) []web.Badge {
	switch {
	case !u.ErasedAt.IsZero():
		return []web.Badge{{Text: "已注销", Tone: web.Neutral}}
	case u.Disabled:
		return []web.Badge{{Text: "已停用", Tone: web.Bad}}
	}
	return nil
}

// userPage is the data of page "admin_user".
type userPage struct {
	Base     web.Base
	Tabs     web.Tabs
	Name     string
	Badges   []web.Badge
	Facts    []web.Term
	Places   []userPlace
	Confirms []web.Confirm
	Steps    []web.Step
}

// userPlace is one membership of a user.
type userPlace struct {
	Name  string
	Href  string // where the place is managed; empty when it is over
	Roles string
	State web.Badge
	Since string
}

// show answers with one user.
func (p userPages) show(c *fiber.Ctx) error {
	return p.page(c, fiber.StatusOK, "", &form{values: url.Values{}})
}

func (p userPages) page(c *fiber.Ctx, status int, refused string, f *form) error {
	ctx, by := c.UserContext(), actor(c)
	u, err := p.People.User(ctx, by, id(c))
	if err != nil {
		return err
	}
	places, err := p.People.Places(ctx, by, u)
	if err != nil {
		return err
	}
	if err := p.name(c, u.History); err != nil {
		return err
	}
	page := userPage{Base: p.base(c, u.Name, ""), Tabs: adminTabsOf(c), Name: u.Name, Badges: userBadges(u), Steps: userSteps(u.History)}
	page.Base.Crumbs = crumbs(u.Name, web.Crumb{Href: "/admin/users", Text: "用户"})
	page.Facts = []web.Term{
		{Label: "登录名", Value: u.Login}, {Label: "邮箱", Value: confirmedText(u)},
		{Label: "两步验证", Value: factorText(u)}, {Label: "开立日期", Value: dayOf(u.CreatedAt)},
	}
	for _, m := range u.Memberships {
		org := places[m.Org]
		if org == nil {
			continue
		}
		place := userPlace{Name: org.Name, Roles: rolesText(m.Roles), Since: dayOf(m.Since), State: web.Badge{Text: market.MembershipStates.Name(string(m.State)), Tone: placeTones[m.State]}}
		if m.State != market.MemberEnded {
			place.Href = memberHref(org.ID, u.ID)
		}
		page.Places = append(page.Places, place)
	}
	page.Confirms = userConfirms(by, u, refused, f)
	return p.render(c, status, "admin_user", page)
}

func confirmedText(u *market.User) string {
	if u.ConfirmedAt.IsZero() {
		return "未确认"
	}
	return dayOf(u.ConfirmedAt) + " 已确认"
}

func factorText(u *market.User) string {
	if u.Factor == nil || u.Factor.Since.IsZero() {
		return "未启用"
	}
	return dayOf(u.Factor.Since) + " 启用"
}

// userConfirms is what the reader may decide about a user; refused is the one
// whose form f was refused.
func userConfirms(by market.Actor, u *market.User, refused string, f *form) []web.Confirm {
	if !u.ErasedAt.IsZero() {
		return nil
	}
	confirm := func(word, text, icon, ask string) web.Confirm {
		return web.Confirm{
			Text: text, Icon: icon, Ask: ask, Action: userHref(u.ID) + "/" + word, Button: "确认" + text, Tone: web.Bad, Open: refused == word,
			Hidden: []web.Hidden{{Name: "version", Value: number(u.Version)}}, Fields: []web.Field{userReason(f, word, refused == word)},
		}
	}
	var list []web.Confirm
	switch {
	case u.Disabled:
		list = append(list, confirm("enable", "启用账号", "check", "对方可以重新登录。"))
	case u.ID != by.User:
		list = append(list, confirm("disable", "停用账号", "ban", "对方的登录立即失效，启用之前不能再登录。单位和业务记录不受影响。"))
	}
	if u.Factor != nil {
		list = append(list, confirm("reset-factor", "重置两步验证", "refresh", "请先用其他方式核实是本人要求。对方会收到邮件，所有登录立即失效，下次登录后重新设置。"))
	}
	return list
}

// userReason asks why, once for each decision of the page.
func userReason(f *form, word string, refused bool) web.Field {
	field := reasonField(f, refused)
	field.Form = word
	return field
}

// decide is one decision about a user.
func (p userPages) decide(said string, do func(*account.People, context.Context, market.Actor, market.ID, int64, string) (*market.User, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		_, err = do(p.People, c.UserContext(), actor(c), id(c), f.version(), f.text("note"))
		here := userHref(id(c))
		switch {
		case f.refuse(err):
			return p.page(c, fiber.StatusUnprocessableEntity, path.Base(c.Path()), f)
		case market.Is(err, market.Conflict), market.Is(err, market.Stale):
			return done(c, here, web.Bad, sentence(err))
		case market.Is(err, market.Unavailable):
			return done(c, here, web.Wait, sentence(err))
		case err != nil:
			return err
		}
		return done(c, here, web.Good, said)
	}
}

// userSteps turns a user's history into the line of what happened, newest first.
func userSteps(history []market.Event) []web.Step {
	list := make([]web.Step, 0, len(history))
	for _, e := range history {
		list = append(list, web.Step{At: e.At, Title: market.ActionName(e.Action), By: e.ByName, Text: e.Note})
	}
	slices.Reverse(list)
	return list
}
