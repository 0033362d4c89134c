package signin

import (
	"testing"

	"jishi/internal/market"
)

// What a wrong password costs tells nothing about whether the login is
// somebody's: compare known and unknown.
func BenchmarkWrongPassword(b *testing.B) {
	h := newHouse(b)
	h.user(b, "wang@example.com")
	for name, login := range map[string]string{"known": "wang@example.com", "unknown": "nobody@example.com"} {
		b.Run(name, func(b *testing.B) {
			ctx := from(b, "1.1.1.1")
			for b.Loop() {
				h.attempts = newAttempts() // nobody is locked here
				if _, _, err := h.SignIn(ctx, login, "wrong"); !market.Is(err, market.Unauthenticated) {
					b.Fatal(err)
				}
			}
		})
	}
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
