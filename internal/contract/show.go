package contract

import (
	"context"

	"jishi/internal/market"
)

// Show returns one contract as the actor may see it: parties and officers see
// all of it, anyone else the masked form of a registered one. What the actor
// may not know of is NotFound.
func (s *Service) Show(ctx context.Context, by market.Actor, id market.ID) (*market.Contract, error) {
	c, err := s.contracts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if c = view(by, c); c == nil {
		return nil, market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。")
	}
	return c, nil
}

// view returns the contract as the actor may see it, nil if not at all.
func view(by market.Actor, c *market.Contract) *market.Contract {
	switch {
	case market.May(by, market.ActReadContract, c.Parties()...):
		return c
	case c.State == market.ContractRegistered:
		return c.Masked()
	default:
		return nil
	}
}
