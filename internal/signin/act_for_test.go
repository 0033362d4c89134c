package signin

import (
	"testing"

	"jishi/internal/market"
)

// placed puts a user into organizations, the first of which they chose last.
func (h *house) placed(t *testing.T, user market.ID, places ...market.Membership) {
	t.Helper()
	u, err := h.users.Get(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	u.Memberships = places
	if len(places) > 0 {
		u.Org = places[0].Org
	}
	if err := h.users.Update(t.Context(), u); err != nil {
		t.Fatal(err)
	}
}

func (h *house) second(t *testing.T) *market.Organization {
	t.Helper()
	org, err := h.organizations.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例公司", Kind: "enterprise"})
	if err != nil {
		t.Fatal(err)
	}
	return org
}

func place(org market.ID, state market.MembershipState, roles ...market.Role) market.Membership {
	return market.Membership{Org: org, Roles: roles, State: state, Since: start}
}

// Whom a new sign-in begins for: the organization chosen last while one is an
// active member, else another, else none.
func TestWhereSignInBegins(t *testing.T) {
	h := newHouse(t)
	user, firm := h.user(t, "wang@example.com"), h.second(t)
	supplier := market.RoleSupplier
	for _, tt := range []struct {
		name   string
		places []market.Membership
		want   market.ID
		others int
	}{
		{"the one", []market.Membership{place(h.org.ID, market.MemberActive, supplier)}, h.org.ID, 0},
		{"chosen last", []market.Membership{place(h.org.ID, market.MemberActive, supplier), place(firm.ID, market.MemberActive, supplier)}, h.org.ID, 1},
		{"removed from there", []market.Membership{place(h.org.ID, market.MemberEnded, supplier), place(firm.ID, market.MemberActive, supplier)}, firm.ID, 0},
		{"only asked to join there", []market.Membership{place(h.org.ID, market.MemberApplied, supplier), place(firm.ID, market.MemberActive, supplier)}, firm.ID, 0},
		{"only asked to join", []market.Membership{place(h.org.ID, market.MemberApplied, supplier)}, "", 0},
		{"removed from everywhere", []market.Membership{place(h.org.ID, market.MemberEnded, supplier)}, "", 0},
		{"of one whose sign-up was cut short", []market.Membership{place("never-written", market.MemberActive, market.RoleManager)}, "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.placed(t, user.ID, tt.places...)
			by := h.open(t).Actor
			if by.Org != tt.want || len(by.Others) != tt.others || tt.want == "" && (len(by.Roles) > 0 || by.Verified) {
				t.Errorf("begins as %+v, want for %q with %d others", by, tt.want, tt.others)
			}
			if market.May(by, market.ActReadOrganization, h.org.ID) != (tt.want == h.org.ID) {
				t.Error("reads what is that organization's own")
			}
		})
	}
}

func TestActFor(t *testing.T) {
	h := newHouse(t)
	user, firm := h.user(t, "wang@example.com"), h.second(t)
	h.placed(t, user.ID, place(h.org.ID, market.MemberActive, market.RoleSupplier), place(firm.ID, market.MemberActive, market.RoleDemander))
	opened := h.open(t)
	for name, tt := range map[string]struct {
		by   market.Actor
		org  market.ID
		kind market.Kind
	}{
		"a stranger's organization": {opened.Actor, "elsewhere", market.Invalid},
		"without a session":         {market.Actor{User: user.ID}, firm.ID, market.Unauthenticated},
	} {
		if _, err := h.ActFor(t.Context(), tt.by, tt.org); !market.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	by, err := h.ActFor(t.Context(), opened.Actor, firm.ID)
	if err != nil || by.Org != firm.ID || by.Session != opened.Actor.Session || by.Roles[0] != market.RoleDemander {
		t.Fatalf("%+v, %v", by, err)
	}
	if now, err := h.Actor(t.Context(), opened.Access); err != nil || now.Org != firm.ID {
		t.Errorf("the token at hand acts for %s, %v", now.Org, err)
	}
	if next := h.open(t); next.Actor.Org != firm.ID {
		t.Errorf("the next sign-in begins for %s", next.Actor.Org)
	}
	if got := h.trail.results(market.ActActFor); len(got) != 1 {
		t.Errorf("noted %v", got)
	}
	// Removed: what is open there ends at once, what is open elsewhere goes on.
	elsewhere := h.open(t)
	if _, err := h.ActFor(t.Context(), elsewhere.Actor, h.org.ID); err != nil {
		t.Fatal(err)
	}
	h.placed(t, user.ID, place(firm.ID, market.MemberEnded, market.RoleDemander), place(h.org.ID, market.MemberActive, market.RoleSupplier))
	if _, err := h.Actor(t.Context(), opened.Access); !market.Is(err, market.Unauthenticated) {
		t.Errorf("the session for the organization that was left: %v", err)
	}
	if _, err := h.Actor(t.Context(), elsewhere.Access); err != nil {
		t.Errorf("the session for the other: %v", err)
	}
	// Who left moves on to wherever they belong, which may be nowhere.
	by, err = h.ActFor(t.Context(), opened.Actor, "")
	if err != nil || by.Org != h.org.ID {
		t.Errorf("moves on to %q, %v", by.Org, err)
	}
	h.placed(t, user.ID)
	if by, err = h.ActFor(t.Context(), opened.Actor, ""); err != nil || by.Org != "" || len(by.Roles) > 0 {
		t.Errorf("belongs nowhere: %+v, %v", by, err)
	}
}
