package signin

import (
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

func (h *house) open(t *testing.T) Opened {
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
	actor, err := h.Actor(t.Context(), opened.Token)
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

// Somebody who works on stays signed in until the session's end, however often
// tokens are renewed; somebody idle for longer than a token lasts does not.
func TestResume(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	token, renewals := h.open(t).Token, 0
	for h.clock.now().Before(start.Add(SessionLifetime)) {
		_, renewed, err := h.Sessions.Resume(t.Context(), token)
		if err != nil {
			t.Fatalf("after %v: %v", h.clock.now().Sub(start), err)
		}
		if renewed != "" {
			token, renewals = renewed, renewals+1
		}
		h.clock.pass(4 * time.Minute)
	}
	h.clock.pass(leeway + time.Second)
	if _, _, err := h.Sessions.Resume(t.Context(), token); !market.Is(err, market.Unauthenticated) {
		t.Errorf("after %v: %v, want Unauthenticated", SessionLifetime, err)
	}
	if renewals != 89 { // every 8 minutes of 12 hours, the first at 8
		t.Errorf("%d renewals, want 89", renewals)
	}
	idle := h.open(t).Token
	h.clock.pass(TokenLifetime + leeway + time.Second)
	if _, _, err := h.Sessions.Resume(t.Context(), idle); !market.Is(err, market.Unauthenticated) {
		t.Errorf("idle: %v, want Unauthenticated", err)
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
		{"renamed", update(func(u *market.User) { u.Name = "新名" }), false},
		{"disabled", update(func(u *market.User) { u.Disabled = true }), true},
		{"new epoch", update(func(u *market.User) { u.Epoch++ }), true},
		{"signed out", end, true},
		{"signed out twice", func(t *testing.T, h *house, o Opened) { end(t, h, o); end(t, h, o) }, true},
		{"another session signed out", func(t *testing.T, h *house, o Opened) { end(t, h, h.open(t)) }, false},
		{"no session signed out", func(t *testing.T, h *house, o Opened) { end(t, h, Opened{Actor: market.System}) }, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.user(t, "wang@example.com")
			opened := h.open(t)
			tt.change(t, h, opened)
			_, err := h.Actor(t.Context(), opened.Token)
			if dead := market.Is(err, market.Unauthenticated); dead != tt.dead {
				t.Errorf("got %v, want dead %v", err, tt.dead)
			}
			if !h.Sessions.Known(opened.Token) {
				t.Error("the token itself is no longer known")
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
	actor, err := h.Actor(t.Context(), opened.Token)
	if err != nil || actor.Has(market.RoleSupplier) || !actor.Has(market.RoleBroker) || actor.Verified {
		t.Errorf("got %+v, %v", actor, err)
	}
}
