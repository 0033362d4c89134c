package matching

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"jishi/internal/market"
)

const (
	folds     = 5    // of the cross-validation
	resamples = 1000 // of the bootstrap
	depth     = 10   // of nDCG
)

// judged is a sample with what two weightings, which did not learn from it,
// say of it.
type judged struct {
	sample
	before, after opinion
}

// opinion is what a weighting says of a sample.
type opinion struct {
	score  float64 // 0–1
	chance float64 // of its fitting, from the score
}

// crossValidate learns weights from four fifths of the demands and judges the
// rest by them, in turn, beside those in force. Samples of one demand stay
// together. It reports false when a part of the samples teaches nothing.
func crossValidate(samples []sample, inForce []market.Weight) ([]judged, bool) {
	fold := foldsOf(samples)
	all := make([]judged, 0, len(samples))
	for k := range folds {
		var train, test []sample
		for _, s := range samples {
			if fold[s.demand] == k {
				test = append(test, s)
			} else {
				train = append(train, s)
			}
		}
		weights, ok := learn(train)
		if !ok {
			return nil, false
		}
		parts, ok := whole(weights)
		if !ok {
			return nil, false
		}
		before, after := calibrate(train, inForce), calibrate(train, parts)
		for _, s := range test {
			all = append(all, judged{s, before(s), after(s)})
		}
	}
	return all, true
}

// foldsOf deals the demands out to the folds, the same way for the same ones.
func foldsOf(samples []sample) map[market.ID]int {
	demands := demandsOf(samples)
	random := rand.New(rand.NewPCG(5, 20))
	random.Shuffle(len(demands), func(i, j int) { demands[i], demands[j] = demands[j], demands[i] })
	fold := make(map[market.ID]int, len(demands))
	for i, d := range demands {
		fold[d] = i % folds
	}
	return fold
}

// demandsOf is the demands of samples, each once, in order.
func demandsOf(samples []sample) []market.ID {
	var demands []market.ID
	for _, s := range samples {
		demands = append(demands, s.demand)
	}
	slices.Sort(demands)
	return slices.Compact(demands)
}

// calibrate returns what parts say of a sample: its score, and the chance that
// a pair of such a score fits, learnt from train by a logistic regression on
// the score alone.
func calibrate(train []sample, parts []market.Weight) func(sample) opinion {
	scores := make([]float64, len(train))
	for i, s := range train {
		scores[i] = scoreBy(parts, s)
	}
	slope, offset := 0.0, 0.0
	for range 50 { // Newton's method on a convex function of two: it is there in ten
		g0, g1, h00, h01, h11 := 0.0, ridge*slope, 1e-9, 0.0, ridge
		for i, s := range train {
			p := sigmoid(offset + slope*scores[i])
			off, curve := p-s.gain/2, p*(1-p)
			g0, g1 = g0+off, g1+off*scores[i]
			h00, h01, h11 = h00+curve, h01+curve*scores[i], h11+curve*scores[i]*scores[i]
		}
		det := h00*h11 - h01*h01
		if det <= 0 {
			break
		}
		offset -= bounded((h11*g0 - h01*g1) / det)
		slope -= bounded((h00*g1 - h01*g0) / det)
	}
	return func(s sample) opinion {
		score := scoreBy(parts, s)
		return opinion{score, sigmoid(offset + slope*score)}
	}
}

// bounded keeps a step from leaping where the function is flat.
func bounded(step float64) float64 { return max(-5, min(5, step)) }

// compareWeightings measures both opinions on the judged samples, with
// intervals over resampled demands.
func compareWeightings(all []judged) []market.Comparison {
	was := func(j judged) opinion { return j.before }
	now := func(j judged) opinion { return j.after }
	groups := groupsOf(all)
	order := [2][]int{byChance(all, was), byChance(all, now)}
	measures := []struct {
		name   string
		better float64 // 1: more is better, -1: less is
		before func([]float64) (float64, bool)
		after  func([]float64) (float64, bool)
	}{
		{"log_loss", -1, lossOf(all, was), lossOf(all, now)},
		{"auc", 1, aucOf(all, order[0], was), aucOf(all, order[1], now)},
		{"ndcg10", 1, ndcgOf(all, groups, was), ndcgOf(all, groups, now)},
	}
	list := make([]market.Comparison, 0, len(measures))
	for _, m := range measures {
		c := market.Comparison{Name: m.name}
		c.Before, c.After, c.Gain = resampled(groups, len(all), m.before, m.after, m.better)
		list = append(list, c)
	}
	return list
}

// groupsOf is the places of the samples of each demand.
func groupsOf(all []judged) [][]int {
	at := map[market.ID][]int{}
	var demands []market.ID
	for i, j := range all {
		if at[j.demand] == nil {
			demands = append(demands, j.demand)
		}
		at[j.demand] = append(at[j.demand], i)
	}
	slices.Sort(demands)
	groups := make([][]int, len(demands))
	for i, d := range demands {
		groups[i] = at[d]
	}
	return groups
}

// resampled measures two figures on the samples as they are and on resamples
// of whole demands; a measure takes how often each sample is there.
func resampled(groups [][]int, n int, before, after func([]float64) (float64, bool), better float64) (b, a, gain market.Estimate) {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1
	}
	b.Mean, _ = before(weights)
	a.Mean, _ = after(weights)
	gain.Mean = better * (a.Mean - b.Mean)
	random := rand.New(rand.NewPCG(1, 2))
	var drawn [3][]float64
	for range resamples {
		clear(weights)
		for range groups {
			for _, i := range groups[random.IntN(len(groups))] {
				weights[i]++
			}
		}
		x, okX := before(weights)
		y, okY := after(weights)
		if okX && okY {
			drawn[0], drawn[1], drawn[2] = append(drawn[0], x), append(drawn[1], y), append(drawn[2], better*(y-x))
		}
	}
	for i, e := range []*market.Estimate{&b, &a, &gain} {
		e.Low, e.High = middle(drawn[i], e.Mean)
	}
	return b, a, gain
}

// middle returns between what the middle 95 % of values lie; mean twice when
// there are too few to tell.
func middle(values []float64, mean float64) (low, high float64) {
	if len(values) < resamples/2 {
		return mean, mean
	}
	slices.SortFunc(values, cmp.Compare[float64])
	out := len(values) / 40
	return values[out], values[len(values)-1-out]
}
