package search

import (
	"jishi/internal/market"
)

// filter decides which rows a query lets through.
type filter struct {
	want     [5]uint64 // by facet: the bits of the codes asked for
	active   [5]bool   // whether the facet is filtered; codes may all be unknown
	owner    uint64    // 0 = any
	min, max int64     // 分, max 0 = no bound
	priced   bool      // whether a price bound is set
}

func newFilter(q market.SearchQuery) filter {
	f := filter{min: int64(q.PriceMin), max: int64(q.PriceMax), priced: q.PriceMin > 0 || q.PriceMax > 0}
	if q.Kind != "" {
		f.ask(facetKind, []string{string(q.Kind)})
	}
	f.ask(facetField, q.Fields)
	f.ask(facetIndustry, q.Industries)
	f.ask(facetStage, q.Stages)
	f.ask(facetMode, q.Modes)
	if q.Owner != "" {
		f.owner = hash(string(q.Owner))
	}
	return f
}

func (f *filter) ask(facet int, codes []string) {
	f.active[facet] = len(codes) > 0
	for _, code := range codes {
		f.want[facet] |= facets[facet].bit(code)
	}
}

// passes reports whether a row passes all filters, and counts it: under every
// facet when it does, under the one facet whose filter alone keeps it out when
// there is such a one.
func (f *filter) passes(r *row, c *counts) bool {
	if f.owner != 0 && r.owner != f.owner || f.priced && !f.overlaps(r) {
		return false
	}
	failed := -1
	for i, active := range f.active {
		if !active || r.codes&f.want[i] != 0 {
			continue
		}
		if failed >= 0 {
			return false
		}
		failed = i
	}
	if failed >= 0 {
		c.add(r.codes & facets[failed].mask())
		return false
	}
	c.add(r.codes)
	return true
}

// overlaps reports whether the row's price range meets the one asked for; a
// negotiable price meets none.
func (f *filter) overlaps(r *row) bool {
	return !r.negotiable() && r.high >= f.min && (f.max == 0 || r.low <= f.max)
}
