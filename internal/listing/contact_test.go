package listing

import (
	"context"
	"errors"
	"strings"
	"testing"

	"jishi/internal/market"
)

// notes takes reveals, or refuses them.
type notes struct {
	seen []string
	err  error
}

func (n *notes) Reveal(_ context.Context, by market.Actor, action market.Action, kind string, subject market.ID, fields ...string) error {
	if n.err == nil {
		n.seen = append(n.seen, strings.Join(append([]string{string(by.User), string(action), kind, string(subject)}, fields...), " "))
	}
	return n.err
}

// The table of readers: who sees a contact how on the page, and who is shown
// it in full, noted or not.
func TestContacts(t *testing.T) {
	w := newWorld(t)
	doc := magnesium()
	whole := market.Contact{Name: "周老师", Phone: "13812345678", Email: "zhou@example.edu"}
	masked := market.Contact{Name: "周老师", Phone: "138****5678", Email: "z***@example.edu"}
	doc.Contact = whole
	a, err := w.achievements.Create(t.Context(), university, doc)
	if err != nil {
		t.Fatal(err)
	}
	act := func(by market.Actor, action market.Action) *market.Achievement {
		t.Helper()
		got, err := w.achievements.Move(t.Context(), by, a.ID, 0, action, "")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	act(university, market.ActSubmit)
	if got := act(officer, market.ActApprove); got.Contact != masked {
		t.Errorf("an approval answers the officer with %+v", got.Contact)
	}
	if got := act(officer, market.ActApprove); got.Contact != masked {
		t.Errorf("an approval repeated answers the officer with %+v", got.Contact)
	}
	unverified := market.Actor{User: "u8", Org: "new", Roles: []market.Role{market.RoleSupplier}}
	rival := market.Actor{User: "u9", Org: "rival", Roles: []market.Role{market.RoleSupplier}, Verified: true}
	admin := market.Actor{User: "u7", Org: "bureau", Roles: []market.Role{market.RoleAdmin}, Verified: true}
	for _, tt := range []struct {
		name   string
		by     market.Actor
		shown  market.Contact
		kind   market.Kind // -1 = revealed
		logged bool
	}{
		{"own", university, whole, -1, false}, {"rival", rival, masked, -1, true}, {"officer", officer, masked, -1, true},
		{"admin", admin, market.Contact{}, market.Denied, false}, {"not verified", unverified, market.Contact{}, market.Denied, false},
		{"visitor", market.Actor{}, market.Contact{}, market.Unauthenticated, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen, err := w.achievements.Show(t.Context(), tt.by, a.ID)
			if err != nil || seen.Contact != tt.shown {
				t.Fatalf("shown %+v, %v, want %+v", seen, err, tt.shown)
			}
			noted := new(notes)
			got, err := NewContacts(w.achievements, w.demands, noted).OfAchievement(t.Context(), tt.by, a.ID)
			if tt.kind >= 0 {
				if !market.Is(err, tt.kind) || got != (market.Contact{}) || len(noted.seen) > 0 {
					t.Errorf("revealed %+v, %v, noted %v", got, err, noted.seen)
				}
				return
			}
			if err != nil || got != whole || (len(noted.seen) == 1) != tt.logged {
				t.Fatalf("revealed %+v, %v, noted %v", got, err, noted.seen)
			}
			if want := string(tt.by.User) + " listing.read_contact achievement " + string(a.ID) + " name phone email"; tt.logged && noted.seen[0] != want {
				t.Errorf("noted %q, want %q", noted.seen[0], want)
			}
		})
	}
	t.Run("not noted, not shown", func(t *testing.T) {
		away := errors.New("the trail is away")
		got, err := NewContacts(w.achievements, w.demands, &notes{err: away}).OfAchievement(t.Context(), rival, a.ID)
		if !errors.Is(err, away) || got != (market.Contact{}) {
			t.Errorf("revealed %+v, %v", got, err)
		}
	})
}

// Whoever is behind an anonymous demand stays there; a draft is nobody's
// business; nothing is noted of what is not shown.
func TestContactsWithheld(t *testing.T) {
	w := newWorld(t)
	demand := &market.Demand{Listing: market.Listing{Title: "求镁合金", Summary: "求一种工艺", Class: market.Class{Field: "05"}, Modes: []string{"develop"},
		Contact: market.Contact{Name: "钱经理", Phone: "13912345678"}}, Demander: "示例镁业", Anonymous: true, DemandKind: "problem"}
	demander := market.Actor{User: "u2", Org: "firm", Roles: []market.Role{market.RoleDemander}, Verified: true}
	draft, err := w.demands.Create(t.Context(), demander, demand)
	if err != nil {
		t.Fatal(err)
	}
	noted := new(notes)
	contacts := NewContacts(w.achievements, w.demands, noted)
	if _, err := contacts.OfDemand(t.Context(), university, draft.ID); !market.Is(err, market.Denied) {
		t.Errorf("of a draft: %v", err)
	}
	for _, by := range []struct {
		actor  market.Actor
		action market.Action
	}{{demander, market.ActSubmit}, {officer, market.ActApprove}} {
		if _, err := w.demands.Move(t.Context(), by.actor, draft.ID, 0, by.action, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := contacts.OfDemand(t.Context(), university, draft.ID); !market.Is(err, market.Conflict) || got != (market.Contact{}) {
		t.Errorf("of an anonymous demand: %+v, %v", got, err)
	}
	bare := magnesium()
	bare.Contact = market.Contact{}
	a, err := w.achievements.Create(t.Context(), university, bare)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := contacts.OfAchievement(t.Context(), officer, a.ID); !market.Is(err, market.NotFound) {
		t.Errorf("without a contact: %v", err)
	}
	if _, err := contacts.OfAchievement(t.Context(), officer, "none"); !market.Is(err, market.NotFound) {
		t.Errorf("of no listing: %v", err)
	}
	if len(noted.seen) > 0 {
		t.Errorf("noted %v though nothing was shown", noted.seen)
	}
	if got, err := contacts.OfDemand(t.Context(), officer, draft.ID); err != nil || got.Phone != "13912345678" || len(noted.seen) != 1 {
		t.Errorf("an officer is shown %+v, %v, noted %v", got, err, noted.seen)
	}
}
