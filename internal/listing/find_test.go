package listing

import (
	"context"
	"strings"
	"testing"

	"jishi/internal/market"
)

// lagging is an index that answers with fixed hits, as a real one does that
// has not yet heard of a withdrawal.
type lagging struct{ hits []market.Hit }

func (l lagging) Find(context.Context, market.SearchQuery) (market.SearchResult, error) {
	return market.SearchResult{Hits: l.hits, Total: len(l.hits), Cursor: "next"}, nil
}

func highlight(query, text string) []market.Span {
	if i := strings.Index(text, query); i >= 0 {
		return []market.Span{{Start: i, End: i + len(query)}}
	}
	return nil
}

func TestFindDropsWhatIsNotPublished(t *testing.T) {
	w := newWorld(t)
	published, draft := w.at(t, market.StatePublished), w.at(t, market.StateDraft)
	finder := NewFinder(lagging{[]market.Hit{
		{ID: draft.ID, Kind: market.KindAchievement, Score: 2}, {ID: "gone", Kind: market.KindDemand, Score: 1.5}, {ID: published.ID, Kind: market.KindAchievement, Score: 1},
	}}, highlight, w.achievements, w.demands)
	got, err := finder.Find(context.Background(), visitor, market.SearchQuery{Text: "　镁合金"})
	if err != nil || len(got.Found) != 1 || got.Found[0].ID() != published.ID || got.Cursor != "next" {
		t.Fatalf("Find = %+v, %v", got, err)
	}
	one := got.Found[0]
	if one.Shared().Title[one.Title[0].Start:one.Title[0].End] != "镁合金" || len(one.Summary) != 1 || one.Shared().Detail != "" {
		t.Errorf("found %+v", one)
	}
}

func TestFindBounds(t *testing.T) {
	w := newWorld(t)
	finder := NewFinder(lagging{}, highlight, w.achievements, w.demands)
	tests := []struct {
		name string
		q    market.SearchQuery
		bad  bool
	}{
		{"nothing asked", market.SearchQuery{}, false},
		{"long text is cut, not refused", market.SearchQuery{Text: strings.Repeat("镁", 100_000)}, false},
		{"page too large", market.SearchQuery{Limit: 101}, true},
		{"negative page", market.SearchQuery{Limit: -1}, true},
		{"unknown kind", market.SearchQuery{Kind: "patent"}, true},
		{"unknown sort", market.SearchQuery{Sort: "random"}, true},
		{"unknown field", market.SearchQuery{Fields: []string{"99"}}, true},
		{"10,000 filters", market.SearchQuery{Modes: make([]string, 10_000)}, true},
		{"price upside down", market.SearchQuery{PriceMin: 2, PriceMax: 1}, true},
		{"negative price", market.SearchQuery{PriceMin: -2}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := finder.Find(context.Background(), visitor, tt.q); (err != nil) != tt.bad {
				t.Errorf("Find = %v, want bad %v", err, tt.bad)
			}
		})
	}
}
