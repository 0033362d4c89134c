package search

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"testing"

	"jishi/internal/market"
)

// TestCompactKeepsAll compacts an index of many segments, with documents that
// were deleted: the answers stay, those to be had by a second page as well.
func TestCompactKeepsAll(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	for i := range 40 {
		a := published(market.ID("a"+strconv.Itoa(i)), "镁合金压铸", "第"+strconv.Itoa(i)+"项工艺")
		apply(t, ix, []*market.Achievement{a}, strconv.Itoa(i))
	}
	gone := published("a7", "镁合金压铸", "撤回")
	gone.State = market.StateWithdrawn
	apply(t, ix, []*market.Achievement{gone}, "40")
	query := market.SearchQuery{Text: "镁合金工艺", Limit: 10}
	first := find(t, ix, query)
	query.Cursor = first.Cursor
	second := find(t, ix, query)
	if err := ix.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := find(t, ix, query); !slices.Equal(ids(got), ids(second)) || got.Total != 39 {
		t.Errorf("second page %v of %d, want %v of 39", ids(got), got.Total, ids(second))
	}
	query.Cursor = ""
	if got := find(t, ix, query); !slices.Equal(ids(got), ids(first)) {
		t.Errorf("first page %v, want %v", ids(got), ids(first))
	}
	err := ix.read(t.Context(), func(v *view) error {
		if n := len(v.segments); n != 1 {
			t.Errorf("%d segments, want one", n)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCompactOfAClosedIndex(t *testing.T) {
	ix, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if err := ix.Compact(context.Background()); !market.Is(err, market.Unavailable) {
		t.Errorf("Compact = %v, want Unavailable", err)
	}
}

// TestScattered compacts many texts in several segments, not few or nearly
// all in one.
func TestScattered(t *testing.T) {
	for _, tt := range []struct {
		name  string
		sizes []int
		want  bool
	}{
		{"empty", nil, false}, {"few", []int{10, 10}, false}, {"one segment", []int{200}, false},
		{"nearly all in one", []int{170, 20, 10}, false}, {"many steps", []int{50, 50, 50, 50}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &view{}
			for _, n := range tt.sizes {
				v.segments = append(v.segments, segmentView{base: v.size, rows: make([]row, n)})
				v.size += n
				v.live += n
			}
			if got := v.scattered(100); got != tt.want {
				t.Errorf("scattered = %v", got)
			}
		})
	}
}

// TestCompactScatteredLeavesFewAlone is asked at every start.
func TestCompactScatteredLeavesFewAlone(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	apply(t, ix, sampleTexts(30), "1")
	if done, err := ix.CompactScattered(t.Context()); done || err != nil {
		t.Errorf("CompactScattered = %v, %v", done, err)
	}
	if n, err := ix.Count(t.Context()); n != 30 || err != nil {
		t.Errorf("%d listings, %v", n, err)
	}
}
