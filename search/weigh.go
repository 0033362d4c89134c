package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	"jishi/internal/market"
	"jishi/search/analysis"
)

const (
	keepTerms   = 4   // common terms are dropped as long as so many remain
	youngMarket = 300 // fewer documents are weighed as this many, or a word of two listings would pass for common
	fewHolders  = 8   // of terms that no more documents hold, the kind of these is looked at
)

// weighted is a query term that the index knows.
type weighted struct {
	text   string
	df     int // documents that hold it
	weight float64
	token  bool // a word of another script, not of ideographs
}

// question is a query taken apart and weighed against a view.
type question struct {
	ranking Ranking
	field   string     // where the first stage looks its terms up
	first   []weighted // heaviest first
	terms   []weighted // pairs, then words, then chars, all for the second stage
	words   int        // where the words begin
	chars   int        // where the chars begin
	asked   tallies    // what it was made of
	stands  []stand    // words of the same meaning
	extra   int        // of these, for words that no document holds
}

// idf is how much a term tells that df documents hold: nearly 0 when all do.
func (v *view) idf(df int) float64 {
	return math.Log(1 + (float64(v.crowd()-df)+0.5)/(float64(df)+0.5))
}

// crowd is the number of documents that shares of documents are of.
func (v *view) crowd() int { return max(v.live, youngMarket) }

// tally counts terms in the order they first occur.
type tally struct {
	order  []string
	count  map[string]int
	tokens map[string]bool // those that are words of other scripts
}

func newTally() tally { return tally{count: map[string]int{}, tokens: map[string]bool{}} }

func (t *tally) add(term string) {
	if t.count[term] == 0 {
		t.order = append(t.order, term)
	}
	t.count[term]++
}

// tallies are the terms of a query by kind.
type tallies struct{ pairs, words, chars tally }

func tallyTerms(text string) tallies {
	t := tallies{pairs: newTally(), words: newTally(), chars: newTally()}
	for _, run := range analysis.Runs(text) {
		run.Pairs(t.pairs.add)
		if !run.Han {
			t.pairs.tokens[run.Text] = true
			continue
		}
		run.Words(t.words.add)
		for _, char := range run.Text {
			t.chars.add(string(char))
		}
	}
	return t
}

// weigh takes a text apart and weighs its terms. Given a kind, the first stage
// leaves out pairs that no listing of it holds: they find nothing, and the
// words of a published demand that only itself holds, the rarest there are,
// would take the place of those that do.
// also is words of the same meaning as some of the text.
func (v *view) weigh(ctx context.Context, r Ranking, text string, kind market.ListingKind, also []market.Substitute) (*question, error) {
	t := tallyTerms(text)
	if char, ok := loneHan(t.pairs.order); ok {
		return v.weighLone(r, string(char))
	}
	q := &question{ranking: r.forLength(len(t.pairs.order)), field: fieldText, asked: t}
	pairs, err := v.postings(fieldText)
	if err != nil {
		return nil, err
	}
	all, err := v.weighAll(pairs, t.pairs, r)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if q.first, err = v.firstTerms(pairs, all, r, kind); err != nil {
		return nil, err
	}
	more, err := v.substitute(q, pairs, also)
	if err != nil {
		return nil, err
	}
	for _, term := range more {
		if t.pairs.count[term.text] == 0 {
			t.pairs.tokens[term.text] = term.token
			all = append(all, term)
		}
	}
	return q, v.secondTerms(q, all, t)
}

// weighAll weighs those terms that documents hold, heaviest first.
func (v *view) weighAll(p *postings, t tally, r Ranking) ([]weighted, error) {
	var all []weighted
	for _, term := range t.order {
		df, err := p.count(term)
		if err != nil {
			return nil, err
		}
		if df > 0 {
			weight := math.Pow(v.idf(df), r.IDFPower) * math.Pow(float64(t.count[term]), r.CountPower)
			all = append(all, weighted{term, df, weight, t.tokens[term]})
		}
	}
	slices.SortStableFunc(all, func(a, b weighted) int { return cmp.Compare(b.weight, a.weight) })
	return all, nil
}

// firstTerms picks the pairs of the first stage.
func (v *view) firstTerms(p *postings, all []weighted, r Ranking, kind market.ListingKind) ([]weighted, error) {
	picked := all[:0:0]
	for _, t := range v.notCommon(all, r.Frequent) {
		if len(picked) == r.Terms {
			break
		}
		held, err := v.isHeldBy(p, t, kind)
		if err != nil {
			return nil, err
		}
		if held {
			picked = append(picked, t)
		}
	}
	return picked, nil
}

// notCommon returns the terms that at most a share of the documents hold; all
// when these are too few.
func (v *view) notCommon(terms []weighted, share float64) []weighted {
	limit := int(share * float64(v.crowd()))
	rare := slices.DeleteFunc(slices.Clone(terms), func(t weighted) bool { return t.df > limit })
	if len(rare) < keepTerms {
		return terms
	}
	return rare
}

// secondTerms gives the question the terms of the second stage. Words of other
// scripts are in one field only and weigh there what they would in all three.
func (v *view) secondTerms(q *question, pairs []weighted, t tallies) error {
	r := q.ranking
	for _, pair := range v.notCommon(pairs, r.Common) {
		if pair.token {
			pair.weight *= r.Pairs + r.Words + r.Chars
		} else {
			pair.weight *= r.Pairs
		}
		q.terms = append(q.terms, pair)
	}
	q.words = len(q.terms)
	if err := v.addKind(q, fieldWords, t.words, r.Words, r.Common); err != nil {
		return err
	}
	q.chars = len(q.terms)
	return v.addKind(q, fieldChars, t.chars, r.Chars, r.CommonChars)
}

func (v *view) addKind(q *question, field string, t tally, weight, common float64) error {
	if weight == 0 || len(t.order) == 0 {
		return nil
	}
	p, err := v.postings(field)
	if err != nil {
		return err
	}
	terms, err := v.weighAll(p, t, q.ranking)
	if err != nil {
		return err
	}
	for _, term := range v.notCommon(terms, common) {
		term.weight *= weight
		q.terms = append(q.terms, term)
	}
	return nil
}

// weighLone weighs a query of a single ideograph, which is found wherever it
// stands.
func (v *view) weighLone(r Ranking, char string) (*question, error) {
	p, err := v.postings(fieldChars)
	if err != nil {
		return nil, err
	}
	terms, err := v.weighAll(p, tally{order: []string{char}, count: map[string]int{char: 1}}, r)
	return &question{ranking: r, field: fieldChars, first: terms, terms: terms}, err
}

// isHeldBy reports whether a listing of a kind holds a term; of any kind when
// there is none. A term with many holders is taken to have one of each kind.
func (v *view) isHeldBy(p *postings, t weighted, kind market.ListingKind) (bool, error) {
	if kind == "" || t.df == 0 || t.df > fewHolders {
		return t.df > 0, nil
	}
	for i := range v.segments {
		held := false
		err := p.in(i, t.text, func(numbers []uint32) bool {
			for _, n := range numbers {
				held = held || v.segments[i].rows[n].kind() == kind
			}
			return !held
		})
		if err != nil || held {
			return held, err
		}
	}
	return false, nil
}
