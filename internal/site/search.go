package site

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

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
	Standby string // that the store answered in the place of the index; empty when it did not
	Items   []foundRow
	Also    []string  // words of the same meaning that were looked for
	Within  web.Crumb // the organization that is searched in
	Share   string    // address of this search, to pass on
	Feed    string    // address of its feed; empty when there is none
	Compare string    // what the button says that compares
	Total   int
	Exports []web.Crumb
	Pager   web.Pager
	Relaxed web.Crumb // where a search without any filter leads and how many it finds, when no single change helps
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

// show answers with what a search found.
func (p searchPages) show(c *fiber.Ctx) error {
	a := readSearch(c)
	if err := p.nameOwner(c, a); err != nil {
		return err
	}
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
		if page.Relaxed, err = p.relax(c, a, page); err != nil {
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
		Compare: "对比勾选的（最多 4 项）", Within: within(a),
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
	if results.Standby {
		page.Standby = market.IndexStanding
	}
	page.Save = a.saveHref()
	if len(page.Chips) > 0 {
		page.Clear = a.dropping(filterKeys...)
	}
	for _, found := range results.Found {
		page.Items = append(page.Items, foundRowOf(found, a.query.Kind == ""))
	}
	for _, one := range results.Also {
		page.Also = append(page.Also, one.Word)
	}
	page.Pager = a.pager(results)
	page.Share = c.BaseURL() + a.href(func(url.Values) {})
	if len(a.problems) == 0 {
		page.Feed = feedHref(a)
		page.Base.Feed = page.Feed
	}
	return page
}

// nameOwner looks up the name of the organization that is searched in, as far
// as the reader may know of it.
func (p searchPages) nameOwner(c *fiber.Ctx, a *asked) error {
	if a.query.Owner == "" || !a.query.Owner.WellFormed() {
		return nil
	}
	org, err := p.Organizations.Organization(c.UserContext(), actor(c), a.query.Owner)
	if market.Is(err, market.NotFound) || market.Is(err, market.Unauthenticated) || market.Is(err, market.Denied) {
		return nil
	}
	if err != nil {
		return err
	}
	a.owner = org.Name
	return nil
}

// pager leads to the pages around this one and to both ends.
func (a *asked) pager(results listing.Results) web.Pager {
	at := func(cursor string) string { return a.href(func(v url.Values) { v.Set("cursor", cursor) }) }
	var pager web.Pager
	if results.Before != "" {
		pager.Newer, pager.First = at(results.Before), a.href(func(url.Values) {})
	} else if a.query.Cursor != "" && results.First != 1 {
		pager.Newer, pager.NewerText = a.href(func(url.Values) {}), "回到第一页"
	}
	if results.Cursor != "" {
		pager.Older, pager.Last = at(results.Cursor), at(market.CursorLast)
	}
	if n := len(results.Found); n > 0 && results.First > 0 && (pager.Newer != "" || pager.Older != "") {
		pager.Text = fmt.Sprintf("第 %d–%d 条，共 %d 条", results.First, results.First+n-1, results.Total)
	}
	return pager
}

// carried is what a form sends along: the search without some keys.
func carried(a *asked, without ...string) []web.Hidden {
	var list []web.Hidden
	for _, key := range searchKeys {
		for _, value := range a.values[key] {
			if !slices.Contains(without, key) {
				list = append(list, web.Hidden{Name: key, Value: value})
			}
		}
	}
	return list
}

// reasons says what of a search was refused, each with what it is about.
func reasons(err *market.Error) string {
	var all []string
	for _, f := range err.Fields {
		reason := strings.TrimRight(f.Reason, "。")
		for _, one := range searchSpans {
			if (f.Field == one.low || f.Field == one.high) && !strings.HasPrefix(reason, one.label) {
				reason = one.label + "：" + reason
			}
		}
		if reason += "。"; !slices.Contains(all, reason) {
			all = append(all, reason)
		}
	}
	if len(all) == 0 {
		return err.Message
	}
	return strings.Join(all, "")
}

// within leads to the organization that is searched in, when its name is known.
func within(a *asked) web.Crumb {
	if a.owner == "" {
		return web.Crumb{}
	}
	return web.Crumb{Href: organizationHref(a.query.Owner), Text: a.owner}
}
