package storetest

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// view is what a follower knows: the newest version of each document it was given.
type view map[market.ID]int64

// take notes what Changes returned.
func (v view) take(docs []*parcel) {
	for _, doc := range docs {
		v[doc.ID] = max(v[doc.ID], doc.Version)
	}
}

// follow takes changes from since, into a copy of known, until it sees want. It
// fails the test and returns false when that takes too long.
func follow(t *testing.T, docs store.Reader[parcel], since string, want view, known ...view) bool {
	t.Helper()
	seen := make(view)
	for _, v := range known {
		maps.Copy(seen, v)
	}
	for start := time.Now(); time.Since(start) < patience; {
		changed, next, err := docs.Changes(t.Context(), since, 1+rand.IntN(50))
		if err != nil {
			t.Errorf("Changes(%q) = %v", since, err)
			return false
		}
		seen.take(changed)
		since = next
		if maps.Equal(seen, want) {
			return true
		}
		if len(changed) == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	t.Errorf("after %v the follower has %d documents, the store %d:%s", patience, len(seen), len(want), difference(seen, want))
	return false
}

// difference tells the first few documents that got and want do not share.
func difference(got, want view) string {
	text := ""
	for id, version := range want {
		if got[id] != version && len(text) < 300 {
			text += fmt.Sprintf(" %s at %d, want %d;", id, got[id], version)
		}
	}
	return text
}

// changesInOrder delivers every document at its newest version, oldest change first.
func (s *suite) changesInOrder(t *testing.T) {
	docs := s.parcels(t)
	want := make(view)
	for i := range 12 {
		p := newParcel(20 - i) // ids run against the order of change
		insert(t, docs, p)
		if i%3 == 0 {
			if err := docs.Update(t.Context(), p); err != nil {
				t.Fatalf("Update = %v", err)
			}
		}
		want[p.ID] = p.Version
	}
	follow(t, docs, "", want)
	all, next, err := docs.Changes(t.Context(), "", store.MaxLimit)
	if err != nil {
		t.Fatalf("Changes = %v", err)
	}
	for i := 1; i < len(all); i++ {
		if all[i].ChangedAt.Before(all[i-1].ChangedAt) {
			t.Errorf("%s of %v comes after %s of %v", all[i].ID, all[i].ChangedAt, all[i-1].ID, all[i-1].ChangedAt)
		}
	}
	late := newParcel(99)
	insert(t, docs, late)
	want[late.ID] = 1
	seen := make(view)
	seen.take(all)
	follow(t, docs, next, want, seen)
}

// point is a place in the feed with what a follower knew there.
type point struct {
	since string
	seen  view
}

// changesMissNothing lets a reader follow while many write. Whatever cursor it
// goes on from, it must in the end know what the store holds.
func (s *suite) changesMissNothing(t *testing.T) {
	docs := s.parcels(t)
	want := make(view) // by the writers, after their acknowledgements
	var mu sync.Mutex
	var writers, reader sync.WaitGroup
	for writer := range s.size.Writers {
		writers.Go(func() {
			written := s.writeParcels(t, docs, writer*10_000)
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(want, written)
		})
	}
	stop := make(chan struct{})
	var points []point
	reader.Go(func() { points = s.wander(t, docs, stop) })
	writers.Wait()
	close(stop)
	reader.Wait()
	if len(points) == 0 || t.Failed() {
		return
	}
	ways := []point{{"", nil}, points[len(points)-1]}
	for range 20 {
		ways = append(ways, points[rand.IntN(len(points))])
	}
	for _, p := range ways {
		if !follow(t, docs, p.since, want, p.seen) {
			return
		}
	}
}

// writeParcels inserts and updates documents numbered from first and returns
// the versions that were acknowledged.
func (s *suite) writeParcels(t *testing.T, docs store.Collection[parcel], first int) view {
	written := make(view)
	var mine []*parcel
	for i := range s.size.WritesEach {
		if i%3 == 0 {
			p := newParcel(first + i)
			if err := docs.Insert(t.Context(), p); err != nil {
				t.Errorf("Insert = %v", err)
				return written
			}
			mine = append(mine, p)
			written[p.ID] = p.Version
			continue
		}
		p := mine[rand.IntN(len(mine))]
		if err := docs.Update(t.Context(), p); err != nil {
			t.Errorf("Update = %v", err)
			return written
		}
		written[p.ID] = p.Version
	}
	return written
}

// wander follows until stop, going back to an earlier point now and then, and
// returns the points it has been at.
func (s *suite) wander(t *testing.T, docs store.Reader[parcel], stop <-chan struct{}) []point {
	at := point{seen: make(view)}
	var points []point
	for {
		select {
		case <-stop:
			return points
		default:
		}
		changed, next, err := docs.Changes(t.Context(), at.since, 1+rand.IntN(30))
		if err != nil {
			t.Errorf("Changes(%q) = %v", at.since, err)
			return points
		}
		at = point{since: next, seen: maps.Clone(at.seen)}
		at.seen.take(changed)
		if len(points) < 5000 {
			points = append(points, at)
		}
		if rand.IntN(20) == 0 {
			at = points[rand.IntN(len(points))]
		}
	}
}
