package matching

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"

	"jishi/internal/market"
)

// sample is one verdict as a regression reads it.
type sample struct {
	demand market.ID
	shares []float64 // 0–1 of each part, in the order of PartNames; NaN = the part was not scored
	gain   float64   // 0–2
}

// samplesOf reads verdicts; those without parts, or with parts that make no
// sense, are left out.
func samplesOf(verdicts []*market.Verdict) []sample {
	var all []sample
	for _, v := range verdicts {
		if one, ok := sampleOf(v); ok {
			all = append(all, one)
		}
	}
	return all
}

func sampleOf(v *market.Verdict) (sample, bool) {
	one := sample{demand: v.Demand, shares: make([]float64, len(market.PartNames)), gain: v.Judgement.Gain()}
	if v.State != market.VerdictGiven || !market.Judgements.Has(string(v.Judgement)) {
		return one, false
	}
	found := false
	for i, code := range market.PartNames {
		one.shares[i] = math.NaN()
		for _, part := range v.Parts {
			if part.Name != code.Code {
				continue
			}
			if part.Max <= 0 || part.Points < 0 || part.Points > part.Max {
				return one, false
			}
			one.shares[i], found = float64(part.Points)/float64(part.Max), true
		}
	}
	return one, found
}

// filled returns the samples with what was not scored put at the mean of its
// part, so that it speaks neither for nor against.
func filled(samples []sample) []sample {
	list := slices.Clone(samples)
	for part := range market.PartNames {
		sum, n := 0.0, 0
		for _, s := range samples {
			if !math.IsNaN(s.shares[part]) {
				sum, n = sum+s.shares[part], n+1
			}
		}
		mean := sum / float64(max(n, 1))
		for i, s := range list {
			if math.IsNaN(s.shares[part]) {
				list[i].shares = slices.Clone(s.shares)
				list[i].shares[part] = mean
			}
		}
	}
	return list
}

// ridge is how strongly weights are held near nothing, per sample: that of a
// prior of unit variance.
const ridge = 0.5

// learn returns the weights of parts, none negative, of the logistic regression
// of the gains on the shares with an L2 penalty. Weights are squares of what is
// searched, which keeps them from becoming negative. It reports false when no
// finite optimum was found.
func learn(samples []sample) ([]float64, bool) {
	k := len(market.PartNames)
	problem := optimize.Problem{
		Func: func(x []float64) float64 { return loss(samples, x, nil) },
		Grad: func(grad, x []float64) { loss(samples, x, grad) },
	}
	start := make([]float64, k+1)
	for i := range k {
		start[i] = 1
	}
	settings := &optimize.Settings{MajorIterations: 300, GradientThreshold: 1e-6}
	result, err := optimize.Minimize(problem, start, settings, &optimize.LBFGS{})
	if result == nil || err != nil && len(result.X) != k+1 {
		return nil, false
	}
	weights := make([]float64, k)
	for i := range weights {
		weights[i] = result.X[i] * result.X[i]
		if math.IsNaN(weights[i]) || math.IsInf(weights[i], 0) {
			return nil, false
		}
	}
	return weights, true
}

// loss is the mean cross-entropy with its penalty at x, roots of the weights
// followed by the offset; it fills in the gradient unless that is nil.
func loss(samples []sample, x, grad []float64) float64 {
	k, n := len(x)-1, float64(len(samples))
	slope := make([]float64, k+1)
	total := 0.0
	for _, s := range samples {
		z := x[k]
		for i := range k {
			z += x[i] * x[i] * s.shares[i]
		}
		target := s.gain / 2
		total += softplus(z) - target*z
		off := sigmoid(z) - target
		for i := range k {
			slope[i] += off * s.shares[i]
		}
		slope[k] += off
	}
	total /= n
	for i := range k {
		w := x[i] * x[i]
		total += ridge / n * w * w
		if grad != nil {
			grad[i] = (slope[i]/n + 2*ridge/n*w) * 2 * x[i]
		}
	}
	if grad != nil {
		grad[k] = slope[k] / n
	}
	return total
}

func sigmoid(z float64) float64 {
	if z >= 0 {
		return 1 / (1 + math.Exp(-z))
	}
	e := math.Exp(z)
	return e / (1 + e)
}

// softplus is log(1+exp(z)) without overflow.
func softplus(z float64) float64 { return max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) }

// faint is the sum of weights below which no part tells fits from misfits.
const faint = 1e-3

// whole turns weights into whole points that add up to WholeScore, by largest
// remainders; the text keeps one at least, for without it the other parts only
// say that a deal would be possible. It reports false when nothing weighs.
func whole(weights []float64) ([]market.Weight, bool) {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	if !(sum > faint) || math.IsInf(sum, 0) {
		return nil, false
	}
	type rest struct {
		part int
		left float64
	}
	parts, rests, given := make([]market.Weight, len(weights)), make([]rest, len(weights)), 0
	for i, w := range weights {
		exact := w / sum * market.WholeScore
		parts[i] = market.Weight{Part: market.PartNames[i].Code, Max: int(exact)}
		rests[i], given = rest{i, exact - math.Floor(exact)}, given+int(exact)
	}
	slices.SortStableFunc(rests, func(a, b rest) int { return cmp.Compare(b.left, a.left) })
	for i := 0; given < market.WholeScore; i++ {
		parts[rests[i%len(rests)].part].Max++
		given++
	}
	if parts[0].Max == 0 {
		most := slices.IndexFunc(parts, func(w market.Weight) bool { return w.Max == largest(parts) })
		parts[most].Max--
		parts[0].Max = 1
	}
	return parts, true
}

func largest(parts []market.Weight) int {
	most := 0
	for _, w := range parts {
		most = max(most, w.Max)
	}
	return most
}

// scoreBy returns the score of a sample under weights, 0–1.
func scoreBy(parts []market.Weight, s sample) float64 {
	score := 0.0
	for i, w := range parts {
		score += float64(w.Max) / market.WholeScore * s.shares[i]
	}
	return score
}
