package contract

import (
	"fmt"
	"testing"

	"jishi/internal/market"
)

func TestActions(t *testing.T) {
	tests := []struct {
		by    string
		state market.ContractState
		want  string
	}{
		{"seller", market.ContractDraft, "[contract.revise contract.submit]"},
		{"seller", market.ContractReturned, "[contract.revise contract.submit]"},
		{"buyer", market.ContractDraft, "[]"}, {"stranger", market.ContractDraft, "[]"}, {"visitor", market.ContractDraft, "[]"},
		{"seller", market.ContractSubmitted, "[]"}, {"seller", market.ContractRegistered, "[]"},
		{"officer", market.ContractDraft, "[]"},
		{"officer", market.ContractSubmitted, "[contract.return contract.register contract.refuse]"},
		{"officer", market.ContractRegistered, "[contract.cancel]"},
		{"officer", market.ContractRefused, "[]"}, {"officer", market.ContractCancelled, "[]"},
		{"admin", market.ContractSubmitted, "[]"},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.by+" "+string(tt.state), func(t *testing.T) {
			if got := fmt.Sprint(w.Actions(cast[tt.by], w.at(t, tt.state))); got != tt.want {
				t.Errorf("Actions = %s, want %s", got, tt.want)
			}
		})
	}
}

// An officer who entered a contract sees why the decision is not theirs.
func TestBarred(t *testing.T) {
	w := newWorld(t)
	own, err := w.Create(ctx, officer, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Barred(officer, own); err != nil {
		t.Errorf("a draft bars nobody: %v", err)
	}
	if own, err = w.Submit(ctx, officer, own.ID, 0); err != nil {
		t.Fatal(err)
	}
	wantKind(t, w.Barred(officer, own), market.Denied, "own_contract")
	if got := fmt.Sprint(w.Actions(officer, own)); got != "[contract.return]" {
		t.Errorf("Actions = %s", got)
	}
	for name, by := range map[string]market.Actor{"another officer": officer2, "the seller": seller, "a visitor": visitor} {
		if err := w.Barred(by, own); err != nil {
			t.Errorf("%s is barred: %v", name, err)
		}
	}
}
