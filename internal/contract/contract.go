// Package contract is what people do with technology contracts 技术合同: the
// seller drafts and submits, the bureau's officer asks for corrections,
// registers, refuses or cancels, and lists of contracts come in as files.
//
// Every change of state is a move of market.ContractMoves and leaves one event
// in the contract's history, in the same write. Repeating the action that
// brought a contract into its state, as the same user with the same data,
// answers success and changes nothing, so that a request may be sent twice.
package contract

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of contracts. The indexes on changed_at serve
// the review queue and the lists of those who have a part in a contract; those
// on registration.at open the rows behind a turnover figure, one for each
// dimension a figure can be grouped by.
var Spec = store.Spec{
	Name:   "contracts",
	Unique: []string{"import_key"},
	Indexes: []store.Index{
		{"state", store.FieldChanged},
		{"owner", store.FieldChanged},
		{"sellers.0.org", store.FieldChanged},
		{"buyers.0.org", store.FieldChanged},
		{"origin.broker", store.FieldChanged},
		{"state", "registration.at"},
		{"state", "type", "registration.at"},
		{"state", "class.field", "registration.at"},
		{"state", "class.industry", "registration.at"},
		{"state", "origin.kind", "registration.at"},
		{"state", "sellers.0.division", "registration.at"},
		{"state", "buyers.0.division", "registration.at"},
	},
}

// Service keeps the contracts.
type Service struct {
	contracts store.Collection[market.Contract]
	numbers   numbers
	sealer    market.Sealer
	now       func() time.Time
	newID     func() market.ID
}

// New returns the service on a collection opened with Spec. claims keeps the
// registration numbers in use, sealer seals the identity cards of natural
// persons; now and newID are the clock and the source of ids.
func New(contracts store.Collection[market.Contract], claims store.Claims, sealer market.Sealer, now func() time.Time, newID func() market.ID) *Service {
	numbers := numbers{contracts: contracts, claims: claims, now: now}
	return &Service{contracts: contracts, numbers: numbers, sealer: sealer, now: now, newID: newID}
}

// clock returns the present instant as the store keeps it: UTC, milliseconds.
func (s *Service) clock() time.Time { return s.now().UTC().Truncate(time.Millisecond) }

func (s *Service) today() market.Date { return market.DateOf(s.now()) }

// step is one move asked for.
type step struct {
	id      market.ID
	version int64 // the version the actor read, 0 = whatever is stored
	action  market.Action
	note    string
	entry   *market.Contract // what a revision writes, else nil
	number  string           // what registering types in, else empty
}

// repeated reports whether the last thing that happened to c is this very step
// by this user.
func (st step) repeated(c *market.Contract, by market.Actor) bool {
	n := len(c.History)
	if n == 0 {
		return false
	}
	last := c.History[n-1]
	return last.Action == st.action && last.By == by.User && last.Note == st.note && last.To == string(c.State) &&
		(st.entry == nil || len(differing(c, st.entry)) == 0) &&
		(st.number == "" || c.Register.Number == st.number)
}

// move carries out one step: permission, repetition, version, state table,
// then change, then one write. Of two actors at once one wins; the other gets
// Stale or Conflict with a sentence about what the first one did.
func (s *Service) move(ctx context.Context, by market.Actor, st step, change func(*market.Contract) error) (*market.Contract, error) {
	if !by.SignedIn() {
		return nil, market.Permit(by, st.action)
	}
	c, err := s.contracts.Get(ctx, st.id)
	if err != nil {
		return nil, err
	}
	if err := permit(by, st.action, c); err != nil {
		return nil, err
	}
	if err := s.settleStep(c, st); err != nil {
		return nil, err
	}
	if st.repeated(c, by) {
		return c, nil
	}
	if st.version != 0 && st.version != c.Version {
		return nil, stale(c, st)
	}
	next, err := market.ContractMoves.Next(c.State, st.action, st.note, market.ContractState.Name)
	if err != nil {
		return nil, err
	}
	if err := change(c); err != nil {
		return nil, err
	}
	dropCards(c)
	s.advance(by, c, next, st.note)
	if err := s.contracts.Update(ctx, c); err != nil {
		return s.overtaken(ctx, by, st, err)
	}
	return c, nil
}

// settleStep settles what a revision writes.
func (s *Service) settleStep(c *market.Contract, st step) error {
	if st.entry == nil {
		return nil
	}
	return s.settle(c, st.entry)
}

// overtaken answers a write that failed: success if the same user did the same
// at the same time, as a double click does.
func (s *Service) overtaken(ctx context.Context, by market.Actor, st step, cause error) (*market.Contract, error) {
	if !market.Is(cause, market.Stale) {
		return nil, cause
	}
	c, err := s.contracts.Get(ctx, st.id)
	if err != nil {
		return nil, err
	}
	if err := s.settleStep(c, st); err != nil {
		return nil, err
	}
	if st.repeated(c, by) {
		return c, nil
	}
	return nil, stale(c, st)
}

// advance moves the state and appends the event.
func (s *Service) advance(by market.Actor, c *market.Contract, move market.Move[market.ContractState], note string) {
	c.State = move.To
	c.History = append(c.History, market.NextEvent(c.History, by, s.clock(), move.Action, string(move.From), string(move.To), note))
}

// permit decides an action on a contract. Only who entered a contract may
// change it, and nobody decides on a contract they entered themselves.
func permit(by market.Actor, action market.Action, c *market.Contract) error {
	if err := market.Permit(by, action, c.Owner); err != nil {
		return err
	}
	decides := action == market.ActRegister || action == market.ActRefuse
	if decides && by.User != market.System.User && enteredBy(c, by.User) {
		return market.E(market.Denied, "own_contract", "这份合同由您填报或提交，须由另一位经办人审核登记。")
	}
	return nil
}

// enteredBy reports whether a user had a hand in what the contract says.
func enteredBy(c *market.Contract, user market.ID) bool {
	for _, e := range c.History {
		wrote := e.Action == market.ActCreateContract || e.Action == market.ActReviseContract || e.Action == market.ActSubmitContract
		if wrote && e.By == user {
			return true
		}
	}
	return false
}

// stale says who overtook the actor and, for a revision, in which fields the
// stored contract differs from what the actor wrote.
func stale(c *market.Contract, st step) error {
	e := market.E(market.Stale, "stale_version", "这份合同已被他人更新，请核对最新内容后再操作。")
	if n := len(c.History); n > 0 {
		last := c.History[n-1]
		e.By = last.By
		e.Message = market.Somebody + "在" + last.At.In(market.Shanghai).Format("1月2日 15:04") + "做了“" + market.ActionName(last.Action) +
			"”，现在的状态是“" + c.State.Name() + "”。请核对最新内容后再操作。"
	}
	if st.entry != nil {
		for _, f := range differing(c, st.entry) {
			e.Fields = append(e.Fields, f.problem(c, "与您填写的不同"))
		}
	}
	return e
}
