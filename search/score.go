package search

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/search/analysis"
	"jishi/search/match"
)

// WeighBy has Score ask current for the weighting in force each time. It is
// called before the index is used by several.
func (ix *Index) WeighBy(current func(context.Context) market.Weighting) { ix.weighting = current }

// Score fills in the score, parts, evidence and requirements of pairs, of
// which Demand and Achievement are set, by package match with the rarity of
// terms in this index and the weighting in force. The order stays. Errors are
// those of Find.
func (ix *Index) Score(ctx context.Context, pairs []market.Match) ([]market.Match, error) {
	weighting := market.DefaultWeighting()
	if ix.weighting != nil {
		weighting = ix.weighting(ctx)
	}
	return ix.ScoreBy(ctx, pairs, weighting)
}

// ScoreBy is Score by a weighting that is not in force.
func (ix *Index) ScoreBy(ctx context.Context, pairs []market.Match, weighting market.Weighting) ([]market.Match, error) {
	rarity, err := ix.rarities(ctx, pairs)
	if err != nil {
		return nil, err
	}
	scale := match.Scale{Rarity: func(term string) float64 { return rarity[term] }, Weighting: weighting, Now: time.Now()}
	near, err := ix.near(ctx, pairs)
	if err != nil {
		return nil, err
	}
	asked, offered := map[*market.Demand]*match.Asked{}, map[*market.Achievement]*match.Offered{}
	scored := make([]market.Match, len(pairs))
	for i, pair := range pairs {
		if ctx.Err() != nil {
			return nil, searchError(ctx.Err())
		}
		if asked[pair.Demand] == nil {
			asked[pair.Demand] = match.Ask(pair.Demand, scale)
		}
		if offered[pair.Achievement] == nil {
			offered[pair.Achievement] = match.Offer(pair.Achievement)
		}
		scored[i] = asked[pair.Demand].ScoreNear(offered[pair.Achievement], near[i])
	}
	return scored, nil
}

// near returns for each pair how near its texts come, by the ranking.
func (ix *Index) near(ctx context.Context, pairs []market.Match) (near []float64, err error) {
	err = ix.read(ctx, func(v *view) error {
		near, err = v.nearnesses(ctx, ix, pairs)
		return err
	})
	return near, err
}

// rarities returns how much each term of the demands tells.
func (ix *Index) rarities(ctx context.Context, pairs []market.Match) (map[string]float64, error) {
	rarity := map[string]float64{}
	var terms []string
	seen := map[*market.Demand]bool{}
	for _, pair := range pairs {
		if seen[pair.Demand] {
			continue
		}
		seen[pair.Demand] = true
		for _, term := range analysis.Terms(match.DemandText(pair.Demand)) {
			if _, ok := rarity[term.Text]; !ok {
				rarity[term.Text] = 0
				terms = append(terms, term.Text)
			}
		}
	}
	values, err := ix.Rarity(ctx, market.KindAchievement, terms)
	for i, value := range values {
		rarity[terms[i]] = value
	}
	return rarity, err
}
