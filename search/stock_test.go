package search

import (
	"log/slog"
	"slices"
	"testing"

	"jishi/internal/market"
)

func TestStockCandidates(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	apply(t, ix, []*market.Achievement{
		published("a1", "镁合金压铸", "薄壁零件的压铸工艺"),
		published("a2", "铝合金", "型材挤压"),
		published("a3", "污水处理", "膜法"),
	}, "1")
	tests := []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"best first", "镁合金压铸工艺", 10, []string{"a1", "a2"}},
		{"no more than asked for", "镁合金压铸工艺", 1, []string{"a1"}},
		{"no term in common", "钢琴", 10, []string{}},
		{"no term", "，。", 10, []string{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ix.StockCandidates(t.Context(), tt.text, tt.limit)
			if err != nil || !slices.Equal(candidateIDs(got), tt.want) {
				t.Errorf("StockCandidates = %v, %v, want %v", candidateIDs(got), err, tt.want)
			}
		})
	}
}

func TestStockCandidatesOfAClosedIndex(t *testing.T) {
	ix, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.StockCandidates(t.Context(), "镁合金", 10); !market.Is(err, market.Unavailable) {
		t.Errorf("StockCandidates = %v, want Unavailable", err)
	}
}
