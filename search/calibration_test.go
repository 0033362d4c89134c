package search

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/search/evaluate"
)

// TestCalibration scores real demands against their own result, against the
// best other results, and against any; package match chose its constants by
// these figures. Only the text tells them apart: the other parts are unknown.
func TestCalibration(t *testing.T) {
	byID := map[string]*market.Achievement{}
	all := realAchievements(t, false)
	for _, a := range all {
		a.Class, a.Modes, a.Maturity, a.Price = market.Class{}, nil, market.Maturity{}, market.Price{}
		byID[string(a.ID)] = a
	}
	ix := openIndex(t, t.TempDir())
	apply(t, ix, all, "1")
	random := rand.New(rand.NewPCG(1, 2))
	for _, file := range []string{"queries-demand-papers.jsonl", "queries-demand-patents.jsonl"} {
		t.Run(file, func(t *testing.T) {
			var own, near, any []int
			var ndcg, took float64
			n := 0
			for _, q := range realQueries(t, file) {
				right := byID[q.Relevant[0]]
				if right == nil {
					continue
				}
				n++
				d := &market.Demand{Meta: market.Meta{ID: "q"}}
				d.Summary = q.Text
				begin := time.Now()
				ranked := rankedMatches(t, ix, d, byID)
				took += time.Since(begin).Seconds()
				var first []string
				for _, m := range ranked[:min(len(ranked), evaluate.Depth)] {
					first = append(first, string(m.Achievement.ID))
					if m.Achievement != right {
						near = append(near, textPoints(m))
					}
				}
				ndcg += evaluate.Rate(first, q.Relevant).NDCG
				own = append(own, textPoints(scoreOne(t, ix, d, right)))
				any = append(any, textPoints(scoreOne(t, ix, d, all[random.IntN(len(all))])))
			}
			ndcg /= float64(n)
			t.Logf("%d demands, 50 candidates scored and ranked in %.1f ms on average, nDCG@10 %.4f\ntext points, of 50, at p1 p5 p10 p25 p50 p75 p90 p95 p99:\n  own  %s\n  near %s\n  any  %s",
				n, 1000*took/float64(n), ndcg, percentiles(own), percentiles(near), percentiles(any))
			if p := at(own, 0.5); p < 25 {
				t.Errorf("half of the demands get at most %d of 50 points with their own result", p)
			}
			if p := at(any, 0.99); p > 2 {
				t.Errorf("one in a hundred unrelated pairs gets %d points or more", p)
			}
			if ndcg < 0.855 {
				t.Errorf("nDCG@10 after scoring = %.4f, want 0.855 at least", ndcg)
			}
		})
	}
}

func rankedMatches(t *testing.T, ix *Index, d *market.Demand, byID map[string]*market.Achievement) []market.Match {
	t.Helper()
	candidates, err := ix.Candidates(t.Context(), d.Summary, market.KindAchievement, 50)
	if err != nil {
		t.Fatal(err)
	}
	var pairs []market.Match
	for _, c := range candidates {
		pairs = append(pairs, market.Match{Demand: d, Achievement: byID[string(c.ID)]})
	}
	scored, err := ix.Score(t.Context(), pairs)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(scored, func(a, b market.Match) int { return b.Score - a.Score })
	return scored
}

func scoreOne(t *testing.T, ix *Index, d *market.Demand, a *market.Achievement) market.Match {
	t.Helper()
	scored, err := ix.Score(t.Context(), []market.Match{{Demand: d, Achievement: a}})
	if err != nil {
		t.Fatal(err)
	}
	return scored[0]
}

func textPoints(m market.Match) int { return m.Parts[0].Points }

// at returns the value below which a share of the values lies.
func at(values []int, share float64) int {
	slices.Sort(values)
	return values[int(share*float64(len(values)-1))]
}

func percentiles(values []int) string {
	s := ""
	for _, share := range []float64{0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99} {
		s += fmt.Sprintf("%3d", at(values, share))
	}
	return s
}
