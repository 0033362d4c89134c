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

// TestPagesGoBack walks to the last page and back to the first: the same pages
// with the same places, and the last page is the end of the walk.
func TestPagesGoBack(t *testing.T) {
	ix := shelf(t)
	for _, sort := range market.SearchSorts {
		t.Run(sort.Name, func(t *testing.T) {
			q := market.SearchQuery{Text: "镁合金压铸", Sort: market.SearchSort(sort.Code), Limit: 2}
			var pages []market.SearchResult
			for {
				result := find(t, ix, q)
				pages = append(pages, result)
				if q.Cursor = result.Cursor; q.Cursor == "" {
					break
				}
			}
			if len(pages) < 3 || pages[0].Before != "" || pages[0].First != 1 {
				t.Fatalf("%d pages, the first begins at %d", len(pages), pages[0].First)
			}
			for i := len(pages) - 1; i > 0; i-- {
				q.Cursor = pages[i].Before
				back := find(t, ix, q)
				if !slices.Equal(ids(back), ids(pages[i-1])) || back.First != pages[i-1].First || (back.Before == "") != (i == 1) || back.Cursor == "" {
					t.Errorf("back from page %d: %v from %d, want %v from %d", i, ids(back), back.First, ids(pages[i-1]), pages[i-1].First)
				}
			}
			q.Cursor = market.CursorLast
			last := find(t, ix, q)
			if last.Cursor != "" || last.First != last.Total-1 || last.Hits[1].ID != pages[len(pages)-1].Hits[len(pages[len(pages)-1].Hits)-1].ID {
				t.Errorf("the last page is %v from %d of %d", ids(last), last.First, last.Total)
			}
		})
	}
}

func TestForgedCursorEnds(t *testing.T) {
	ix := shelf(t)
	last := encodeCursor(market.SortNewest, place{key: math.MinInt64, tie: math.MaxUint64}, false)
	result := find(t, ix, market.SearchQuery{Sort: market.SortNewest, Cursor: last})
	if len(result.Hits) != 0 || result.Cursor != "" || result.Total != 10 {
		t.Errorf("past the end: %d hits of %d, cursor %q", len(result.Hits), result.Total, result.Cursor)
	}
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add(encodeCursor(market.SortNewest, place{key: 7, tie: 9}, true))
	f.Add(market.CursorLast)
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		for _, sort := range market.SearchSorts {
			c, err := decodeCursor(market.SearchSort(sort.Code), text)
			if err != nil || c.at == nil {
				continue
			}
			// Base64 has spare bits at its end that do not come back.
			again, err := decodeCursor(market.SearchSort(sort.Code), encodeCursor(market.SearchSort(sort.Code), *c.at, c.back))
			if err != nil || *again.at != *c.at || again.back != c.back {
				t.Fatalf("cursor %q reads as %+v, written %v", text, c, err)
			}
		}
	})
}
