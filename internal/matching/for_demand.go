package matching

import (
	"context"

	"jishi/internal/market"
)

// ForDemand returns the published achievements that fit a demand, best first;
// limit 0 is ten. The demand itself is left out of the matches. NotFound when
// there is no such demand, Denied when the actor may not know of it.
func (s *Service) ForDemand(ctx context.Context, by market.Actor, id market.ID, limit int) ([]market.Match, error) {
	demand, err := s.demands.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := readable(by, &demand.Listing); err != nil {
		return nil, err
	}
	found, err := s.index.Candidates(ctx, words(&demand.Listing, demand.Conditions), market.KindAchievement, candidates)
	if err != nil {
		return nil, err
	}
	achievements, err := s.achievements.GetMany(ctx, ids(found))
	if err != nil {
		return nil, err
	}
	var pairs []market.Match
	for _, a := range achievements {
		if a.Public() {
			pairs = append(pairs, market.Match{Demand: demand, Achievement: a.Masked(false, market.Hidden)})
		}
	}
	matches, err := s.best(ctx, pairs, limit)
	for i := range matches {
		matches[i].Demand = nil
	}
	return matches, err
}
