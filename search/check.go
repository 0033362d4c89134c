package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"jishi/internal/market"
)

// wholeFile stands in the folder of a generation that has had all the store
// held at some time. One without it is being filled.
const wholeFile = "whole"

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// check reads all rows and holds them against the manifest; with files it also
// reads the segments through, which a seal makes needless.
func (g *generation) check(ctx context.Context, files bool) error {
	g.writing.Lock() // what is written and what the manifest says of it are one moment
	v, err := g.view(ctx)
	var m manifest
	if err == nil {
		m, err = g.readManifest()
	}
	g.writing.Unlock()
	if v == nil {
		return err
	}
	defer v.Close()
	if err != nil {
		return err
	}
	if have := v.tally(); have != m.tally {
		return fmt.Errorf("search: the index holds %d listings with sum %s, its manifest says %d with %s", have.Count, have, m.tally.Count, m.tally)
	}
	if files {
		return v.checkSegments()
	}
	return nil
}

// probe searches for what must be there: the commonest of the first terms, and
// a document by its id.
func (v *view) probe(ctx context.Context) error {
	if v.live == 0 {
		return nil
	}
	dict, err := v.reader.FieldDict(fieldText)
	if err != nil {
		return err
	}
	defer dict.Close()
	term, most := "", uint64(0)
	for range 1000 {
		entry, err := dict.Next()
		if err != nil {
			return err
		}
		if entry == nil {
			break
		}
		if entry.Count > most {
			term, most = entry.Term, entry.Count
		}
	}
	postings, err := v.reader.TermFieldReader(ctx, []byte(term), fieldText, false, false, false)
	if err != nil {
		return err
	}
	defer postings.Close()
	found, err := postings.Next(nil)
	if err != nil || found == nil {
		return errors.Join(err, fmt.Errorf("search: no listing holds %q, which %d should", term, most))
	}
	document, err := v.document(int(found.ID.Value()))
	if err != nil {
		return err
	}
	number, err := v.reader.InternalID(document)
	if err != nil || number == nil || number.Value() != found.ID.Value() {
		return errors.Join(err, fmt.Errorf("search: listing %s is not found by its id", document))
	}
	return nil
}

// Check looks the whole index through: its files, its manifest, and a search
// for what must be there. A nil error means that it is sound; Unavailable that
// it is not, or is closed, with what is wrong as its cause. An index found
// unsound answers no more searches until a Rebuild has replaced it.
func (ix *Index) Check(ctx context.Context) error {
	g, err := ix.use()
	if err != nil {
		return err
	}
	defer g.users.Done()
	err = guarded(func() error {
		if err := g.check(ctx, true); err != nil {
			return err
		}
		v, err := g.view(ctx)
		if err != nil {
			return err
		}
		defer v.Close()
		return v.probe(ctx)
	})
	if err == nil || ctx.Err() != nil {
		return searchError(err)
	}
	ix.distrust(g, err)
	return market.Wrap(market.Unavailable, err, market.CodeIndexDamaged, "搜索索引有损坏，正在从数据库重建。")
}

// Difference is how an index differs from the store, by hashes of document ids.
type Difference struct {
	Missing, Stale, Extra map[uint64]bool
}

// Empty reports whether there is no difference.
func (d Difference) Empty() bool { return len(d.Missing)+len(d.Stale)+len(d.Extra) == 0 }

// Since is what is different now and was before; all of now the first time.
// What was different once and again is not a listing that just changed.
func (d Difference) Since(now Difference, first bool) Difference {
	if first {
		return now
	}
	both := func(a, b map[uint64]bool) map[uint64]bool {
		kept := map[uint64]bool{}
		for key := range a {
			if b[key] {
				kept[key] = true
			}
		}
		return kept
	}
	return Difference{both(d.Missing, now.Missing), both(d.Stale, now.Stale), both(d.Extra, now.Extra)}
}

// String says in Chinese what is different.
func (d Difference) String() string {
	return fmt.Sprintf("缺 %d 条，旧 %d 条，多 %d 条", len(d.Missing), len(d.Stale), len(d.Extra))
}

// Compare holds the index against a census of the store.
func (ix *Index) Compare(ctx context.Context, census *Census) (Difference, error) {
	d := Difference{map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}}
	g, err := ix.use()
	if err != nil {
		return d, err
	}
	defer g.users.Done()
	v, err := g.view(ctx)
	if err != nil {
		return d, searchError(err)
	}
	defer v.Close()
	if v.tally() == census.Tally {
		return d, nil
	}
	seen := make(map[uint64]bool, v.live)
	for i := range v.segments {
		s := &v.segments[i]
		for j := range s.rows {
			if s.isDeleted(j) {
				continue
			}
			id := s.rows[j].tie
			seen[id] = true
			if mark, ok := census.marks[id]; !ok {
				d.Extra[id] = true
			} else if mark != s.rows[j].sum {
				d.Stale[id] = true
			}
		}
	}
	for id := range census.marks {
		if !seen[id] {
			d.Missing[id] = true
		}
	}
	return d, nil
}

// Distrust takes an index out of service that differs from the store, until a
// Rebuild has replaced it.
func (ix *Index) Distrust(why error) {
	if g, err := ix.use(); err == nil {
		defer g.users.Done()
		ix.distrust(g, why)
	}
}

// makeWhole notes that a generation has had all that the store holds.
func (ix *Index) makeWhole(g *generation) error {
	file, err := os.Create(filepath.Join(ix.dir, g.name, wholeFile))
	if err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	g.partial.Store(false)
	return nil
}
