package search

import (
	"math"

	"jishi/internal/market"
)

// filter decides which rows a query lets through.
type filter struct {
	want     [5]uint64 // by facet: the bits of the codes asked for
	active   [5]bool   // whether the facet is filtered; codes may all be unknown
	owner    uint64    // 0 = any
	min, max int64     // 分, max 0 = no bound
	priced   bool      // whether a price bound is set
	from, to int64     // Unix milliseconds, from ≤ published < to
	trl      [2]int8   // lowest and highest level; 0 = no bound
}

func newFilter(q market.SearchQuery) filter {
	f := filter{min: int64(q.PriceMin), max: int64(q.PriceMax), priced: q.PriceMin > 0 || q.PriceMax > 0,
		from: math.MinInt64, to: math.MaxInt64, trl: [2]int8{int8(q.TRLMin), int8(q.TRLMax)}}
	if q.From != "" {
		f.from = q.From.Time().UnixMilli()
	}
	if q.To != "" {
		f.to = q.To.Time().AddDate(0, 0, 1).UnixMilli()
	}
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
	if f.owner != 0 && r.owner != f.owner || f.priced && !f.overlaps(r) || !f.inRange(r) {
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

// inRange reports whether the row was published in time and is mature enough,
// and not more than that.
func (f *filter) inRange(r *row) bool {
	if r.published < f.from || r.published >= f.to {
		return false
	}
	return f.trl == [2]int8{} || r.trl > 0 && r.trl >= f.trl[0] && (f.trl[1] == 0 || r.trl <= f.trl[1])
}

// overlaps reports whether the row's price range meets the one asked for; a
// negotiable price meets none.
func (f *filter) overlaps(r *row) bool {
	return !r.negotiable() && r.high >= f.min && (f.max == 0 || r.low <= f.max)
}
