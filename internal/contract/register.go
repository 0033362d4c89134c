package contract

import (
	"context"
	"time"

	"jishi/internal/market"
)

// writeLimit bounds the time from taking a number to the write that uses it.
// It is far below reservation, so that a number that passes on can no longer
// be used by the one it was taken from.
const writeLimit = 30 * time.Second

// Register enters a submitted contract in the register under the number that
// the officer typed in: 14–16 digits, used once and never again, also not after
// a cancellation. From this moment the contract counts, in the month of now.
// Officers only, and nobody registers what they entered or submitted. version
// is the one the officer read, 0 for whatever is stored. Conflict when the
// number belongs to another contract.
func (s *Service) Register(ctx context.Context, by market.Actor, id market.ID, version int64, number string) (*market.Contract, error) {
	ctx, cancel := context.WithTimeout(ctx, writeLimit)
	defer cancel()
	parsed, wrong := market.ParseRegistrationNumber(number)
	if wrong != nil {
		parsed = market.Fold(number)
	}
	st := step{id: id, version: version, action: market.ActRegister, number: parsed}
	return s.move(ctx, by, st, func(c *market.Contract) error {
		if wrong != nil {
			return wrong
		}
		if err := s.numbers.reserve(ctx, parsed, c.ID); err != nil {
			return err
		}
		c.Register = market.Registration{Number: parsed, At: s.clock(), By: by.User}
		return nil
	})
}
