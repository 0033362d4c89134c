package signin

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

func (h *house) refresh(t testing.TB, token string) Opened {
	t.Helper()
	opened, err := h.Refresh(from(t, "1.1.1.1"), token)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestRefresh(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	first := h.open(t)
	h.clock.pass(20 * time.Minute)
	if _, err := h.Actor(t.Context(), first.Access); !hasCode(err, "token_expired") {
		t.Fatalf("after 20 minutes: %v", err)
	}
	second, err := h.Refresh(from(t, "2.2.2.2"), first.Refresh)
	if err != nil || second.Refresh == first.Refresh || second.Actor.User != user.ID || second.Actor.Session != first.Actor.Session || second.Ends != first.Ends {
		t.Fatalf("refresh: %+v, %v", second, err)
	}
	if actor, err := h.Actor(t.Context(), second.Access); err != nil || actor.User != user.ID {
		t.Errorf("fresh token: %+v, %v", actor, err)
	}
	session, err := h.sessions.Get(t.Context(), first.Actor.Session)
	if err != nil || session.Generation != 2 || session.Address != "2.2.2.2" || session.Agent != "test browser" || !session.UsedAt.Equal(h.clock.now()) {
		t.Errorf("stored %+v, %v", session, err)
	}
}

// Two tabs send the same token at once: both go on with one new token.
func TestRefreshGrace(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	first := h.open(t)
	second := h.refresh(t, first.Refresh)
	h.clock.pass(reuseGrace)
	again := h.refresh(t, first.Refresh)
	if again.Refresh != second.Refresh {
		t.Error("the second tab got another refresh token than the first")
	}
	h.refresh(t, second.Refresh)
	if session, err := h.sessions.Get(t.Context(), first.Actor.Session); err != nil || session.Generation != 3 {
		t.Errorf("stored %+v, %v, want generation 3", session, err)
	}
}

func TestRefreshReuse(t *testing.T) {
	tests := []struct {
		name   string
		rounds int // how often the session was renewed since
		after  time.Duration
		dead   bool
	}{
		{"the one before, in the grace", 1, reuseGrace, false},
		{"the one before, after the grace", 1, reuseGrace + time.Millisecond, true},
		{"an older one at once", 2, 0, true},
		{"a much older one", 7, time.Minute, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.user(t, "wang@example.com")
			stolen, other := h.open(t), h.open(t)
			last := stolen
			for range tt.rounds {
				last = h.refresh(t, last.Refresh)
			}
			h.clock.pass(tt.after)
			_, err := h.Refresh(from(t, "6.6.6.6"), stolen.Refresh)
			if dead := hasCode(err, "refresh_reused"); dead != tt.dead {
				t.Fatalf("got %v, want dead %v", err, tt.dead)
			}
			_, err = h.Actor(t.Context(), last.Access)
			_, err2 := h.Refresh(t.Context(), last.Refresh)
			if market.Is(err, market.Unauthenticated) != tt.dead || market.Is(err2, market.Unauthenticated) != tt.dead {
				t.Errorf("the session goes on: %v, %v, want dead %v", err, err2, tt.dead)
			}
			if _, err := h.Actor(t.Context(), other.Access); err != nil {
				t.Errorf("the user's other session: %v", err)
			}
			h.reuseIsTold(t, stolen.Actor.Session, tt.dead)
		})
	}
}

func (h *house) reuseIsTold(t *testing.T, id market.ID, dead bool) {
	t.Helper()
	if dead { // telling once is enough
		if _, err := h.Refresh(t.Context(), h.tokens.issueRenewal(renewal{session: id, generation: 1, ends: start.Add(time.Hour)})); !hasCode(err, "session_over") {
			t.Errorf("once more: %v", err)
		}
	}
	session, err := h.sessions.Get(t.Context(), id)
	if err != nil || (session.EndedBy == "reuse") != dead {
		t.Errorf("ended by %q, %v", session.EndedBy, err)
	}
	mails, noted := len(h.mails.subjects("wang@example.com")), slices.Contains(h.trail.results(market.ActRefresh), "reuse")
	if dead && (mails != 1 || !noted) || !dead && (mails != 0 || noted) {
		t.Errorf("%d mails, noted %v, want them only for reuse, once", mails, noted)
	}
}

// Of two refreshes at once none is taken for reuse, however they interleave.
func TestRefreshRace(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	opened := h.open(t)
	for round := range 20 {
		next := make([]Opened, 4)
		var wait sync.WaitGroup
		for i := range next {
			wait.Go(func() {
				var err error
				if next[i], err = h.Refresh(t.Context(), opened.Refresh); err != nil {
					t.Errorf("round %d: %v", round, err)
				}
			})
		}
		wait.Wait()
		for _, one := range next {
			if one.Refresh != next[0].Refresh || one.Refresh == opened.Refresh {
				t.Fatalf("round %d: refresh tokens differ, or none was made", round)
			}
		}
		opened = next[0]
	}
	session, err := h.sessions.Get(t.Context(), opened.Actor.Session)
	if err != nil || session.Generation != 21 || !session.EndedAt.IsZero() {
		t.Errorf("%+v, %v, want generation 21", session, err)
	}
}

func TestSessionLimits(t *testing.T) {
	limits := DefaultLimits
	limits.PasswordAge = 0
	tests := []struct {
		name  string
		role  market.Role
		every time.Duration // between two uses
		until time.Duration // of uses
		open  bool          // after it
		by    string        // how it ended
	}{
		{"idle too long", market.RoleSupplier, limits.Idle, limits.Idle, false, "idle"},
		{"almost idle too long", market.RoleSupplier, limits.Idle - time.Second, limits.Idle, true, ""},
		{"officer idle too long", market.RoleOfficer, limits.IdleStaff, limits.IdleStaff, false, "idle"},
		{"admin almost idle too long", market.RoleAdmin, limits.IdleStaff - time.Second, limits.IdleStaff, true, ""},
		{"busy to the end", market.RoleSupplier, 10 * time.Minute, limits.Absolute - 10*time.Minute, true, ""},
		{"busy beyond the end", market.RoleSupplier, 10 * time.Minute, limits.Absolute, false, "expired"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouseWith(t, limits)
			h.user(t, "wang@example.com", tt.role)
			opened := h.open(t)
			session, pair := opened.Actor.Session, opened.Pair
			var err error
			for passed := time.Duration(0); passed < tt.until && err == nil; passed += tt.every {
				h.clock.pass(tt.every)
				var renewed *Pair
				_, renewed, err = h.Resume(t.Context(), pair.Access, pair.Refresh)
				if renewed != nil {
					pair = *renewed
				}
			}
			if open := err == nil; open != tt.open || err != nil && !market.Is(err, market.Unauthenticated) {
				t.Fatalf("open %v, %v, want %v", open, err, tt.open)
			}
			stored, err := h.sessions.Get(t.Context(), session)
			if err != nil || stored.EndedBy != tt.by && tt.by != "expired" { // a token that has run out is not looked up
				t.Errorf("ended by %q, %v, want %q", stored.EndedBy, err, tt.by)
			}
		})
	}
}

// Use is written down every few minutes, not with every request.
func TestUseIsSeldomWritten(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	opened := h.open(t)
	for range 14 * 6 { // every ten seconds for 14 minutes
		h.clock.pass(10 * time.Second)
		if _, err := h.Actor(t.Context(), opened.Access); err != nil {
			t.Fatal(err)
		}
	}
	session, err := h.sessions.Get(t.Context(), opened.Actor.Session)
	if err != nil || session.Version != 8 || h.clock.now().Sub(session.UsedAt) >= touchEvery {
		t.Errorf("version %d, used at %v, %v, want 7 writes in 14 minutes", session.Version, session.UsedAt, err)
	}
}

// Keys change while people are signed in: tokens under the key before stay
// good, new ones are under the new key, and none once the old key is out.
func TestRotationKeepsSessions(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	before := h.open(t)
	next := KeyOf([]byte(strings.Repeat("n", 32)))
	rotate := func(current Key, previous ...Key) {
		tokens, err := NewTokens(current, previous, DefaultLimits.Absolute, h.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		h.Tokens = tokens
	}
	rotate(next, testKey)
	if _, err := h.Actor(t.Context(), before.Access); err != nil {
		t.Errorf("access token of the previous key: %v", err)
	}
	after := h.refresh(t, before.Refresh)
	if !strings.HasPrefix(after.Refresh, next.ID+".") {
		t.Errorf("refresh token %q is not under the new key %s", after.Refresh, next.ID)
	}
	rotate(next)
	if _, err := h.Actor(t.Context(), after.Access); err != nil {
		t.Errorf("after the old key was taken out: %v", err)
	}
	if _, err := h.Refresh(t.Context(), before.Refresh); !market.Is(err, market.Unauthenticated) {
		t.Errorf("refresh token of a key that was taken out: %v", err)
	}
	if opened := h.refresh(t, after.Refresh); opened.Actor.Session != before.Actor.Session {
		t.Error("the session did not go on")
	}
}
