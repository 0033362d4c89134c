package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/search"
)

// tended is a demonstration store with its index and the desk over it, followed
// and run like when serving.
type tended struct {
	*house
	index  *search.Index
	desk   *indexDesk
	finder *listing.Finder
	folder string // of the index
}

func tend(t *testing.T) *tended {
	t.Helper()
	data := demoData(t)
	cfg := config{Data: data}
	h, err := openHouse(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.close)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	index, err := search.Open(cfg.indexDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	p := h.project(index, log)
	index.FilledWhen(p.indexed)
	w := &tended{house: h, folder: cfg.indexDir(), index: index, desk: newIndexDesk(index, &h.docs, log)}
	w.desk.trail = h.trail
	w.finder = listing.NewFinder(index, search.Highlight, h.achievements, h.demands)
	ctx, stop := context.WithCancel(t.Context())
	crew := &crew{log: log}
	crew.keep(ctx, "achievements", p.achievements.Run)
	crew.keep(ctx, "demands", p.demands.Run)
	crew.keep(ctx, "desk", func(ctx context.Context) { w.desk.run(ctx, p.indexed) })
	t.Cleanup(func() { stop(); crew.Wait(); index.Close() })
	return w
}

var indexAdmin = market.Actor{User: "a", Org: "o", Roles: []market.Role{market.RoleAdmin}, Verified: true}

// until waits for the index to be as wanted.
func (w *tended) until(t *testing.T, what string, ok func(market.IndexHealth) bool) market.IndexHealth {
	t.Helper()
	for deadline := time.Now().Add(40 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		h, err := w.desk.Health(t.Context(), indexAdmin)
		if err == nil && ok(h) {
			return h
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come: %+v, %v", what, h, err)
		}
	}
}

func sound(h market.IndexHealth) bool { return h.Sound && !h.Checking && h.Damage == "" }

// TestDeskHoldsTheIndexAgainstTheStore checks at the start and when asked.
func TestDeskHoldsTheIndexAgainstTheStore(t *testing.T) {
	t.Parallel()
	w := tend(t)
	first := w.until(t, "the check at the start", sound)
	if first.Count < 100 || first.Stored != first.Count || !strings.Contains(first.Verdict, "与数据库一致") {
		t.Errorf("at the start %+v", first)
	}
	if err := w.desk.Check(t.Context(), indexAdmin); err != nil {
		t.Fatal(err)
	}
	again := w.until(t, "the check asked for", func(h market.IndexHealth) bool { return sound(h) && h.Checked.After(first.Checked) })
	if again.Sum != first.Sum || again.Generation != first.Generation {
		t.Errorf("a check changed %+v to %+v", first, again)
	}
	if err := w.desk.Rebuild(t.Context(), indexAdmin); err != nil {
		t.Fatal(err)
	}
	rebuilt := w.until(t, "the rebuild asked for", func(h market.IndexHealth) bool { return sound(h) && h.Checked.After(again.Checked) })
	if rebuilt.Sum != first.Sum || rebuilt.Generation == first.Generation {
		t.Errorf("a rebuild made %+v of %+v", rebuilt, first)
	}
	for _, by := range []market.Actor{{}, {User: "u", Org: "o", Roles: []market.Role{market.RoleOfficer}, Verified: true}} {
		if _, err := w.desk.Health(t.Context(), by); err == nil {
			t.Errorf("%v may look after the index", by.Roles)
		}
		if err := w.desk.Rebuild(t.Context(), by); err == nil {
			t.Errorf("%v may rebuild the index", by.Roles)
		}
	}
	noted, err := w.trail.OfUser(t.Context(), indexAdmin.User, 10)
	if err != nil || len(noted) != 2 || noted[0].Action != market.ActTendIndex || noted[0].Detail == noted[1].Detail || !market.SubjectKinds.Has(noted[0].Kind) {
		t.Errorf("the trail has %+v, %v", noted, err)
	}
}

// TestDeskFindsWhatTheStoreDoesNotHave takes an index out of service that
// holds a listing of nobody, and rebuilds it.
func TestDeskFindsWhatTheStoreDoesNotHave(t *testing.T) {
	t.Parallel()
	w := tend(t)
	first := w.until(t, "the check at the start", sound)
	stray := &market.Achievement{Meta: market.Meta{ID: "stray", Version: 1}}
	stray.Title, stray.Summary, stray.State = "不在库里的成果", "说明", market.StatePublished
	position, err := w.index.Achievements().Position(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.index.Achievements().Apply(t.Context(), []*market.Achievement{stray}, position); err != nil {
		t.Fatal(err)
	}
	if err := w.desk.Check(t.Context(), indexAdmin); err != nil {
		t.Fatal(err)
	}
	after := w.until(t, "the repair", func(h market.IndexHealth) bool { return sound(h) && h.Generation != first.Generation })
	if after.Sum != first.Sum {
		t.Errorf("after the repair %+v, want the sum %s", after, first.Sum)
	}
}

// TestDamageIsRepairedWhileTheStoreAnswers damages a segment of a serving index.
func TestDamageIsRepairedWhileTheStoreAnswers(t *testing.T) {
	t.Parallel()
	w := tend(t)
	first := w.until(t, "the check at the start", sound)
	segments, err := filepath.Glob(filepath.Join(w.folder, first.Generation, "store", "*.zap"))
	if err != nil || len(segments) == 0 {
		t.Fatal("no segments", err)
	}
	for _, path := range segments {
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.WriteAt([]byte("damage"), 64); err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	if err := w.desk.Check(t.Context(), indexAdmin); err != nil {
		t.Fatal(err)
	}
	for {
		results, err := w.finder.Find(t.Context(), market.Actor{}, market.SearchQuery{Limit: 5})
		if err != nil || len(results.Found) != 5 {
			t.Fatalf("a search meanwhile: %d found, %v", len(results.Found), err)
		}
		if h, err := w.desk.Health(t.Context(), indexAdmin); err == nil && sound(h) && h.Generation != first.Generation {
			if h.Sum != first.Sum {
				t.Errorf("after the repair %+v, want the sum %s", h, first.Sum)
			}
			return
		}
	}
}
