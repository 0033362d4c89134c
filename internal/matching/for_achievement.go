package matching

import (
	"context"

	"jishi/internal/market"
)

// ForAchievement returns the published demands that an achievement fits, best
// first; limit 0 is ten. The achievement itself is left out of the matches.
// NotFound when there is no such achievement, Denied when the actor may not
// know of it.
func (s *Service) ForAchievement(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error) {
	achievement, err := s.achievements.Get(ctx, id)
	if err != nil {
		return market.Answer{}, err
	}
	if err := readable(by, &achievement.Listing); err != nil {
		return market.Answer{}, err
	}
	text := words(&achievement.Listing, achievement.Benefit)
	if code := obstacle(text); code != "" {
		return s.incomparable(ctx, code)
	}
	found, err := s.index.Candidates(ctx, text, market.KindDemand, Candidates)
	if err != nil {
		return market.Answer{}, err
	}
	demands, err := s.demands.GetMany(ctx, ids(found))
	if err != nil {
		return market.Answer{}, err
	}
	var pairs []market.Match
	for _, d := range demands {
		if d.Public() {
			pairs = append(pairs, market.Match{Demand: d.Masked(false, market.Hidden), Achievement: achievement})
		}
	}
	answer, err := s.answer(ctx, market.KindAchievement, pairs, limit)
	for i := range answer.Matches {
		answer.Matches[i].Achievement = nil
	}
	if answer.Nearest != nil {
		answer.Nearest.Achievement = nil
	}
	return answer, err
}
