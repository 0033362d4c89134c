package site

import (
	"errors"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// searchPages finds listings.
type searchPages struct{ *Site }

// searchPage is the data of page "search".
type searchPage struct {
	Base    web.Base
	Query   string
	Carried []web.Hidden // the filters a new search text keeps
	Kinds   []choice
	Sorts   []choice
	Panels  []panel // for the desk, for the phone
	Chips   []chip
	Clear   string // address without any filter; empty when there is none
	Refused string // why the search was not made; empty when it was
	Items   []web.Item
	Total   int
	Exports []web.Crumb
	Pager   web.Pager
	Ways    []wayOut  // what would find something, when nothing was found
	Next    web.Crumb // what to do when nothing is found
	Save    string    // address of the form that saves the search; empty when there is nothing to save
}

// choice is one of several links of which one is in force.
type choice struct {
	ID      string // what it chooses
	Text    string
	Href    string
	Count   int // -1 when not counted
	Current bool
}

// priceRange is the form that bounds the price.
type priceRange struct {
	ID        string // its ids begin with
	Low, High string
	Error     string
	Carried   []web.Hidden
}

// show answers with what a search found.
func (p searchPages) show(c *fiber.Ctx) error {
	a := readSearch(c)
	results, err := p.find(c, a)
	var known *market.Error
	refused := errors.As(err, &known) && known.Kind == market.Invalid
	if err != nil && !refused {
		return err
	}
	page := p.page(c, a, results)
	if refused {
		page.Refused = reasons(known)
		return p.render(c, fiber.StatusUnprocessableEntity, "search", page)
	}
	if results.Total == 0 {
		if page.Ways, err = p.blame(c, a); err != nil {
			return err
		}
	}
	return p.render(c, fiber.StatusOK, "search", page)
}

func (p searchPages) find(c *fiber.Ctx, a *asked) (listing.Results, error) {
	if err := a.problems.Err(); err != nil {
		return listing.Results{}, err
	}
	return p.Finder.Find(c.UserContext(), actor(c), a.query)
}

func (p searchPages) page(c *fiber.Ctx, a *asked, results listing.Results) searchPage {
	title, current := "搜索", "/search"
	if a.query.Kind != "" {
		current += "?kind=" + string(a.query.Kind)
		title = "找" + market.ListingKinds.Name(string(a.query.Kind))
	}
	page := searchPage{
		Base: p.base(c, title, current), Query: a.query.Text, Carried: carried(a, "q", "cursor"),
		Kinds: a.kinds(results), Sorts: a.sorts(), Chips: a.chips(),
		Panels: []panel{a.panel("desk", results), a.panel("phone", results)},
		Total:  results.Total, Exports: a.exports(actor(c), results), Next: web.Crumb{Href: "/demands/new", Text: "发布需求"},
	}
	if by := actor(c); by.SignedIn() && !market.May(by, market.ActCreateDemand) {
		page.Next = web.Crumb{Href: "/search?kind=demand", Text: "看全部需求"}
	}
	if a.query.Text != "" {
		page.Base.Title = market.Clip(a.query.Text, 30) + " · " + title
	}
	page.Base.HideSearch = true
	page.Save = a.saveHref()
	if len(page.Chips) > 0 {
		page.Clear, _ = a.without("field", "industry", "stage", "mode", "price_min", "price_max")
	}
	for _, found := range results.Found {
		page.Items = append(page.Items, foundItem(found, a.query.Kind == ""))
	}
	if results.Cursor != "" {
		page.Pager.Older = a.href(func(v url.Values) { v.Set("cursor", results.Cursor) })
	}
	if a.query.Cursor != "" {
		page.Pager.Newer, page.Pager.NewerText = a.href(func(url.Values) {}), "回到第一页"
	}
	return page
}

// panel returns the filters under a name.
func (a *asked) panel(id string, results listing.Results) panel {
	price := priceRange{
		ID: id + "-price", Low: a.values.Get("price_min"), High: a.values.Get("price_max"),
		Carried: carried(a, "price_min", "price_max", "cursor"),
	}
	for _, problem := range a.problems {
		price.Error = problem.Reason
	}
	return panel{ID: id, Facets: a.facets(id, results), Price: price}
}

// carried is what a form sends along: the search without some keys.
func carried(a *asked, without ...string) []web.Hidden {
	var list []web.Hidden
	for _, key := range []string{"q", "kind", "field", "industry", "stage", "mode", "price_min", "price_max", "sort"} {
		for _, value := range a.values[key] {
			if !slices.Contains(without, key) {
				list = append(list, web.Hidden{Name: key, Value: value})
			}
		}
	}
	return list
}

// reasons says what of a search was refused.
func reasons(err *market.Error) string {
	text := ""
	for _, f := range err.Fields {
		text += f.Reason + "。"
	}
	if text == "" {
		return err.Message
	}
	return text
}
