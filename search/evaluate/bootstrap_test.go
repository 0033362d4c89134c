package evaluate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestBootstrapHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 60).Draw(t, "values")
		got := Bootstrap(values)
		const slack = 1e-9 // sums in another order
		if got.Low > got.Mean+slack || got.High < got.Mean-slack {
			t.Fatalf("mean %v is outside of %v to %v", got.Mean, got.Low, got.High)
		}
		least, most := values[0], values[0]
		for _, v := range values {
			least, most = min(least, v), max(most, v)
		}
		if got.Low < least-slack || got.High > most+slack {
			t.Fatalf("interval %v to %v exceeds the values, %v to %v", got.Low, got.High, least, most)
		}
		if again := Bootstrap(values); again != got {
			t.Fatalf("Bootstrap = %v, then %v", got, again)
		}
	})
}

func TestBootstrapOfEqualValues(t *testing.T) {
	if got, want := Bootstrap([]float64{0.5, 0.5, 0.5}), (Estimate{0.5, 0.5, 0.5}); got != want {
		t.Errorf("Bootstrap = %v, want %v", got, want)
	}
}

// TestBootstrapAgreesWithTheory compares with the normal interval of a share:
// half of n answers right, ± 1.96 · √(¼ / n).
func TestBootstrapAgreesWithTheory(t *testing.T) {
	before := math.Inf(1)
	for _, n := range []int{100, 400, 1600} {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(i % 2)
		}
		got := Bootstrap(values)
		width, want := got.High-got.Low, 2*1.96*math.Sqrt(0.25/float64(n))
		if math.Abs(width-want) > 0.15*want {
			t.Errorf("%d values: interval %.4f wide, want about %.4f", n, width, want)
		}
		if width >= before {
			t.Errorf("%d values: interval %.4f wide, not narrower than %.4f of a quarter as many", n, width, before)
		}
		before = width
	}
}
