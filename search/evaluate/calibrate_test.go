package evaluate

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestAt(t *testing.T) {
	guesses := []Guess{
		{0.9, true, true}, {0.8, false, false}, {0.6, true, true}, {0.5, false, true}, {0.1, false, false}, {0, false, false},
	}
	tests := []struct {
		name      string
		threshold float64
		want      Point
	}{
		{"all that is anything", 0, Point{0, 5.0 / 6, 2.0 / 5, 2.0 / 3, 1.0 / 3, 5}},
		{"a little sure", 0.2, Point{0.2, 4.0 / 6, 2.0 / 4, 2.0 / 3, 2.0 / 3, 4}},
		{"just as sure", 0.6, Point{0.6, 3.0 / 6, 2.0 / 3, 2.0 / 3, 2.0 / 3, 3}},
		{"very sure", 0.85, Point{0.85, 1.0 / 6, 1, 1.0 / 3, 1, 1}},
		{"nothing is", 0.95, Point{0.95, 0, 1, 0, 1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := At(guesses, tt.threshold); got != tt.want {
				t.Errorf("At = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestThreshold(t *testing.T) {
	guesses := []Guess{{0.9, true, true}, {0.7, false, true}, {0.5, true, true}, {0.3, false, false}}
	steps := []float64{0.2, 0.4, 0.6, 0.8, 1}
	for precision, want := range map[float64]float64{0.5: 0.2, 0.6: 0.8, 1: 0.8} {
		if got := Threshold(guesses, steps, precision); got != want {
			t.Errorf("precision %v from %v on, want %v: above it no answers may be worse", precision, got, want)
		}
	}
}

// TestAtHolds: a higher threshold answers less and is silent more often, and
// shares are shares.
func TestAtHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		guesses := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Guess {
			g := Guess{Sureness: rapid.Float64Range(0, 1).Draw(t, "sure"), Answerable: rapid.Bool().Draw(t, "answerable")}
			g.Right = g.Answerable && rapid.Bool().Draw(t, "right")
			return g
		})).Draw(t, "guesses")
		low := rapid.Float64Range(0, 1).Draw(t, "low")
		a, b := At(guesses, low), At(guesses, rapid.Float64Range(low, 1).Draw(t, "high"))
		if b.Coverage > a.Coverage || b.Found > a.Found || b.Silent < a.Silent {
			t.Fatalf("%+v, at a higher threshold %+v", a, b)
		}
		for _, share := range []float64{a.Coverage, a.Precision, a.Found, a.Silent} {
			if share < 0 || share > 1 {
				t.Fatalf("%+v has no share", a)
			}
		}
	})
}

func TestWithhold(t *testing.T) {
	var queries []Query
	for i := range 3000 {
		queries = append(queries, Query{Text: "?", Relevant: []string{fmt.Sprint(i), fmt.Sprint(i, "b")}})
	}
	out := Withhold(queries, Withheld)
	if n := len(out) / 2; n < 900 || n > 1100 {
		t.Errorf("the answers of %d of 3,000 queries are withheld, want about 1,000", n)
	}
	if again := Withhold(queries, Withheld); len(again) != len(out) {
		t.Errorf("%d documents, then %d: another draw", len(out), len(again))
	}
	guesses, err := Ask(t.Context(), queries, func(id string) bool { return !out[id] }, func(context.Context, string) (string, float64, error) {
		return "7", 0.5, nil
	})
	if err != nil || len(guesses) != len(queries) || !guesses[7].Right || guesses[8].Right {
		t.Fatalf("Ask = %d guesses, %v", len(guesses), err)
	}
	for i, g := range guesses {
		if g.Answerable == out[fmt.Sprint(i)] {
			t.Fatalf("query %d is answerable: %v, its documents withheld: %v", i, g.Answerable, out[fmt.Sprint(i)])
		}
	}
	away := errors.New("away")
	if _, err := Ask(t.Context(), queries, nil, func(context.Context, string) (string, float64, error) { return "", 0, away }); !errors.Is(err, away) {
		t.Errorf("Ask = %v, want the system's error", err)
	}
}

func TestParity(t *testing.T) {
	all := []int{0, 1, 2, 3, 4}
	if even, odd := Parity(all, false), Parity(all, true); len(even) != 3 || even[2] != 4 || len(odd) != 2 || odd[1] != 3 {
		t.Errorf("even %v, odd %v", even, odd)
	}
}
