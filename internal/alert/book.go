package alert

import (
	"context"
	"slices"
	"strings"
	"sync"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	shortText = 12  // terms up to which every word of a search must be in a listing; of a longer one a third of all
	bookBatch = 500 // saved searches read at a time
)

// book holds the saved searches that alert, so that a new listing meets only
// those it can fit: each stands under one word that a listing must have for it,
// the one under which the fewest others stand, or under a filter when it is of
// filters only. It is filled from the store and follows it.
type book struct {
	searches store.Reader[market.SavedSearch]
	read     ReadQuery
	terms    Terms

	mu      sync.Mutex
	reached string
	byID    map[market.ID]*watched
	byKey   map[string]map[market.ID]*watched
}

// watched is a saved search as listings are held against it.
type watched struct {
	saved *market.SavedSearch
	query market.SearchQuery
	words []word
	keys  []string
}

// word is terms of which a listing must have so many.
type word struct {
	terms []string
	need  int
}

func newBook(stores Stores, parts Parts) *book {
	return &book{
		searches: stores.Searches, read: parts.Read, terms: parts.Terms,
		byID: make(map[market.ID]*watched), byKey: make(map[string]map[market.ID]*watched),
	}
}

// catchUp takes in every saved search that changed since the last time.
func (b *book) catchUp(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for {
		docs, next, err := b.searches.Changes(ctx, b.reached, bookBatch)
		if err != nil {
			return err
		}
		for _, saved := range docs {
			b.put(saved)
		}
		if last := len(docs) < bookBatch || next == b.reached; last {
			b.reached = next
			return nil
		}
		b.reached = next
	}
}

// put takes a saved search in as it stands now.
func (b *book) put(saved *market.SavedSearch) {
	if old := b.byID[saved.ID]; old != nil {
		if old.saved.Version == saved.Version {
			return
		}
		for _, key := range old.keys {
			if delete(b.byKey[key], saved.ID); len(b.byKey[key]) == 0 {
				delete(b.byKey, key)
			}
		}
		delete(b.byID, saved.ID)
	}
	if saved.State != market.SearchKept || saved.Alert == market.AlertOff {
		return
	}
	_, query, err := b.read(saved.Query)
	if err != nil {
		return // what the search page takes no more finds nothing
	}
	w := &watched{saved: saved, query: query, words: wordsOf(query.Text, b.terms)}
	if query.Text != "" && len(w.words) == 0 {
		return // text without any term finds nothing
	}
	w.keys = b.keys(w)
	b.byID[saved.ID] = w
	for _, key := range w.keys {
		if b.byKey[key] == nil {
			b.byKey[key] = make(map[market.ID]*watched)
		}
		b.byKey[key][saved.ID] = w
	}
}

// wordsOf is what a listing must have of the text of a search: of a short one
// all, so that an alert is what its reader asked for; of a long one a third.
func wordsOf(text string, terms Terms) []word {
	var words []word
	var all []string
	for _, field := range strings.Fields(market.Fold(text)) {
		if own := distinct(terms(field)); len(own) > 0 {
			words, all = append(words, word{own, len(own)}), append(all, own...)
		}
	}
	if all = distinct(all); len(all) > shortText {
		return []word{{all, (len(all) + 2) / 3}}
	}
	return words
}

func distinct(terms []string) []string {
	terms = slices.Clone(terms)
	slices.Sort(terms)
	return slices.Compact(terms)
}

// keys chooses under which words a search stands so that no listing that fits
// it is missed: of n terms of which k are needed, any n-k+1 do.
func (b *book) keys(w *watched) []string {
	if len(w.words) == 0 {
		return filterKeys(w.query)
	}
	best := w.words[0]
	for _, one := range w.words[1:] {
		if b.crowd(one) < b.crowd(best) {
			best = one
		}
	}
	terms := slices.Clone(best.terms)
	slices.SortStableFunc(terms, func(x, y string) int { return len(b.byKey["w/"+x]) - len(b.byKey["w/"+y]) })
	keys := make([]string, len(terms)-best.need+1)
	for i := range keys {
		keys[i] = "w/" + terms[i]
	}
	return keys
}

// crowd is how many searches stand under the emptiest term of a word.
func (b *book) crowd(w word) int {
	least := len(b.byKey["w/"+w.terms[0]])
	for _, term := range w.terms[1:] {
		least = min(least, len(b.byKey["w/"+term]))
	}
	return least
}

// filterKeys is where a search without text stands: under its narrowest filter.
func filterKeys(q market.SearchQuery) []string {
	if q.Owner != "" {
		return []string{"owner/" + string(q.Owner)}
	}
	for _, filter := range []struct {
		name  string
		codes []string
	}{{"field/", q.Fields}, {"industry/", q.Industries}, {"mode/", q.Modes}, {"stage/", q.Stages}} {
		if len(filter.codes) > 0 {
			var keys []string
			for _, code := range distinct(filter.codes) {
				keys = append(keys, filter.name+code)
			}
			return keys
		}
	}
	return []string{"kind/" + string(q.Kind)}
}

// fitting returns the searches that a listing fits, in the order of their ids.
func (b *book) fitting(s subject) []*market.SavedSearch {
	b.mu.Lock()
	defer b.mu.Unlock()
	have := s.terms(b.terms)
	met := make(map[market.ID]bool)
	var found []*market.SavedSearch
	try := func(key string) {
		for id, w := range b.byKey[key] {
			if !met[id] {
				met[id] = true
				if s.passes(w.query) && covers(have, w.words) {
					found = append(found, w.saved)
				}
			}
		}
	}
	for term := range have {
		try("w/" + term)
	}
	for _, key := range s.keys() {
		try(key)
	}
	slices.SortFunc(found, func(x, y *market.SavedSearch) int { return strings.Compare(string(x.ID), string(y.ID)) })
	return found
}

func covers(have map[string]bool, words []word) bool {
	for _, w := range words {
		n := 0
		for _, term := range w.terms {
			if have[term] {
				n++
			}
		}
		if n < w.need {
			return false
		}
	}
	return true
}
