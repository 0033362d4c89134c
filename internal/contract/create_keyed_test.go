package contract

import (
	"sync"
	"testing"

	"jishi/internal/market"
)

func TestCreateKeyed(t *testing.T) {
	w := newWorld(t)
	first, err := w.CreateKeyed(ctx, seller, magnesium(), "k1")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		by   market.Actor
		key  string
		same bool
	}{
		{"sent again", seller, "k1", true}, {"another key", seller, "k2", false}, {"another user", colleague, "k1", false}, {"no key", seller, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.CreateKeyed(ctx, tt.by, magnesium(), tt.key)
			if err != nil || (got.ID == first.ID) != tt.same || got.Version != 1 {
				t.Errorf("%+v, first was %s; %v", got, first.ID, err)
			}
		})
	}
	changed := magnesium()
	changed.Payment = "once"
	_, err = w.CreateKeyed(ctx, seller, changed, "k1")
	wantKind(t, err, market.Invalid, "key_reused")
	changed.Term.Signed = "2999-01-01"
	_, err = w.CreateKeyed(ctx, seller, changed, "k1")
	wantKind(t, err, market.Invalid, "invalid_fields")
	_, err = w.CreateKeyed(ctx, broker, magnesium(), "k1")
	wantKind(t, err, market.Denied, "not_allowed")
	if _, err = w.Submit(ctx, seller, first.ID, 0); err != nil {
		t.Fatal(err)
	}
	again, err := w.CreateKeyed(ctx, seller, magnesium(), "k1")
	if err != nil || again.ID != first.ID || again.State != market.ContractSubmitted {
		t.Errorf("sent again after it was submitted: %+v, %v", again, err)
	}
}

func TestCreateKeyedTogether(t *testing.T) {
	w := newWorld(t)
	ids, failed := make([]market.ID, 16), make([]error, 16)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			c, err := w.CreateKeyed(ctx, seller, magnesium(), "k1")
			if failed[i] = err; err == nil {
				ids[i] = c.ID
			}
		})
	}
	wait.Wait()
	for i, id := range ids {
		if failed[i] != nil || id != ids[0] {
			t.Errorf("%d: %s, %v; the first was %s", i, id, failed[i], ids[0])
		}
	}
}
