package storetest

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// findThroughTies pages one by one through documents that are all equal in the
// field they are sorted by.
func (s *suite) findThroughTies(t *testing.T) {
	docs := s.parcels(t)
	var want []market.ID
	for i := range 12 {
		p := newParcel(i)
		p.Rank = 5
		insert(t, docs, p)
		want = append(want, p.ID)
	}
	query := store.Query{Equal: equal("state", "在途"), Sort: "rank", Limit: 1}
	if got := ids(walk(t, docs, query, nil)); !slices.Equal(got, want) {
		t.Errorf("forwards: %v, want %v", got, want)
	}
	query.Desc = true
	slices.Reverse(want)
	if got := ids(walk(t, docs, query, nil)); !slices.Equal(got, want) {
		t.Errorf("backwards: %v, want %v", got, want)
	}
}

// findWhileOthersWrite pages through documents while others come in between and
// some move about: those that stay must come once each, new ones at most once.
func (s *suite) findWhileOthersWrite(t *testing.T) {
	for _, desc := range []bool{false, true} {
		t.Run(fmt.Sprintf("desc=%t", desc), func(t *testing.T) {
			docs := s.parcels(t)
			var movers, stay []market.ID
			for i := range s.size.Documents {
				p := newParcel(i)
				p.Rank = int64(i / 2 * 10)
				insert(t, docs, p)
				if i%4 == 0 {
					movers = append(movers, p.ID)
				} else {
					stay = append(stay, p.ID)
				}
			}
			steps := make(chan struct{}, 1)
			var wg sync.WaitGroup
			wg.Go(func() { s.moveAbout(t, docs, movers, steps) })
			query := store.Query{Equal: equal("state", "在途"), Sort: "rank", Desc: desc, Limit: 3}
			came := make(map[market.ID]int)
			for _, p := range walk(t, docs, query, func() { steps <- struct{}{} }) {
				came[p.ID]++
			}
			close(steps)
			wg.Wait()
			for _, id := range stay {
				if came[id] != 1 {
					t.Errorf("%s came %d times, want once", id, came[id])
				}
			}
			for id, n := range came {
				if n > 1 && !slices.Contains(movers, id) {
					t.Errorf("%s came %d times", id, n)
				}
			}
		})
	}
}

// moveAbout inserts a document and moves another at each step. The steps do not
// wait for it, so that it writes while pages are read. It takes every step,
// also after a failure.
func (s *suite) moveAbout(t *testing.T, docs store.Collection[parcel], movers []market.ID, steps <-chan struct{}) {
	places := s.size.Documents * 5
	i := 0
	for range steps {
		i++
		added := newParcel(10_000 + i)
		added.Rank = int64(i * 37 % places)
		if err := docs.Insert(t.Context(), added); err != nil {
			t.Errorf("Insert = %v", err)
		}
		moved, err := docs.Get(t.Context(), movers[i%len(movers)])
		if err != nil {
			t.Errorf("Get = %v", err)
			continue
		}
		moved.Rank = int64(i * 53 % places)
		if err := docs.Update(t.Context(), moved); err != nil {
			t.Errorf("Update = %v", err)
		}
	}
}

// cursorBeforeRange goes on from a cursor of the same order that lies outside
// the range: the range still holds.
func (s *suite) cursorBeforeRange(t *testing.T) {
	docs := s.parcels(t)
	for i := range 10 {
		insert(t, docs, newParcel(i))
	}
	for _, tt := range []struct {
		desc bool
		want []market.ID
	}{
		{false, []market.ID{newParcel(4).ID, newParcel(5).ID}},
		{true, []market.ID{newParcel(5).ID, newParcel(4).ID}},
	} {
		query := store.Query{Equal: equal("state", "在途"), Sort: "rank", Desc: tt.desc, Limit: 1}
		page, err := docs.Find(t.Context(), query)
		if err != nil {
			t.Fatalf("Find = %v", err)
		}
		query.Range, query.After, query.Limit = &store.Range{From: 4, To: 6}, page.Next, 5
		page, err = docs.Find(t.Context(), query)
		if err != nil || !slices.Equal(ids(page.Items), tt.want) {
			t.Errorf("desc=%t: %v, %v; want %v", tt.desc, ids(page.Items), err, tt.want)
		}
	}
}

// refusedQueries asks what no index serves or no page can hold.
func (s *suite) refusedQueries(t *testing.T) {
	docs := s.parcels(t)
	insert(t, docs, newParcel(1))
	for _, tt := range []struct {
		name  string
		query store.Query
		kind  market.Kind
	}{
		{"field without index", store.Query{Equal: equal("text", "")}, market.Internal},
		{"half of an index", store.Query{Equal: equal("open", true)}, market.Internal},
		{"sorted by another field", store.Query{Equal: equal("state", "在途"), Sort: "due"}, market.Internal},
		{"one field too many", store.Query{Equal: equal("state", "在途", "open", true), Sort: "rank"}, market.Internal},
		{"range without order", store.Query{Range: &store.Range{From: "a"}}, market.Internal},
		{"limit below 0", store.Query{Limit: -1}, market.Invalid},
		{"limit above 1000", store.Query{Limit: store.MaxLimit + 1}, market.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := docs.Find(t.Context(), tt.query)
			wantKind(t, "Find", err, tt.kind)
		})
	}
	for _, limit := range []int{-1, 0, store.MaxLimit + 1} {
		_, _, err := docs.Changes(t.Context(), "", limit)
		wantKind(t, fmt.Sprintf("Changes with limit %d", limit), err, market.Invalid)
	}
}

// refusedCursors goes on from cursors that no Find ever returned.
func (s *suite) refusedCursors(t *testing.T) {
	docs := s.parcels(t)
	for i := range 3 {
		insert(t, docs, newParcel(i))
	}
	next := func(query store.Query) string {
		page, err := docs.Find(t.Context(), query)
		if err != nil || page.Next == "" {
			t.Fatalf("Find = %+v, %v; want a next page", page, err)
		}
		return page.Next
	}
	made := func(doc bson.M) string {
		raw, err := bson.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	rank := store.Query{Sort: "rank", Limit: 1}
	id := store.Query{Limit: 1}
	for _, tt := range []struct {
		name  string
		query store.Query
		after string
	}{
		{"no base64", id, "翻页"},
		{"no document", id, base64.RawURLEncoding.EncodeToString([]byte("hello"))},
		{"no id", id, made(bson.M{"v": 1})},
		{"id of another type", id, made(bson.M{"i": 1})},
		{"too long", id, made(bson.M{"i": strings.Repeat("x", 5000)})},
		{"of another order", rank, next(id)},
		{"of another order, the other way", id, next(rank)},
		{"value is a document", rank, made(bson.M{"v": bson.M{"$gt": ""}, "i": "x"})},
		{"value is a list", rank, made(bson.M{"v": bson.A{1}, "i": "x"})},
		{"value is null", rank, made(bson.M{"v": nil, "i": "x"})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.query.After = tt.after
			_, err := docs.Find(t.Context(), tt.query)
			wantKind(t, "Find", err, market.Invalid)
		})
	}
	for _, since := range []string{"x", "翻页", "\x00", "!.x"} {
		_, _, err := docs.Changes(t.Context(), since, 10)
		wantKind(t, fmt.Sprintf("Changes since %q", since), err, market.Invalid)
	}
}
