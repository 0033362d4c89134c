package signin

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// machine is what the rules say of one session, beside the real one.
type machine struct {
	h       *house
	tokens  []string // refresh tokens by generation, the first at 0
	access  string
	session market.ID
	rotated time.Time
	used    time.Time // as it is written down
	began   time.Time
	open    bool
}

// Whatever a client and a thief do in whatever order: the present token
// renews, the one before does within the grace, an older one ends everything,
// and nothing works on a session that is over.
func TestSessionMachine(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	actor, user, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		opened, err := h.begin(context.Background(), user, actor, false)
		if err != nil {
			t.Fatal(err)
		}
		now := h.clock.now()
		m := &machine{h: h, tokens: []string{opened.Refresh}, access: opened.Access, session: opened.Actor.Session, rotated: now, used: now, began: now, open: true}
		t.Repeat(map[string]func(*rapid.T){
			"wait": m.wait, "refresh": m.refresh, "reuse": m.reuse, "forge": m.forge, "use": m.use, "end": m.end, "": m.check,
		})
	})
}

// over reports whether time ended the session.
func (m *machine) over() bool {
	now := m.h.clock.now()
	return now.Sub(m.used) >= DefaultLimits.Idle || !now.Before(m.began.Add(DefaultLimits.Absolute))
}

func (m *machine) wait(t *rapid.T) {
	m.h.clock.pass(time.Duration(rapid.SampledFrom([]int{1, 9, 11, 60, 130, 600, 1700, 2000}).Draw(t, "seconds")) * time.Second)
}

// present is the refresh token that is good.
func (m *machine) present() string { return m.tokens[len(m.tokens)-1] }

func (m *machine) refresh(t *rapid.T) {
	opened, err := m.h.Refresh(context.Background(), m.present())
	if !m.open || m.over() {
		if !market.Is(err, market.Unauthenticated) {
			t.Fatalf("a session that is over was renewed: %v", err)
		}
		m.open = false
		return
	}
	if err != nil {
		t.Fatalf("the present token: %v", err)
	}
	m.tokens, m.access = append(m.tokens, opened.Refresh), opened.Access
	m.rotated, m.used = m.h.clock.now(), m.h.clock.now()
}

// reuse sends an older token.
func (m *machine) reuse(t *rapid.T) {
	if len(m.tokens) < 2 {
		t.Skip("none is older")
	}
	behind := rapid.IntRange(1, min(3, len(m.tokens)-1)).Draw(t, "behind")
	opened, err := m.h.Refresh(context.Background(), m.tokens[len(m.tokens)-1-behind])
	switch alive := m.open && !m.over(); {
	case alive && behind == 1 && m.h.clock.now().Sub(m.rotated) <= reuseGrace:
		if err != nil || opened.Refresh != m.present() {
			t.Fatalf("within the grace: %v", err)
		}
		m.access = opened.Access
	case alive:
		if !hasCode(err, "refresh_reused") {
			t.Fatalf("%d behind: %v, want refresh_reused", behind, err)
		}
		m.open = false
	default:
		if !hasCode(err, "session_over") {
			t.Fatalf("on a session that is over: %v", err)
		}
		m.open = false
	}
}

// forge sends tokens that were never issued; they change nothing.
func (m *machine) forge(t *rapid.T) {
	text := []byte(m.present())
	i := rapid.IntRange(0, len(text)-1).Draw(t, "place")
	text[i] ^= byte(rapid.IntRange(1, 127).Draw(t, "bits"))
	if _, err := m.h.Refresh(context.Background(), string(text)); !hasCode(err, "session_over") {
		t.Fatalf("a forged token: %v", err)
	}
}

// use acts under the access token.
func (m *machine) use(t *rapid.T) {
	claims, parsed := m.h.tokens.Parse(m.access)
	_, err := m.h.Actor(context.Background(), m.access)
	if want := m.open && !m.over() && parsed == nil; (err == nil) != want {
		t.Fatalf("acting: %v, want %v (token until %v)", err, want, claims.Expires)
	}
	if now := m.h.clock.now(); err == nil && now.Sub(m.used) >= touchEvery {
		m.used = now
	}
}

func (m *machine) end(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "rarely") > 0 {
		t.Skip("not now")
	}
	if err := m.h.End(context.Background(), market.Actor{User: "u", Session: m.session}); err != nil {
		t.Fatal(err)
	}
	m.open = false
}

// check holds what is stored against the rules.
func (m *machine) check(t *rapid.T) {
	session, err := m.h.sessions.Get(context.Background(), m.session)
	if err != nil {
		t.Fatal(err)
	}
	if ended := !session.EndedAt.IsZero(); ended && m.open || session.Generation != int64(len(m.tokens)) || !session.UsedAt.Equal(m.used) {
		t.Fatalf("stored %+v, want open %v, generation %d, used %v", session, m.open, len(m.tokens), m.used)
	}
}
