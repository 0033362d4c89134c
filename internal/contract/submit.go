package contract

import (
	"context"

	"jishi/internal/market"
)

// Submit hands a complete contract to the bureau for registration: a draft, or
// one that was sent back. version is the one the actor read, 0 for whatever is
// stored. Only the organization that entered the contract may. Invalid names
// every field that is broken or missing.
func (s *Service) Submit(ctx context.Context, by market.Actor, id market.ID, version int64) (*market.Contract, error) {
	st := step{id: id, version: version, action: market.ActSubmitContract}
	return s.move(ctx, by, st, func(c *market.Contract) error {
		c.Submitter = by.User
		return c.Check(s.today())
	})
}
