package listing

import (
	"context"
	"strings"

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
	Why         []Reason      // empty when nothing was typed
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
	First  int    // place of the first among all, from 1; 0 without any
	Cursor string // of the next page
	Before string // of the page before
	Also   []market.Substitute

	Standby bool // the store answered in the place of the index, see market.IndexStanding
}

// Find searches and fills the hits from the store, dropping what is no longer
// published. Invalid when the query is out of bounds.
func (f *Finder) Find(ctx context.Context, by market.Actor, q market.SearchQuery) (Results, error) {
	if err := check(&q); err != nil {
		return Results{}, err
	}
	result, err := f.index.Find(ctx, q)
	if err != nil {
		return f.standby(ctx, by, q, err)
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
			marker{q.Text, result.Also, f.highlight}.explain(&one)
		}
		found = append(found, one)
	}
	return Results{Found: found, Facets: result.Facets, Total: result.Total,
		First: result.First, Cursor: result.Cursor, Before: result.Before, Also: result.Also}, nil
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
	q.CheckRanges(&p)
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
	q.Text = strings.TrimSpace(clip(market.Fold(q.Text), market.MaxQuery))
	return p.Err()
}

// clip returns the first n characters of a text.
func clip(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// Published returns the published listings of both kinds among ids, in the
// order asked and as the actor may see them in lists; each once, at most
// MaxCompared. It is how listings are set side by side.
func (f *Finder) Published(ctx context.Context, by market.Actor, ids []market.ID) ([]Found, error) {
	if len(ids) > MaxCompared {
		return nil, market.E(market.Invalid, "too_many_compared", "一次最多对比 4 项，请去掉几项再对比。")
	}
	var hits []market.Hit
	for _, id := range ids {
		hits = append(hits, market.Hit{ID: id, Kind: market.KindAchievement}, market.Hit{ID: id, Kind: market.KindDemand})
	}
	byID, err := f.load(ctx, by, hits)
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, id := range ids {
		if one, ok := byID[id]; ok {
			found = append(found, one)
			delete(byID, id)
		}
	}
	return found, nil
}

// MaxCompared is how many listings can be set side by side.
const MaxCompared = 4
