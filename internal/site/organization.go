package site

import (
	"maps"
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
		{"GET", "/organizations/:id", p.show, market.ActReadOrganization},
		{"POST", "/organizations/:id/contact", p.contact, market.ActReadContact},

		{"GET", "/organization", p.own, market.ActSelf},
		{"GET", "/organization/edit", p.edit, market.ActReviseOrganization},
		{"POST", "/organization/edit", p.revise, market.ActReviseOrganization},
		{"POST", "/organization/confirmation", p.sendConfirmation, market.ActSelf},

		{"GET", "/review/organizations", p.waitingList, market.ActVerifyOrganization},
		{"GET", "/organizations/:id/review", p.review, market.ActVerifyOrganization},
		{"POST", "/organizations/:id/verify", p.move(market.ActVerifyOrganization), market.ActVerifyOrganization},
		{"POST", "/organizations/:id/return", p.move(market.ActReturnOrganization), market.ActReturnOrganization},
		{"POST", "/organizations/:id/reject", p.move(market.ActRejectOrganization), market.ActRejectOrganization},
		{"POST", "/organizations/:id/suspend", p.move(market.ActSuspendOrganization), market.ActSuspendOrganization},
		{"POST", "/organizations/:id/restore", p.move(market.ActRestoreOrganization), market.ActRestoreOrganization},
		{"POST", "/organizations/:id/marks", p.confirmMark, market.ActConfirmMark},
	}
}

func organizationHref(id market.ID) string { return "/organizations/" + url.PathEscape(string(id)) }

// organizationsPage is the data of page "organizations".
type organizationsPage struct {
	Base   web.Base
	Asked  bool // something is looked for
	Total  int
	Filter []web.Field
	Kinds  []choice
	Kind   string
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
	f := &form{values: url.Values{}}
	for _, name := range []string{"q", "kind", "division", "mark"} {
		if value := c.Query(name); value != "" {
			f.values.Set(name, value)
		}
	}
	cursor := c.Query("cursor")
	found, err := p.Organizations.SearchOrganizations(c.UserContext(), actor(c), account.OrganizationSearch{
		Text: f.text("q"), Kind: f.text("kind"), Division: f.text("division"), Mark: f.text("mark"), After: cursor, Limit: organizationsPerPage,
	})
	if err != nil {
		return err
	}
	page := organizationsPage{
		Base: p.base(c, "单位名录", ""), Import: exchange.Permit(actor(c), exchange.Organizations) == nil, Total: found.Total,
		Kinds: directoryKinds(f), Kind: f.text("kind"), Asked: len(f.values) > 0,
		Filter: []web.Field{
			f.fill(web.Field{Name: "q", Label: "名称或代码", Type: "search", MaxLength: 100, Placeholder: "名称的一部分，或统一社会信用代码"}),
			f.fill(web.Field{Name: "division", Label: "地区", Type: "select", Placeholder: "不限", Options: divisionOptions(f.text("division"))}),
			f.fill(web.Field{Name: "mark", Label: "资质", Type: "select", Placeholder: "不限", Options: options(market.MarkKinds)}),
		},
	}
	page.Base.Crumbs = crumbs("单位名录")
	for _, org := range found.Items {
		page.Rows = append(page.Rows, organizationRow{
			Href: organizationHref(org.ID), Name: org.Name, Kind: named(market.OrganizationKinds, org.Kind),
			Place: market.DivisionName(org.Division), Summary: market.Clip(org.Summary, 80), Badges: p.listBadges(org),
		})
	}
	path := directoryHref(f.values)
	if cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = path, "回到第一页"
	}
	if found.Next != "" {
		next := maps.Clone(f.values)
		next.Set("cursor", found.Next)
		page.Pager.Older = directoryHref(next)
	}
	return p.render(c, fiber.StatusOK, "organizations", page)
}

func directoryHref(values url.Values) string {
	if len(values) == 0 {
		return "/organizations"
	}
	return "/organizations?" + values.Encode()
}

// directoryKinds is the kinds to choose from, which keep the other filters.
func directoryKinds(f *form) []choice {
	kind := f.text("kind")
	list := []choice{{Text: "全部", Current: kind == ""}}
	for _, one := range market.OrganizationKinds {
		list = append(list, choice{Text: one.Name, Href: one.Code, Current: one.Code == kind})
	}
	for i := range list {
		values := maps.Clone(f.values)
		if values.Del("kind"); list[i].Href != "" {
			values.Set("kind", list[i].Href)
		}
		list[i].Href = directoryHref(values)
	}
	return list
}

// listBadges says of an organization in the directory what sets it apart.
func (p organizationPages) listBadges(org *market.Organization) []web.Badge {
	badges := organizationBadges(org)
	for _, m := range org.Marks {
		if m.Holds(market.DateOf(p.Now())) {
			badges = append(badges, web.Badge{Text: market.MarkKinds.Name(m.Kind), Tone: web.Good, Icon: "certificate"})
		}
	}
	return badges
}

func organizationBadges(org *market.Organization) []web.Badge {
	var badges []web.Badge
	if !org.Verified() {
		badges = append(badges, web.Badge{Text: org.State.Name(), Tone: organizationTones[org.State]})
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
	Marks    []web.MarkRow
	Review   string    // address of the officer's page; empty for others
	Audit    web.Crumb // for officers
	Contact  web.ContactBox
	Listings []organizationShelf
	Brokers  []web.Broker // who agreed to be shown
	Members  string       // address of its people, for who looks after them; empty for others
	Join     string       // where the reader can ask to be taken in; empty where they cannot
}

// organizationShelf is what an organization has published of one kind.
type organizationShelf struct {
	Title string
	Total int
	Items []web.Item
}

// show answers with one organization and what it has published.
func (p organizationPages) show(c *fiber.Ctx) error {
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return p.page(c, org, contactOf(c, org.ID, org.Contact, organizationHref(org.ID)))
}

// contact answers with one organization and its contact in full.
func (p organizationPages) contact(c *fiber.Ctx) error {
	to, err := p.Private.Organizations.OfOrganization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return p.page(c, org, revealed(to))
}

func (p organizationPages) page(c *fiber.Ctx, org *market.Organization, contact web.ContactBox) error {
	page := organizationPage{
		Base: p.base(c, org.Name, ""), Name: org.Name, Badges: organizationBadges(org), Summary: org.Summary,
		Lead:  worded(named(market.OrganizationKinds, org.Kind), market.DivisionName(org.Division)),
		Facts: organizationFacts(org), Audit: auditLink(c, "organization", org.ID),
		Contact: contact,
	}
	page.Base.Path, page.Base.Crumbs = organizationHref(org.ID), crumbs(org.Name, web.Crumb{Href: "/organizations", Text: "单位名录"})
	page.Base.Description = market.Clip(org.Summary, 120)
	for _, row := range markRows(org.Public(), market.DateOf(p.Now())) {
		row.File = web.Crumb{}
		page.Marks = append(page.Marks, row)
	}
	if market.May(actor(c), market.ActVerifyOrganization, org.ID) {
		page.Review = organizationHref(org.ID) + "/review"
	}
	brokers, err := p.brokerRows(c.UserContext(), org.ID)
	if err != nil {
		return err
	}
	page.Brokers = brokers
	page.Members, page.Join = peopleLinks(actor(c), org)
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
