package duplicate

import (
	"encoding/json"
	"strings"
	"testing"

	"jishi/internal/market"
)

// TestWithheldOwnerStaysWithheld has the owner of one demand look at the pair
// with another's anonymous one, of whom even the dispute tells nothing.
func TestWithheldOwnerStaysWithheld(t *testing.T) {
	for _, tt := range []struct {
		name      string
		anonymous bool
		by        market.Actor
		owner     bool // of the other one shown
		who       bool // whoever of the other one disputed shown
	}{
		{"another demander", true, market.Actor{User: "u2", Org: "firm", Roles: []market.Role{market.RoleDemander}, Verified: true}, false, false},
		{"another demander, of what names its owner", false, market.Actor{User: "u2", Org: "firm", Roles: []market.Role{market.RoleDemander}, Verified: true}, true, false},
		{"the owner", true, market.Actor{User: "u9", Org: "hidden-org", Roles: []market.Role{market.RoleDemander}, Verified: true}, true, true},
		{"an officer", true, officer, true, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			for i, d := range []*market.Demand{
				{Meta: market.Meta{ID: "d1"}, Demander: "隐名企业", Anonymous: tt.anonymous, Listing: market.Listing{Owner: "hidden-org"}},
				{Meta: market.Meta{ID: "d2"}, Demander: "另一企业", Listing: market.Listing{Owner: "firm"}},
			} {
				d.State, d.Title, d.Summary = market.StatePublished, "镁合金铸造", []string{castingText, copyText}[i]
				w.must(w.wanted.Insert(t.Context(), d))
				_, err := w.Look(t.Context(), market.KindDemand, d.ID)
				w.must(err)
			}
			disputes := market.Actor{User: "hidden-user", Org: "hidden-org", Roles: []market.Role{market.RoleDemander}, Verified: true}
			id := market.DuplicateID("d1", "d2")
			if _, err := w.Judge(t.Context(), disputes, id, 0, market.ActDispute, "工艺不同"); err != nil {
				t.Fatal(err)
			}
			pair, err := w.Show(t.Context(), tt.by, id)
			w.must(err)
			raw, err := json.Marshal(pair)
			w.must(err)
			if got := strings.Contains(string(raw), "hidden-org"); got != tt.owner {
				t.Errorf("the owner shown: %v in %s", got, raw)
			}
			if got := strings.Contains(string(raw), "hidden-user"); got != tt.who {
				t.Errorf("who disputed shown: %v in %s", got, raw)
			}
			stored, err := w.Service.pairs.Get(t.Context(), id)
			w.must(err)
			if stored.OwnerA != "hidden-org" || stored.History[1].By != "hidden-user" {
				t.Errorf("showing it changed what is stored: %+v", stored)
			}
			if _, err := w.Judge(t.Context(), officer, id, 0, market.ActDismiss, "看过了"); err != nil {
				t.Fatal(err)
			}
			if stored, _ = w.Service.pairs.Get(t.Context(), id); stored.OwnerA != "hidden-org" || stored.State != market.DuplicateDismissed {
				t.Errorf("judged it is %+v", stored)
			}
		})
	}
}
