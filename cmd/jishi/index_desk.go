package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/search"
)

// indexDesk looks after the index of a serving process: it holds it against
// the store when the process starts and when asked, and rebuilds it when it is
// damaged or asked to.
type indexDesk struct {
	index   *search.Index
	docs    *collections
	rebuild func(context.Context) (string, error)
	log     *slog.Logger
	trail   market.Trail // of what administrators ask for; nil keeps none

	asked   chan task     // one at a time
	damaged chan struct{} // holds one when the index is damaged

	mu     sync.Mutex
	health market.IndexHealth // what the index itself does not know
}

// task is what the desk can do.
type task int

const (
	taskCheck task = iota
	taskRebuild
)

// repairPause is how long the desk waits before it tries again to rebuild a
// damaged index; it doubles up to the longest.
const (
	repairPause        = time.Second
	longestRepairPause = time.Minute
)

func newIndexDesk(index *search.Index, docs *collections, log *slog.Logger) *indexDesk {
	d := &indexDesk{index: index, docs: docs, log: log, asked: make(chan task, 1), damaged: make(chan struct{}, 1)}
	d.rebuild = func(ctx context.Context) (string, error) { return docs.rebuild(ctx, index) }
	index.WhenDamaged(func() {
		select {
		case d.damaged <- struct{}{}:
		default:
		}
	})
	return d
}

// Health says how the index is.
func (d *indexDesk) Health(_ context.Context, by market.Actor) (market.IndexHealth, error) {
	if err := market.Permit(by, market.ActTendIndex); err != nil {
		return market.IndexHealth{}, err
	}
	state, err := d.index.State()
	d.mu.Lock()
	defer d.mu.Unlock()
	h := d.health
	h.Generation, h.Count, h.Sum = state.Generation, state.Tally.Count, state.Tally.String()
	h.Filling, h.Rebuilding, h.Done, h.Damage = state.Filling, state.Rebuilding, state.Done, state.Damage
	return h, err
}

// Check begins to hold the index against the store.
func (d *indexDesk) Check(ctx context.Context, by market.Actor) error {
	return d.noted(ctx, by, taskCheck, "检查")
}

// Rebuild begins to fill a new index beside the one that answers.
func (d *indexDesk) Rebuild(ctx context.Context, by market.Actor) error {
	return d.noted(ctx, by, taskRebuild, "重建")
}

// noted asks for a task and notes in the trail who did.
func (d *indexDesk) noted(ctx context.Context, by market.Actor, what task, name string) error {
	if err := d.ask(by, what); err != nil || d.trail == nil {
		return err
	}
	entry := market.NewEntry(ctx, by, time.Now(), market.ActTendIndex, "index", "")
	entry.Detail = name
	return d.trail.Append(ctx, entry)
}

func (d *indexDesk) ask(by market.Actor, what task) error {
	if err := market.Permit(by, market.ActTendIndex); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.health.Checking {
		return market.E(market.Conflict, "index_busy", "索引正在检查或重建，请等它完成。")
	}
	select {
	case d.asked <- what:
		d.health.Checking = true
		return nil
	default:
		return market.E(market.Conflict, "index_busy", "索引正在检查或重建，请等它完成。")
	}
}

// run compacts and checks the index once it has caught up, and then does what it is asked
// and what damage demands, until ctx ends.
func (d *indexDesk) run(ctx context.Context, caughtUp func() bool) {
	for !caughtUp() {
		if !pause(ctx, lookEvery) {
			return
		}
	}
	if done, err := d.index.CompactScattered(ctx); err != nil {
		d.log.Warn("search index: not compacted", "err", err)
	} else if done {
		d.log.Info("search index: compacted after it was filled")
	}
	d.do(ctx, taskCheck)
	for wait := repairPause; ; {
		select {
		case <-ctx.Done():
			return
		case what := <-d.asked:
			d.do(ctx, what)
			continue
		case <-d.damaged:
		}
		if d.do(ctx, taskRebuild) {
			wait = repairPause
			continue
		}
		if !pause(ctx, wait) {
			return
		}
		wait = min(2*wait, longestRepairPause)
		select {
		case d.damaged <- struct{}{}:
		default:
		}
	}
}

// pause waits and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// do does one task, notes what came of it and reports whether all is well.
func (d *indexDesk) do(ctx context.Context, what task) bool {
	d.note(func(h *market.IndexHealth) { h.Checking = true })
	var verdict string
	var stored int
	var err error
	begun := time.Now()
	if what == taskCheck {
		verdict, stored, err = d.look(ctx)
	} else if verdict, err = d.rebuild(ctx); err == nil {
		var state search.State
		state, err = d.index.State()
		stored = state.Tally.Count
	}
	if ctx.Err() != nil {
		return false
	}
	if err != nil {
		d.log.Error("look after the search index", "err", err)
		verdict = sentence(err)
	}
	d.note(func(h *market.IndexHealth) {
		h.Checking, h.Checked, h.Sound = false, time.Now(), err == nil
		h.Verdict = fmt.Sprintf("%s，用时 %.1f 秒", verdict, time.Since(begun).Seconds())
		if stored > 0 {
			h.Stored = stored
		}
	})
	return err == nil
}

func (d *indexDesk) note(edit func(*market.IndexHealth)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	edit(&d.health)
}

// settleTime is how long a change may take from the store to the index before
// the index counts as wrong, and looks is how often it is looked at in all.
const (
	settleTime = 2 * time.Second
	looks      = 3
)

// look holds the index against its own files and against the store. What
// differs every time, though followers had time for it, is wrong: then the
// index is taken out of service, and will be rebuilt.
func (d *indexDesk) look(ctx context.Context) (string, int, error) {
	if err := d.index.Check(ctx); err != nil {
		return "", 0, err
	}
	var lasting search.Difference
	for i := range looks {
		if i > 0 && !pause(ctx, settleTime) {
			return "", 0, ctx.Err()
		}
		census, err := d.docs.census(ctx)
		if err != nil {
			return "", 0, err
		}
		now, err := d.index.Compare(ctx, census)
		if err != nil {
			return "", 0, err
		}
		if lasting = lasting.Since(now, i == 0); lasting.Empty() {
			return fmt.Sprintf("索引完好：%d 条，与数据库一致", census.Count), census.Count, nil
		}
	}
	wrong := errors.New("索引与数据库不一致：" + lasting.String())
	d.index.Distrust(wrong)
	return "", 0, market.Wrap(market.Unavailable, wrong, "index_differs", "索引与数据库不一致，正在重建。")
}

// census counts what the store has published.
func (d *collections) census(ctx context.Context) (*search.Census, error) {
	census := search.NewCensus()
	err := errors.Join(each(ctx, d.achievements, census.Achievement), each(ctx, d.demands, census.Demand))
	return census, err
}

// each hands every document of a collection to do.
func each[T any](ctx context.Context, docs store.Reader[T], do func(*T)) error {
	for after := ""; ; {
		page, err := docs.Find(ctx, store.Query{After: after, Limit: store.MaxLimit})
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			do(doc)
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}
