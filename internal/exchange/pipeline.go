package exchange

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"sync"

	"jishi/internal/market"
)

// The way of a row: the reader understands it and hands it to whichever
// worker is free, which puts it in; the collector takes the results in the
// order of the file. Many workers, because a store groups the writes that wait
// for it at the same time.
const (
	workers = 32
	queued  = 256 // rows read ahead of the collector
)

// task is one row on its way in.
type task[T Importable] struct {
	parsed[T]
	after   []chan struct{} // done channels of earlier rows that share a name with it
	done    chan struct{}   // closed when the fields below are set
	outcome market.Outcome
	err     error
}

// pipeline is the moving parts of one run.
type pipeline[T Importable] struct {
	run *run
	way[T]
	parser  *parser[T]
	work    chan *task[T]
	ordered chan *task[T]
	latest  map[uint64]chan struct{} // by hash of a name: the last row that has it
	seed    maphash.Seed
}

// way is where the rows go and what compares them, which may be nil.
type way[T Importable] struct {
	put  Put[T]
	like Like[T]
}

// bring runs a file through the pipeline.
func bring[T Importable](ctx context.Context, r *run, t *table[T], to way[T]) error {
	if to.put == nil {
		return market.E(market.Internal, "no_sink", "这种数据现在不能导入。")
	}
	r.job.Total = r.rows.Total()
	p := &pipeline[T]{
		run: r, way: to, parser: &parser[T]{table: t, today: market.DateOf(r.now())},
		work: make(chan *task[T], workers), ordered: make(chan *task[T], queued),
		latest: make(map[uint64]chan struct{}), seed: maphash.MakeSeed(),
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	var unread error // why the file could not be read on; rows before that go in
	wait.Go(func() {
		defer close(p.work)
		defer close(p.ordered)
		unread = p.read(ctx)
	})
	for range workers {
		wait.Go(func() { p.drain(ctx) })
	}
	p.collect(ctx, cancel)
	wait.Wait()
	r.job.Notes = p.parser.notes
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return unread
}

// read understands row after row and hands them on. It returns nil at the end
// of the file.
func (p *pipeline[T]) read(ctx context.Context) (err error) {
	defer contain(&err)
	next, err := p.start()
	if err != nil {
		return err
	}
	for count := 0; ; {
		row, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		parsed := p.parser.parse(row)
		if parsed.blank {
			continue
		}
		if count++; count > MaxRows {
			return tooManyRows()
		}
		if !p.hand(ctx, parsed) {
			return context.Cause(ctx)
		}
	}
}

// hand passes a row to the collector and, if it can go in, to the workers.
func (p *pipeline[T]) hand(ctx context.Context, row parsed[T]) bool {
	t := &task[T]{parsed: row, done: make(chan struct{})}
	if len(row.problems) > 0 {
		close(t.done)
	} else {
		p.chain(t)
	}
	select {
	case p.ordered <- t:
	case <-ctx.Done():
		return false
	}
	if len(row.problems) > 0 {
		return true
	}
	p.work <- t // workers take everything, also when the run is over
	return true
}

// chain makes a row wait for the earlier rows that share a name with it.
func (p *pipeline[T]) chain(t *task[T]) {
	names := p.parser.table.names(t.doc)
	if t.external != "" {
		names = append(names, "external/"+t.external)
	}
	for _, name := range names {
		key := maphash.String(p.seed, name)
		if earlier, ok := p.latest[key]; ok && earlier != t.done {
			t.after = append(t.after, earlier)
		}
		p.latest[key] = t.done
	}
}

// drain puts rows in until there are no more. Rows are taken in the order of
// the file, so a row that another waits for is always already taken.
func (p *pipeline[T]) drain(ctx context.Context) {
	for t := range p.work {
		for _, earlier := range t.after {
			<-earlier
		}
		if t.err = context.Cause(ctx); t.err == nil {
			t.outcome, t.err = p.putIn(ctx, t)
		}
		close(t.done)
	}
}

// putIn calls the sink. A sink that panics ends the run, not the program.
func (p *pipeline[T]) putIn(ctx context.Context, t *task[T]) (outcome market.Outcome, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = market.Wrap(market.Internal, fmt.Errorf("panic: %v", v), "sink_panic", "导入时出了差错。")
		}
	}()
	return p.put(ctx, p.run.by, t.doc, t.external, p.run.job.DryRun)
}

// collect counts the rows in the order of the file. After an error that ends
// the run it goes on to count the rows that went in all the same.
func (p *pipeline[T]) collect(ctx context.Context, cancel context.CancelCauseFunc) {
	for t := range p.ordered {
		<-t.done
		switch {
		case t.err == nil:
			if err := p.liken(ctx, t); err != nil {
				cancel(err)
			}
			p.run.count(t.problems, t.outcome)
		case ofRow(t.err):
			p.run.count(numbered(t.number, p.parser.explain(t.err, t.cells, nil)), 0)
		default:
			cancel(t.err)
		}
	}
}

// liken notes what a row that went in may be the same as.
func (p *pipeline[T]) liken(ctx context.Context, t *task[T]) error {
	if p.like == nil || len(t.problems) > 0 || t.outcome == market.Unchanged || ctx.Err() != nil {
		return nil
	}
	twins, err := p.like(ctx, p.run.by, t.number, t.doc)
	p.run.note(twins)
	return err
}

// ofRow reports whether an error of a sink is about its row alone.
func ofRow(err error) bool {
	kind := market.KindOf(err)
	return kind == market.Invalid || kind == market.Conflict || kind == market.Stale
}
