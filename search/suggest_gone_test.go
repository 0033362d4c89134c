package search

import (
	"testing"

	"jishi/internal/market"
)

// TestWithdrawnTermsAreGone withdraws a listing that writes a keyword in two
// ways: nothing of it is suggested any more.
func TestWithdrawnTermsAreGone(t *testing.T) {
	s := NewSuggester()
	a := published("a1", "保密工艺", "x")
	a.Keywords = []string{"SiC外延", "sic外延", "ＳｉＣ外延"}
	suggestApply(t, s.Achievements(), a)
	if got := s.Suggest(t.Context(), "sic外", 8); len(got) == 0 {
		t.Fatal("not suggested to begin with")
	}
	a.State = market.StateWithdrawn
	suggestApply(t, s.Achievements(), a)
	if got := s.Suggest(t.Context(), "sic外", 8); len(got) != 0 {
		t.Errorf("still suggested: %+v", got)
	}
}
