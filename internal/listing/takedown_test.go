package listing

import (
	"testing"

	"jishi/internal/market"
)

// Of an organization that is suspended nothing stays on the market or on its
// way there; what others have, and what is no longer shown, stays as it is.
func TestTakedown(t *testing.T) {
	for state, want := range map[market.ListingState]market.ListingState{
		market.StateDraft: market.StateDraft, market.StateSubmitted: market.StateWithdrawn, market.StatePublished: market.StateWithdrawn,
		market.StateRejected: market.StateRejected, market.StateExpired: market.StateExpired, market.StateWithdrawn: market.StateWithdrawn,
	} {
		t.Run(string(state), func(t *testing.T) {
			w := newWorld(t)
			doc := w.at(t, state)
			takedown := NewTakedown(w.achievements, w.demands)
			org := &market.Organization{Meta: market.Meta{ID: university.Org}, State: market.OrgVerified}
			for _, step := range []struct {
				suspended market.ID
				want      market.ListingState
			}{{"", state}, {rival.Org, state}, {university.Org, want}, {university.Org, want}} {
				org.ID, org.State = university.Org, market.OrgVerified
				if step.suspended != "" {
					org.ID, org.State = step.suspended, market.OrgSuspended
				}
				if err := takedown.Apply(t.Context(), []*market.Organization{org}, "next"); err != nil {
					t.Fatal(err)
				}
				got, err := w.achievements.docs.Get(t.Context(), doc.ID)
				if err != nil || got.State != step.want {
					t.Fatalf("with %q suspended it is %v, %v, want %s", step.suspended, got.State, err, step.want)
				}
				last := got.History[len(got.History)-1]
				if got.State != state && (last.Action != market.ActWithdraw || last.By != market.System.User || last.Note == "") {
					t.Errorf("withdrawn without a word: %+v", last)
				}
			}
		})
	}
}
