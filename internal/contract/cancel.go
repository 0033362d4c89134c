package contract

import (
	"context"

	"jishi/internal/market"
)

// Cancel strikes a registered contract from the register (注销登记) after its
// termination: it leaves the totals, its row, number and history stay.
// Officers only; reason is required. version is the one the officer read, 0
// for whatever is stored.
func (s *Service) Cancel(ctx context.Context, by market.Actor, id market.ID, version int64, reason string) (*market.Contract, error) {
	st := step{id: id, version: version, action: market.ActCancel, note: reason}
	return s.move(ctx, by, st, func(c *market.Contract) error {
		c.Register.Cancelled = s.clock()
		return nil
	})
}
