package search

import (
	"fmt"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestRanges(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	var all []*market.Achievement
	for trl := range 10 {
		a := published(market.ID(fmt.Sprintf("a%d", trl)), "镁合金压铸", "说明")
		a.Maturity.TRL = trl
		a.Published = time.Date(2026, 3, 1+trl, 15, 59, 59, 0, time.UTC) // the last second of the day in Shanghai
		all = append(all, a)
	}
	apply(t, ix, all, "1")
	tests := []struct {
		name  string
		query market.SearchQuery
		want  int
	}{
		{"no bound", market.SearchQuery{}, 10},
		{"mature", market.SearchQuery{TRLMin: 7}, 3},
		{"not assessed passes no bound", market.SearchQuery{TRLMax: 9}, 9},
		{"one level", market.SearchQuery{TRLMin: 5, TRLMax: 5}, 1},
		{"from a day", market.SearchQuery{From: "2026-03-08"}, 3},
		{"to a day, which counts", market.SearchQuery{To: "2026-03-03"}, 3},
		{"one day", market.SearchQuery{From: "2026-03-02", To: "2026-03-02"}, 1},
		{"both ranges", market.SearchQuery{From: "2026-03-05", TRLMin: 2, TRLMax: 5, Text: "镁合金"}, 2},
		{"absurd days", market.SearchQuery{From: "0001-01-01", To: "9999-12-31"}, 10},
		{"the end of time", market.SearchQuery{From: "9999-12-31"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := find(t, ix, tt.query)
			counted := 0
			for _, one := range result.Facets["kind"] {
				counted += one.Count
			}
			if result.Total != tt.want || counted != tt.want {
				t.Errorf("%d hits, %d in the facets, want %d", result.Total, counted, tt.want)
			}
		})
	}
	for name, query := range map[string]market.SearchQuery{
		"level 10": {TRLMin: 10}, "levels upside down": {TRLMin: 5, TRLMax: 2}, "no day": {From: "2026-13-01"}, "days upside down": {From: "2026-03-02", To: "2026-03-01"},
	} {
		if _, err := ix.Find(t.Context(), query); !market.Is(err, market.Invalid) {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
}
