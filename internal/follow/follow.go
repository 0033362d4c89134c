// Package follow keeps projections up to date: one loop per collection reads
// what changed and hands it to a sink that remembers how far it got. A crash
// repeats the last batch, so sinks must take the same document twice.
package follow

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Source is the feed of a collection; store.Reader has it.
type Source[T any] interface {
	Changes(ctx context.Context, since string, limit int) ([]*T, string, error)
}

// Sink is a projection.
type Sink[T any] interface {
	// Position returns the cursor up to which the sink holds everything; empty
	// for a new sink.
	Position(ctx context.Context) (string, error)
	// Apply takes changed documents and the cursor that follows them in one step.
	Apply(ctx context.Context, docs []*T, next string) error
}

// Follower moves changes from a source into a sink. T's pointer is a store.Document.
type Follower[T any] struct {
	Name   string
	Source Source[T]
	Sink   Sink[T]
	Every  time.Duration // pause between looks when nothing changed; 0 = 200 ms
	Batch  int           // documents per step; 0 = 500
	Log    *slog.Logger

	caughtUp atomic.Bool
	position string              // the sink's, as the last step left it
	reached  string              // how far is read since then; nothing there was new
	seen     map[market.ID]int64 // versions applied of late: a source may deliver a document again
}

// maxSeen bounds the memory of applied versions; past it the memory starts anew.
const maxSeen = 50_000

// CaughtUp reports whether the last look found nothing left to do.
func (f *Follower[T]) CaughtUp() bool { return f.caughtUp.Load() }

// CatchUp applies everything changed so far and returns.
func (f *Follower[T]) CatchUp(ctx context.Context) error {
	for {
		n, err := f.step(ctx)
		if err != nil {
			return err
		}
		if n < f.batch() {
			return nil
		}
	}
}

// Run follows until ctx ends. A failing step is logged and tried again with
// growing pauses of at most 30 s.
func (f *Follower[T]) Run(ctx context.Context) {
	every := f.Every
	if every == 0 {
		every = 200 * time.Millisecond
	}
	pause := every
	for {
		n, err := f.step(ctx)
		switch {
		case err != nil && (errors.Is(err, context.Canceled) || ctx.Err() != nil):
			return
		case err != nil:
			f.caughtUp.Store(false)
			pause = min(2*pause, 30*time.Second)
			level := slog.LevelError
			if market.Is(err, market.Unavailable) {
				level = slog.LevelInfo // it waits for another part, as while the index is being filled
			}
			f.Log.Log(ctx, level, "follow", "name", f.Name, "err", err, "retry_in", pause)
		case n >= f.batch():
			pause = 0
		default:
			pause = every
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = max(pause, every)
	}
}

func (f *Follower[T]) step(ctx context.Context) (int, error) {
	position, err := f.Sink.Position(ctx)
	if err != nil {
		return 0, err
	}
	if position != f.position { // the first step, or the sink was rebuilt and may lack what was seen
		f.position, f.reached, f.seen = position, position, nil
	}
	docs, next, err := f.Source.Changes(ctx, f.reached, f.batch())
	if err != nil {
		return 0, err
	}
	if fresh := f.unseen(docs); len(fresh) > 0 {
		if err := f.Sink.Apply(ctx, fresh, next); err != nil {
			return 0, err
		}
		f.remember(fresh)
		f.position = next
	}
	f.reached = next // also when nothing was new: a page of repeats must not come for ever
	f.caughtUp.Store(len(docs) < f.batch())
	return len(docs), nil
}

// unseen leaves out documents whose version was applied already.
func (f *Follower[T]) unseen(docs []*T) []*T {
	fresh := docs[:0:0]
	for _, doc := range docs {
		head := any(doc).(store.Document).Head()
		if f.seen[head.ID] != head.Version {
			fresh = append(fresh, doc)
		}
	}
	return fresh
}

func (f *Follower[T]) remember(docs []*T) {
	if f.seen == nil || len(f.seen) > maxSeen {
		f.seen = make(map[market.ID]int64)
	}
	for _, doc := range docs {
		head := any(doc).(store.Document).Head()
		f.seen[head.ID] = head.Version
	}
}

func (f *Follower[T]) batch() int {
	if f.Batch == 0 {
		return 500
	}
	return f.Batch
}
