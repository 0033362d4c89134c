package matching

import (
	"testing"

	"jishi/internal/market"
)

// TestProposalOfOtherWeights: what was compared with weights that are not in
// force any more is not adopted, and going back leads to nothing else than what
// was in force before.
func TestProposalOfOtherWeights(t *testing.T) {
	p := openProposing(t)
	p.said(t, simulated(9, 300, hiddenWeights(), 6))
	if err := p.proposals.Ask(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	last := p.standing(t).Last
	own := market.DefaultWeighting()
	own.Parts[0].Max, own.Parts[1].Max = own.Parts[0].Max-5, own.Parts[1].Max+5
	w, err := p.weightings.Change(t.Context(), admin, own.Parts, 0, "指标更要紧")
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]error{
		"adopt":   p.proposals.Adopt(t.Context(), admin, last.ID, w.Version),
		"restore": p.proposals.Restore(t.Context(), admin, last.ID, w.Version),
	} {
		if !market.Is(change, market.Conflict) {
			t.Errorf("%s over weights set since = %v, want Conflict", name, change)
		}
	}
	if now := p.standing(t).InForce; !now.Same(own) || now.Version != w.Version {
		t.Fatalf("in force %s", now.Short())
	}
	if err := p.proposals.Ask(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	last = p.standing(t).Last
	for range 2 { // done again it changes nothing
		if err := p.proposals.Adopt(t.Context(), admin, last.ID, p.standing(t).InForce.Version); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.proposals.Restore(t.Context(), admin, last.ID, p.standing(t).InForce.Version); err != nil {
		t.Fatal(err)
	}
	if now := p.standing(t).InForce; !now.Same(own) || len(now.History) != 3 {
		t.Errorf("back to %s in %d steps, want %s in 3", now.Short(), len(now.History), own.Short())
	}
}

// TestProposalSaysWhoseVerdicts: one judge who gives most of the verdicts is
// told of.
func TestProposalSaysWhoseVerdicts(t *testing.T) {
	p := openProposing(t)
	verdicts := simulated(9, 300, hiddenWeights(), 6)
	for i, v := range verdicts {
		v.User = market.ID([]string{"flood", "flood", "flood", "b", "c"}[i%5])
	}
	verdicts[0].Parts = nil // teaches nothing, so it is not counted
	p.said(t, verdicts)
	if err := p.proposals.Ask(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if last := p.standing(t).Last; last.Judges != 3 || last.Busiest != 179 || last.Verdicts != 299 {
		t.Errorf("%d judges, the busiest with %d of %d", last.Judges, last.Busiest, last.Verdicts)
	}
}

// TestProposalBreaksDown: what breaks down while a proposal is worked out ends
// neither the program nor the next attempt.
func TestProposalBreaksDown(t *testing.T) {
	p := openProposing(t)
	p.said(t, simulated(9, 300, hiddenWeights(), 6))
	newID := p.proposals.newID
	p.proposals.newID = func() market.ID { panic("no ids") }
	if err := p.proposals.Ask(t.Context(), admin); err == nil && p.standing(t).Failure == "" {
		t.Error("broke down without a word")
	}
	if s := p.standing(t); s.Running || s.Last != nil || s.Failure == "" {
		t.Errorf("after it broke down: %+v", s)
	}
	p.proposals.newID = newID
	if err := p.proposals.Ask(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if s := p.standing(t); s.Last == nil || s.Failure != "" {
		t.Errorf("asked again: %+v", s)
	}
}
