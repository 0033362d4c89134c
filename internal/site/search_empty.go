package site

import (
	"cmp"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// wayOut is one change of a search that finds something.
type wayOut struct {
	Text  string
	Href  string
	Count int
}

// blame asks which filter leaves nothing: the search again without each of
// those in force, for the count only, best first. At most ten quick queries.
func (p searchPages) blame(c *fiber.Ctx, a *asked) ([]wayOut, error) {
	var ways []wayOut
	for _, one := range a.inForce() {
		href, query := a.without(one.keys...)
		query.Limit = 1
		results, err := p.Finder.Find(c.UserContext(), actor(c), query)
		if err != nil {
			return nil, err
		}
		if results.Total > 0 {
			ways = append(ways, wayOut{Text: one.text, Href: href, Count: results.Total})
		}
	}
	slices.SortStableFunc(ways, func(a, b wayOut) int { return cmp.Compare(b.Count, a.Count) })
	return ways, nil
}

// narrowing is one filter in force: the keys of it in the address, and how to
// offer to do without.
type narrowing struct {
	keys []string
	text string
}

// inForce returns the filters of a search, its words with them when there are
// others: words that find nothing by themselves are no filter's fault.
func (a *asked) inForce() []narrowing {
	var all []narrowing
	for _, source := range facetLists {
		if codes := a.values[source.key]; len(codes) > 0 {
			all = append(all, narrowing{[]string{source.key}, "不限" + source.label + "（现在是：" + names(source.list, codes) + "）"})
		}
	}
	for _, one := range searchSpans {
		if text := a.spanText(one); text != "" {
			all = append(all, narrowing{[]string{one.low, one.high}, "不限" + one.label + "（现在是：" + market.Clip(text, 40) + "）"})
		}
	}
	if a.query.Owner != "" {
		all = append(all, narrowing{[]string{"owner"}, "不限单位（现在只在“" + market.Clip(cmp.Or(a.owner, "一个单位"), 30) + "”里找）"})
	}
	if a.query.Kind != "" {
		all = append(all, narrowing{[]string{"kind"}, "成果和需求一起找（现在只找" + market.ListingKinds.Name(string(a.query.Kind)) + "）"})
	}
	if len(all) > 0 && a.query.Text != "" {
		all = append(all, narrowing{[]string{"q"}, "不限搜索词（现在是：“" + market.Clip(a.query.Text, 20) + "”）"})
	}
	return all
}

// relax tells how many a search finds without any of several filters, where
// taking away one of them helps nothing.
func (p searchPages) relax(c *fiber.Ctx, a *asked, page searchPage) (web.Crumb, error) {
	if len(page.Ways) > 0 || len(page.Chips) < 2 {
		return web.Crumb{}, nil
	}
	href, query := a.without(filterKeys...)
	query.Limit = 1
	results, err := p.Finder.Find(c.UserContext(), actor(c), query)
	if err != nil || results.Total == 0 {
		return web.Crumb{}, err
	}
	return web.Crumb{Href: href, Text: number(int64(results.Total))}, nil
}
