package signin

import (
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
)

// What a wrong password costs tells nothing about whether the login is
// somebody's: medians of known and unknown, asked in turns so that both meet
// the same load, are within 10 % of each other (-benchtime 200x).
func BenchmarkWrongPassword(b *testing.B) {
	h := newHouse(b)
	h.user(b, "wang@example.com")
	ctx := from(b, "1.1.1.1")
	ask := func(login string) time.Duration {
		h.Passwords.attempts = newAttempts()
		h.attempts = h.Passwords.attempts // nobody is locked here
		began := time.Now()
		if _, _, err := h.SignIn(ctx, login, "wrong"); !market.Is(err, market.Unauthenticated) {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	var known, unknown []time.Duration
	for i := 0; b.Loop(); i++ {
		if i%2 == 0 { // each first in turn: the collector works after one or the other
			known = append(known, ask("wang@example.com"))
			unknown = append(unknown, ask("nobody@example.com"))
			continue
		}
		unknown = append(unknown, ask("nobody@example.com"))
		known = append(known, ask("wang@example.com"))
	}
	slices.Sort(known)
	slices.Sort(unknown)
	k, u := known[len(known)/2], unknown[len(unknown)/2]
	b.ReportMetric(float64(k.Microseconds())/1000, "known-ms")
	b.ReportMetric(float64(u.Microseconds())/1000, "unknown-ms")
	b.ReportMetric(float64(k)/float64(u), "ratio")
}

// BenchmarkActor is what every request of somebody signed in costs.
func BenchmarkActor(b *testing.B) {
	h := newHouse(b)
	h.user(b, "wang@example.com")
	token := h.open(b).Access
	for b.Loop() {
		if _, err := h.Actor(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRefresh is what renewing a session costs, its write included.
func BenchmarkRefresh(b *testing.B) {
	h := newHouse(b)
	h.user(b, "wang@example.com")
	token := h.open(b).Refresh
	for b.Loop() {
		opened, err := h.Refresh(b.Context(), token)
		if err != nil {
			b.Fatal(err)
		}
		token = opened.Refresh
	}
}
