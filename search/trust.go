package search

import (
	"errors"
	"fmt"
	"runtime/debug"

	"jishi/internal/market"
)

// State is how an index is.
type State struct {
	Generation string
	Tally      Tally
	Filling    bool   // it has not yet had all that the store holds
	Rebuilding bool   // another one is being filled beside it
	Done       int    // listings in the one being filled, or in this one
	Damage     string // what is wrong with it; empty = nothing known
}

// FilledWhen tells the index how to know that its sinks have had all that the
// store holds; until then an index that began empty answers Unavailable with
// market.CodeIndexFilling. Without it such an index answers with what it has. Call it
// before the index is used.
func (ix *Index) FilledWhen(caughtUp func() bool) { ix.caughtUp = caughtUp }

// WhenDamaged has f called, in a goroutine of its own, when the index is found
// damaged. Call it before the index is used.
func (ix *Index) WhenDamaged(f func()) { ix.damaged = f }

// State returns how the index is; Unavailable when it is closed.
func (ix *Index) State() (State, error) {
	g, err := ix.use()
	if err != nil {
		return State{}, err
	}
	defer g.users.Done()
	s := State{Generation: g.name, Filling: g.partial.Load() && ix.caughtUp != nil && !ix.caughtUp()}
	if why := g.wrong.Load(); why != nil {
		s.Damage = (*why).Error()
	}
	if m, err := g.readManifest(); err == nil {
		s.Tally, s.Done = m.tally, m.tally.Count
	}
	if next := ix.next.Load(); next != nil {
		s.Rebuilding = true
		next.writing.Lock() // not while it is dropped
		if m, err := next.readManifest(); err == nil {
			s.Done = m.tally.Count
		}
		next.writing.Unlock()
	}
	return s, nil
}

// trusted returns nil when a generation may answer.
func (ix *Index) trusted(g *generation) error {
	if why := g.wrong.Load(); why != nil {
		return market.Wrap(market.Unavailable, *why, market.CodeIndexDamaged, "搜索索引有损坏，正在从数据库重建。")
	}
	if !g.partial.Load() || ix.caughtUp == nil {
		return nil
	}
	if !ix.caughtUp() {
		return market.E(market.Unavailable, market.CodeIndexFilling, "搜索索引正在重建，请稍后再试。")
	}
	if err := ix.makeWhole(g); err != nil {
		g.partial.Store(false) // it is; only the next start fills it again
		ix.log.Warn("search index: not noted as whole", "generation", g.name, "err", err)
	}
	return nil
}

// distrust lets a generation answer no more.
func (ix *Index) distrust(g *generation, why error) {
	if !g.wrong.CompareAndSwap(nil, &why) {
		return
	}
	ix.log.Error("search index is damaged, it is rebuilt from the store", "generation", g.name, "err", why)
	if ix.damaged != nil {
		go ix.damaged()
	}
}

// guarded turns a panic of bleve over damaged bytes into an error; also where
// a file of the index has become shorter than it was mapped.
func guarded(do func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(before)
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(errPanic, fmt.Errorf("search: reading the index: %v", r))
		}
	}()
	return do()
}

// errPanic is that bleve panicked.
var errPanic = errors.New("search: the index cannot be read")

// reopen takes the index back to what is on the disk after bleve could not
// write: what it then holds in memory is no longer sound. While that lasts, and
// if it fails, the index is damaged.
func (ix *Index) reopen(g *generation, why error) {
	if !ix.building.TryLock() { // a rebuild runs, or the index is being closed: either replaces it
		ix.distrust(g, why)
		return
	}
	defer ix.building.Unlock()
	ix.apply.Lock()
	defer ix.apply.Unlock()
	if now, err := ix.use(); err != nil || now != g {
		if err == nil {
			now.users.Done()
		}
		return // somebody else was faster
	}
	g.users.Done()
	ix.log.Error("search index: cannot write, going back to what is on the disk", "generation", g.name, "err", why)
	ix.mu.Lock() // searches wait
	err := g.close()
	fresh, reopened := openGeneration(ix.dir, g.name)
	if reopened == nil {
		ix.current = fresh
	}
	ix.mu.Unlock()
	if reopened != nil {
		ix.distrust(g, errors.Join(why, err, reopened))
	}
}
