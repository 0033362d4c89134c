package search

import (
	"context"
	"slices"
	"strings"

	"jishi/internal/market"
)

const defaultPage = 20

// Find returns one page of published listings and the facet counts of all of
// them. Text is words, never a query language: a hit holds at least half of
// the terms of a short text, or three of a long one; text without any term
// finds nothing. Only the first market.MaxQuery characters are read. Pages
// neither skip nor repeat while the index stays the same; Invalid names a
// bound that the query breaks, Unavailable says that time ran out or the index
// is away.
func (ix *Index) Find(ctx context.Context, q market.SearchQuery) (market.SearchResult, error) {
	if err := checkQuery(&q); err != nil {
		return market.SearchResult{}, err
	}
	from, err := decodeCursor(q.Sort, q.Cursor)
	if err != nil {
		return market.SearchResult{}, err
	}
	var result market.SearchResult
	err = ix.read(ctx, func(v *view) error {
		s := scan{filter: newFilter(q), sort: q.Sort, ranking: DefaultRanking(), also: ix.Substitutes(q.Text), top: top{limit: q.Limit + 1}}
		s.top.turn(from)
		if err := s.run(ctx, v, q.Text); err != nil {
			return err
		}
		result, err = s.result(v, q.Limit)
		result.Also = s.also
		return err
	})
	return result, err
}

// checkQuery fills in defaults and returns Invalid when a bound is broken.
func checkQuery(q *market.SearchQuery) error {
	var p market.Problems
	p.Check(q.Kind == "" || market.ListingKinds.Has(string(q.Kind)), "kind", "请选择成果或需求")
	for field, codes := range map[string][]string{"field": q.Fields, "industry": q.Industries, "stage": q.Stages, "mode": q.Modes} {
		p.Check(len(codes) <= market.MaxSelection, field, "选择过多，最多 50 项")
	}
	q.CheckRanges(&p)
	p.Check(market.SearchSorts.Has(string(q.Sort)), "sort", "请从列表中选择排序方式")
	p.Check(q.Limit >= 0 && q.Limit <= market.MaxPageSize, "limit", "每页 1 至 100 条")
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	q.Text = head(q.Text, market.MaxQuery)
	if q.Text == "" && q.Sort == market.SortRelevance {
		q.Sort = market.SortNewest
	}
	return p.Err()
}

// head returns the first n characters of a text without white space at its ends.
func head(text string, n int) string {
	for i := range text {
		if n == 0 {
			text = text[:i]
			break
		}
		n--
	}
	return strings.TrimSpace(strings.ToValidUTF8(text, " "))
}

// scan is one walk over the documents of a view.
type scan struct {
	filter  filter
	sort    market.SearchSort
	ranking Ranking
	loose   bool               // one query term is enough for a hit
	kind    market.ListingKind // whose terms count; empty = all
	also    []market.Substitute
	pool    top // the best of the first stage
	top     top

	total  int
	counts counts
}

// run scores the documents by text, or takes all when there is none, and walks
// over them.
func (s *scan) run(ctx context.Context, v *view, text string) error {
	if text == "" {
		return s.walk(ctx, v, nil, 0)
	}
	q, err := v.weigh(ctx, s.ranking, text, s.kind, s.also)
	if err != nil || len(q.first)+len(q.stands) == 0 {
		return err
	}
	s.ranking = q.ranking
	found, err := v.score(ctx, q)
	if err != nil {
		return err
	}
	defer scorePool.Put(found)
	need := uint8(1)
	if !s.loose {
		need = found.need(len(q.first) + q.extra)
	}
	if s.sort == market.SortRelevance {
		s.pool.limit = s.ranking.Pool
	}
	if err := s.walk(ctx, v, found, need); err != nil {
		return err
	}
	return v.settle(q, s.pool.places, s.top.show)
}

// walk takes all documents, or those found to hold so many terms as they need.
func (s *scan) walk(ctx context.Context, v *view, found *scores, need uint8) error {
	for i := range v.segments {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		segment := &v.segments[i]
		if found == nil {
			s.takeAll(segment)
			continue
		}
		hits, value := found.hits[segment.base:], found.value[segment.base:]
		for j := range segment.rows {
			if hits[j] >= need {
				r := &segment.rows[j]
				s.take(r, segment.base+j, value[j]*float32(s.ranking.saturation(1, float64(r.length)/v.mean)))
			}
		}
	}
	return nil
}

func (s *scan) takeAll(segment *segmentView) {
	for j := range segment.rows {
		if !segment.isDeleted(j) {
			s.take(&segment.rows[j], segment.base+j, 0)
		}
	}
}

// take counts a document that passes the filters and gives it its place.
func (s *scan) take(r *row, number int, score float32) {
	if !s.filter.passes(r, &s.counts) {
		return
	}
	s.total++
	p, out := place{key: key(s.sort, r, score), tie: r.tie, number: number}, true
	if s.pool.limit > 0 {
		p, out = s.pool.swap(p)
	}
	if out {
		s.top.show(p)
	}
}

// result names the documents of the page.
func (s *scan) result(v *view, limit int) (market.SearchResult, error) {
	result := market.SearchResult{Hits: []market.Hit{}, Facets: s.counts.table(), Total: s.total}
	places, before, more := s.top.page(limit)
	if len(places) > 0 {
		result.First = before + 1
	}
	if len(places) > 0 && more {
		result.Cursor = encodeCursor(s.sort, places[len(places)-1], false)
	}
	if len(places) > 0 && before > 0 {
		result.Before = encodeCursor(s.sort, places[0], true)
	}
	for _, p := range places {
		document, err := v.document(p.number)
		if err != nil {
			return result, err
		}
		hit := market.Hit{ID: listingID(document), Kind: v.row(p.number).kind()}
		if s.sort == market.SortRelevance {
			hit.Score = p.score()
		}
		result.Hits = append(result.Hits, hit)
	}
	result.Hits = slices.Clip(result.Hits)
	return result, nil
}
