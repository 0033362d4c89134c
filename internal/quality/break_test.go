package quality

import (
	"context"
	"testing"

	"jishi/internal/market"
)

// broken breaks down like an index with a damaged segment.
type broken struct{}

func (broken) Ranked(context.Context, market.ID, int) ([]market.ID, error) { panic("damaged segment") }

// TestMeasureBreaksDown: a measurement that breaks down ends neither the
// program nor the next one.
func TestMeasureBreaksDown(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "FX")
	b.parts.Ranking = broken{}
	if err := b.Measure(t.Context(), admin); err == nil {
		t.Error("broke down without a word")
	}
	if b.Wait(t.Context()); b.Running() {
		t.Error("still running")
	}
	b.parts.Ranking = b
	if q := b.measured(t); q == nil || q.Rates.Judgements != 2 {
		t.Errorf("measured again: %+v", q)
	}
}
