package search

import (
	"fmt"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// postings reads which documents of a view hold the terms of a field. It goes
// to the bitmaps of bleve's segments: bleve's own readers decode a count for
// every document, at ten times the cost. It is not safe for concurrent use.
type postings struct {
	v     *view
	dicts []segment.TermDictionary // by segment
	lists []segment.PostingsList   // reused from call to call
	iters []segment.PostingsIterator
}

func (v *view) postings(field string) (*postings, error) {
	p := &postings{v: v, dicts: make([]segment.TermDictionary, len(v.segments)),
		lists: make([]segment.PostingsList, len(v.segments)), iters: make([]segment.PostingsIterator, len(v.segments))}
	for i, s := range v.reader.Segments() {
		var err error
		if p.dicts[i], err = s.Segment().Dictionary(field); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// count returns how many documents hold a term.
func (p *postings) count(term string) (int, error) {
	n := 0
	for i := range p.dicts {
		list, err := p.list(i, term)
		if err != nil {
			return 0, err
		}
		n += int(list.Count())
	}
	return n, nil
}

func (p *postings) list(i int, term string) (segment.PostingsList, error) {
	list, err := p.dicts[i].PostingsList([]byte(term), p.v.segments[i].deleted, p.lists[i])
	if err != nil {
		return nil, err
	}
	p.lists[i] = list
	return list, nil
}

// in calls visit with the documents of a segment that hold a term, ascending,
// some at a time; documents are numbered within the segment, and the slice is
// reused. It stops when visit returns false.
func (p *postings) in(i int, term string, visit func([]uint32) bool) error {
	list, err := p.list(i, term)
	if err != nil {
		return err
	}
	iterator := list.Iterator(false, false, false, p.iters[i])
	p.iters[i] = iterator
	bitmaps, ok := iterator.(segment.OptimizablePostingsIterator)
	if !ok {
		return fmt.Errorf("search: postings are a %T without bitmap", iterator)
	}
	if number, ok := bitmaps.DocNum1Hit(); ok {
		visit([]uint32{uint32(number)})
		return nil
	}
	if bitmap := bitmaps.ActualBitmap(); bitmap != nil {
		each(bitmap, visit)
	}
	return nil
}

func each(bitmap *roaring.Bitmap, visit func([]uint32) bool) {
	var buffer [256]uint32
	for many := bitmap.ManyIterator(); ; {
		n := many.NextMany(buffer[:])
		if n == 0 || !visit(buffer[:n]) {
			return
		}
	}
}
