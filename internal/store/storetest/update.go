package storetest

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// staleAndNotFound refuses updates that are not based on the stored version.
func (s *suite) staleAndNotFound(t *testing.T) {
	docs := s.parcels(t)
	insert(t, docs, newParcel(1))
	id := newParcel(1).ID
	mine, theirs := get(t, docs, id), get(t, docs, id)
	theirs.State = "签收"
	if err := docs.Update(t.Context(), theirs); err != nil {
		t.Fatalf("Update = %v", err)
	}
	for _, tt := range []struct {
		name    string
		id      market.ID
		version int64
		kind    market.Kind
	}{
		{"version before", id, 1, market.Stale},
		{"version to come", id, 3, market.Stale},
		{"version zero", id, 0, market.Stale},
		{"no such document", "没有", 1, market.NotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := *mine
			doc.ID, doc.Version, doc.State = tt.id, tt.version, "丢失"
			wantKind(t, "Update", docs.Update(t.Context(), &doc), tt.kind)
			if doc.Version != tt.version {
				t.Errorf("a refused update changed the version to %d", doc.Version)
			}
		})
	}
	if got := get(t, docs, id); got.State != "签收" || got.Version != 2 {
		t.Errorf("stored %+v, want the acknowledged update", got)
	}
}

// noUpdateLost lets many add one to the same document, each reading it anew
// when it was too late.
func (s *suite) noUpdateLost(t *testing.T) {
	docs := s.parcels(t)
	doc := newParcel(1)
	doc.Rank = 0
	insert(t, docs, doc)
	ctx, cancel := background()
	defer cancel()
	var wg sync.WaitGroup
	for range s.size.Updaters {
		wg.Go(func() {
			for done := 0; done < s.size.UpdatesEach; {
				p, err := docs.Get(ctx, doc.ID)
				if err != nil {
					t.Errorf("Get = %v", err)
					return
				}
				p.Rank++
				switch err := docs.Update(ctx, p); {
				case err == nil:
					done++
				case !market.Is(err, market.Stale):
					t.Errorf("Update = %v, want nil or Stale", err)
					return
				default: // a little disorder: in step, all but one would fail each time
					time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
				}
			}
		})
	}
	wg.Wait()
	total := int64(s.size.Updaters * s.size.UpdatesEach)
	if got := get(t, docs, doc.ID); got.Rank != total || got.Version != total+1 {
		t.Errorf("%d updates acknowledged, but the count is %d at version %d", total, got.Rank, got.Version)
	}
}
