package contract

import (
	"context"

	"jishi/internal/market"
)

// Create starts a draft of what entry says, owned by the actor's organization.
// What is filled in must be right, what is empty may wait. Only the fields that
// parties write are taken from entry; Demo counts for the System alone. Each
// call makes a new draft.
func (s *Service) Create(ctx context.Context, by market.Actor, entry *market.Contract) (*market.Contract, error) {
	return s.createAs(ctx, by, entry, s.newID())
}

func (s *Service) createAs(ctx context.Context, by market.Actor, entry *market.Contract, id market.ID) (*market.Contract, error) {
	if err := market.Permit(by, market.ActCreateContract); err != nil {
		return nil, err
	}
	c := s.begin(by, entry, id, string(id))
	if err := c.CheckDraft(s.today()); err != nil {
		return nil, err
	}
	if err := s.settle(c, c); err != nil {
		return nil, err
	}
	dropCards(c)
	s.opening(by, c, "")
	if err := s.contracts.Insert(ctx, c); err != nil {
		return nil, err
	}
	return c, nil
}

// begin makes the draft of what entry says, without history.
func (s *Service) begin(by market.Actor, entry *market.Contract, id market.ID, importKey string) *market.Contract {
	c := &market.Contract{Owner: by.Org, ImportKey: importKey, State: market.ContractDraft, Submitter: by.User}
	c.ID = id
	c.Demo = entry.Demo && by.User == market.System.User
	fill(c, entry)
	return c
}

// opening appends the first event.
func (s *Service) opening(by market.Actor, c *market.Contract, note string) {
	s.advance(by, c, market.Move[market.ContractState]{Action: market.ActCreateContract, To: market.ContractDraft}, note)
}
