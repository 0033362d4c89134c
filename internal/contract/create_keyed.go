package contract

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// CreateKeyed is Create for a program that may send a request twice: one key
// of one user makes one contract. Sent again it answers with the contract as
// it stands by then. Invalid when the key made something else and that was not
// touched since. An empty key is a new draft each time.
func (s *Service) CreateKeyed(ctx context.Context, by market.Actor, entry *market.Contract, key string) (*market.Contract, error) {
	if key == "" {
		return s.Create(ctx, by, entry)
	}
	made, err := s.createAs(ctx, by, entry, market.KeyedID(by.User, key))
	if !store.IsTaken(err) {
		return made, err
	}
	stored, err := s.Show(ctx, by, market.KeyedID(by.User, key))
	if err != nil {
		return nil, err
	}
	wanted := new(market.Contract)
	fill(wanted, entry)
	if err := wanted.CheckDraft(s.today()); err != nil {
		return nil, err
	}
	if err := s.settle(stored, wanted); err != nil {
		return nil, err
	}
	if stored.Version == 1 && len(differing(stored, wanted)) > 0 {
		return nil, market.KeyReused()
	}
	return stored, nil
}
