package site

import (
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/web"
)

const (
	organizationsPerPage = 50
	organizationListings = 20 // shown of each kind on an organization's page
)

// organizationPages is the directory of organizations.
type organizationPages struct{ *Site }

func (p organizationPages) routes() []route {
	return []route{
		{"GET", "/organizations", p.list, market.ActPublic},
		{"GET", "/organizations/:id", p.show, market.ActPublic},
	}
}

func organizationHref(id market.ID) string { return "/organizations/" + url.PathEscape(string(id)) }

// organizationsPage is the data of page "organizations".
type organizationsPage struct {
	Base   web.Base
	Kinds  []choice
	Rows   []organizationRow
	Pager  web.Pager
	Import bool
}

// organizationRow is one organization in the directory.
type organizationRow struct {
	Href    string
	Name    string
	Kind    string
	Place   string
	Summary string
	Badges  []web.Badge
}

// list answers with a page of the directory.
func (p organizationPages) list(c *fiber.Ctx) error {
	kind, cursor := c.Query("kind"), c.Query("cursor")
	found, err := p.Accounts.FindOrganizations(c.UserContext(), actor(c), account.OrganizationFilter{Kind: kind, After: cursor, Limit: organizationsPerPage})
	if err != nil {
		return err
	}
	page := organizationsPage{Base: p.base(c, "单位名录", ""), Import: exchange.Permit(actor(c), exchange.Organizations) == nil}
	page.Base.Crumbs = crumbs("单位名录")
	page.Kinds = []choice{{Text: "全部", Href: "/organizations", Current: kind == ""}}
	for _, one := range market.OrganizationKinds {
		page.Kinds = append(page.Kinds, choice{Text: one.Name, Href: "/organizations?kind=" + one.Code, Current: one.Code == kind})
	}
	for _, org := range found.Items {
		page.Rows = append(page.Rows, organizationRow{
			Href: organizationHref(org.ID), Name: org.Name, Kind: named(market.OrganizationKinds, org.Kind),
			Place: market.DivisionName(org.Division), Summary: market.Clip(org.Summary, 80), Badges: organizationBadges(org),
		})
	}
	path := "/organizations?kind=" + url.QueryEscape(kind)
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = path, "回到第一页"
	}
	if found.Next != "" {
		page.Pager.Older = path + "&cursor=" + found.Next // cursors are of letters, digits, - and _
	}
	return p.render(c, fiber.StatusOK, "organizations", page)
}

func organizationBadges(org *market.Organization) []web.Badge {
	var badges []web.Badge
	if !org.Verified() {
		badges = append(badges, web.Badge{Text: "未核验", Tone: web.Wait})
	}
	if org.Demo {
		badges = append(badges, demoBadge)
	}
	return badges
}

// organizationPage is the data of page "organization".
type organizationPage struct {
	Base     web.Base
	Name     string
	Badges   []web.Badge
	Lead     []string
	Summary  string
	Facts    []web.Term
	Contact  contactBox
	Listings []organizationShelf
}

// organizationShelf is what an organization has published of one kind.
type organizationShelf struct {
	Title string
	Total int
	Items []web.Item
}

// show answers with one organization and what it has published.
func (p organizationPages) show(c *fiber.Ctx) error {
	org, err := p.Accounts.Organization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	page := organizationPage{
		Base: p.base(c, org.Name, ""), Name: org.Name, Badges: organizationBadges(org), Summary: org.Summary,
		Lead: worded(named(market.OrganizationKinds, org.Kind), market.DivisionName(org.Division)),
		Facts: stated(
			web.Term{Label: "统一社会信用代码", Value: org.Code}, web.Term{Label: "单位性质", Value: named(market.PartyCategories, org.Category)}),
		Contact: contactOf(c, &market.Listing{Owner: org.ID, Contact: org.Contact}),
	}
	page.Base.Crumbs = crumbs(org.Name, web.Crumb{Href: "/organizations", Text: "单位名录"})
	page.Base.Description = market.Clip(org.Summary, 120)
	for _, kind := range market.ListingKinds {
		shelf, err := p.shelf(c, org.ID, kind)
		if err != nil {
			return err
		}
		if shelf.Total > 0 {
			page.Listings = append(page.Listings, shelf)
		}
	}
	return p.render(c, fiber.StatusOK, "organization", page)
}

// shelf finds what an organization has published of one kind, newest first.
func (p organizationPages) shelf(c *fiber.Ctx, owner market.ID, kind market.Code) (organizationShelf, error) {
	found, err := p.Finder.Find(c.UserContext(), actor(c), market.SearchQuery{
		Kind: market.ListingKind(kind.Code), Owner: owner, Sort: market.SortNewest, Limit: organizationListings,
	})
	if err != nil {
		return organizationShelf{}, err
	}
	shelf := organizationShelf{Title: "发布的" + kind.Name, Total: found.Total}
	for _, one := range found.Found {
		shelf.Items = append(shelf.Items, foundItem(one, false))
	}
	return shelf, nil
}

// dayOf writes the Shanghai day of an instant, "" for none.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return string(market.DateOf(t))
}
