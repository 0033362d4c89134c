package account

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

func (n *notes) Reveal(_ context.Context, by market.Actor, action market.Action, kind string, _ market.ID, fields ...string) error {
	if n.err == nil {
		n.seen = append(n.seen, strings.Join(append([]string{string(by.User), string(action), kind}, fields...), " "))
	}
	return n.err
}

func TestOrganizationContact(t *testing.T) {
	h := newHouse(t)
	whole := market.Contact{Name: "孙主任", Phone: "023-53221234", Email: "sun@example.org"}
	masked := market.Contact{Name: "孙主任", Phone: "023-******34", Email: "s***@example.org"}
	org, err := h.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例可读单位", Contact: whole})
	if err != nil {
		t.Fatal(err)
	}
	own := actor(market.RoleSupplier)
	own.Org = org.ID
	unverified := actor(market.RoleSupplier)
	unverified.Verified = false
	for _, tt := range []struct {
		name   string
		by     market.Actor
		shown  market.Contact // on the page
		kind   market.Kind    // -1 = revealed
		logged bool
	}{
		{"own", own, whole, -1, false},
		{"supplier", actor(market.RoleSupplier), masked, -1, true},
		{"broker", actor(market.RoleBroker), masked, -1, true},
		{"officer", actor(market.RoleOfficer), masked, -1, true},
		{"admin", actor(market.RoleAdmin), market.Contact{}, market.Denied, false},
		{"not verified", unverified, market.Contact{}, market.Denied, false},
		{"visitor", market.Actor{}, market.Contact{}, market.Unauthenticated, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen, err := h.Organization(t.Context(), tt.by, org.ID)
			if err != nil || seen.Contact != tt.shown {
				t.Errorf("shown %+v, %v, want %+v", seen, err, tt.shown)
			}
			noted := new(notes)
			got, err := NewContacts(h.Organizations, noted).OfOrganization(t.Context(), tt.by, org.ID)
			if tt.kind >= 0 {
				if !market.Is(err, tt.kind) || got != (market.Contact{}) || len(noted.seen) > 0 {
					t.Errorf("revealed %+v, %v, noted %v", got, err, noted.seen)
				}
				return
			}
			if err != nil || got != whole || (len(noted.seen) == 1) != tt.logged {
				t.Fatalf("revealed %+v, %v, noted %v", got, err, noted.seen)
			}
			if want := string(tt.by.User) + " listing.read_contact organization name phone email"; tt.logged && noted.seen[0] != want {
				t.Errorf("noted %q, want %q", noted.seen[0], want)
			}
		})
	}
	away := errors.New("the trail is away")
	if got, err := NewContacts(h.Organizations, &notes{err: away}).OfOrganization(t.Context(), actor(market.RoleBroker), org.ID); !errors.Is(err, away) || got != (market.Contact{}) {
		t.Errorf("without a note: %+v, %v", got, err)
	}
	if _, err := NewContacts(h.Organizations, new(notes)).OfOrganization(t.Context(), actor(market.RoleBroker), h.org.ID); !market.Is(err, market.NotFound) {
		t.Errorf("without a contact: %v", err)
	}
}
