package search

import (
	"slices"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"

	"jishi/internal/market"
)

// substituteShare is what a word found for another of the same meaning weighs
// beside the word that was typed: less, or a page of the one would crowd out
// the other. It was chosen on the development queries among ¼, ½ and 1, which
// do not differ there by more than chance.
const substituteShare = 0.25

// stand is the words looked for in the place of one word of a query.
type stand struct {
	own   []string // the pairs of that word; who holds all of them needs no other
	hits  uint8    // terms of the first stage that these are
	words []standWord
}

type standWord struct {
	pairs  []string // a document must hold all of them
	weight float32
}

// substitute adds words of the same meaning to a question, and returns the
// terms they add to its second stage.
func (v *view) substitute(q *question, p *postings, also []market.Substitute) ([]weighted, error) {
	var terms []weighted
	byWord := map[string]int{}
	for _, one := range also {
		t := tallyTerms(one.Word).pairs
		all, err := v.weighAll(p, t, q.ranking)
		if err != nil {
			return nil, err
		}
		if len(all) == 0 || len(all) < len(t.order) || len(all) == 1 && !all[0].token && utf8.RuneCountInString(all[0].text) == 1 {
			continue
		}
		place, ok := byWord[one.For]
		if !ok {
			place = len(q.stands)
			byWord[one.For] = place
			q.stands = append(q.stands, q.standFor(one.For))
		}
		word := standWord{pairs: t.order}
		for _, term := range all {
			term.weight *= substituteShare
			word.weight += float32(term.weight)
			if !slices.ContainsFunc(terms, func(o weighted) bool { return o.text == term.text }) {
				terms = append(terms, term)
			}
		}
		q.stands[place].words = append(q.stands[place].words, word)
	}
	return terms, nil
}

// standFor begins the stand of a word of the query. A word that no document
// holds counts as one more term of it.
func (q *question) standFor(word string) stand {
	s := stand{own: tallyTerms(word).pairs.order}
	for _, t := range q.first {
		if slices.Contains(s.own, t.text) {
			s.hits++
		}
	}
	if s.hits == 0 {
		s.hits = 1
		q.extra++
	}
	return s
}

// addStand gives documents that hold another word what its own would give, at
// the weight of the other.
func (v *view) addStand(s *scores, p *postings, one stand) error {
	for i := range v.segments {
		base := v.segments[i].base
		served, err := p.all(i, one.own)
		if err != nil {
			return err
		}
		for _, word := range one.words {
			held, err := p.all(i, word.pairs)
			if err != nil {
				return err
			}
			held.AndNot(served)
			each(held, func(numbers []uint32) bool {
				for _, n := range numbers {
					s.value[base+int(n)] += word.weight
					s.hits[base+int(n)] += one.hits
				}
				return true
			})
			served.Or(held)
		}
	}
	return nil
}

// all returns the documents of a segment that hold all of some terms.
func (p *postings) all(i int, terms []string) (*roaring.Bitmap, error) {
	var all *roaring.Bitmap
	for _, term := range terms {
		held := roaring.New()
		if err := p.in(i, term, func(numbers []uint32) bool { held.AddMany(numbers); return true }); err != nil {
			return nil, err
		}
		if all == nil {
			all = held
		} else {
			all.And(held)
		}
		if all.IsEmpty() {
			break
		}
	}
	if all == nil {
		all = roaring.New()
	}
	return all, nil
}
