package listing

import (
	"context"

	"jishi/internal/market"
)

// Index finds published listings by text and filters. It may lag behind the
// store by a moment.
type Index interface {
	Find(ctx context.Context, q market.SearchQuery) (market.SearchResult, error)
}

// Highlight returns the spans of text that query's terms match.
type Highlight func(query, text string) []market.Span

// Finder searches both kinds of listing.
type Finder struct {
	index        Index
	highlight    Highlight
	achievements *Achievements
	demands      *Demands
}

// NewFinder returns a finder over an index and the two books; highlight cuts texts into terms as
// the index does.
func NewFinder(index Index, highlight Highlight, achievements *Achievements, demands *Demands) *Finder {
	return &Finder{index: index, highlight: highlight, achievements: achievements, demands: demands}
}

// Found is one listing found, with the spans to mark. Exactly one of
// Achievement and Demand is set.
type Found struct {
	Kind        market.ListingKind
	Score       float64
	Achievement *market.Achievement
	Demand      *market.Demand
	Title       []market.Span // in the title
	Summary     []market.Span // in the summary
}

// Shared returns the part common to listings.
func (f Found) Shared() *market.Listing {
	if f.Demand != nil {
		return &f.Demand.Listing
	}
	return &f.Achievement.Listing
}

// ID returns the id of the listing found.
func (f Found) ID() market.ID {
	if f.Demand != nil {
		return f.Demand.ID
	}
	return f.Achievement.ID
}

// Results is one page of listings found.
type Results struct {
	Found  []Found
	Facets map[string][]market.FacetCount
	Total  int
	Cursor string
}

// Find searches and fills the hits from the store, dropping what is no longer
// published. Invalid when the query is out of bounds.
func (f *Finder) Find(ctx context.Context, by market.Actor, q market.SearchQuery) (Results, error) {
	if err := check(&q); err != nil {
		return Results{}, err
	}
	result, err := f.index.Find(ctx, q)
	if err != nil {
		return Results{}, err
	}
	byID, err := f.load(ctx, by, result.Hits)
	if err != nil {
		return Results{}, err
	}
	found := make([]Found, 0, len(result.Hits))
	for _, hit := range result.Hits {
		one, ok := byID[hit.ID]
		if !ok {
			continue
		}
		one.Score = hit.Score
		if q.Text != "" {
			one.Title = f.highlight(q.Text, one.Shared().Title)
			one.Summary = f.highlight(q.Text, one.Shared().Summary)
		}
		found = append(found, one)
	}
	return Results{Found: found, Facets: result.Facets, Total: result.Total, Cursor: result.Cursor}, nil
}

// load reads the hits of both kinds, one store call each.
func (f *Finder) load(ctx context.Context, by market.Actor, hits []market.Hit) (map[market.ID]Found, error) {
	var achievements, demands []market.ID
	for _, hit := range hits {
		if hit.Kind == market.KindDemand {
			demands = append(demands, hit.ID)
		} else {
			achievements = append(achievements, hit.ID)
		}
	}
	byID := make(map[market.ID]Found, len(hits))
	as, err := f.achievements.GetPublished(ctx, by, achievements)
	if err != nil {
		return nil, err
	}
	for _, a := range as {
		byID[a.ID] = Found{Kind: market.KindAchievement, Achievement: a}
	}
	ds, err := f.demands.GetPublished(ctx, by, demands)
	if err != nil {
		return nil, err
	}
	for _, d := range ds {
		byID[d.ID] = Found{Kind: market.KindDemand, Demand: d}
	}
	return byID, nil
}

// check bounds a query and fills in defaults.
func check(q *market.SearchQuery) error {
	var p market.Problems
	if q.Limit == 0 {
		q.Limit = 20
	}
	p.Check(q.Limit > 0 && q.Limit <= market.MaxPageSize, "limit", "应在 1 与 100 之间")
	p.Check(q.Kind == "" || market.ListingKinds.Has(string(q.Kind)), "kind", "只能是 achievement 或 demand")
	p.Check(market.SearchSorts.Has(string(q.Sort)), "sort", "没有这种排序")
	p.Check(q.PriceMin >= 0 && q.PriceMax >= 0, "price_min", "金额不能为负")
	p.Check(q.PriceMax == 0 || q.PriceMin <= q.PriceMax, "price_max", "上限不能低于下限")
	for _, s := range []struct {
		field string
		codes []string
		list  market.CodeList
	}{{"field", q.Fields, market.Fields}, {"industry", q.Industries, market.Industries}, {"stage", q.Stages, market.Stages}, {"mode", q.Modes, market.Modes}} {
		p.Check(len(s.codes) <= market.MaxSelection, s.field, "选择过多")
		for _, c := range s.codes {
			if !s.list.Has(c) {
				p.Add(s.field, "没有“"+market.Clip(c, 20)+"”这个选项")
				break
			}
		}
	}
	if text := []rune(market.Fold(q.Text)); len(text) > market.MaxQuery {
		q.Text = string(text[:market.MaxQuery])
	} else {
		q.Text = string(text)
	}
	return p.Err()
}
