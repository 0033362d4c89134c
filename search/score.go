package search

import (
	"context"

	"jishi/internal/market"
	"jishi/search/analysis"
	"jishi/search/match"
)

// Score fills in the score, parts and evidence of pairs, of which Demand and
// Achievement are set, by package match with the rarity of terms in this
// index. The order stays. Errors are those of Find.
func (ix *Index) Score(ctx context.Context, pairs []market.Match) ([]market.Match, error) {
	rarity := map[string]float64{}
	var terms []string
	seen := map[market.ID]bool{}
	for _, pair := range pairs {
		if seen[pair.Demand.ID] {
			continue
		}
		seen[pair.Demand.ID] = true
		for _, term := range analysis.Terms(match.DemandText(pair.Demand)) {
			if _, ok := rarity[term.Text]; !ok {
				rarity[term.Text] = 0
				terms = append(terms, term.Text)
			}
		}
	}
	values, err := ix.Rarity(ctx, market.KindAchievement, terms)
	if err != nil {
		return nil, err
	}
	for i, term := range terms {
		rarity[term] = values[i]
	}
	scored := make([]market.Match, len(pairs))
	for i, pair := range pairs {
		if ctx.Err() != nil {
			return nil, searchError(ctx.Err())
		}
		scored[i] = match.Score(pair.Demand, pair.Achievement, func(term string) float64 { return rarity[term] })
	}
	return scored, nil
}
