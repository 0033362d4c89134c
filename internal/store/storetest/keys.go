package storetest

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

// takenField returns the field that err says is taken, "" for another error.
func takenField(err error) string {
	var e *market.Error
	if !store.IsTaken(err) || !errors.As(err, &e) || e.Kind != market.Conflict || len(e.Fields) != 1 {
		return ""
	}
	return e.Fields[0].Field
}

// getMany reads in the order asked.
func (s *suite) getMany(t *testing.T) {
	docs := s.parcels(t)
	for i := range 25 {
		insert(t, docs, newParcel(i))
	}
	id := func(i int) market.ID { return newParcel(i).ID }
	var all []market.ID
	for i := range 25 {
		all = append(all, id(24-i))
	}
	for _, tt := range []struct {
		name      string
		ask, want []market.ID
	}{
		{"none", nil, nil},
		{"one", []market.ID{id(7)}, []market.ID{id(7)}},
		{"order asked", []market.ID{id(9), id(1), id(5)}, []market.ID{id(9), id(1), id(5)}},
		{"missing left out", []market.ID{"x", id(3), "", id(2), "包裹"}, []market.ID{id(3), id(2)}},
		{"duplicates once", []market.ID{id(3), id(1), id(3)}, []market.ID{id(3), id(1)}},
		{"many", all, all},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := docs.GetMany(t.Context(), tt.ask)
			if err != nil || !slices.Equal(ids(got), tt.want) {
				t.Errorf("GetMany(%v) = %v, %v; want %v", tt.ask, ids(got), err, tt.want)
			}
		})
	}
	_, err := docs.GetMany(t.Context(), make([]market.ID, store.MaxLimit+1))
	wantKind(t, "GetMany of too many", err, market.Internal)
}

// takenKeys refuses what is in use and says which key it is.
func (s *suite) takenKeys(t *testing.T) {
	docs := s.parcels(t)
	insert(t, docs, newParcel(1))

	sameID := newParcel(2)
	sameID.ID = newParcel(1).ID
	wantTaken(t, "Insert with the same id", docs.Insert(t.Context(), sameID), store.FieldID)

	sameNumber := newParcel(3)
	sameNumber.Number = newParcel(1).Number
	wantTaken(t, "Insert with the same number", docs.Insert(t.Context(), sameNumber), "number")

	if got := get(t, docs, newParcel(1).ID); got.Version != 1 || got.Number != newParcel(1).Number {
		t.Errorf("the holder changed: %+v", got)
	}
	_, err := docs.Get(t.Context(), newParcel(3).ID)
	wantKind(t, "Get of the refused", err, market.NotFound)
	insert(t, docs, newParcel(2)) // nothing of the refused document is left
}

// oneInserterWins lets many insert the same key at once: by id in the first
// round, by unique key in the second.
func (s *suite) oneInserterWins(t *testing.T) {
	for _, tt := range []struct {
		name, field string
		make        func(key, inserter int) *parcel
	}{
		{"id", store.FieldID, func(key, inserter int) *parcel {
			p := newParcel(key)
			p.Number = fmt.Sprintf("%d/%d", key, inserter)
			return p
		}},
		{"unique key", "number", func(key, inserter int) *parcel {
			p := newParcel(key)
			p.ID = market.ID(fmt.Sprintf("%d/%d", key, inserter))
			return p
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			docs := s.parcels(t)
			for key := range s.size.Keys {
				winner := s.fight(t, docs, tt.field, func(inserter int) *parcel { return tt.make(key, inserter) })
				if winner == nil {
					return
				}
				if got := get(t, docs, winner.ID); *got != *winner {
					t.Errorf("stored %+v, but %+v was acknowledged", got, winner)
				}
			}
			page, err := docs.Find(t.Context(), store.Query{Limit: store.MaxLimit})
			if err != nil || len(page.Items) != s.size.Keys {
				t.Errorf("%d documents stored, %v; want %d", len(page.Items), err, s.size.Keys)
			}
		})
	}
}

// fight lets inserters insert at once and returns the only one that may win.
func (s *suite) fight(t *testing.T, docs store.Collection[parcel], field string, make func(inserter int) *parcel) *parcel {
	t.Helper()
	var winner atomic.Pointer[parcel]
	var wg sync.WaitGroup
	start := newGate(s.size.Inserters)
	for inserter := range s.size.Inserters {
		wg.Go(func() {
			doc := make(inserter)
			start.wait()
			err := docs.Insert(t.Context(), doc)
			if err != nil {
				wantTaken(t, "Insert by a loser", err, field)
				return
			}
			if !winner.CompareAndSwap(nil, doc) {
				t.Errorf("two inserters won: %+v and %+v", winner.Load(), doc)
			}
		})
	}
	wg.Wait()
	if winner.Load() == nil {
		t.Error("no inserter won")
	}
	return winner.Load()
}

// gate holds goroutines until all have arrived.
type gate struct{ sync.WaitGroup }

func newGate(n int) *gate {
	g := new(gate)
	g.Add(n)
	return g
}

func (g *gate) wait() {
	g.Done()
	g.Wait()
}
