package evaluate

import "context"

// Knob is a number a system depends on and the values to try for it,
// ascending.
type Knob struct {
	Name   string
	Values []float64
}

// Trial is one setting of all knobs with what it scored.
type Trial struct {
	Knob    int       // the one that was turned; −1 = the start
	Setting []float64 // by knob
	Score   float64
	Taken   bool // it was the best so far and the next trials start from it
}

// Sweep turns one knob after the other, the others left as they are, and keeps
// a value when it scores more than margin above what was best so far, until a
// whole round changes nothing or the rounds are used up. It returns the trials
// in order; the last one taken is the pick. No setting is rated twice. The
// order of knobs matters little unless they act on each other; what is found
// is a best among neighbours, not of all.
func Sweep(ctx context.Context, knobs []Knob, start []float64, margin float64, rounds int, rate func(context.Context, []float64) (float64, error)) ([]Trial, error) {
	score, err := rate(ctx, start)
	if err != nil {
		return nil, err
	}
	best := Trial{Knob: -1, Setting: start, Score: score, Taken: true}
	s := sweep{rate: rate, margin: margin, best: best, trials: []Trial{best}}
	for range rounds {
		before := len(s.trials)
		taken := s.best
		for i, knob := range knobs {
			if err := s.turn(ctx, i, knob); err != nil {
				return nil, err
			}
		}
		if len(s.trials) == before || same(taken.Setting, s.best.Setting) {
			break
		}
	}
	return s.trials, nil
}

type sweep struct {
	rate   func(context.Context, []float64) (float64, error)
	margin float64
	best   Trial
	trials []Trial
}

// turn tries the values of one knob and takes the best if it is better.
func (s *sweep) turn(ctx context.Context, i int, knob Knob) error {
	best := -1
	for _, value := range knob.Values {
		setting := append([]float64(nil), s.best.Setting...)
		setting[i] = value
		if s.tried(setting) {
			continue
		}
		score, err := s.rate(ctx, setting)
		if err != nil {
			return err
		}
		s.trials = append(s.trials, Trial{Knob: i, Setting: setting, Score: score})
		if score > s.best.Score+s.margin && (best < 0 || score > s.trials[best].Score) {
			best = len(s.trials) - 1
		}
	}
	if best >= 0 {
		s.trials[best].Taken = true
		s.best = s.trials[best]
	}
	return nil
}

func (s *sweep) tried(setting []float64) bool {
	for _, t := range s.trials {
		if same(t.Setting, setting) {
			return true
		}
	}
	return false
}

func same(a, b []float64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// Halves parts queries into those that settings are chosen on, the first,
// third and so on of a file, and those held out to check the choice.
func Halves(queries []Query) (development, heldOut []Query) {
	for i, q := range queries {
		if i%2 == 0 {
			development = append(development, q)
		} else {
			heldOut = append(heldOut, q)
		}
	}
	return development, heldOut
}
