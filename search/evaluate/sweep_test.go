package evaluate

import (
	"context"
	"errors"
	"testing"
)

// hill is highest at (3, 10).
func hill(_ context.Context, at []float64) (float64, error) {
	x, y := at[0]-3, at[1]-10
	return 100 - x*x - y*y/10, nil
}

func TestSweepClimbs(t *testing.T) {
	knobs := []Knob{{"x", []float64{1, 2, 3, 4}}, {"y", []float64{0, 10, 20}}}
	tests := []struct {
		name   string
		start  []float64
		margin float64
		want   []float64
	}{
		{"to the top", []float64{1, 0}, 0, []float64{3, 10}},
		{"stays there", []float64{3, 10}, 0, []float64{3, 10}},
		{"a start beside the values", []float64{3.2, 10}, 0, []float64{3, 10}},
		{"not for less than the margin", []float64{3.2, 10}, 0.1, []float64{3.2, 10}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			trials, err := Sweep(t.Context(), knobs, tt.start, tt.margin, 5, hill)
			if err != nil {
				t.Fatal(err)
			}
			picked := trials[0]
			for i, trial := range trials {
				if trial.Taken {
					picked = trial
				}
				for _, other := range trials[:i] {
					if same(trial.Setting, other.Setting) {
						t.Errorf("%v was rated twice", trial.Setting)
					}
				}
			}
			if !same(picked.Setting, tt.want) {
				t.Errorf("picked %v of %d trials, want %v", picked.Setting, len(trials), tt.want)
			}
		})
	}
}

func TestSweepStopsAtAnError(t *testing.T) {
	broken := errors.New("broken")
	calls := 0
	_, err := Sweep(t.Context(), []Knob{{"x", []float64{1, 2}}}, []float64{0}, 0, 3, func(context.Context, []float64) (float64, error) {
		if calls++; calls == 2 {
			return 0, broken
		}
		return 1, nil
	})
	if !errors.Is(err, broken) || calls != 2 {
		t.Errorf("%v after %d calls, want the error at the second", err, calls)
	}
}

func TestHalves(t *testing.T) {
	development, heldOut := Halves([]Query{{ID: "1"}, {ID: "2"}, {ID: "3"}})
	if len(development) != 2 || development[1].ID != "3" || len(heldOut) != 1 || heldOut[0].ID != "2" {
		t.Errorf("%v and %v", development, heldOut)
	}
}
