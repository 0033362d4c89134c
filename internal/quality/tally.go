package quality

import (
	"cmp"
	"slices"

	"jishi/internal/market"
)

// tally gathers the figures of demands, one value a demand.
type tally struct {
	judgements                  int
	precision, ndcg             []float64 // of lists with a judged pair
	covered, shareOfListsJudged []float64 // of sampled demands; of those with suggestions
}

func newTally() *tally { return &tally{} }

// near is what pairs are worth that fit in part; worth more, they fit.
const near = 1.0

// add counts one demand: its suggestions, best first, and what was said of its
// pairs, suggested or not. Suggestions nobody judged are neither right nor
// wrong: rankings are rated on the judged ones, in their order.
func (t *tally) add(ranked []market.ID, said gains, sampled bool) {
	t.judgements += len(said)
	var worth []float64
	for _, id := range ranked {
		if gain, judged := said[id]; judged {
			worth = append(worth, gain)
		}
	}
	if len(worth) > 0 {
		t.precision = append(t.precision, precision(worth))
	}
	// A pair that was judged good and is not suggested counts against the
	// ranking, even where nothing at all is.
	if all := values(said); len(worth) > 0 || len(all) > 0 && all[len(all)-1] > 0 {
		t.ndcg = append(t.ndcg, market.NDCG(worth, all, listLength))
	}
	if !sampled {
		return
	}
	covered := 0.0
	if len(ranked) > 0 {
		covered = 1
		t.shareOfListsJudged = append(t.shareOfListsJudged, float64(len(worth))/float64(len(ranked)))
	}
	t.covered = append(t.covered, covered)
}

// precision is the share of the first judged ones that fit.
func precision(worth []float64) float64 {
	top, fits := worth[:min(len(worth), topLength)], 0
	for _, gain := range top {
		if gain > near {
			fits++
		}
	}
	return float64(fits) / float64(len(top))
}

func values(said gains) []float64 {
	all := make([]float64, 0, len(said))
	for _, gain := range said {
		all = append(all, gain)
	}
	slices.SortFunc(all, cmp.Compare[float64]) // sums come out the same each time
	return all
}

// rates is the figures with their intervals.
func (t *tally) rates(interval func([]float64) market.Estimate) market.QualityRates {
	of := func(values []float64) market.Estimate {
		if len(values) == 0 {
			return market.Estimate{}
		}
		return interval(values)
	}
	return market.QualityRates{
		Judgements: t.judgements, Lists: len(t.precision), Graded: len(t.ndcg), P5: of(t.precision), NDCG10: of(t.ndcg),
		Demands: len(t.covered), Coverage: of(t.covered), Suggested: len(t.shareOfListsJudged), Judged: of(t.shareOfListsJudged),
	}
}
