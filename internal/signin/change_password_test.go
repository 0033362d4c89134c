package signin

import (
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	opened, other := h.open(t), h.open(t)
	for _, tt := range []struct{ name, old, fresh, field string }{
		{"wrong old one", "wrong", otherPassword, "password"},
		{"no old one", "", otherPassword, "password"},
		{"weak new one", goodPassword, "Password-2749", "new_password"},
		{"short new one", goodPassword, "aB1-", "new_password"},
		{"the same", goodPassword, goodPassword, "new_password"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := h.ChangePassword(t.Context(), opened.Actor, tt.old, tt.fresh); !slices.Equal(fieldsOf(err), []string{tt.field}) {
				t.Errorf("got %v, want %s named", err, tt.field)
			}
		})
	}
	changed, err := h.ChangePassword(t.Context(), opened.Actor, goodPassword, otherPassword)
	if err != nil || changed.Actor.Session != opened.Actor.Session {
		t.Fatalf("changed %+v, %v", changed, err)
	}
	if actor, err := h.Actor(t.Context(), changed.Access); err != nil || actor.User != user.ID {
		t.Errorf("this session: %v", err)
	}
	if next, err := h.Refresh(t.Context(), changed.Refresh); err != nil || next.Actor.User != user.ID {
		t.Errorf("this session, renewed: %v", err)
	}
	for name, token := range map[string]string{"other": other.Access, "token of before": opened.Access} {
		if _, err := h.Actor(t.Context(), token); !market.Is(err, market.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if session, err := h.sessions.Get(t.Context(), other.Actor.Session); err != nil || session.EndedBy != "password" {
		t.Errorf("the other session ended by %q, %v", session.EndedBy, err)
	}
	if _, _, err := h.SignIn(from(t, "9.9.9.9"), "wang@example.com", otherPassword); err != nil {
		t.Errorf("the new password: %v", err)
	}
	h.history(t, user.ID, market.ActChangePassword)
}

// A browser left open gives nobody unlimited guesses at the password.
func TestOwnPasswordIsThrottled(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	by := h.open(t).Actor
	for range DefaultLimits.Failures {
		if _, err := h.ChangePassword(t.Context(), by, "wrong", otherPassword); !market.Is(err, market.Invalid) {
			t.Fatal(err)
		}
	}
	if _, err := h.ChangePassword(t.Context(), by, goodPassword, otherPassword); waitOf(err) != DefaultLimits.LockFor {
		t.Errorf("after %d wrong ones: %v", DefaultLimits.Failures, err)
	}
	if got := h.trail.results(market.ActChangePassword); len(got) != DefaultLimits.Failures || got[len(got)-1] != "locked" {
		t.Errorf("noted %v", got)
	}
	h.clock.pass(DefaultLimits.LockFor + time.Second)
	if _, err := h.ChangePassword(t.Context(), by, goodPassword, otherPassword); !market.Is(err, market.Unauthenticated) && err != nil {
		t.Errorf("after the lock: %v", err)
	}
}
