package contract

import (
	"context"

	"jishi/internal/market"
)

// Show returns one contract as the actor may see it: parties and officers see
// all of it, anyone else the masked form of a registered one. Others are
// Denied, visitors asked to sign in.
func (s *Service) Show(ctx context.Context, by market.Actor, id market.ID) (*market.Contract, error) {
	c, err := s.contracts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if seen := view(by, c); seen != nil {
		return seen, nil
	}
	return nil, market.Permit(by, market.ActReadContract, c.Parties()...)
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
