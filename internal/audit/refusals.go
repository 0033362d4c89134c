package audit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jishi/internal/market"
)

const (
	refusalsEach = 20          // entries about one user and minute; the rest is counted
	refusalSpan  = time.Minute // of the counts
	maxRefused   = 10_000      // users counted at a time; past it the rest is counted as one
	refusalQueue = 256         // refusals that wait to be appended; the rest is counted
)

// Refusals brings what users were refused into the trail, without ever holding
// up or failing the answer they get. Who is refused again and again fills no
// disk: past refusalsEach in a minute they are counted, and the count becomes
// one entry.
type Refusals struct {
	trail *Trail
	queue chan market.Entry
	every time.Duration

	mu     sync.Mutex
	counts map[market.ID]*refusalCount
}

// refusalCount is what one user was refused in the span that runs.
type refusalCount struct {
	kept int
	more int
	last market.Entry // of those counted only
}

// NewRefusals returns refusals into a trail. Run it.
func NewRefusals(trail *Trail) *Refusals {
	return &Refusals{trail: trail, queue: make(chan market.Entry, refusalQueue), every: refusalSpan, counts: make(map[market.ID]*refusalCount)}
}

// Refused takes note of a refusal and returns at once. by was refused, with a
// code, what route (method and path pattern) offers on a document, which may
// be empty.
func (r *Refusals) Refused(ctx context.Context, by market.Actor, route, code string, subject market.ID) {
	e := market.NewEntry(ctx, by, r.trail.now(), market.ActRequest, "page", subject)
	e.Result, e.Detail = code, route
	r.mu.Lock()
	defer r.mu.Unlock()
	id := by.User
	if r.counts[id] == nil && len(r.counts) >= maxRefused {
		id = "" // of nobody in particular
	}
	c := r.counts[id]
	if c == nil {
		c = &refusalCount{}
		r.counts[id] = c
	}
	if c.kept < refusalsEach && id != "" {
		select {
		case r.queue <- e:
			c.kept++
			return
		default: // the store is slow or away
		}
	}
	c.more++
	c.last = e
}

// Run appends what was refused until ctx ends, and then what is left.
func (r *Refusals) Run(ctx context.Context) {
	tick := time.NewTicker(r.every)
	defer tick.Stop()
	for {
		select {
		case e := <-r.queue:
			r.append(ctx, e)
		case <-tick.C:
			r.appendCounts(ctx)
		case <-ctx.Done():
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeLimit)
			defer cancel()
			for len(r.queue) > 0 {
				r.append(ending, <-r.queue)
			}
			r.appendCounts(ending)
			return
		}
	}
}

// appendCounts turns the counts of the span into entries and begins a new one.
func (r *Refusals) appendCounts(ctx context.Context) {
	r.mu.Lock()
	counts := r.counts
	r.counts = make(map[market.ID]*refusalCount)
	r.mu.Unlock()
	for id, c := range counts {
		if c.more == 0 {
			continue
		}
		e := c.last
		if id == "" {
			e.User, e.Org = "", ""
		}
		e.Subject, e.Detail = "", fmt.Sprintf("另有 %d 次被拒绝，没有逐条记录；最后一次是 %s", c.more, c.last.Detail)
		r.append(ctx, e)
	}
}

func (r *Refusals) append(ctx context.Context, e market.Entry) {
	if err := r.trail.Append(context.WithoutCancel(ctx), e); err != nil {
		r.trail.log.Error("audit: a refusal was not kept", "user", e.User, "code", e.Result, "route", e.Detail, "err", err)
	}
}
