package listing

import (
	"testing"

	"jishi/internal/market"
)

// TestMergedIsTakenDown suspends an organization whose listing is merged into
// another's: unmerged it does not come back to the market.
func TestMergedIsTakenDown(t *testing.T) {
	for state, want := range map[market.ListingState]market.ListingState{
		market.StateDraft: market.StateDraft, market.StateSubmitted: market.StateWithdrawn,
		market.StatePublished: market.StateWithdrawn, market.StateExpired: market.StateExpired,
	} {
		t.Run(string(state), func(t *testing.T) {
			w := newWorld(t)
			doc := w.at(t, state)
			into := w.second(t)
			into.Owner = rival.Org
			if err := w.achievements.docs.Update(t.Context(), into); err != nil {
				t.Fatal(err)
			}
			if _, err := w.achievements.Merge(t.Context(), officer, doc.ID, 0, into.ID, "同一项"); err != nil {
				t.Fatal(err)
			}
			org := &market.Organization{Meta: market.Meta{ID: university.Org}, State: market.OrgSuspended}
			for range 2 {
				if err := NewTakedown(w.achievements, w.demands).Apply(t.Context(), []*market.Organization{org}, "next"); err != nil {
					t.Fatal(err)
				}
			}
			merged, err := w.achievements.docs.Get(t.Context(), doc.ID)
			if err != nil || merged.State != market.StateMerged || merged.MergedFrom != want {
				t.Fatalf("suspended: %v from %v, %v", merged.State, merged.MergedFrom, err)
			}
			got, err := w.achievements.Unmerge(t.Context(), officer, doc.ID, 0, "不是同一项")
			if err != nil || got.State != want {
				t.Errorf("unmerged it is %v, %v, want %s", got.State, err, want)
			}
		})
	}
}
