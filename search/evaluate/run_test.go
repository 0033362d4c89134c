package evaluate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

func fixed(ids ...string) System {
	return func(context.Context, string) ([]string, error) { return ids, nil }
}

func TestRun(t *testing.T) {
	queries := []Query{{Text: "一", Relevant: []string{"a"}}, {Text: "二", Relevant: []string{"b"}}}
	records, err := Run(t.Context(), queries, fixed("a", "b"), fixed("b"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ mrr, recall float64 }{{0.75, 1}, {0.5, 0.5}} {
		m := records[i].Measures()
		if m.MRR.Mean != want.mrr || m.Recall.Mean != want.recall || len(records[i].Took) != len(queries) {
			t.Errorf("system %d: %+v of %d queries, want MRR %v, recall %v", i, m, len(records[i].Took), want.mrr, want.recall)
		}
	}
	lead, back := records[0].Lead(records[1]), records[1].Lead(records[0])
	if lead.MRR.Mean != 0.25 || back.MRR.Mean != -0.25 || lead.Recall.Mean != 0.5 {
		t.Errorf("lead %+v, the other way round %+v", lead, back)
	}
}

// TestRunTakesTurns asks that each system goes first for every other query.
func TestRunTakesTurns(t *testing.T) {
	var order []string
	note := func(name string) System {
		return func(_ context.Context, text string) ([]string, error) {
			order = append(order, name+text)
			return nil, nil
		}
	}
	queries := []Query{{Text: "1", Relevant: []string{"a"}}, {Text: "2", Relevant: []string{"a"}}}
	if _, err := Run(t.Context(), queries, note("x"), note("y")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"x1", "y1", "y2", "x2"}; !slices.Equal(order, want) {
		t.Errorf("asked in the order %v, want %v", order, want)
	}
}

func TestRunStopsAtAnError(t *testing.T) {
	broken := errors.New("away")
	fails := func(context.Context, string) ([]string, error) { return nil, broken }
	if _, err := Run(t.Context(), []Query{{Text: "1", Relevant: []string{"a"}}}, fixed("a"), fails); !errors.Is(err, broken) {
		t.Errorf("Run = %v, want the system's error", err)
	}
}

// TestLeadIsPaired: a system that is always the same bit ahead is ahead
// without doubt, however much the queries differ.
func TestLeadIsPaired(t *testing.T) {
	var worse, better Record
	for i := range 100 {
		score := float64(i%10) / 16
		worse.Scores = append(worse.Scores, Scores{NDCG: score})
		better.Scores = append(better.Scores, Scores{NDCG: score + 0.25})
	}
	if got, want := better.Lead(worse).NDCG, (Estimate{0.25, 0.25, 0.25}); got != want {
		t.Errorf("lead = %v, want %v", got, want)
	}
}

func TestPercentile(t *testing.T) {
	tests := []struct {
		n     int
		share float64
		want  time.Duration
	}{
		{1, 0.5, 1}, {1, 0.95, 1}, {2, 0.5, 1}, {3, 0.5, 2}, {100, 0.95, 95}, {101, 0.95, 96}, {100, 1, 100},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%v of %d", tt.share, tt.n), func(t *testing.T) {
			var r Record
			for i := tt.n; i > 0; i-- {
				r.Took = append(r.Took, time.Duration(i))
			}
			if got := r.Percentile(tt.share); got != tt.want || r.Took[0] != time.Duration(tt.n) {
				t.Errorf("Percentile = %d, want %d, and the record as it was", got, tt.want)
			}
		})
	}
}
