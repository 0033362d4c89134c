// Package web holds what the browser gets: embedded page templates, static
// files and the view functions the templates call. It knows how things look,
// not what they mean: actions fill the structs of this package and hand them
// to Pages.
//
// Every page is layout.html plus all of part/*.html plus one page/NAME.html
// which defines "main". The layout reads one field of the page's data, Base;
// every page struct therefore has a field `Base web.Base`.
//
// Nothing here needs an exception from the strict content security policy:
// there is no inline style, no inline script and no on… attribute.
package web

import "embed"

//go:embed static templates
var files embed.FS

// Base is what the layout shows around every page.
type Base struct {
	Title       string    // of the page, without the name of the site
	Description string    // one sentence for search engines; may be empty
	Path        string    // path and query of this page, for going back after sign-in
	User        User      // who is looking
	Nav         []NavItem // primary navigation, from PrimaryNav
	Demo        bool      // the store holds demo data: the header says so
	Flash       *Flash    // one message about what just happened; nil for none
	RequestID   string    // shown on error pages, to be quoted in a report
	Crumbs      []Crumb   // from the start page down, the page itself last and without Href
	Query       string    // what the search box of the header holds
	Feed        string    // address of a feed of this page; may be empty
	HideSearch  bool      // the page has a search box of its own
}

// User is the reader of a page as the header shows them.
type User struct {
	SignedIn bool
	Name     string
	OrgName  string
	Roles    string    // Chinese, ready to print: "供给方、技术经纪人"
	Others   []Option  // organizations they may act for instead, by id
	Unread   int       // notices not read yet, counted up to 100
	Links    []NavItem // pages about the reader and what they look after, for the menu under their name
}

// NavItem is one entry of the primary navigation.
type NavItem struct {
	Href    string
	Text    string
	Icon    string // a name of static/vendor/icons.txt
	Current bool   // the page shown now
}

// Crumb is one step of the breadcrumbs, or any other plain link. Without Href
// it is the page itself.
type Crumb struct {
	Href string
	Text string
}

// Flash is a message about what the last action did.
type Flash struct {
	Kind Tone // Good, Wait, Bad or Neutral
	Text string
	Href string // where to look at what the text speaks of; may be empty
}

// NavAccess says which entries beyond the public ones a reader gets.
type NavAccess struct {
	Desk   bool // signed in
	Review bool // may check listings or register contracts
}

// PrimaryNav returns the primary navigation. The entry whose Href equals
// current, the path of its page with ?kind= where it has one, is marked.
func PrimaryNav(current string, may NavAccess) []NavItem {
	items := []NavItem{
		{Href: "/", Text: "首页", Icon: "home"},
		{Href: "/search?kind=achievement", Text: "找成果", Icon: "bulb"},
		{Href: "/search?kind=demand", Text: "找需求", Icon: "speakerphone"},
		{Href: "/contracts", Text: "合同", Icon: "file-certificate"},
		{Href: "/turnover", Text: "成交额", Icon: "chart-bar"},
		{Href: "/indicators", Text: "指标", Icon: "target"},
	}
	if may.Review {
		items = append(items, NavItem{Href: "/review", Text: "审核", Icon: "clipboard-check"})
	}
	if may.Desk {
		items = append(items, NavItem{Href: "/desk", Text: "我的工作", Icon: "inbox"})
	}
	for i := range items {
		items[i].Current = items[i].Href == current
	}
	return items
}
