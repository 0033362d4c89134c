package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// tab is one page of a group of pages that stand side by side.
type tab struct {
	path  string
	text  string
	needs market.Action // as in the route of the page: who may not sees no tab
}

// accountTabs is the pages about the reader and the organization they act for:
// first the person, then the organization. A row is added together with its
// page, never before.
var accountTabs = []tab{
	{"/account", "个人资料", market.ActSelf},
	{"/account/organizations", "我的单位", market.ActSelf},
	{"/account/notices", "提醒", market.ActSelf},
	{"/account/searches", "搜索订阅", market.ActSelf},
	{"/account/sessions", "登录会话", market.ActSelf},
	{"/account/password", "修改密码", market.ActSelf},
	{"/account/factor", "两步验证", market.ActSelf},
	{"/account/verdicts", "我的判断", market.ActSelf},
	{"/account/privacy", "隐私与数据", market.ActSelf},
	{"/organization", "单位资料", market.ActSelf},
	{"/organization/members", "成员", market.ActReadMembers},
	{"/files", "单位文件", market.ActReadFile},
}

// adminTabs is the pages of those who look after the platform.
var adminTabs = []tab{
	{"/admin/users", "用户", market.ActManageUsers},
	{"/audit", "审计记录", market.ActReadAudit},
	{"/admin/mails", "邮件", market.ActReadMail},
	{"/admin/synonyms", "同义词", market.ActReadSynonyms},
	{weightingPath, "匹配权重", market.ActReadWeighting},
	{"/admin/duplicates", "可能重复", market.ActReviewDuplicates},
	{indexPath, "搜索索引", market.ActTendIndex},
}

// tabs returns the tabs of a group that the reader may open. The one whose
// path the page has, or lies below, is marked.
func tabs(c *fiber.Ctx, label string, group []tab) web.Tabs {
	all := web.Tabs{Label: label}
	for _, one := range group {
		if market.Admit(actor(c), one.needs) == nil {
			all.Items = append(all.Items, web.NavItem{Href: one.path, Text: one.text})
		}
	}
	best := -1
	for i, item := range all.Items {
		if below(c.Path(), item.Href) && (best < 0 || len(item.Href) > len(all.Items[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		all.Items[best].Current = true
	}
	return all
}

// below reports whether path is top or lies under it.
func below(path, top string) bool { return path == top || strings.HasPrefix(path, top+"/") }

// accountTabsOf is the tabs on top of every page about the reader.
func accountTabsOf(c *fiber.Ctx) web.Tabs { return tabs(c, "我的账号与单位", accountTabs) }

// adminTabsOf is the tabs on top of every page of the platform's office.
func adminTabsOf(c *fiber.Ctx) web.Tabs { return tabs(c, "平台管理", adminTabs) }

// menu is the pages under the reader's name in the header; icons are names of
// the sprite. A row is added together with its page.
var menu = []struct {
	tab
	icon string
}{
	{tab{"/account", "账号与安全", market.ActSelf}, "user-circle"},
	{tab{"/organization", "我的单位", market.ActSelf}, "building"},
	{tab{"/admin/users", "平台管理", market.ActManageUsers}, "settings"},
	{tab{"/radar", "缺口雷达", market.ActReadRadar}, "target"},
	{tab{"/audit", "审计记录", market.ActReadAudit}, "history"},
}

// otherPlaces is the organizations the reader may act for instead, to choose from.
func otherPlaces(by market.Actor) []web.Option {
	var list []web.Option
	for _, place := range by.Others {
		list = append(list, web.Option{Value: string(place.Org), Text: place.Name})
	}
	return list
}

// menuLinks is the rows of menu for pages the reader may open.
func menuLinks(by market.Actor) []web.NavItem {
	var links []web.NavItem
	for _, one := range menu {
		if by.SignedIn() && market.Admit(by, one.needs) == nil {
			links = append(links, web.NavItem{Href: one.path, Text: one.text, Icon: one.icon})
		}
	}
	return links
}
