package signin

import (
	"testing"

	"jishi/internal/market"
	"jishi/internal/store"
)

func (h *house) open(t testing.TB) Opened {
	t.Helper()
	opened, err := h.Sessions.Open(from(t, "1.1.1.1"), "wang@example.com", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestSessions(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	opened := h.open(t)
	if opened.Expires != start.Add(TokenLifetime) || opened.Actor.Session == "" {
		t.Errorf("opened %+v", opened)
	}
	actor, err := h.Actor(t.Context(), opened.Access)
	if err != nil || actor.User != user.ID || actor.OrgName != "示例大学" || actor.Session != opened.Actor.Session {
		t.Errorf("actor %+v, %v", actor, err)
	}
	if second := h.open(t); second.Actor.Session == opened.Actor.Session {
		t.Error("two sign-ins share a session")
	}
	if _, err := h.Sessions.Open(from(t, "1.1.1.1"), "wang@example.com", "wrong"); !market.Is(err, market.Unauthenticated) {
		t.Errorf("wrong password: %v", err)
	}
}

// A token dies at once with what it stands on.
func TestRevocation(t *testing.T) {
	update := func(change func(*market.User)) func(*testing.T, *house, Opened) {
		return func(t *testing.T, h *house, o Opened) {
			user, err := h.users.Get(t.Context(), o.Actor.User)
			if err != nil {
				t.Fatal(err)
			}
			change(user)
			if err := h.users.Update(t.Context(), user); err != nil {
				t.Fatal(err)
			}
		}
	}
	end := func(t *testing.T, h *house, o Opened) {
		if err := h.Sessions.End(t.Context(), o.Actor); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name   string
		change func(*testing.T, *house, Opened)
		dead   bool
	}{
		{"nothing", func(*testing.T, *house, Opened) {}, false},
		{"removed from the organization", update(func(u *market.User) { u.Memberships[0].State = market.MemberEnded }), true},
		{"renamed", update(func(u *market.User) { u.Name = "新名" }), false},
		{"disabled", update(func(u *market.User) { u.Disabled = true }), true},
		{"new epoch", update(func(u *market.User) { u.Epoch++ }), true},
		{"signed out", end, true},
		{"signed out twice", func(t *testing.T, h *house, o Opened) { end(t, h, o); end(t, h, o) }, true},
		{"signed out everywhere", func(t *testing.T, h *house, o Opened) {
			if err := h.EndAll(t.Context(), o.Actor); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"ended from another", func(t *testing.T, h *house, o Opened) {
			if err := h.EndSession(t.Context(), h.open(t).Actor, o.Actor.Session); err != nil {
				t.Fatal(err)
			}
		}, true},
		{"erased", update(func(u *market.User) { u.ErasedAt = start }), true},
		{"another session signed out", func(t *testing.T, h *house, o Opened) { end(t, h, h.open(t)) }, false},
		{"no session signed out", func(t *testing.T, h *house, o Opened) { end(t, h, Opened{Actor: market.System}) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.user(t, "wang@example.com")
			opened := h.open(t)
			tt.change(t, h, opened)
			_, err := h.Actor(t.Context(), opened.Access)
			if dead := market.Is(err, market.Unauthenticated); dead != tt.dead {
				t.Errorf("got %v, want dead %v", err, tt.dead)
			}
			if _, err := h.Refresh(t.Context(), opened.Refresh); market.Is(err, market.Unauthenticated) != tt.dead {
				t.Errorf("refresh: %v, want dead %v", err, tt.dead)
			}
			if !h.Sessions.Known(opened.Access) || !h.Sessions.Known(opened.Refresh) {
				t.Error("the tokens themselves are no longer known")
			}
		})
	}
}

// A token for a session that is somebody else's, or was never opened, opens nothing.
func TestForeignSession(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	other := h.user(t, "li@example.com")
	opened := h.open(t)
	for name, c := range map[string]Claims{
		"another's session": {User: other.ID, Session: opened.Actor.Session, SignedIn: start},
		"no session":        {User: user.ID, Session: "s0", SignedIn: start},
		"no user":           {User: "u0", Session: opened.Actor.Session, SignedIn: start},
	} {
		if _, err := h.Actor(t.Context(), issue(t, h.tokens, c)); !market.Is(err, market.Unauthenticated) {
			t.Errorf("%s: %v, want Unauthenticated", name, err)
		}
	}
}

// What a user may do follows the record, not the token.
func TestActorFollowsRecord(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	opened := h.open(t)
	user.Memberships[0].Roles = []market.Role{market.RoleBroker}
	if err := h.users.Update(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	h.org.State = market.OrgPending
	if err := h.orgs.(store.Writer[market.Organization]).Update(t.Context(), h.org); err != nil {
		t.Fatal(err)
	}
	actor, err := h.Actor(t.Context(), opened.Access)
	if err != nil || actor.Has(market.RoleSupplier) || !actor.Has(market.RoleBroker) || actor.Verified {
		t.Errorf("got %+v, %v", actor, err)
	}
}
