package audit

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"jishi/internal/market"
)

// Options is how a trail is kept.
type Options struct {
	Keys Keys
	Keep int // months that bodies are kept; 0 = DefaultKeep
	Now  func() time.Time
	Log  *slog.Logger // nil = slog.Default()
}

// Trail is the chain of entries. Several processes may append to one. Safe for
// concurrent use; Close it before the store is closed.
type Trail struct {
	stores Stores
	keys   Keys
	keep   int
	now    func() time.Time
	log    *slog.Logger

	urgent chan *job // of whom somebody waits for
	copies chan *job // of followers: done while no urgent one waits
	stop   func()    // ends the writer, once
	closed chan struct{}
	ended  chan struct{}
}

var _ market.Trail = (*Trail)(nil)

// job is entries to append in order, and what became of them.
type job struct {
	ctx     context.Context
	entries []market.Entry
	at      int // next of entries
	err     error
	done    chan struct{} // closed when all are durable or err is set
}

// New returns the trail in the stores. It writes nothing until the first
// entry. It returns Invalid when bodies are to be kept shorter than MinKeep.
func New(stores Stores, o Options) (*Trail, error) {
	if o.Keep == 0 {
		o.Keep = DefaultKeep
	}
	if err := CheckKeep(o.Keep); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	t := &Trail{
		stores: stores, keys: o.Keys, keep: o.Keep, now: o.Now, log: o.Log,
		urgent: make(chan *job), copies: make(chan *job), closed: make(chan struct{}), ended: make(chan struct{}),
	}
	t.stop = sync.OnceFunc(func() { close(t.closed) })
	w := &writer{trail: t}
	go w.loop()
	return t, nil
}

// Close refuses new entries, waits for those under way and moves the head.
// Closing twice is harmless.
func (t *Trail) Close() {
	t.stop()
	<-t.ended
}

// Append adds an entry and returns once it is durable. An entry whose Source
// is taken is there already; appending it again is harmless.
func (t *Trail) Append(ctx context.Context, e market.Entry) error {
	return t.submit(ctx, t.urgent, []market.Entry{e})
}

// copy adds entries in order, behind those that somebody waits for.
func (t *Trail) copy(ctx context.Context, entries []market.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	return t.submit(ctx, t.copies, entries)
}

func (t *Trail) submit(ctx context.Context, to chan<- *job, entries []market.Entry) error {
	for i := range entries {
		if entries[i].At.IsZero() && entries[i].Source == "" {
			entries[i].At = t.now()
		}
		entries[i] = tidy(entries[i])
	}
	j := &job{ctx: ctx, entries: entries, done: make(chan struct{})}
	select {
	case <-t.closed: // also when the writer is still there to take one
		return closing()
	default:
	}
	select {
	case to <- j:
	case <-ctx.Done():
		return market.Wrap(market.Unavailable, ctx.Err(), "audit_busy", "审计记录没有写成，这一步没有办。请稍后再试。")
	case <-t.closed:
		return closing()
	}
	<-j.done // what was begun has an outcome, whether or not anybody waits
	return j.err
}

func closing() error {
	return market.E(market.Unavailable, "closing", "系统正在停止，请稍后再试。")
}

// tidy brings an entry to the form that is stored.
func tidy(e market.Entry) market.Entry {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	if e.Result == "" {
		e.Result = market.ResultOK
	}
	for _, text := range []*string{&e.Kind, &e.From, &e.To, &e.Result, &e.Detail, &e.Address, &e.Request, &e.Source} {
		*text = market.Clip(strings.ToValidUTF8(*text, "\uFFFD"), market.MaxNote)
	}
	return e
}
