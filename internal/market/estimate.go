package market

import (
	"cmp"
	"math"
	"slices"
)

// Estimate is a figure measured on a sample, with its 95 % interval.
type Estimate struct {
	Mean float64 `bson:"mean" json:"mean"`
	Low  float64 `bson:"low" json:"low"`
	High float64 `bson:"high" json:"high"`
}

// NDCG rates a ranking of judged things: gains are those of the ranked ones,
// best ranked first, all those of everything judged, in any order. It is the
// gain of the first k, less the later they come (1/log₂(rank+1)), as a share of
// the best order there could be: 0 to 1, and 0 when nothing judged is worth
// anything.
func NDCG(gains, all []float64, k int) float64 {
	best := slices.SortedFunc(slices.Values(all), func(a, b float64) int { return cmp.Compare(b, a) })
	most := discounted(best, k)
	if most <= 0 {
		return 0
	}
	return discounted(gains, k) / most
}

func discounted(gains []float64, k int) float64 {
	sum := 0.0
	for i, gain := range gains[:min(len(gains), max(k, 0))] {
		sum += gain / math.Log2(float64(i)+2)
	}
	return sum
}
