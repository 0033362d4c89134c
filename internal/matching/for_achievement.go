package matching

import (
	"context"

	"jishi/internal/market"
)

// ForAchievement returns the published demands that an achievement fits, best
// first; limit 0 is ten. The achievement itself is left out of the matches.
// NotFound when there is no such achievement, Denied when the actor may not
// know of it.
func (s *Service) ForAchievement(ctx context.Context, by market.Actor, id market.ID, limit int) ([]market.Match, error) {
	achievement, err := s.achievements.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := readable(by, &achievement.Listing); err != nil {
		return nil, err
	}
	found, err := s.index.Candidates(ctx, words(&achievement.Listing, achievement.Benefit), market.KindDemand, candidates)
	if err != nil {
		return nil, err
	}
	demands, err := s.demands.GetMany(ctx, ids(found))
	if err != nil {
		return nil, err
	}
	var pairs []market.Match
	for _, d := range demands {
		if d.Public() {
			pairs = append(pairs, market.Match{Demand: d.Masked(false, market.Hidden), Achievement: achievement})
		}
	}
	matches, err := s.best(ctx, pairs, limit)
	for i := range matches {
		matches[i].Achievement = nil
	}
	return matches, err
}
