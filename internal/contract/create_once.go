package contract

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// CreateOnce is Create for a form that may be sent twice: key names the form,
// and one form of one user makes one contract. Sent again as it was it answers
// with the contract as it stands by then; sent again with other values it
// revises the draft, and is Conflict once the contract is past that. An empty
// key is a new draft each time.
func (s *Service) CreateOnce(ctx context.Context, by market.Actor, entry *market.Contract, key string) (*market.Contract, error) {
	if key == "" {
		return s.Create(ctx, by, entry)
	}
	id := market.KeyedID(by.User, "form/"+key)
	made, err := s.createAs(ctx, by, entry, id)
	if !store.IsTaken(err) {
		return made, err
	}
	c := s.begin(by, entry, id, string(id))
	if err := c.CheckDraft(s.today()); err != nil {
		return nil, err
	}
	stored, err := s.contracts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.settle(stored, c); err != nil || len(differing(stored, c)) == 0 {
		return stored, err
	}
	c.Version = stored.Version
	return s.Revise(ctx, by, c)
}
