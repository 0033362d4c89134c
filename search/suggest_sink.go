package search

import (
	"context"
	"slices"
	"sync"

	"jishi/internal/market"
)

// SuggestSink takes the changes of one collection into suggestions; it is a
// follow.Sink. Nothing is kept over the end of the process: it begins at the
// beginning.
type SuggestSink[T any] struct {
	apply func(*T) // under the suggester's lock
	lock  sync.Locker

	mu       sync.Mutex
	position string
}

// Position returns the cursor given to the last Apply.
func (s *SuggestSink[T]) Position(context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.position, nil
}

// Apply takes changed documents and the cursor that follows them.
func (s *SuggestSink[T]) Apply(_ context.Context, docs []*T, next string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for batch := range slices.Chunk(docs, 50) { // those who type wait no longer than for these
		s.lock.Lock()
		for _, doc := range batch {
			s.apply(doc)
		}
		s.lock.Unlock()
	}
	s.position = next
	return nil
}

// Achievements returns the sink of achievements.
func (s *Suggester) Achievements() *SuggestSink[market.Achievement] {
	return &SuggestSink[market.Achievement]{lock: &s.mu, apply: func(a *market.Achievement) {
		s.putListing(documentID(market.KindAchievement, a.ID), &a.Listing, a.Public())
	}}
}

// Demands returns the sink of demands.
func (s *Suggester) Demands() *SuggestSink[market.Demand] {
	return &SuggestSink[market.Demand]{lock: &s.mu, apply: func(d *market.Demand) {
		s.putListing(documentID(market.KindDemand, d.ID), &d.Listing, d.Public())
	}}
}

// Organizations returns the sink of organizations; those the bureau has
// verified are suggested.
func (s *Suggester) Organizations() *SuggestSink[market.Organization] {
	return &SuggestSink[market.Organization]{lock: &s.mu, apply: func(o *market.Organization) {
		key := hash("o:" + string(o.ID))
		if o.State != market.OrgVerified {
			s.organizations.drop(key)
			return
		}
		s.organizations.put(completion{key: key, text: o.Name, id: "o:" + string(o.ID), weight: 1})
	}}
}

func (s *Suggester) putListing(document string, l *market.Listing, public bool) {
	key := hash(document)
	if old := s.titles.get(key); old != nil {
		for _, term := range old.terms {
			s.dropTerm(term)
		}
		s.titles.drop(key)
	}
	if !public {
		return
	}
	item := completion{key: key, text: l.Title, id: document, weight: 1}
	for _, word := range l.Keywords {
		if slices.Contains(item.terms, hash(foldLower(word))) {
			continue // counted once for a listing, as it is taken back once
		}
		if term := s.putTerm(word); term != 0 {
			item.terms = append(item.terms, term)
		}
	}
	s.titles.put(item)
}

// putTerm counts a term; 0 when there is no room for one more.
func (s *Suggester) putTerm(word string) uint64 {
	key := hash(foldLower(word))
	if known := s.terms.get(key); known != nil {
		known.weight++
		return key
	}
	if foldLower(word) == "" || s.terms.live() >= maxSuggestTerms {
		return 0
	}
	s.terms.put(completion{key: key, text: word, weight: 1})
	return key
}

func (s *Suggester) dropTerm(key uint64) {
	if known := s.terms.get(key); known != nil {
		if known.weight--; known.weight == 0 {
			s.terms.drop(key)
		}
	}
}
