package search

import (
	"cmp"
	"math/bits"
	"slices"

	"jishi/internal/market"
)

// facet is a code list that hits are counted by. The codes of all facets share
// the 64 bits of a row, each facet in a range of its own, so that a filter is
// one AND and a count one walk over set bits.
type facet struct {
	name  string
	list  market.CodeList
	first int // number of the first bit
}

// Places in facets.
const (
	facetKind = iota
	facetField
	facetIndustry
	facetStage
	facetMode
)

var facets = layFacets(
	facet{name: "kind", list: market.ListingKinds},
	facet{name: "field", list: market.Fields},
	facet{name: "industry", list: market.Industries},
	facet{name: "stage", list: market.Stages},
	facet{name: "mode", list: market.Modes},
)

func layFacets(all ...facet) []facet {
	first := 0
	for i := range all {
		all[i].first = first
		first += len(all[i].list)
	}
	return all
}

// bit returns the bit of a code, 0 for an unknown code or "".
func (f facet) bit(code string) uint64 {
	for i, c := range f.list {
		if c.Code == code {
			return 1 << (f.first + i)
		}
	}
	return 0
}

// mask returns all bits of the facet.
func (f facet) mask() uint64 { return (1<<len(f.list) - 1) << f.first }

// counts counts codes by bit.
type counts [64]int

func (c *counts) add(codes uint64) {
	for ; codes != 0; codes &= codes - 1 {
		c[bits.TrailingZeros64(codes)]++
	}
}

// table returns the counts by facet name, largest first, without zeros.
func (c *counts) table() map[string][]market.FacetCount {
	table := make(map[string][]market.FacetCount, len(facets))
	for _, f := range facets {
		values := []market.FacetCount{}
		for i, code := range f.list {
			if n := c[f.first+i]; n > 0 {
				values = append(values, market.FacetCount{Code: code.Code, Count: n})
			}
		}
		slices.SortStableFunc(values, func(a, b market.FacetCount) int { return cmp.Compare(b.Count, a.Count) })
		table[f.name] = values
	}
	return table
}
