package contract

import (
	"sync"
	"testing"

	"jishi/internal/market"
)

func TestCreateOnce(t *testing.T) {
	w := newWorld(t)
	first, err := w.CreateOnce(ctx, seller, magnesium(), "form-1")
	if err != nil {
		t.Fatal(err)
	}
	changed := magnesium()
	changed.Project = "镁合金板材轧制技术开发（二期）"
	tests := []struct {
		name    string
		by      market.Actor
		key     string
		entry   *market.Contract
		same    bool
		project string
	}{
		{"sent again", seller, "form-1", magnesium(), true, first.Project},
		{"sent again with another name", seller, "form-1", changed, true, changed.Project},
		{"another form", seller, "form-2", magnesium(), false, first.Project},
		{"another user", colleague, "form-1", magnesium(), false, first.Project},
		{"no key", seller, "", magnesium(), false, first.Project},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.CreateOnce(ctx, tt.by, tt.entry, tt.key)
			if err != nil {
				t.Fatal(err)
			}
			if (got.ID == first.ID) != tt.same || got.Project != tt.project {
				t.Errorf("CreateOnce = %s %q, first was %s", got.ID, got.Project, first.ID)
			}
		})
	}
	_, err = w.CreateOnce(ctx, buyer, &market.Contract{Term: market.Term{Signed: "2999-01-01"}}, "form-3")
	wantKind(t, err, market.Invalid, "invalid_fields")
	_, err = w.CreateOnce(ctx, broker, magnesium(), "form-1")
	wantKind(t, err, market.Denied, "not_allowed")
}

// Past the draft the same form changes nothing any more.
func TestCreateOnceAfterSubmit(t *testing.T) {
	w := newWorld(t)
	c, err := w.CreateOnce(ctx, seller, magnesium(), "form-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.Submit(ctx, seller, c.ID, 0); err != nil {
		t.Fatal(err)
	}
	again, err := w.CreateOnce(ctx, seller, magnesium(), "form-1")
	if err != nil || again.ID != c.ID || again.State != market.ContractSubmitted {
		t.Fatalf("sent again: %+v, %v", again, err)
	}
	changed := magnesium()
	changed.Payment = "once"
	_, err = w.CreateOnce(ctx, seller, changed, "form-1")
	wantKind(t, err, market.Conflict, "wrong_state")
}

// A form sent sixteen times at once is one contract.
func TestCreateOnceTogether(t *testing.T) {
	w := newWorld(t)
	ids, failed := make([]market.ID, 16), make([]error, 16)
	var wait sync.WaitGroup
	for i := range ids {
		wait.Go(func() {
			c, err := w.CreateOnce(ctx, seller, magnesium(), "form-1")
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
	page, err := w.Mine(ctx, seller, SideOwner, "", 0)
	if err != nil || len(page.Items) != 1 {
		t.Errorf("%d contracts, want one; %v", len(page.Items), err)
	}
}
