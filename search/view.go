package search

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// view is one moment of a generation: a snapshot of bleve's with the rows of
// its documents. Writers do not disturb it. Close it after use.
type view struct {
	reader   *scorch.IndexSnapshot
	segments []segmentView
	size     int     // documents, deleted ones too: document numbers are below it
	live     int     // documents not deleted
	mean     float64 // terms in a document
}

// segmentView is a segment of a snapshot; its documents are numbered from base on.
type segmentView struct {
	base    int
	rows    []row
	deleted *roaring.Bitmap // by place in rows; nil = none
}

func (s *segmentView) isDeleted(i int) bool {
	return s.deleted != nil && s.deleted.Contains(uint32(i))
}

func (v *view) Close() error { return v.reader.Close() }

// document returns the index id of a document.
func (v *view) document(number int) (string, error) {
	return v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(number)))
}

// row returns the row of a document.
func (v *view) row(number int) *row {
	s := v.segmentOf(number, 0)
	return &v.segments[s].rows[number-v.segments[s].base]
}

// segmentOf returns the segment a document lies in, looking from a segment on.
func (v *view) segmentOf(number, from int) int {
	for number >= v.segments[from].base+len(v.segments[from].rows) {
		from++
	}
	return from
}

// rowCache keeps the rows of a generation's segments. A segment never changes:
// documents come in new segments, merging makes new ones of old, and what is
// deleted is known beside it.
type rowCache struct {
	mu       sync.Mutex
	segments map[uint64]segmentRows
}

type segmentRows struct {
	rows  []row
	terms int // in all rows

	gone      uint64 // documents deleted when last looked; they only become more
	goneTerms int    // terms of these
}

// lose counts the terms of deleted documents, if there are more than before.
func (s *segmentRows) lose(deleted *roaring.Bitmap) {
	if deleted == nil || deleted.GetCardinality() == s.gone {
		return
	}
	s.gone, s.goneTerms = deleted.GetCardinality(), 0
	deleted.Iterate(func(i uint32) bool {
		s.goneTerms += int(s.rows[i].length)
		return true
	})
}

// view opens a view of what the index holds now, reading the rows of segments
// not met before: about 2 µs a document.
func (c *rowCache) view(ctx context.Context, store index.Index) (*view, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	reader, err := store.Reader()
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("search: the index is a %T, not scorch", reader)
	}
	v := &view{reader: snapshot}
	if err := c.fill(ctx, v); err != nil {
		snapshot.Close()
		return nil, err
	}
	return v, nil
}

func (c *rowCache) fill(ctx context.Context, v *view) error {
	present := make(map[uint64]segmentRows)
	terms := 0
	for _, segment := range v.reader.Segments() {
		s, ok := c.segments[segment.Id()]
		if !ok {
			var err error
			if s, err = readRows(ctx, segment); err != nil {
				return err
			}
		}
		deleted := segment.Deleted()
		s.lose(deleted)
		present[segment.Id()] = s
		v.segments = append(v.segments, segmentView{base: v.size, rows: s.rows, deleted: deleted})
		v.size += len(s.rows)
		v.live += len(s.rows) - int(s.gone)
		terms += s.terms - s.goneTerms
	}
	c.segments = present
	v.mean = float64(max(terms, 1)) / float64(max(v.live, 1))
	return nil
}

// readRows reads the stored rows of a segment, on all processors: searches
// wait for those of a segment that was merged.
func readRows(ctx context.Context, segment *scorch.SegmentSnapshot) (segmentRows, error) {
	s := segmentRows{rows: make([]row, segment.FullSize())}
	workers := runtime.GOMAXPROCS(0)
	failures := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			const step = 4096
			for from := w * step; from < len(s.rows) && failures[w] == nil; from += workers * step {
				if failures[w] = ctx.Err(); failures[w] == nil {
					failures[w] = guarded(func() error { return readSome(segment, s.rows, from, min(from+step, len(s.rows))) })
				}
			}
		})
	}
	wait.Wait()
	if err := errors.Join(failures...); err != nil {
		return s, err
	}
	for i := range s.rows {
		s.terms += int(s.rows[i].length)
	}
	return s, nil
}

// readSome reads the rows of a range of documents.
func readSome(segment *scorch.SegmentSnapshot, rows []row, from, to int) error {
	for i := from; i < to; i++ {
		document, text := "", ""
		err := segment.VisitDocument(uint64(i), func(field string, _ byte, value []byte, _ []uint64) bool {
			switch field {
			case "_id":
				document = string(value)
			case fieldRow:
				text = string(value)
			}
			return true
		})
		if err != nil {
			return err
		}
		if rows[i], err = decodeRow(document, text); err != nil {
			return err
		}
	}
	return nil
}
