package contract

import (
	"context"

	"jishi/internal/market"
)

// Refuse ends a submitted contract's way to registration (不予登记). Officers
// only, and nobody refuses what they entered; reason is required and shown to
// the seller. version is the one the officer read, 0 for whatever is stored.
func (s *Service) Refuse(ctx context.Context, by market.Actor, id market.ID, version int64, reason string) (*market.Contract, error) {
	st := step{id: id, version: version, action: market.ActRefuse, note: reason}
	return s.move(ctx, by, st, func(*market.Contract) error { return nil })
}
