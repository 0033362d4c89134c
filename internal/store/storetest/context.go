package storetest

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// promptly is how long a call may take to notice that its context has ended.
const promptly = 5 * time.Second

// contextEndedBefore refuses every call whose context has ended, and does nothing.
func (s *suite) contextEndedBefore(t *testing.T) {
	docs := s.parcels(t)
	doc := newParcel(1)
	insert(t, docs, doc)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	changed := *doc
	changed.State = "签收"
	for _, tt := range []struct {
		name string
		call func(ctx context.Context) error
	}{
		{"Insert", func(ctx context.Context) error { return docs.Insert(ctx, newParcel(2)) }},
		{"Update", func(ctx context.Context) error { return docs.Update(ctx, &changed) }},
		{"Get", func(ctx context.Context) error { _, err := docs.Get(ctx, doc.ID); return err }},
		{"GetMany", func(ctx context.Context) error { _, err := docs.GetMany(ctx, []market.ID{doc.ID}); return err }},
		{"Find", func(ctx context.Context) error { _, err := docs.Find(ctx, store.Query{}); return err }},
		{"Changes", func(ctx context.Context) error { _, _, err := docs.Changes(ctx, "", 10); return err }},
		{"Ping", s.engine.Ping},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			err := tt.call(ended)
			wantKind(t, tt.name, err, market.Unavailable)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s = %v, want it to wrap context.Canceled", tt.name, err)
			}
			if took := time.Since(start); took > promptly {
				t.Errorf("%s took %v", tt.name, took)
			}
		})
	}
	if got := get(t, docs, doc.ID); got.Version != 1 || got.State != doc.State {
		t.Errorf("an update without context was done: %+v", got)
	}
	_, err := docs.Get(t.Context(), newParcel(2).ID)
	wantKind(t, "Get of what was never inserted", err, market.NotFound)
}

// contextEndsDuring ends contexts in the middle of writes and reads. Each call
// returns soon; what was acknowledged is there; what was not is there whole or
// not at all, and can be tried again.
func (s *suite) contextEndsDuring(t *testing.T) {
	docs := s.parcels(t)
	var wg sync.WaitGroup
	for writer := range s.size.Writers {
		wg.Go(func() {
			for i := range s.size.WritesEach {
				s.insertInHaste(t, docs, newParcel(writer*10_000+i))
			}
		})
	}
	wg.Wait()
	all, err := docs.Find(t.Context(), store.Query{Limit: store.MaxLimit, Sort: store.FieldID, Desc: true})
	if err != nil || len(all.Items) == 0 {
		t.Errorf("Find = %d documents, %v", len(all.Items), err)
	}
	insert(t, docs, newParcel(99_999))
}

// insertInHaste inserts p, reads a page and updates p with little time for each.
func (s *suite) insertInHaste(t *testing.T, docs store.Collection[parcel], p *parcel) {
	try := func(what string, call func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(3000))*time.Microsecond)
		defer cancel()
		err := call(ctx)
		if err != nil {
			wantKind(t, what+" in haste", err, market.Unavailable)
		}
		if deadline, _ := ctx.Deadline(); time.Since(deadline) > promptly {
			t.Errorf("%s returned %v after its deadline", what, time.Since(deadline))
		}
		return err
	}
	_ = try("Find", func(ctx context.Context) error {
		_, err := docs.Find(ctx, store.Query{Sort: "rank", Desc: true})
		return err
	})
	if err := try("Insert", func(ctx context.Context) error { return docs.Insert(ctx, p) }); err != nil {
		if again := docs.Insert(t.Context(), p); again != nil {
			wantTaken(t, "Insert again", again, store.FieldID)
		}
		stored, err := docs.Get(t.Context(), p.ID)
		if err != nil {
			t.Errorf("Get = %v", err)
			return
		}
		p = stored
	}
	p.Text = "改"
	if err := try("Update", func(ctx context.Context) error { return docs.Update(ctx, p) }); err != nil {
		got, err := docs.Get(t.Context(), p.ID)
		if err != nil {
			t.Errorf("Get = %v", err)
			return
		}
		if before, after := got.Version == 1 && got.Text == "", got.Version == 2 && got.Text == "改"; !before && !after {
			t.Errorf("half updated: %+v", got)
		}
		return
	}
	if p.Version != 2 {
		t.Errorf("%s acknowledged at version %d, want 2", p.ID, p.Version)
	}
}
