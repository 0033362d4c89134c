package matching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// ProposalSpec declares the collection of proposed weightings.
var ProposalSpec = store.Spec{Name: "proposals"}

// patience is how long somebody who asks for a proposal is kept waiting; what
// takes longer goes on behind them.
const patience = time.Second

// Proposals learns weightings from verdicts when an administrator asks. It
// changes nothing: a proposal is put in force, and taken out of it, by
// Weightings.Change.
type Proposals struct {
	docs     store.Collection[market.Proposal]
	verdicts *Verdicts
	inForce  *Weightings
	now      func() time.Time
	newID    func() market.ID
	log      *slog.Logger

	mutex   sync.Mutex
	running chan struct{} // closed when the one under way is done; nil when none is
	failed  error         // why the last one came to nothing
}

// ProposalParts is what proposals are made of.
type ProposalParts struct {
	Verdicts   *Verdicts
	Weightings *Weightings
	Log        *slog.Logger
}

// NewProposals returns the proposals over the collection of ProposalSpec.
func NewProposals(docs store.Collection[market.Proposal], parts ProposalParts, now func() time.Time, newID func() market.ID) *Proposals {
	return &Proposals{docs: docs, verdicts: parts.Verdicts, inForce: parts.Weightings, log: parts.Log, now: now, newID: newID}
}

// Standing is where learning from verdicts stands.
type Standing struct {
	Missing int              // verdicts, until there are LeastVerdicts
	Running bool             // one is being worked out
	Failure string           // why the last one asked for came to nothing, in Chinese; empty when it did not
	Last    *market.Proposal // the newest; nil when there is none
	InForce *market.Weighting
}

// Standing returns where learning stands. Officers and administrators.
func (s *Proposals) Standing(ctx context.Context, by market.Actor) (*Standing, error) {
	if err := market.Permit(by, market.ActReadWeighting); err != nil {
		return nil, err
	}
	page, err := s.verdicts.books.Verdicts.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.VerdictGiven)}}, Limit: market.LeastVerdicts,
	})
	if err != nil {
		return nil, err
	}
	newest, err := s.docs.Find(ctx, store.Query{Sort: store.FieldChanged, Desc: true, Limit: 1})
	if err != nil {
		return nil, err
	}
	inForce, err := s.inForce.Get(ctx, by)
	if err != nil {
		return nil, err
	}
	standing := &Standing{Missing: market.LeastVerdicts - len(page.Items), InForce: inForce}
	if len(newest.Items) > 0 {
		standing.Last = newest.Items[0]
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	standing.Running = s.running != nil
	if s.failed != nil {
		standing.Failure = sentence(s.failed)
	}
	return standing, nil
}

// Ask has a proposal worked out from all verdicts that stand. It waits for a
// second; what takes longer goes on, and Standing says when it is there.
// Whoever asks meanwhile waits for the same. Administrators only.
func (s *Proposals) Ask(ctx context.Context, by market.Actor) error {
	if err := market.Permit(by, market.ActSetWeighting); err != nil {
		return err
	}
	s.mutex.Lock()
	if s.running == nil {
		s.running, s.failed = make(chan struct{}), nil
		go s.work(context.WithoutCancel(ctx), by, s.running)
	}
	done := s.running
	s.mutex.Unlock()
	select {
	case <-done:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		return s.failed
	case <-time.After(patience):
		return nil
	case <-ctx.Done():
		return nil
	}
}

// Adopt puts a proposal in force in the place of the weighting of a version,
// else Stale. Conflict when that is not the one the proposal was compared with:
// its figures say nothing of what the change would do then. Other errors are
// those of Weightings.Change. Administrators only.
func (s *Proposals) Adopt(ctx context.Context, by market.Actor, proposal market.ID, version int64) error {
	p, err := s.proposal(ctx, by, proposal)
	if err != nil {
		return err
	}
	return s.change(ctx, by, p.Before, p.Parts, version, fmt.Sprintf("采用由 %d 条判断学到的权重", p.Verdicts))
}

// Restore puts back in force what was before a proposal. Conflict when the
// proposal is not in force. Other errors are as of Adopt.
func (s *Proposals) Restore(ctx context.Context, by market.Actor, proposal market.ID, version int64) error {
	p, err := s.proposal(ctx, by, proposal)
	if err != nil {
		return err
	}
	return s.change(ctx, by, p.Parts, p.Before, version, "换回采用建议以前的权重")
}

// change puts parts in force in the place of others, which must be those in
// force unless the change is made already.
func (s *Proposals) change(ctx context.Context, by market.Actor, from, to []market.Weight, version int64, reason string) error {
	w, err := s.inForce.stored(ctx)
	if err != nil {
		return err
	}
	if w.Version == version && !w.Same(market.Weighting{Parts: from}) && !w.Same(market.Weighting{Parts: to}) {
		return market.E(market.Conflict, "outdated_proposal", "权重在这次测算以后改过，指标不再作数，请重新测算后再切换。")
	}
	_, err = s.inForce.Change(ctx, by, to, version, reason)
	return err
}

func (s *Proposals) proposal(ctx context.Context, by market.Actor, id market.ID) (*market.Proposal, error) {
	if err := market.Permit(by, market.ActSetWeighting); err != nil {
		return nil, err
	}
	return s.docs.Get(ctx, id)
}

// Wait returns when nothing is being worked out any more or ctx ends.
func (s *Proposals) Wait(ctx context.Context) {
	s.mutex.Lock()
	running := s.running
	s.mutex.Unlock()
	if running == nil {
		return
	}
	select {
	case <-running:
	case <-ctx.Done():
	}
}

// work makes a proposal and stores it.
func (s *Proposals) work(ctx context.Context, by market.Actor, done chan struct{}) {
	defer close(done)
	err := s.attempt(ctx, by)
	if err != nil && !market.Is(err, market.Conflict) {
		s.log.Error("propose weights", "err", err)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.running, s.failed = nil, err
}

// attempt is make; a panic in it is an error, for it must not end the program.
func (s *Proposals) attempt(ctx context.Context, by market.Actor) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("broke down: %v\n%s", p, debug.Stack())
		}
	}()
	return s.make(ctx, by)
}

// make learns a proposal from all verdicts that stand and keeps it.
func (s *Proposals) make(ctx context.Context, by market.Actor) error {
	var standing []*market.Verdict
	err := s.verdicts.each(ctx, []store.Equal{{Field: "state", Value: string(market.VerdictGiven)}}, func(v *market.Verdict) {
		v.History = nil
		standing = append(standing, v)
	})
	if err != nil {
		return err
	}
	inForce, err := s.inForce.stored(ctx)
	if err != nil {
		return err
	}
	p, err := propose(standing, *inForce)
	if err != nil {
		return err
	}
	p.ID, p.At, p.By = s.newID(), s.now().UTC().Truncate(time.Millisecond), by.User
	next := market.Weighting{Parts: p.Parts}
	p.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActSetWeighting, "", next.Short(), "测算，没有改变权重")}
	return s.docs.Insert(ctx, p)
}

// sentence is what an error says to people.
func sentence(err error) string {
	var known *market.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return "这次没有算出来，请稍后再试。"
}
