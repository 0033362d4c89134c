package listing

import (
	"context"
	"sync"
	"testing"

	"jishi/internal/market"
)

func TestCreateKeyed(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	first, err := w.achievements.CreateKeyed(ctx, university, magnesium(), "k1")
	if err != nil {
		t.Fatal(err)
	}
	changed := magnesium()
	changed.Summary = "另一种镁合金板材轧制工艺。"
	for _, tt := range []struct {
		name string
		by   market.Actor
		key  string
		doc  *market.Achievement
		same bool
	}{
		{"sent again", university, "k1", magnesium(), true},
		{"another key", university, "k2", magnesium(), false},
		{"another user", rival, "k1", magnesium(), false},
		{"no key", university, "", magnesium(), false},
		{"no key again", university, "", magnesium(), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.achievements.CreateKeyed(ctx, tt.by, tt.doc, tt.key)
			if err != nil || (got.ID == first.ID) != tt.same || got.Version != 1 {
				t.Errorf("%s version %d, first was %s; %v", got.ID, got.Version, first.ID, err)
			}
		})
	}
	_, err = w.achievements.CreateKeyed(ctx, university, changed, "k1")
	wantKind(t, err, market.Invalid, "key_reused")
	_, err = w.achievements.CreateKeyed(ctx, enterprise, magnesium(), "k1")
	wantKind(t, err, market.Denied, "not_allowed")
	_, err = w.achievements.CreateKeyed(ctx, university, &market.Achievement{}, "k3")
	wantKind(t, err, market.Invalid, "invalid_fields")
}

// What was made may have gone on since; a request that was lost on the way
// and comes again is told so.
func TestCreateKeyedAfterSubmit(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	first, err := w.achievements.CreateKeyed(ctx, university, magnesium(), "k1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.achievements.Move(ctx, university, first.ID, 0, market.ActSubmit, ""); err != nil {
		t.Fatal(err)
	}
	again, err := w.achievements.CreateKeyed(ctx, university, magnesium(), "k1")
	if err != nil || again.ID != first.ID || again.State != market.StateSubmitted {
		t.Errorf("%+v, %v", again, err)
	}
	moved := university
	moved.Org = "elsewhere"
	_, err = w.achievements.CreateKeyed(ctx, moved, magnesium(), "k1")
	wantKind(t, err, market.Denied, "not_allowed")
}

func TestCreateKeyedTogether(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	ids, failed := make([]market.ID, 16), make([]error, 16)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			doc, err := w.achievements.CreateKeyed(ctx, university, magnesium(), "k1")
			if failed[i] = err; err == nil {
				ids[i] = doc.ID
			}
		})
	}
	wait.Wait()
	for i, id := range ids {
		if failed[i] != nil || id != ids[0] {
			t.Errorf("%d: %s, %v; the first was %s", i, id, failed[i], ids[0])
		}
	}
	if page, err := w.achievements.Own(ctx, university, "", 10); err != nil || len(page.Items) != 1 {
		t.Errorf("%d listings, want one; %v", len(page.Items), err)
	}
}
