package search

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// TestPagesNeitherSkipNorRepeat walks through results of many ties in pages of
// any size, with segments merging and strangers coming and going in between.
func TestPagesNeitherSkipNorRepeat(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	var all []*market.Achievement
	for i := range 150 {
		a := published(market.ID(fmt.Sprintf("a%03d", i)), fmt.Sprintf("镁合金压铸 %d", i%3), "说明文字")
		a.Published = a.Published.Add(time.Duration(i%5) * time.Hour)
		a.Price = market.Price{Low: market.Fen(i % 4), High: market.Fen(i % 4)}
		all = append(all, a)
	}
	for chunk := range slices.Chunk(all, 20) {
		apply(t, ix, chunk, "1")
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := market.SearchQuery{
			Text:  rapid.SampledFrom([]string{"", "镁合金压铸", "压铸"}).Draw(rt, "text"),
			Sort:  market.SearchSort(rapid.SampledFrom(market.SearchSorts).Draw(rt, "sort").Code),
			Limit: rapid.IntRange(1, 60).Draw(rt, "limit"),
		}
		seen := map[market.ID]bool{}
		for page := 0; ; page++ {
			result := find(t, ix, q)
			for _, hit := range result.Hits {
				if seen[hit.ID] {
					rt.Fatalf("%s comes twice", hit.ID)
				}
				seen[hit.ID] = true
			}
			if result.Total != len(all) {
				rt.Fatalf("total %d on page %d, want %d", result.Total, page, len(all))
			}
			if result.Cursor == "" {
				break
			}
			q.Cursor = result.Cursor
		}
		if len(seen) != len(all) {
			rt.Fatalf("saw %d of %d", len(seen), len(all))
		}
	})
}

func TestPagesAreOneOrder(t *testing.T) {
	ix := shelf(t)
	for _, sort := range market.SearchSorts {
		q := market.SearchQuery{Text: "镁合金压铸", Sort: market.SearchSort(sort.Code), Limit: market.MaxPageSize}
		whole := ids(find(t, ix, q))
		var paged []market.ID
		for q.Limit = 1; ; {
			result := find(t, ix, q)
			paged = append(paged, ids(result)...)
			if q.Cursor = result.Cursor; q.Cursor == "" {
				break
			}
		}
		if !slices.Equal(whole, paged) {
			t.Errorf("%s: pages %v, whole %v", sort.Name, paged, whole)
		}
	}
}

func TestForgedCursorEnds(t *testing.T) {
	ix := shelf(t)
	last := encodeCursor(market.SortNewest, place{key: math.MinInt64, tie: math.MaxUint64})
	result := find(t, ix, market.SearchQuery{Sort: market.SortNewest, Cursor: last})
	if len(result.Hits) != 0 || result.Cursor != "" || result.Total != 10 {
		t.Errorf("past the end: %d hits of %d, cursor %q", len(result.Hits), result.Total, result.Cursor)
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(encodeCursor(market.SortNewest, place{key: 7, tie: 9}))
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		for _, sort := range market.SearchSorts {
			p, err := decodeCursor(market.SearchSort(sort.Code), cursor)
			if err == nil && p != nil && encodeCursor(market.SearchSort(sort.Code), *p) != cursor {
				// Base64 has spare bits at its end that do not come back.
				if again, err := decodeCursor(market.SearchSort(sort.Code), encodeCursor(market.SearchSort(sort.Code), *p)); err != nil || *again != *p {
					t.Fatalf("cursor %q reads as %+v, written %v", cursor, p, err)
				}
			}
		}
	})
}
