package evaluate

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRate(t *testing.T) {
	log3 := math.Log2(3)
	tests := []struct {
		name             string
		ranked, relevant string // ids apart by blanks
		want             Scores
	}{
		{"nothing found", "", "a", Scores{}},
		{"only others", "x y z", "a", Scores{}},
		{"first", "a x y", "a", Scores{1, 1, 1}},
		{"second", "x a y", "a", Scores{1.0 / 2, 1, 1 / log3}},
		{"fourth", "x y z a", "a", Scores{1.0 / 4, 1, 1 / math.Log2(5)}},
		{"tenth", "1 2 3 4 5 6 7 8 9 a", "a", Scores{1.0 / 10, 1, 1 / math.Log2(11)}},
		{"eleventh is too late", "1 2 3 4 5 6 7 8 9 10 a", "a", Scores{}},
		{"both of two", "b a", "a b", Scores{1, 1, 1}},
		{"one of two", "a x", "a b", Scores{1, 1.0 / 2, 1 / (1 + 1/log3)}},
		{"first and third of two", "a x b", "a b", Scores{1, 1, 1.5 / (1 + 1/log3)}},
		{"an id ranked twice counts once", "a a", "a b", Scores{1, 1.0 / 2, 1 / (1 + 1/log3)}},
		{"an id known twice counts once", "x a", "a a", Scores{1.0 / 2, 1, 1 / log3}},
		{"ten of twenty fill the answer", "1 2 3 4 5 6 7 8 9 10",
			"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", Scores{1, 1.0 / 2, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Rate(strings.Fields(tt.ranked), strings.Fields(tt.relevant))
			if !near(got.MRR, tt.want.MRR) || !near(got.Recall, tt.want.Recall) || !near(got.NDCG, tt.want.NDCG) {
				t.Errorf("Rate = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

// TestRateHolds checks what is so of every ranking: scores lie in 0 to 1, and
// a relevant document that moves up makes none of them less.
func TestRateHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := make([]string, 15)
		for i := range ids {
			ids[i] = fmt.Sprint(i)
		}
		relevant := rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, len(ids), rapid.ID).Draw(t, "relevant")
		ranked := rapid.Permutation(ids).Draw(t, "ranked")
		before := Rate(ranked, relevant)
		for _, score := range []float64{before.MRR, before.Recall, before.NDCG} {
			if score < 0 || score > 1+1e-9 {
				t.Fatalf("%+v is not within 0 to 1", before)
			}
		}
		at := rapid.IntRange(1, len(ids)-1).Draw(t, "at")
		known := " " + strings.Join(relevant, " ") + " "
		if !strings.Contains(known, " "+ranked[at]+" ") {
			return
		}
		ranked[at-1], ranked[at] = ranked[at], ranked[at-1]
		after := Rate(ranked, relevant)
		if after.MRR < before.MRR || after.Recall < before.Recall || after.NDCG < before.NDCG-1e-9 {
			t.Fatalf("moving a relevant document up to %d: %+v, before %+v", at, after, before)
		}
	})
}
