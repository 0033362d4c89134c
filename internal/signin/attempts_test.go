package signin

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func waitOf(err error) time.Duration {
	var e *market.Error
	if errors.As(err, &e) && e.Kind == market.TooMany {
		return e.Retry
	}
	return 0
}

func TestAttempts(t *testing.T) {
	h, now := newHouse(t), start
	person := h.Passwords.signInTries("li@example.com", "1.1.1.1")[:1]
	var waits []time.Duration
	var locked []bool
	for range 9 {
		locked = append(locked, h.attempts.fail(now, person))
		wait := waitOf(h.attempts.admit(now, person))
		waits = append(waits, wait)
		now = now.Add(wait)
	}
	lock, longest := DefaultLimits.LockFor, 4*DefaultLimits.LockFor
	if want := []time.Duration{0, 0, 0, 0, lock, 2 * lock, longest, longest, longest}; !slices.Equal(waits, want) {
		t.Errorf("locks %v, want %v", waits, want)
	}
	if want := []bool{false, false, false, false, true, true, true, true, true}; !slices.Equal(locked, want) {
		t.Errorf("told of locks %v, want %v", locked, want)
	}
	now = now.Add(longest + time.Second)
	h.attempts.fail(now, person)
	if err := h.attempts.admit(now, person); err != nil {
		t.Errorf("an hour of quiet does not start anew: %v", err)
	}
}

func TestAttemptsPerAddress(t *testing.T) {
	h := newHouse(t)
	for i := range triesPerAddress {
		by := h.Passwords.signInTries(strings.Repeat("x", i+1)+"@example.com", "1.1.1.1")
		if err := h.attempts.admit(start, by); err != nil {
			t.Fatalf("guess %d: %v", i, err)
		}
		h.attempts.fail(start, by)
	}
	if err := h.attempts.admit(start, h.Passwords.signInTries("new@example.com", "1.1.1.1")); !market.Is(err, market.TooMany) {
		t.Errorf("address that sprays: %v, want TooMany", err)
	}
	if err := h.attempts.admit(start, h.Passwords.signInTries("new@example.com", "2.2.2.2")); err != nil {
		t.Errorf("another address: %v", err)
	}
}

// One login tried from many addresses slows them down; an address the user
// was right from is not slowed down, so no crowd locks anybody out.
func TestAttemptsPerAccount(t *testing.T) {
	h := newHouse(t)
	const login = "wang@example.com"
	h.attempts.forget(h.Passwords.signInTries(login, "10.0.0.1")[0].key)
	var waits []time.Duration
	for i := range 20 {
		by := h.Passwords.signInTries(login, "203.0.113."+strconv.Itoa(i))
		h.attempts.fail(start, by)
		waits = append(waits, waitOf(h.attempts.admit(start, h.Passwords.signInTries(login, "203.0.113.99"))))
	}
	s := time.Second
	want := []time.Duration{0, 0, 0, 0, 0, 0, 0, 0, 0, s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, longestDelay, longestDelay, longestDelay, longestDelay, longestDelay}
	if !slices.Equal(waits, want) {
		t.Errorf("a stranger waits %v, want %v", waits, want)
	}
	if err := h.attempts.admit(start, h.Passwords.signInTries(login, "10.0.0.1")); err != nil {
		t.Errorf("the user where they were right: %v", err)
	}
	if err := h.attempts.admit(start.Add(longestDelay), h.Passwords.signInTries(login, "10.0.0.2")); err != nil {
		t.Errorf("the user elsewhere, after a minute: %v", err)
	}
}

// Of many tries at once no more pass than the limit, and a right one counts
// for nothing afterwards.
func TestTry(t *testing.T) {
	h := newHouse(t)
	by := []tried{{"x", h.limits.rule(3)}}
	passed := 0
	for range 10 {
		if _, err := h.attempts.try(start, by); err == nil {
			passed++
		}
	}
	if passed != 3 {
		t.Errorf("%d tries pass, want 3", passed)
	}
	h.attempts.forget("x")
	if _, err := h.attempts.try(start, by); err != nil {
		t.Errorf("after a right one: %v", err)
	}
}

func TestInWords(t *testing.T) {
	for wait, want := range map[time.Duration]string{
		time.Millisecond: "1 秒", 59 * time.Second: "59 秒", time.Minute: "1 分钟", 61 * time.Second: "2 分钟", time.Hour: "60 分钟",
	} {
		if got := inWords(wait); got != want {
			t.Errorf("inWords(%v) = %q, want %q", wait, got, want)
		}
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	a := newAttempts()
	for i := range rememberedAttempts + 100 {
		a.touch(strconv.Itoa(i))
	}
	if len(a.byKey) != rememberedAttempts || a.recent.Len() != rememberedAttempts {
		t.Errorf("remembers %d and %d, want %d", len(a.byKey), a.recent.Len(), rememberedAttempts)
	}
	if _, ok := a.byKey["0"]; ok {
		t.Error("the longest unused was kept")
	}
}
