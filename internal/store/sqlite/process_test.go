package sqlite_test

import (
	"maps"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// TestProcesses lets two other processes write to the file that this one writes
// to and follows: the feed tells everything that any of them acknowledged.
func TestProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	engine := open(t, path)
	entries, err := store.Open[entry](t.Context(), engine, entrySpec)
	if err != nil {
		t.Fatal(err)
	}
	children := []*child{startChild(t, path, "a"), startChild(t, path, "b")}
	acked := make(map[market.ID]int64)
	seen := make(map[market.ID]int64)
	since := ""
	start := time.Now()
	written := func() bool { return time.Since(start) > 600*time.Millisecond }
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, c := range children {
			<-c.first
		}
		start = time.Now()
		if err := writeEntries(entries, "self", written, func(e *entry) { acked[e.ID] = e.Version }); err != nil {
			t.Error(err)
		}
		for _, c := range children {
			c.finish(t)
		}
	})
	ended := make(chan struct{})
	go func() {
		wg.Wait()
		close(ended)
	}()
	take := func() int {
		docs, next, err := entries.Changes(t.Context(), since, 100)
		if err != nil {
			t.Fatalf("Changes(%q) = %v", since, err)
		}
		for _, e := range docs {
			if seen[e.ID] > e.Version {
				t.Errorf("%s came at version %d after %d", e.ID, e.Version, seen[e.ID])
			}
			seen[e.ID] = e.Version
		}
		since = next
		return len(docs)
	}
	for running := true; running; {
		select {
		case <-ended:
			running = false
		default:
			take()
		}
	}
	for take() > 0 {
	}
	for i, c := range children {
		if len(c.acked) == 0 {
			t.Errorf("child %d wrote nothing", i)
		}
		maps.Copy(acked, c.acked)
	}
	if len(acked) == 0 || !maps.Equal(seen, acked) {
		t.Errorf("the feed told of %d documents, %d were acknowledged", len(seen), len(acked))
	}
	for id, version := range acked {
		if seen[id] != version {
			t.Errorf("%s: seen at %d, acknowledged at %d", id, seen[id], version)
			break
		}
	}
	t.Logf("%d documents", len(acked))
}

// TestFair lets one engine write without pause: a write of another process is
// not kept waiting for long.
func TestFair(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	collections := make([]store.Collection[entry], 2)
	for i := range collections {
		engine, err := sqlite.Open(path, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		defer engine.Close()
		if collections[i], err = store.Open[entry](t.Context(), engine, entrySpec); err != nil {
			t.Fatal(err)
		}
	}
	stop := make(chan struct{})
	stopped := func() bool {
		select {
		case <-stop:
			return true
		default:
			return false
		}
	}
	var wg sync.WaitGroup
	for _, prefix := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		wg.Go(func() {
			if err := writeEntries(collections[0], prefix, stopped, func(*entry) {}); err != nil {
				t.Error(err)
			}
		})
	}
	var slowest time.Duration
	writes := 0
	last := time.Now()
	err := writeEntries(collections[1], "other", func() bool { return writes >= 30 }, func(*entry) {
		slowest = max(slowest, time.Since(last))
		last = time.Now()
		writes++
	})
	close(stop)
	wg.Wait()
	if err != nil || slowest > 5*time.Second {
		t.Errorf("a write took %v, %v", slowest, err)
	}
	t.Logf("slowest of %d writes: %v", writes, slowest)
}
