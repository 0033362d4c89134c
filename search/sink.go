package search

import (
	"context"
	"runtime"
	"sync"

	"github.com/blevesearch/bleve/v2/document"

	"jishi/internal/market"
)

// Sink takes the changes of one collection into the index; it is a
// follow.Sink. What is applied can be found when Apply returns, and survives
// the death of the process.
type Sink[T any] struct {
	key    []byte // where bleve keeps the checkpoint: achievementsKey or demandsKey
	open   func() (*generation, func(), error)
	failed func(*generation, error) // told what bleve could not write; nil = nobody
	encode func(*T) (string, *entry)
}

var (
	achievementsKey = []byte("follow/achievements")
	demandsKey      = []byte("follow/demands")
)

// Sinks are the sinks of one index or of one that is being rebuilt.
type Sinks struct {
	Achievements *Sink[market.Achievement]
	Demands      *Sink[market.Demand]
}

// Achievements returns the sink of achievements.
func (ix *Index) Achievements() *Sink[market.Achievement] {
	return newSinks(ix.forWriting, ix.reopen).Achievements
}

// Demands returns the sink of demands.
func (ix *Index) Demands() *Sink[market.Demand] { return newSinks(ix.forWriting, ix.reopen).Demands }

func newSinks(open func() (*generation, func(), error), failed func(*generation, error)) Sinks {
	return Sinks{
		Achievements: &Sink[market.Achievement]{
			key: achievementsKey, open: open, failed: failed,
			encode: func(a *market.Achievement) (string, *entry) {
				return documentID(market.KindAchievement, a.ID), achievementEntry(a)
			},
		},
		Demands: &Sink[market.Demand]{
			key: demandsKey, open: open, failed: failed,
			encode: func(d *market.Demand) (string, *entry) {
				return documentID(market.KindDemand, d.ID), demandEntry(d)
			},
		},
	}
}

// forWriting returns the current generation, kept until done is called.
func (ix *Index) forWriting() (*generation, func(), error) {
	ix.apply.RLock()
	g, err := ix.use()
	if err != nil {
		ix.apply.RUnlock()
		return nil, nil, err
	}
	return g, func() { g.users.Done(); ix.apply.RUnlock() }, nil
}

// Position returns the cursor given to the last Apply, "" for a new index.
func (s *Sink[T]) Position(ctx context.Context) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", searchError(err)
	}
	g, done, err := s.open()
	if err != nil {
		return "", err
	}
	defer done()
	cursor, err := g.bleve.GetInternal(s.key)
	return string(cursor), searchError(err)
}

// maxBatch bounds the documents of one bleve batch, by memory; 1,000 is also
// where indexing is fastest.
const maxBatch = 1000

// Apply puts the public ones of docs into the index and takes the others out.
// The cursor is written with the last of them in one step, so that a crash
// repeats work but loses none. When bleve cannot write, on a full disk for
// one, nothing is applied, and the index goes back to what is on the disk.
func (s *Sink[T]) Apply(ctx context.Context, docs []*T, next string) error {
	g, done, err := s.open()
	if err != nil {
		return err
	}
	err = guarded(func() error { return s.apply(ctx, g, docs, next) })
	done()
	if err != nil && ctx.Err() == nil && s.failed != nil {
		s.failed(g, err)
	}
	return searchError(err)
}

func (s *Sink[T]) apply(ctx context.Context, g *generation, docs []*T, next string) error {
	for len(docs) > maxBatch {
		if err := s.batch(ctx, g, docs[:maxBatch], nil); err != nil {
			return err
		}
		docs = docs[maxBatch:]
	}
	if err := s.batch(ctx, g, docs, &next); err != nil {
		return err
	}
	v, err := g.view(ctx) // reads the new rows now, so that the next search need not
	if err != nil {
		return err
	}
	return v.Close()
}

// batch writes documents, and with them the manifest, in one step.
func (s *Sink[T]) batch(ctx context.Context, g *generation, docs []*T, cursor *string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	all := s.cut(docs)
	g.writing.Lock() // from here on the manifest is ours
	defer g.writing.Unlock()
	m, err := g.readManifest()
	if err != nil {
		return err
	}
	if err := g.count(ctx, &m.tally, all); err != nil {
		return err
	}
	batch := g.bleve.NewBatch()
	for _, one := range all {
		if one.made == nil {
			batch.Delete(one.id)
			continue
		}
		if err := batch.IndexAdvanced(one.made); err != nil {
			return err
		}
	}
	if cursor != nil {
		batch.SetInternal(s.key, []byte(*cursor))
		m.setPosition(s.key, *cursor)
	}
	batch.SetInternal(manifestKey, m.encode())
	return g.bleve.Batch(batch)
}

// cutting is a listing made ready for the index.
type cutting struct {
	id   string
	made *document.Document // nil = not public
	mark uint64             // see Tally
}

// cut makes the index documents of docs on all processors.
func (s *Sink[T]) cut(docs []*T) []cutting {
	all := make([]cutting, len(docs))
	var wait sync.WaitGroup
	share := (len(docs) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for from := 0; from < len(docs); from += share {
		wait.Go(func() {
			for i := from; i < min(from+share, len(docs)); i++ {
				id, e := s.encode(docs[i])
				if all[i].id = id; e != nil {
					all[i].made, all[i].mark = e.document(id), markOf(id, e.row.version)
				}
			}
		})
	}
	wait.Wait()
	return all
}

// count brings a tally up to what a batch leaves: the last of several
// documents with one id counts.
func (g *generation) count(ctx context.Context, t *Tally, all []cutting) error {
	v, err := g.view(ctx)
	if err != nil {
		return err
	}
	defer v.Close()
	last := make(map[string]cutting, len(all))
	for _, one := range all {
		last[one.id] = one
	}
	for id, one := range last {
		if v.live > 0 {
			number, err := v.reader.InternalID(id)
			if err != nil {
				return err
			}
			if number != nil {
				t.remove(v.row(int(number.Value())).sum)
			}
		}
		if one.made != nil {
			t.add(one.mark)
		}
	}
	return nil
}
