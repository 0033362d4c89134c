package audit

import (
	"context"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Check is one verification: who asked for it and what came of it.
type Check struct {
	market.Meta `bson:"-"`
	Started     time.Time `bson:"started" json:"started"`            // UTC
	Finished    time.Time `bson:"finished" json:"finished,omitzero"` // UTC; zero while it runs
	By          market.ID `bson:"by" json:"by"`
	Done        int64     `bson:"done" json:"done"`   // lines so far
	Total       int64     `bson:"total" json:"total"` // lines there are; 0 until known
	Report      Report    `bson:"report" json:"report"`
	Failure     string    `bson:"failure" json:"failure"` // Chinese, why it came to no end; empty when it did
}

// Whole reports whether the verification came to its end and found nothing.
func (c *Check) Whole() bool {
	return !c.Finished.IsZero() && c.Failure == "" && c.Report.Broken == nil
}

// A verification that runs is stored every beat; one that was not for
// deadAfter was interrupted.
const (
	beat      = 2 * time.Second
	deadAfter = 20 * time.Second
)

// Verifier verifies the trail, and keeps what it found.
type Verifier struct {
	trail   *Trail
	nouns   []Noun
	anchors func() ([]Anchor, error)
	newID   func() market.ID

	mu      sync.Mutex
	running bool
	stop    context.CancelFunc // of the one that runs
	wait    sync.WaitGroup
}

// NewVerifier returns the verifier of a trail that repeats the events of
// nouns. anchors returns heads that were kept elsewhere; it may be nil.
func NewVerifier(trail *Trail, nouns []Noun, anchors func() ([]Anchor, error), newID func() market.ID) *Verifier {
	return &Verifier{trail: trail, nouns: nouns, anchors: anchors, newID: newID}
}

// Verify recomputes the whole chain and its head and holds it against the
// documents, both ways; an event is let wait whose document changed after the
// followers were there last. Nothing of the trail is written before all that is
// done; then what waits is copied, if all is whole, and the outcome appended.
// It may run beside others who append. progress is told now and then; it may be
// nil. The error is why it came to no end; what is broken is in the Check.
func (v *Verifier) Verify(ctx context.Context, by market.Actor, progress func(done, total int64)) (*Check, error) {
	if err := market.Permit(by, market.ActVerifyAudit); err != nil {
		return nil, err
	}
	c, err := v.begin(ctx, by)
	if err != nil {
		return nil, err
	}
	return c, v.run(ctx, c, progress)
}

// Start begins to verify in the background and returns at once. Conflict while
// a verification that this process began runs.
func (v *Verifier) Start(ctx context.Context, by market.Actor) error {
	if err := market.Permit(by, market.ActVerifyAudit); err != nil {
		return err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	v.mu.Lock()
	if v.running {
		v.mu.Unlock()
		stop()
		return market.E(market.Conflict, "verifying", "正在核对，请等这一次完成。")
	}
	v.running, v.stop = true, stop
	v.wait.Add(1)
	v.mu.Unlock()
	end := func() {
		stop()
		v.mu.Lock()
		v.running = false
		v.mu.Unlock()
		v.wait.Done()
	}
	c, err := v.begin(ctx, by)
	if err != nil {
		end()
		return err
	}
	go func() {
		defer end()
		_ = v.run(background, c, nil) // how it ended is stored
	}()
	return nil
}

// Close ends the verification that runs in the background.
func (v *Verifier) Close() {
	v.mu.Lock()
	if v.stop != nil {
		v.stop()
	}
	v.running = true // nothing begins any more
	v.mu.Unlock()
	v.wait.Wait()
}

// Latest returns the verification that runs, nil when none does, and the last
// that came to its end, nil when none did. Officers and administrators only.
func (v *Verifier) Latest(ctx context.Context, by market.Actor) (running, last *Check, err error) {
	if err := market.Permit(by, market.ActReadAudit); err != nil {
		return nil, nil, err
	}
	page, err := v.trail.stores.Checks.Find(ctx, store.Query{Sort: "started", Desc: true, Limit: 20})
	if err != nil {
		return nil, nil, err
	}
	for _, c := range page.Items {
		switch {
		case !c.Finished.IsZero():
			return running, c, nil
		case running == nil && v.trail.now().Sub(c.ChangedAt) < deadAfter:
			running = c
		}
	}
	return running, nil, nil
}

func (v *Verifier) begin(ctx context.Context, by market.Actor) (*Check, error) {
	c := &Check{Meta: market.Meta{ID: v.newID()}, Started: v.trail.now().UTC().Truncate(time.Millisecond), By: by.User}
	return c, v.trail.stores.Checks.Insert(ctx, c)
}

// run verifies, keeps what it found and adds an entry that says so.
func (v *Verifier) run(ctx context.Context, c *Check, progress func(done, total int64)) (err error) {
	last := time.Now()
	tell := func(done, total int64) {
		c.Done, c.Total = done, total
		if progress != nil {
			progress(done, total)
		}
		if time.Since(last) > beat {
			last = time.Now()
			_ = v.trail.stores.Checks.Update(ctx, c) // a beat left out is seen as an interruption
		}
	}
	err = v.verify(ctx, &c.Report, tell)
	if err != nil {
		c.Failure = "核对没有做完，请再核对一次。"
		v.trail.log.Error("audit: verify", "err", err)
	}
	saving, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
	defer cancel()
	entry := market.NewEntry(saving, market.Actor{User: c.By}, v.trail.now(), market.ActVerifyAudit, "audit", c.ID)
	c.Finished, c.Done = entry.At, c.Report.Lines
	if c.Report.Broken != nil {
		entry.Result, entry.Detail = "broken", c.Report.Broken.String()
	}
	if err == nil {
		err = v.trail.Append(saving, entry)
	}
	if failed := v.trail.stores.Checks.Update(saving, c); err == nil {
		err = failed
	}
	return err
}

// verify looks at all of it, and only when that is whole copies what the trail
// does not have yet: what it says was there is what it found.
func (v *Verifier) verify(ctx context.Context, report *Report, progress func(done, total int64)) error {
	if err := v.look(ctx, report, progress); err != nil || report.Broken != nil || report.Waiting == 0 {
		return err
	}
	for _, n := range v.nouns {
		if err := n.catchUp(ctx, v.trail); err != nil {
			return err
		}
	}
	return nil
}

// look writes nothing.
func (v *Verifier) look(ctx context.Context, report *Report, progress func(done, total int64)) error {
	w := &walk{trail: v.trail, report: report, progress: progress, copies: newCopies(v.nouns)}
	if v.anchors != nil {
		anchors, err := v.anchors()
		if err != nil {
			return err
		}
		w.anchors = byNumber(anchors)
	}
	waiting, err := v.waiting(ctx) // before the walk: what is copied meanwhile counts as changed since
	if err != nil {
		return err
	}
	for _, part := range []func(context.Context) error{w.chain, w.columns, func(ctx context.Context) error { return w.compare(ctx, waiting) }} {
		if err := part(ctx); err != nil || report.Broken != nil {
			return err
		}
	}
	return nil
}

// waiting returns how far each kind of document was copied.
func (v *Verifier) waiting(ctx context.Context) ([]*waiting, error) {
	var all []*waiting
	for _, n := range v.nouns {
		since := ""
		position, err := v.trail.stores.Positions.Get(ctx, market.ID(n.Kind()))
		switch {
		case err == nil:
			since = position.Cursor
		case !market.Is(err, market.NotFound):
			return nil, err
		}
		all = append(all, &waiting{noun: n, cursor: since, ids: make(map[market.ID]bool)})
	}
	return all, nil
}
