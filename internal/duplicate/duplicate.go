// Package duplicate finds the same result listed twice: by the numbers that
// name it and by texts that say nearly the same. It tells the owners and the
// bureau, remembers what they say, and merges two listings so that it can be
// undone. What it knows of texts and numbers is a projection of the listings,
// built anew with each start.
package duplicate

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of pairs.
var Spec = store.Spec{Name: "duplicates", Indexes: []store.Index{{"state", "found"}, {"a", "found"}, {"b", "found"}}}

const (
	// Least is the similarity in percent from which two texts are shown as
	// possibly the same. On 16,199 real texts 52 pairs have it: the same device
	// and its method, the same abstract twice, families of one recipe. Below it
	// are mostly siblings that differ in substance.
	Least = 40
	// brought is how many texts of about that similarity are compared exactly.
	brought = 30
	// told is how many possible duplicates of one listing are told.
	told = 10
)

// Texts finds texts that are near another one; not all of them are, and the
// order is from near to far.
type Texts interface {
	Put(id market.ID, text string)
	Drop(id market.ID)
	Near(text string, limit int) []market.ID
}

// Resemblance returns how much of two texts is the same, exactly, 0–1.
type Resemblance func(a, b string) float64

// Merger merges listings of one kind.
type Merger interface {
	Merge(ctx context.Context, by market.Actor, id market.ID, version int64, into market.ID, note string) error
	Unmerge(ctx context.Context, by market.Actor, id market.ID, version int64, note string) error
}

// Stores is the collections the service works on.
type Stores struct {
	Pairs        store.Collection[market.Duplicate]
	Achievements store.Reader[market.Achievement]
	Demands      store.Reader[market.Demand]
}

// Parts is what the service is made of besides its stores.
type Parts struct {
	NewTexts     func() Texts
	Resemblance  Resemblance
	Achievements Merger
	Demands      Merger
}

// Service finds, tells and merges duplicates. Safe for concurrent use.
type Service struct {
	pairs    store.Collection[market.Duplicate]
	shelves  map[market.ListingKind]*shelf
	same     Resemblance
	newTexts func() Texts
	now      func() time.Time
}

// New returns the service. Its Achievements and Demands must be fed by followers.
func New(stores Stores, parts Parts, now func() time.Time) *Service {
	return &Service{
		pairs: stores.Pairs, same: parts.Resemblance, newTexts: parts.NewTexts, now: now,
		shelves: map[market.ListingKind]*shelf{
			market.KindAchievement: newShelf(market.KindAchievement, achievements{stores.Achievements}, parts.NewTexts(), parts.Achievements),
			market.KindDemand:      newShelf(market.KindDemand, demands{stores.Demands}, parts.NewTexts(), parts.Demands),
		},
	}
}

// shelf is what is known of the listings of one kind.
type shelf struct {
	kind    market.ListingKind
	docs    reader
	texts   Texts
	numbers *numbers
	merger  Merger
}

func newShelf(kind market.ListingKind, docs reader, texts Texts, merger Merger) *shelf {
	return &shelf{kind: kind, docs: docs, texts: texts, numbers: newNumbers(), merger: merger}
}

// shelf returns that of a kind; Invalid when there is no such kind.
func (s *Service) shelf(kind market.ListingKind) (*shelf, error) {
	if one, ok := s.shelves[kind]; ok {
		return one, nil
	}
	return nil, market.E(market.Invalid, "bad_kind", "只有成果和需求会比对重复。")
}
