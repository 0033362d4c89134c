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
	try := func(text string, keys ...string) error {
		href, query := a.without(keys...)
		query.Limit = 1
		results, err := p.Finder.Find(c.UserContext(), actor(c), query)
		if err == nil && results.Total > 0 {
			ways = append(ways, wayOut{Text: text, Href: href, Count: results.Total})
		}
		return err
	}
	filters := 0
	for _, source := range facetLists {
		if codes := a.values[source.key]; len(codes) > 0 {
			filters++
			if err := try("不限"+source.label+"（现在是："+names(source.list, codes)+"）", source.key); err != nil {
				return nil, err
			}
		}
	}
	for _, one := range searchSpans {
		if text := a.spanText(one); text != "" {
			filters++
			if err := try("不限"+one.label+"（现在是："+market.Clip(text, 40)+"）", one.low, one.high); err != nil {
				return nil, err
			}
		}
	}
	if a.query.Owner != "" {
		filters++
		if err := try("不限单位（现在只在“"+market.Clip(cmp.Or(a.owner, "一个单位"), 30)+"”里找）", "owner"); err != nil {
			return nil, err
		}
	}
	if a.query.Kind != "" {
		filters++
		if err := try("成果和需求一起找（现在只找"+market.ListingKinds.Name(string(a.query.Kind))+"）", "kind"); err != nil {
			return nil, err
		}
	}
	if filters > 0 && a.query.Text != "" {
		if err := try("不限搜索词（现在是：“"+market.Clip(a.query.Text, 20)+"”）", "q"); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(ways, func(a, b wayOut) int { return cmp.Compare(b.Count, a.Count) })
	return ways, nil
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
