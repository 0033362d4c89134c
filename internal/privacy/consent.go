package privacy

import (
	"context"
	"slices"
	"sync"

	"jishi/internal/market"
	"jishi/internal/store"
)

// States of a consent, in its events.
const (
	stateGiven     = "given"
	stateWithdrawn = "withdrawn"
)

// maxAgreements bounds how often one person may agree to one purpose anew.
const maxAgreements = 100

// agreed remembers users who agreed to PurposeAccount under the notice in
// force: that is never withdrawn but by erasure, which ends their sessions.
type agreed struct{ users sync.Map }

// Due reports whether a user has yet to agree to the privacy notice in force.
// It costs at most one read by id.
func (s *Service) Due(ctx context.Context, user market.ID) (bool, error) {
	if _, known := s.agreed.users.Load(user); known {
		return false, nil
	}
	c, err := s.stores.Consents.Get(ctx, market.ConsentID(user, market.PurposeAccount, market.PolicyVersion, 0))
	if market.Is(err, market.NotFound) {
		return true, nil
	}
	if err != nil || !c.Holds() {
		return err == nil, err
	}
	s.agreed.users.Store(user, true)
	return false, nil
}

// Give records that the actor agrees to purposes under the notice in force.
// Agreeing again to what holds is harmless. Invalid for a purpose that is none.
func (s *Service) Give(ctx context.Context, by market.Actor, purposes []string) error {
	if err := self(by); err != nil {
		return err
	}
	var p market.Problems
	p.Check(len(purposes) > 0, "purposes", "请至少选择一项")
	for _, purpose := range purposes {
		p.Check(market.ConsentPurposes.Has(purpose), "purposes", "没有这项用途")
	}
	if err := p.Err(); err != nil {
		return err
	}
	for _, purpose := range purposes {
		if err := s.give(ctx, by, purpose); err != nil {
			return err
		}
	}
	return nil
}

// give finds the agreement that holds, or makes the next one. Of two at once
// one makes it and the other finds it.
func (s *Service) give(ctx context.Context, by market.Actor, purpose string) error {
	for n := 0; n < maxAgreements; {
		id := market.ConsentID(by.User, purpose, market.PolicyVersion, n)
		old, err := s.stores.Consents.Get(ctx, id)
		switch {
		case err == nil && old.Holds():
			return nil
		case err == nil:
			n++
			continue
		case !market.Is(err, market.NotFound):
			return err
		}
		err = s.stores.Consents.Insert(ctx, &market.Consent{
			Meta: market.Meta{ID: id}, User: by.User, Purpose: purpose, Policy: market.PolicyVersion, GivenAt: s.clock(),
			History: []market.Event{market.NextEvent(nil, by, s.now(), market.ActConsent, "", stateGiven, purpose)},
		})
		if !store.IsTaken(err) {
			return err
		}
	}
	return market.E(market.TooMany, "too_many_consents", "这一项切换得太频繁，请联系平台管理员。")
}

// Withdraw closes the actor's consent to a purpose, whatever version of the
// notice it was given under. Withdrawing what does not hold is harmless.
// Conflict for PurposeAccount: without it there can be no account, so that
// withdrawing it is erasure (see Erase).
func (s *Service) Withdraw(ctx context.Context, by market.Actor, purpose string) error {
	if err := self(by); err != nil {
		return err
	}
	if !market.ConsentPurposes.Has(purpose) {
		return market.E(market.NotFound, "no_purpose", "没有这项用途。")
	}
	if purpose == market.PurposeAccount {
		return market.E(market.Conflict, "account_needed", "没有这一项就无法保留账号。要撤回，请注销账号。")
	}
	all, err := s.all(ctx, by.User)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Purpose == purpose && c.Holds() {
			if err := s.withdraw(ctx, by, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) withdraw(ctx context.Context, by market.Actor, c *market.Consent) error {
	c.WithdrawnAt = s.clock()
	c.History = append(c.History, market.NextEvent(c.History, by, s.now(), market.ActWithdrawal, stateGiven, stateWithdrawn, c.Purpose))
	err := s.stores.Consents.Update(ctx, c)
	if market.Is(err, market.Stale) { // withdrawing is all that ever changes a consent
		return nil
	}
	return err
}

// Choice is one purpose and how the reader decided about it.
type Choice struct {
	Purpose string
	Needed  bool              // for having an account
	Holds   bool              // agreed to under the notice in force
	Past    []*market.Consent // every agreement, newest first
}

// Mine returns every purpose with what the actor decided about it.
func (s *Service) Mine(ctx context.Context, by market.Actor) ([]Choice, error) {
	if err := self(by); err != nil {
		return nil, err
	}
	all, err := s.all(ctx, by.User)
	if err != nil {
		return nil, err
	}
	slices.Reverse(all)
	choices := make([]Choice, 0, len(market.ConsentPurposes))
	for _, purpose := range market.ConsentPurposes {
		choice := Choice{Purpose: purpose.Code, Needed: purpose.Code == market.PurposeAccount}
		for _, c := range all {
			if c.Purpose == purpose.Code {
				choice.Past = append(choice.Past, c)
				choice.Holds = choice.Holds || c.Holds() && c.Policy == market.PolicyVersion
			}
		}
		choices = append(choices, choice)
	}
	return choices, nil
}

// all returns every consent of a user, oldest first.
func (s *Service) all(ctx context.Context, user market.ID) ([]*market.Consent, error) {
	return collect(ctx, s.stores.Consents, store.Query{Equal: []store.Equal{{Field: "user", Value: string(user)}}, Sort: store.FieldCreated})
}

// collect returns everything a query finds.
func collect[T any](ctx context.Context, docs store.Reader[T], q store.Query) ([]*T, error) {
	var all []*T
	q.Limit = store.MaxLimit
	for {
		page, err := docs.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if q.After = page.Next; page.Next == "" {
			return all, nil
		}
	}
}
