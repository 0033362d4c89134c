package matching

import (
	"context"

	"jishi/internal/market"
)

// ForDemand returns the published achievements that fit a demand, best first;
// limit 0 is ten. The demand itself is left out of the matches. NotFound when
// there is no such demand, Denied when the actor may not know of it.
func (s *Service) ForDemand(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error) {
	demand, err := s.demands.Get(ctx, id)
	if err != nil {
		return market.Answer{}, err
	}
	if err := readable(by, &demand.Listing); err != nil {
		return market.Answer{}, err
	}
	text := words(&demand.Listing, demand.Conditions)
	if code := obstacle(text); code != "" {
		return s.incomparable(ctx, code)
	}
	found, err := s.index.Candidates(ctx, text, market.KindAchievement, Candidates)
	if err != nil {
		return market.Answer{}, err
	}
	achievements, err := s.achievements.GetMany(ctx, ids(found))
	if err != nil {
		return market.Answer{}, err
	}
	var pairs []market.Match
	for _, a := range achievements {
		if a.Public() {
			pairs = append(pairs, market.Match{Demand: demand, Achievement: a.Masked(false, market.Hidden)})
		}
	}
	answer, err := s.answer(ctx, market.KindDemand, pairs, limit)
	for i := range answer.Matches {
		answer.Matches[i].Demand = nil
	}
	if answer.Nearest != nil {
		answer.Nearest.Demand = nil
	}
	return answer, err
}
