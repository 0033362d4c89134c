package matching

import (
	"cmp"
	"math"
	"slices"

	"jishi/internal/market"
)

// lossOf measures the mean cross-entropy of the chances: how surprised a
// weighting is by what people said. Lower is better.
func lossOf(all []judged, say func(judged) opinion) func([]float64) (float64, bool) {
	const least = 1e-9
	losses := make([]float64, len(all))
	for i, j := range all {
		p, target := min(max(say(j).chance, least), 1-least), j.gain/2
		losses[i] = -target*math.Log(p) - (1-target)*math.Log(1-p)
	}
	return func(weights []float64) (float64, bool) {
		sum, n := 0.0, 0.0
		for i, w := range weights {
			sum, n = sum+w*losses[i], n+w
		}
		return sum / max(n, 1), n > 0
	}
}

// byChance is the places of the samples, least likely first.
func byChance(all []judged, say func(judged) opinion) []int {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(say(all[a]).chance, say(all[b]).chance) })
	return order
}

// aucOf measures how often a pair that fits is more likely than one that does
// not, ties counting half; pairs judged near are left out.
func aucOf(all []judged, order []int, say func(judged) opinion) func([]float64) (float64, bool) {
	return func(weights []float64) (float64, bool) {
		below, wins, fits := 0.0, 0.0, 0.0
		for i := 0; i < len(order); {
			chance, yes, no := say(all[order[i]]).chance, 0.0, 0.0
			for ; i < len(order) && say(all[order[i]]).chance == chance; i++ {
				switch at := order[i]; all[at].gain {
				case 2:
					yes += weights[at]
				case 0:
					no += weights[at]
				}
			}
			wins, fits, below = wins+yes*(below+no/2), fits+yes, below+no
		}
		if fits == 0 || below == 0 {
			return 0.5, false
		}
		return wins / (fits * below), true
	}
}

// ndcgOf measures the mean nDCG of the judged lists of demands that have
// something to tell: two at least, not all judged alike.
func ndcgOf(all []judged, groups [][]int, say func(judged) opinion) func([]float64) (float64, bool) {
	values := make(map[int]float64) // by the first place of a group
	for _, group := range groups {
		ranked := slices.Clone(group)
		slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(say(all[b]).score, say(all[a]).score) })
		gains, least, most := make([]float64, len(ranked)), 2.0, 0.0
		for i, at := range ranked {
			gains[i] = all[at].gain
			least, most = min(least, gains[i]), max(most, gains[i])
		}
		if least < most {
			values[group[0]] = market.NDCG(gains, gains, depth)
		}
	}
	places := make([]int, 0, len(values))
	for at := range values {
		places = append(places, at)
	}
	slices.Sort(places) // sums come out the same each time
	return func(weights []float64) (float64, bool) {
		sum, n := 0.0, 0.0
		for _, at := range places {
			sum, n = sum+weights[at]*values[at], n+weights[at]
		}
		return sum / max(n, 1), n > 0
	}
}
