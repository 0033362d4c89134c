package search

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// stocked opens a real store with n published achievements.
func stocked(t *testing.T, n int) store.Collection[market.Achievement] {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	docs, err := store.Open[market.Achievement](t.Context(), engine, store.Spec{Name: "achievements"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := docs.Insert(t.Context(), published(market.ID(fmt.Sprintf("a%d", i)), "镁合金压铸", "说明文字")); err != nil {
			t.Fatal(err)
		}
	}
	return docs
}

// following runs a follower from docs to the index until the test ends.
func following(t *testing.T, docs store.Collection[market.Achievement], ix *Index) *follow.Follower[market.Achievement] {
	t.Helper()
	f := &follow.Follower[market.Achievement]{Name: "test", Source: docs, Sink: ix.Achievements(), Log: slog.New(slog.DiscardHandler)}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { f.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return f
}

// within waits until ok or fails.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for begin := time.Now(); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > limit {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

func TestFoundSoonAfterPublishingAndGoneAfterWithdrawing(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	docs := stocked(t, 0)
	following(t, docs, ix)
	a := published("a1", "镁合金压铸", "说明")
	if err := docs.Insert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	hits := func() int { return find(t, ix, market.SearchQuery{Text: "镁合金"}).Total }
	begin := time.Now()
	within(t, 3*time.Second, "found", func() bool { return hits() == 1 })
	t.Logf("found %v after publishing; a quiet machine needs less than a second", time.Since(begin).Round(time.Millisecond))
	a.State = market.StateWithdrawn
	if err := docs.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	within(t, 3*time.Second, "gone", func() bool { return hits() == 0 })
}

// TestRebuildBesideAFollower changes listings while the index is rebuilt from
// the store: a follower keeps feeding the old generation, and the new one must
// have it all.
func TestRebuildBesideAFollower(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	docs := stocked(t, 60)
	following(t, docs, ix)
	within(t, 5*time.Second, "caught up", func() bool { n, _ := ix.Count(t.Context()); return n == 60 })
	rebuilt := make(chan error, 1)
	go func() {
		var err error
		for range 3 {
			if err == nil {
				err = ix.Rebuild(t.Context(), func(ctx context.Context, into Sinks) error {
					f := follow.Follower[market.Achievement]{Name: "rebuild", Source: docs, Sink: into.Achievements, Batch: 10}
					return f.CatchUp(ctx)
				})
			}
		}
		rebuilt <- err
	}()
	for i := range 60 {
		a, err := docs.Get(t.Context(), market.ID(fmt.Sprintf("a%d", i)))
		if err != nil {
			t.Fatal(err)
		}
		if i%3 == 0 {
			a.State = market.StateWithdrawn
		} else {
			a.Title = "铝合金挤压"
		}
		if err := docs.Update(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-rebuilt; err != nil {
		t.Fatal(err)
	}
	total := func(text string) int { return find(t, ix, market.SearchQuery{Text: text}).Total }
	within(t, 5*time.Second, "the rebuilt index has all changes", func() bool {
		return total("挤压") == 40 && total("压铸") == 0 && total("") == 40
	})
}
