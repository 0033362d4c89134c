package turnover

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"jishi/internal/market"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name        string
		tamper      func(*world)
		differences int
		first       string
	}{
		{"equal", func(*world) {}, 0, ""},
		{"an amount", func(w *world) { w.cube.blocks[0].amounts[1][0]++ }, 8,
			"buyer_division 500155 technology: cube 511 of 3, store 510 of 3"},
		{"a contract twice", func(w *world) {
			_ = w.cube.Apply(ctx, []*market.Contract{registered("ghost", "2025-05-01", "ZX", 8)}, w.cube.position)
		}, 24, "buyer_division 500155 paid: cube 257 of 4, store 255 of 3"},
		{"a contract in another month", func(w *world) {
			_ = w.cube.Apply(ctx, []*market.Contract{at(registered("a", "2025-02-01", "KF", 400), 2)}, w.cube.position)
		}, 6, "month 2025-01 paid: cube 0 of 0, store 100 of 1"},
		{"a contract missed", func(w *world) {
			position := w.cube.position
			w.cube = NewCube()
			_ = w.cube.Apply(ctx, []*market.Contract{registered("a", "2025-01-31", "KF", 400), registered("b", "2025-02-01", "KF", 20)}, position)
		}, 24, "buyer_division 500155 paid: cube 105 of 2, store 255 of 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.insert(t, registered("a", "2025-01-31", "KF", 400), registered("b", "2025-02-01", "KF", 20), registered("c", "2025-02-01", "FW", 600),
				cancelled(registered("d", "2025-02-01", "FW", 5)))
			tt.tamper(w)
			report, err := w.compare(ctx)
			if err != nil || report.Contracts != 3 || report.Equal() != (tt.differences == 0) || len(report.Differences) != tt.differences {
				t.Fatalf("report %+v, %v; want %d differences", report, err, tt.differences)
			}
			if report.Moving {
				t.Error("moving, though nothing changed")
			}
			if tt.differences > 0 {
				d := report.Differences[0]
				got := fmt.Sprintf("%s %s %s: cube %d of %d, store %d of %d", d.Dimension, d.Key, d.Basis, d.Cube, d.CubeCount, d.Store, d.StoreCount)
				if got != tt.first {
					t.Errorf("first difference %s, want %s", got, tt.first)
				}
			}
		})
	}
}

// A difference that only says the follower has not come yet is not final.
func TestCheckWhileContractsChange(t *testing.T) {
	w := newWorld(t)
	w.insert(t, registered("a", "2025-01-31", "KF", 400))
	if err := w.contracts.Insert(ctx, registered("b", "2025-01-31", "KF", 1)); err != nil {
		t.Fatal(err)
	}
	first, err := w.compare(ctx)
	if err != nil || first.Equal() || !first.Moving {
		t.Errorf("behind: %+v, %v", first, err)
	}
	done := make(chan error)
	go func() { done <- w.follower.CatchUp(ctx) }()
	if last, err := w.Check(ctx); err != nil || !last.Equal() || last.Contracts != 2 {
		t.Errorf("caught up: %+v, %v", last, err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err = w.Check(ended)
	wantKind(t, err, market.Unavailable, "")
}

// Figures asked for while the cube is fed are those of some moment between.
func TestTotalWhileFed(t *testing.T) {
	cube := NewCube()
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			docs := []*market.Contract{registered(market.ID(fmt.Sprint("a", i)), "2025-01-01", "KF", 1), registered(market.ID(fmt.Sprint("b", i)), "2025-01-01", "FW", 1)}
			if err := cube.Apply(ctx, docs, fmt.Sprint(i)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			for seen := 0; seen < 400; {
				got, err := cube.Total(ctx, market.TurnoverQuery{By: dims{"type"}})
				if err != nil || got.Count%2 != 0 || int(got.Fen) != got.Count || got.Count < seen {
					t.Errorf("Total = %+v, %v after %d", got, err, seen)
					return
				}
				seen = got.Count
			}
		})
	}
	wg.Wait()
}
