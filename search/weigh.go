package search

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// Bounds of the terms of one query. On 16,199 texts neither costs anything
// measurable; together they make a whole demand several times faster.
const (
	maxTerms    = 60  // the heaviest are kept
	commonShare = 0.1 // terms in more of the documents than this are dropped …
	keepTerms   = 4   // … as long as so many remain
	youngMarket = 300 // fewer documents are weighed as this many, or a word of two listings would pass for common
	fewHolders  = 8   // of terms that no more documents hold, the kind of these is looked at
	maxPairs    = 200 // terms that a single character stands for; below 256, see scores.hits
)

// weighted is a query term that the index knows, with its postings.
type weighted struct {
	text     string
	df       int // documents that hold it
	weight   float64
	postings index.TermFieldReader
}

// idf is how much a term tells that df documents hold: nearly 0 when all do.
func (v *view) idf(df int) float64 {
	return math.Log(1 + (float64(v.crowd()-df)+0.5)/(float64(df)+0.5))
}

// crowd is the number of documents that shares of documents are of.
func (v *view) crowd() int { return max(v.live, youngMarket) }

// queryTerms counts the terms of a text, in the order they first occur.
func queryTerms(text string) ([]string, map[string]int) {
	var order []string
	count := make(map[string]int)
	for _, term := range analysis.Terms(text) {
		if count[term.Text] == 0 {
			order = append(order, term.Text)
		}
		count[term.Text]++
	}
	return order, count
}

// weigh opens the terms of text that weigh most, heaviest first. A term weighs
// idf² · √(its count in the text), the best of the forms measured. Given a
// kind, terms that no listing of it holds are left out: they find nothing, and
// the words of a published demand that only itself holds, the rarest there
// are, would take the place of those that do. Close them after use.
func (v *view) weigh(ctx context.Context, text string, kind market.ListingKind) ([]weighted, error) {
	order, count := queryTerms(text)
	if char, ok := loneHan(order); ok {
		pairs, err := v.termsWith(char)
		if err != nil {
			return nil, err
		}
		return v.openAll(ctx, pairs, count)
	}
	order, err := v.heldBy(ctx, kind, order)
	if err != nil {
		return nil, err
	}
	terms, err := v.openAll(ctx, order, count)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(terms, func(a, b weighted) int { return cmp.Compare(b.weight, a.weight) })
	keep := v.keep(terms)
	closeTerms(terms[keep:])
	return terms[:keep], nil
}

// heldBy returns those terms that a listing of a kind holds; all of them
// without a kind. Terms with many holders are taken to have one of each kind.
func (v *view) heldBy(ctx context.Context, kind market.ListingKind, terms []string) ([]string, error) {
	if kind == "" {
		return terms, nil
	}
	held := terms[:0:0]
	for _, term := range terms {
		ok, err := v.isHeldBy(ctx, kind, term)
		if err != nil {
			return nil, err
		}
		if ok {
			held = append(held, term)
		}
	}
	return held, nil
}

func (v *view) isHeldBy(ctx context.Context, kind market.ListingKind, term string) (bool, error) {
	postings, err := v.reader.TermFieldReader(ctx, []byte(term), fieldText, false, false, false)
	if err != nil {
		return false, err
	}
	defer postings.Close()
	if n := postings.Count(); n == 0 || n > fewHolders {
		return n > 0, nil
	}
	var posting index.TermFieldDoc
	for {
		next, err := postings.Next(&posting)
		if err != nil || next == nil {
			return false, err
		}
		if v.row(int(next.ID.Value())).kind() == kind {
			return true, nil
		}
	}
}

// openAll opens those terms that the index knows.
func (v *view) openAll(ctx context.Context, order []string, count map[string]int) ([]weighted, error) {
	var terms []weighted
	for _, term := range order {
		w, err := v.open(ctx, term, max(count[term], 1))
		if err != nil {
			closeTerms(terms)
			return nil, err
		}
		if w.df == 0 {
			w.postings.Close()
			continue
		}
		terms = append(terms, w)
	}
	return terms, nil
}

func (v *view) open(ctx context.Context, term string, count int) (weighted, error) {
	postings, err := v.reader.TermFieldReader(ctx, []byte(term), fieldText, true, false, false)
	if err != nil {
		return weighted{}, err
	}
	df := int(postings.Count())
	i := v.idf(df)
	return weighted{text: term, df: df, weight: i * i * math.Sqrt(float64(count)), postings: postings}, nil
}

// keep returns how many of the terms, heaviest first, to use. It moves common
// ones to the end.
func (v *view) keep(terms []weighted) int {
	limit := int(commonShare * float64(v.crowd()))
	rare := 0
	for _, t := range terms {
		if t.df <= limit {
			rare++
		}
	}
	if rare < keepTerms {
		return min(len(terms), maxTerms)
	}
	slices.SortStableFunc(terms, func(a, b weighted) int { return cmp.Compare(common(a, limit), common(b, limit)) })
	return min(rare, maxTerms)
}

func common(t weighted, limit int) int {
	if t.df > limit {
		return 1
	}
	return 0
}

// termsWith returns the most frequent terms that hold a Han character: a
// search for 镁 looks for 镁合, 镁基, 铝镁 and so on.
func (v *view) termsWith(char rune) ([]string, error) {
	dict, err := v.reader.FieldDictRegexp(fieldText, fmt.Sprintf("%c.?|.%c", char, char))
	if err != nil {
		return nil, err
	}
	defer dict.Close()
	var found []index.DictEntry
	for {
		entry, err := dict.Next()
		if err != nil {
			return nil, err
		}
		if entry == nil {
			break
		}
		found = append(found, *entry)
	}
	slices.SortStableFunc(found, func(a, b index.DictEntry) int { return cmp.Compare(b.Count, a.Count) })
	var terms []string
	for _, entry := range found[:min(len(found), maxPairs)] {
		terms = append(terms, entry.Term)
	}
	return terms, nil
}

func closeTerms(terms []weighted) {
	for _, t := range terms {
		t.postings.Close() // only gives the reader back to bleve's pool; never fails
	}
}
