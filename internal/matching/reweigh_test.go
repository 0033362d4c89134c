package matching

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// simulated makes n verdicts, ten of a demand, by somebody who judges by hidden
// weights of the parts, in the order of PartNames: the higher the sum beside
// cut, the likelier they say fits.
func simulated(seed uint64, n int, hidden []float64, cut float64) []*market.Verdict {
	random := rand.New(rand.NewPCG(seed, 7))
	all := make([]*market.Verdict, n)
	for i := range all {
		v := &market.Verdict{Demand: market.ID(fmt.Sprintf("d%03d", i/10)), State: market.VerdictGiven}
		z := -cut
		for k, code := range market.PartNames {
			points := random.IntN(11)
			v.Parts = append(v.Parts, market.PartShare{Name: code.Code, Points: points, Max: 10})
			z += hidden[k] * float64(points) / 10
		}
		p, u := sigmoid(z), random.Float64()
		switch {
		case u < p*0.85:
			v.Judgement = market.JudgedFits
		case u < p*0.85+0.15:
			v.Judgement = market.JudgedNear
		default:
			v.Judgement = market.JudgedNo
		}
		all[i] = v
	}
	return all
}

// hiddenWeights weighs the text and three other parts; the rest tells nothing.
func hiddenWeights() []float64 {
	hidden := make([]float64, len(market.PartNames))
	hidden[0], hidden[1], hidden[4], hidden[5] = 6, 3, 2, 1
	return hidden
}

func TestLearnsHiddenWeights(t *testing.T) {
	hidden := hiddenWeights()
	p, err := propose(simulated(1, 6000, hidden, 6), market.DefaultWeighting())
	if err != nil {
		t.Fatal(err)
	}
	sum, total := 0, 0.0
	for _, w := range hidden {
		total += w
	}
	for i, w := range p.Parts {
		sum += w.Max
		want := hidden[i] / total * 100
		if math.Abs(float64(w.Max)-want) > 6 {
			t.Errorf("%s weighs %d, hidden %.0f", w.Part, w.Max, want)
		}
		if hidden[i] == 0 && w.Max > 3 {
			t.Errorf("%s tells nothing and weighs %d", w.Part, w.Max)
		}
	}
	if sum != market.WholeScore || p.Verdicts != 6000 || p.Demands != 600 {
		t.Errorf("weights add up to %d, of %d verdicts on %d demands", sum, p.Verdicts, p.Demands)
	}
	for _, c := range p.Figures {
		if c.Gain.Mean <= 0 || c.Gain.Low > c.Gain.Mean || c.Gain.High < c.Gain.Mean || c.Before.Low > c.Before.Mean || c.After.High < c.After.Mean {
			t.Errorf("%s: %+v", c.Name, c)
		}
	}
	if auc := p.Figures[1]; auc.After.Mean < 0.8 || auc.Gain.Low <= 0 {
		t.Errorf("AUC %+v, want 0.8 at least and better than before", auc)
	}
}

// TestTwoHundredIsEnough has the fewest verdicts there may be.
func TestTwoHundredIsEnough(t *testing.T) {
	for seed := range uint64(5) {
		p, err := propose(simulated(seed, market.LeastVerdicts, hiddenWeights(), 6), market.DefaultWeighting())
		if err != nil {
			t.Fatal(err)
		}
		if w := p.Parts[0]; w.Max < 25 {
			t.Errorf("seed %d: the text, half of what was judged by, weighs %d", seed, w.Max)
		}
	}
}

func TestSameVerdictsSameProposal(t *testing.T) {
	all := simulated(3, 400, hiddenWeights(), 6)
	one, err := propose(all, market.DefaultWeighting())
	if err != nil {
		t.Fatal(err)
	}
	two, err := propose(all, market.DefaultWeighting())
	if err != nil || !slices.Equal(one.Parts, two.Parts) || !slices.Equal(one.Figures, two.Figures) {
		t.Errorf("%+v, then %+v, %v", one, two, err)
	}
}

func TestDegenerateVerdicts(t *testing.T) {
	with := func(change func(i int, v *market.Verdict)) []*market.Verdict {
		all := simulated(2, 300, hiddenWeights(), 6)
		for i, v := range all {
			change(i, v)
		}
		return all
	}
	tests := []struct {
		name string
		all  []*market.Verdict
		code string // of the refusal; empty = a proposal
	}{
		{"none", nil, "too_few_verdicts"},
		{"one too few", simulated(1, market.LeastVerdicts-1, hiddenWeights(), 6), "too_few_verdicts"},
		{"all fit", with(func(_ int, v *market.Verdict) { v.Judgement = market.JudgedFits }), "one_kind"},
		{"none fits", with(func(_ int, v *market.Verdict) { v.Judgement = market.JudgedNo }), "one_kind"},
		{"all near", with(func(_ int, v *market.Verdict) { v.Judgement = market.JudgedNear }), "one_kind"},
		{"one demand", with(func(_ int, v *market.Verdict) { v.Demand = "d" }), "too_few_demands"},
		{"retracted", with(func(_ int, v *market.Verdict) { v.State = market.VerdictRetracted }), "too_few_verdicts"},
		{"without parts", with(func(_ int, v *market.Verdict) { v.Parts = nil }), "too_few_verdicts"},
		{"parts of nothing", with(func(_ int, v *market.Verdict) { v.Parts[3].Max = 0 }), "too_few_verdicts"},
		{"more points than there are", with(func(_ int, v *market.Verdict) { v.Parts[3].Points = 11 }), "too_few_verdicts"},
		{"fewer points than none", with(func(_ int, v *market.Verdict) { v.Parts[3].Points = math.MinInt }), "too_few_verdicts"},
		{"all parts the same", with(func(i int, v *market.Verdict) {
			for k := range v.Parts {
				v.Parts[k].Points = 5
			}
			v.Judgement = []market.Judgement{market.JudgedFits, market.JudgedNo}[i%2]
		}), "nothing_tells"},
		{"the better the worse", with(func(i int, v *market.Verdict) {
			v.Judgement = []market.Judgement{market.JudgedFits, market.JudgedNo}[i%2]
			for k := range v.Parts {
				v.Parts[k].Points = 10 * (i % 2)
			}
		}), "nothing_tells"},
		{"told apart wholly", with(func(i int, v *market.Verdict) {
			v.Judgement = []market.Judgement{market.JudgedNo, market.JudgedFits}[i%2]
			v.Parts[0].Points = 10 * (i % 2)
		}), ""},
		{"one part never scored", with(func(_ int, v *market.Verdict) { v.Parts = v.Parts[:len(v.Parts)-1] }), ""},
		{"one part scored now and then", with(func(i int, v *market.Verdict) { v.Parts = v.Parts[i%2:] }), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, err := propose(tt.all, market.DefaultWeighting())
			var e *market.Error
			if tt.code != "" {
				if !errors.As(err, &e) || e.Code != tt.code || e.Kind != market.Conflict {
					t.Fatalf("propose = %+v, %v, want %s", p, err, tt.code)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkProposal(t, p)
		})
	}
}

// checkProposal fails unless a proposal can be put in force and shown.
func checkProposal(t interface{ Fatalf(string, ...any) }, p *market.Proposal) {
	if err := (&market.Weighting{Parts: slices.Clone(p.Parts)}).Check(); err != nil {
		t.Fatalf("weights %+v: %v", p.Parts, err)
	}
	for _, c := range p.Figures {
		for _, e := range []market.Estimate{c.Before, c.After, c.Gain} {
			for _, x := range []float64{e.Mean, e.Low, e.High} {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Fatalf("%s: %+v", c.Name, c)
				}
			}
		}
	}
}

// TestProposeHolds gives it verdicts of any kind: it answers or refuses.
func TestProposeHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(195, 230).Draw(t, "verdicts")
		demands := rapid.IntRange(1, 40).Draw(t, "demands")
		highest := rapid.IntRange(0, 12).Draw(t, "points")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		all := make([]*market.Verdict, n)
		for i := range all {
			all[i] = &market.Verdict{Demand: market.ID(fmt.Sprint(random.IntN(demands))), State: market.VerdictGiven,
				Judgement: market.Judgement(market.Judgements[random.IntN(3)].Code)}
			for _, code := range market.PartNames {
				if random.IntN(4) > 0 {
					all[i].Parts = append(all[i].Parts, market.PartShare{Name: code.Code, Points: random.IntN(highest + 1), Max: 12})
				}
			}
		}
		p, err := propose(all, market.DefaultWeighting())
		if err == nil {
			checkProposal(t, p)
		} else if !market.Is(err, market.Conflict) {
			t.Fatalf("propose = %v", err)
		}
	})
}

func TestWhole(t *testing.T) {
	tests := []struct {
		name    string
		weights []float64
		want    []int // nil = refused
	}{
		{"thirds", []float64{1, 1, 1, 0, 0, 0, 0, 0, 0, 0}, []int{34, 33, 33, 0, 0, 0, 0, 0, 0, 0}},
		{"no text", []float64{0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, []int{1, 99, 0, 0, 0, 0, 0, 0, 0, 0}},
		{"nothing", make([]float64, 10), nil},
		{"not a number", []float64{math.NaN(), 1, 0, 0, 0, 0, 0, 0, 0, 0}, nil},
		{"endless", []float64{math.Inf(1), 1, 0, 0, 0, 0, 0, 0, 0, 0}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			parts, ok := whole(tt.weights)
			var got []int
			for _, w := range parts {
				got = append(got, w.Max)
			}
			if ok != (tt.want != nil) || !slices.Equal(got, tt.want) {
				t.Errorf("whole = %v, %v, want %v", got, ok, tt.want)
			}
		})
	}
}

// TestGradient compares the slope of the loss with its differences.
func TestGradient(t *testing.T) {
	samples := filled(samplesOf(simulated(4, 200, hiddenWeights(), 6)))
	x := make([]float64, len(market.PartNames)+1)
	for i := range x {
		x[i] = 0.3 + 0.1*float64(i)
	}
	grad := make([]float64, len(x))
	loss(samples, x, grad)
	for i := range x {
		const step = 1e-6
		up, down := slices.Clone(x), slices.Clone(x)
		up[i], down[i] = x[i]+step, x[i]-step
		if want := (loss(samples, up, nil) - loss(samples, down, nil)) / (2 * step); math.Abs(grad[i]-want) > 1e-6 {
			t.Errorf("slope %d is %g, differences say %g", i, grad[i], want)
		}
	}
}

func TestAUC(t *testing.T) {
	say := func(j judged) opinion { return j.before }
	measure := func(chances []float64, gains []float64) float64 {
		all := make([]judged, len(chances))
		weights := make([]float64, len(chances))
		for i := range all {
			all[i] = judged{sample: sample{gain: gains[i]}, before: opinion{chance: chances[i]}}
			weights[i] = 1
		}
		got, _ := aucOf(all, byChance(all, say), say)(weights)
		return got
	}
	tests := []struct {
		name           string
		chances, gains []float64
		want           float64
	}{
		{"right", []float64{0.9, 0.8, 0.2, 0.1}, []float64{2, 2, 0, 0}, 1},
		{"wrong", []float64{0.1, 0.9}, []float64{2, 0}, 0},
		{"ties", []float64{0.5, 0.5, 0.5}, []float64{2, 0, 0}, 0.5},
		{"near left out", []float64{0.9, 0.95, 0.1}, []float64{2, 1, 0}, 1},
		{"one pair of two", []float64{0.5, 0.6, 0.4}, []float64{2, 0, 0}, 0.5},
		{"one kind", []float64{0.5, 0.6}, []float64{2, 2}, 0.5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := measure(tt.chances, tt.gains); math.Abs(got-tt.want) > 1e-12 {
				t.Errorf("AUC = %v, want %v", got, tt.want)
			}
		})
	}
}
