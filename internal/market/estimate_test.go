package market

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestNDCG(t *testing.T) {
	second := 1 / math.Log2(3)
	tests := []struct {
		name       string
		gains, all []float64
		k          int
		want       float64
	}{
		{"best order", []float64{2, 1, 0}, []float64{0, 1, 2}, 10, 1},
		{"one too low", []float64{0, 2}, []float64{0, 2}, 10, second},
		{"graded", []float64{1, 2}, []float64{1, 2}, 10, (1 + 2*second) / (2 + second)},
		{"a fit that was not ranked", []float64{1}, []float64{1, 2}, 10, 1 / (2 + second)},
		{"behind the cut", []float64{0, 2}, []float64{0, 2}, 1, 0},
		{"nothing fits", []float64{0, 0}, []float64{0, 0}, 10, 0},
		{"nothing judged", nil, nil, 10, 0},
		{"nothing ranked", nil, []float64{2}, 10, 0},
		{"no depth", []float64{2}, []float64{2}, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := NDCG(tt.gains, tt.all, tt.k); math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("NDCG = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestNDCGHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gains := rapid.SliceOf(rapid.SampledFrom([]float64{0, 1, 2})).Draw(t, "gains")
		if got := NDCG(gains, gains, rapid.IntRange(0, 20).Draw(t, "k")); got < 0 || got > 1+1e-12 {
			t.Fatalf("NDCG = %v", got)
		}
	})
}
