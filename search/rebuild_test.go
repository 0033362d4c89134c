package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"jishi/internal/market"
)

// feed is a store's feed of changes: its cursor is how many there were.
type feed struct {
	mu      sync.Mutex
	changes []*market.Achievement
}

func (f *feed) put(a *market.Achievement) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.changes = append(f.changes, a)
}

func (f *feed) since(cursor string, limit int) ([]*market.Achievement, string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	from, _ := strconv.Atoi(cursor) // "" is 0
	to := min(from+limit, len(f.changes))
	return f.changes[from:to:to], strconv.Itoa(to)
}

// catchUp does what a follower does.
func (f *feed) catchUp(ctx context.Context, sink *Sink[market.Achievement]) error {
	for {
		cursor, err := sink.Position(ctx)
		if err != nil {
			return err
		}
		docs, next := f.since(cursor, 50)
		if len(docs) == 0 {
			return nil
		}
		if err := sink.Apply(ctx, docs, next); err != nil {
			return err
		}
	}
}

func (f *feed) fill(ctx context.Context, into Sinks) error { return f.catchUp(ctx, into.Achievements) }

func generations(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}

// TestRebuildWhileServing rebuilds again and again under searches and changes:
// no search fails or comes back empty, and no change is lost.
func TestRebuildWhileServing(t *testing.T) {
	dir := t.TempDir()
	ix := openIndex(t, dir)
	f := &feed{}
	for i := range 300 {
		f.put(published(market.ID(fmt.Sprintf("a%d", i)), "镁合金压铸", strconv.Itoa(i)))
	}
	if err := f.catchUp(t.Context(), ix.Achievements()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	searches := 0
	busy.Go(func() {
		for ctx.Err() == nil {
			searches++
			if result, err := ix.Find(t.Context(), market.SearchQuery{Text: "镁合金"}); err != nil || result.Total < 300 {
				t.Errorf("search %d during rebuild: %d hits, %v", searches, result.Total, err)
				return
			}
		}
	})
	busy.Go(func() {
		for i := 300; ctx.Err() == nil && i < 2000; i++ {
			f.put(published(market.ID(fmt.Sprintf("a%d", i)), "镁合金压铸", strconv.Itoa(i)))
			if err := f.catchUp(t.Context(), ix.Achievements()); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for range 3 {
		if err := ix.Rebuild(t.Context(), f.fill); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	busy.Wait()
	if n, err := ix.Count(t.Context()); err != nil || n != len(f.changes) {
		t.Errorf("%d listings after the rebuilds (%v), want %d", n, err, len(f.changes))
	}
	if names := generations(t, dir); len(names) != 1 {
		t.Errorf("generations %v remain, want one", names)
	}
	t.Logf("%d searches, %d changes, 3 rebuilds", searches, len(f.changes)-300)
}

func TestFailedRebuildChangesNothing(t *testing.T) {
	dir := t.TempDir()
	ix := openIndex(t, dir)
	apply(t, ix, []*market.Achievement{published("a1", "镁合金", "说明")}, "7")
	broken := errors.New("the store is away")
	calls := 0
	for _, failing := range []int{1, 2} {
		calls = 0
		err := ix.Rebuild(t.Context(), func(ctx context.Context, into Sinks) error {
			if calls++; calls == failing {
				return broken
			}
			return into.Achievements.Apply(ctx, []*market.Achievement{published("a2", "铝合金", "说明")}, "9")
		})
		if !errors.Is(err, broken) {
			t.Errorf("Rebuild = %v, want the error of fill", err)
		}
	}
	if n := find(t, ix, market.SearchQuery{Text: "镁合金"}).Total; n != 1 {
		t.Errorf("%d hits after a failed rebuild, want 1", n)
	}
	if cursor, err := ix.Achievements().Position(t.Context()); err != nil || cursor != "7" {
		t.Errorf("position %q, %v, want 7", cursor, err)
	}
	if names := generations(t, dir); len(names) != 1 {
		t.Errorf("generations %v remain, want one", names)
	}
}

func TestOneRebuildAtATime(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	err := ix.Rebuild(t.Context(), func(ctx context.Context, _ Sinks) error {
		if err := ix.Rebuild(ctx, func(context.Context, Sinks) error { return nil }); !market.Is(err, market.Conflict) {
			return fmt.Errorf("a rebuild within a rebuild = %v, want Conflict", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRebuildKeepsPositions(t *testing.T) {
	dir := t.TempDir()
	ix := openIndex(t, dir)
	err := ix.Rebuild(t.Context(), func(ctx context.Context, into Sinks) error {
		if err := into.Demands.Apply(ctx, []*market.Demand{publishedDemand("d1", "求镁合金", "说明")}, "d9"); err != nil {
			return err
		}
		return into.Achievements.Apply(ctx, nil, "a9")
	})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := ix.Achievements().Position(t.Context())
	d, _ := ix.Demands().Position(t.Context())
	if got := strings.Join([]string{a, d}, " "); got != "a9 d9" {
		t.Errorf("positions %q, want those that fill left", got)
	}
}
