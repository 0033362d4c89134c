package matching

import (
	"context"

	"jishi/internal/market"
)

// Match returns one pair with its score, whatever it is: the card of a match
// that was shared or judged stays readable. Both listings are as everybody sees
// them, and only what everybody sees was compared. NotFound when there is no
// such pair, or the actor may not know of one of the two.
func (s *Service) Match(ctx context.Context, by market.Actor, id market.ID) (*market.Match, error) {
	demandID, achievementID, err := market.SplitPair(id)
	if err != nil {
		return nil, err
	}
	demand, err := s.demands.Get(ctx, demandID)
	if err != nil {
		return nil, err
	}
	achievement, err := s.achievements.Get(ctx, achievementID)
	if err != nil {
		return nil, err
	}
	if readable(by, &demand.Listing) != nil || readable(by, &achievement.Listing) != nil {
		return nil, market.E(market.NotFound, "not_found", "没有找到这一对匹配，可能有一方已撤回。")
	}
	pair := market.Match{Demand: demand.Masked(false, market.Hidden), Achievement: achievement.Masked(false, market.Hidden)}
	scored, err := s.index.Score(ctx, []market.Match{pair})
	if err != nil {
		return nil, err
	}
	return &scored[0], nil
}
