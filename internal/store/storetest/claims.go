package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

func lives(alive bool) func(context.Context, market.ID) (bool, error) {
	return func(context.Context, market.ID) (bool, error) { return alive, nil }
}

// claims gives each name to one holder, who keeps it.
func (s *suite) claims(t *testing.T) {
	claims := open[market.Claim](t, s, store.ClaimSpec)
	for key := range s.size.Keys {
		name := fmt.Sprintf("标题：镁合金 %d", key)
		holder := s.takeAtOnce(t, claims, name, lives(true))
		for range 2 {
			if got, err := store.Take(t.Context(), claims, name, holder, lives(true)); err != nil || got != holder {
				t.Errorf("Take by the holder = %q, %v; want %q", got, err, holder)
			}
			if got, err := store.Take(t.Context(), claims, name, "other", lives(true)); err != nil || got != holder {
				t.Errorf("Take by another = %q, %v; want %q", got, err, holder)
			}
		}
	}
}

// claimsOfTheDead passes a name on from a holder that needs it no more, to one.
func (s *suite) claimsOfTheDead(t *testing.T) {
	claims := open[market.Claim](t, s, store.ClaimSpec)
	alive := func(_ context.Context, id market.ID) (bool, error) { return id != "dead", nil }
	for key := range s.size.Keys {
		name := fmt.Sprintf("专利 %d", key)
		if got, err := store.Take(t.Context(), claims, name, "dead", alive); err != nil || got != "dead" {
			t.Fatalf("Take = %q, %v", got, err)
		}
		if holder := s.takeAtOnce(t, claims, name, alive); holder == "dead" {
			t.Errorf("%s stayed with the dead", name)
		}
	}
}

// takeAtOnce lets many take a name and returns the holder that all of them name.
// One that lost thrice may be told to try again.
func (s *suite) takeAtOnce(t *testing.T, claims store.Claims, name string, alive func(context.Context, market.ID) (bool, error)) market.ID {
	t.Helper()
	told := make([]market.ID, s.size.Inserters)
	var wg sync.WaitGroup
	start := newGate(len(told))
	for i := range told {
		wg.Go(func() {
			start.wait()
			holder, err := store.Take(t.Context(), claims, name, market.ID(fmt.Sprintf("holder %d", i)), alive)
			if err != nil && !market.Is(err, market.Conflict) {
				t.Errorf("Take(%s) = %v", name, err)
			}
			if err == nil {
				told[i] = holder
			}
		})
	}
	wg.Wait()
	stored := get(t, claims, market.ID(name)).Holder
	for i, holder := range told {
		if holder != "" && holder != stored {
			t.Errorf("%s: taker %d was told %q, stored is %q", name, i, holder, stored)
		}
	}
	return stored
}
