package search

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"jishi/internal/market"
)

// Rebuild fills a new generation while the current one keeps answering, then
// swaps. fill must bring the sinks it is given up to date with the store, from
// their Position on; it is called twice, the second time with the index's own
// sinks held back, so that nothing that changed meanwhile is missed. When fill
// fails or the process dies, the current generation stays. Conflict says that
// a rebuild is running already.
func (ix *Index) Rebuild(ctx context.Context, fill func(ctx context.Context, into Sinks) error) error {
	if !ix.building.TryLock() {
		return market.E(market.Conflict, "rebuilding", "索引正在重建，请等待完成。")
	}
	defer ix.building.Unlock()
	g, err := ix.begin()
	if err != nil {
		return searchError(err)
	}
	ix.next.Store(g)
	defer ix.next.Store(nil)
	into := newSinks(func() (*generation, func(), error) { return g, func() {}, nil }, nil)
	if err := fill(ctx, into); err != nil {
		return errors.Join(err, ix.drop(g))
	}
	if err := g.compact(ctx); err != nil {
		return errors.Join(searchError(err), ix.drop(g))
	}
	ix.apply.Lock()
	defer ix.apply.Unlock()
	if err := fill(ctx, into); err != nil {
		return errors.Join(err, ix.drop(g))
	}
	if err := errors.Join(g.check(ctx, true), ix.makeWhole(g)); err != nil {
		return errors.Join(searchError(err), ix.drop(g))
	}
	if err := writePointer(ix.dir, g.name); err != nil {
		return errors.Join(searchError(err), ix.drop(g))
	}
	ix.mu.Lock()
	old := ix.current
	ix.current = g
	ix.mu.Unlock()
	if err := ix.drop(old); err != nil {
		ix.log.Warn("search index: replaced generation stays until the next start", "generation", old.name, "err", err)
	}
	return nil
}

// begin makes the generation to fill. Close takes building first, so the
// index cannot close underneath.
func (ix *Index) begin() (*generation, error) {
	g, err := ix.use()
	if err != nil {
		return nil, err
	}
	g.users.Done()
	return newGeneration(ix.dir)
}

// drop closes a generation and removes its folder.
func (ix *Index) drop(g *generation) error {
	g.writing.Lock() // State may be asking it
	defer g.writing.Unlock()
	ix.next.CompareAndSwap(g, nil)
	return errors.Join(g.close(), os.RemoveAll(filepath.Join(ix.dir, g.name)))
}
