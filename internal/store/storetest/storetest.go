// Package storetest is the suite that every store engine must pass. It asks for
// what the contract in package store promises and for nothing else, so that the
// market may run on any engine that passes.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Size scales the suite.
type Size struct {
	Updaters    int // goroutines that update one document
	UpdatesEach int // updates by each of them
	Inserters   int // goroutines that fight for each key
	Keys        int // keys they fight for
	Documents   int // in the collections that Find is asked about, at least 40
	Writers     int // goroutines that write while a reader follows
	WritesEach  int // writes by each of them
}

// Full is the size for an embedded engine, Medium the one for it under the race
// detector and Small the one for a slow server.
var (
	Full   = Size{Updaters: 16, UpdatesEach: 200, Inserters: 16, Keys: 40, Documents: 240, Writers: 8, WritesEach: 150}
	Medium = Size{Updaters: 16, UpdatesEach: 25, Inserters: 16, Keys: 10, Documents: 60, Writers: 8, WritesEach: 50}
	Small  = Size{Updaters: 16, UpdatesEach: 20, Inserters: 16, Keys: 3, Documents: 40, Writers: 8, WritesEach: 12}
)

// patience bounds every single wait of the suite.
const patience = 60 * time.Second

// suite is one run on one engine.
type suite struct {
	engine store.Engine
	size   Size
}

// Run runs the suite on the engine that open returns; open also sees to its
// closing. Every test makes collections of its own with random names, so that
// many runs can share a server.
func Run(t *testing.T, open func(t *testing.T) store.Engine, size Size) {
	s := &suite{engine: open(t), size: size}
	for _, test := range []struct {
		name string
		run  func(*testing.T)
	}{
		{"round trip", s.roundTrip},
		{"times", s.times},
		{"one mebibyte", s.oneMebibyte},
		{"metadata", s.metadata},
		{"collection opened again", s.openedAgain},
		{"empty collection", s.emptyCollection},
		{"get many", s.getMany},
		{"taken", s.takenKeys},
		{"one inserter wins", s.oneInserterWins},
		{"stale and not found", s.staleAndNotFound},
		{"no update lost", s.noUpdateLost},
		{"find", s.find},
		{"find through ties", s.findThroughTies},
		{"find while others write", s.findWhileOthersWrite},
		{"cursor before the range", s.cursorBeforeRange},
		{"refused queries", s.refusedQueries},
		{"refused cursors", s.refusedCursors},
		{"changes in order", s.changesInOrder},
		{"changes miss nothing", s.changesMissNothing},
		{"context ended before", s.contextEndedBefore},
		{"context ends during", s.contextEndsDuring},
		{"claims", s.claims},
		{"claims of the dead", s.claimsOfTheDead},
	} {
		t.Run(test.name, test.run)
	}
}

// parcel is a generous document: every scalar kind as an indexed field, one of
// them nested.
type parcel struct {
	market.Meta `bson:"-"`
	Number      string    `bson:"number"`
	State       string    `bson:"state"`
	Rank        int64     `bson:"rank"`
	Open        bool      `bson:"open"`
	Due         time.Time `bson:"due"`
	Place       place     `bson:"place"`
	Text        string    `bson:"text"`
}

type place struct {
	City   string `bson:"city"`
	Street string `bson:"street"`
}

// parcelSpec declares parcels, but for the name.
var parcelSpec = store.Spec{
	Unique: []string{"number"},
	Indexes: []store.Index{
		{"state"},
		{"state", "rank"},
		{"rank"},
		{"open", "due"},
		{"due"},
		{"place.city", "state", "number"},
		{"state", store.FieldChanged},
	},
}

// open opens a new collection of T.
func open[T any, P interface {
	*T
	store.Document
}](t *testing.T, s *suite, spec store.Spec) store.Collection[T] {
	t.Helper()
	spec.Name = randomName()
	collection, err := store.Open[T, P](t.Context(), s.engine, spec)
	if err != nil {
		t.Fatalf("open collection: %v", err)
	}
	return collection
}

func randomName() string {
	letters := func(r rune) rune { // the digits of base 32 are 2–7
		if r <= '9' {
			return r - '2' + 'a'
		}
		return r
	}
	return "test_" + strings.Map(letters, strings.ToLower(rand.Text()))
}

func (s *suite) parcels(t *testing.T) store.Collection[parcel] {
	t.Helper()
	return open[parcel](t, s, parcelSpec)
}

// newParcel makes parcel number i with an id of its own.
func newParcel(i int) *parcel {
	return &parcel{
		Meta: market.Meta{ID: market.ID(fmt.Sprintf("包裹-%04d", i))}, Number: fmt.Sprintf("编号%04d", i),
		State: "在途", Rank: int64(i), Due: time.UnixMilli(1_700_000_000_000 + int64(i)).UTC(),
	}
}

// insert inserts documents that must be accepted.
func insert[T any](t *testing.T, into store.Writer[T], docs ...*T) {
	t.Helper()
	for _, doc := range docs {
		if err := into.Insert(t.Context(), doc); err != nil {
			t.Fatalf("Insert(%+v) = %v", doc, err)
		}
	}
}

// get reads a document that must be there.
func get[T any](t *testing.T, from store.Reader[T], id market.ID) *T {
	t.Helper()
	doc, err := from.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get(%s) = %v", id, err)
	}
	return doc
}

// wantKind fails the test unless err is of a kind.
func wantKind(t *testing.T, what string, err error, kind market.Kind) {
	t.Helper()
	if !market.Is(err, kind) {
		t.Errorf("%s = %v, want kind %d", what, err, kind)
	}
}

// wantTaken fails the test unless err says that field is taken.
func wantTaken(t *testing.T, what string, err error, field string) {
	t.Helper()
	if got := takenField(err); got != field {
		t.Errorf("%s = %v, want taken %s", what, err, field)
	}
}

// ids returns the ids of parcels.
func ids(parcels []*parcel) []market.ID {
	list := make([]market.ID, len(parcels))
	for i, p := range parcels {
		list[i] = p.ID
	}
	return list
}

// background is the context of work that must outlive a test's own context.
func background() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 5*patience)
}
