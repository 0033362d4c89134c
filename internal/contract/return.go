package contract

import (
	"context"

	"jishi/internal/market"
)

// Return sends a submitted contract back for correction. Officers only; reason
// is required and shown to the seller. version is the one the officer read, 0
// for whatever is stored.
func (s *Service) Return(ctx context.Context, by market.Actor, id market.ID, version int64, reason string) (*market.Contract, error) {
	st := step{id: id, version: version, action: market.ActReturnContract, note: reason}
	return s.move(ctx, by, st, func(*market.Contract) error { return nil })
}
