package signin

import (
	"testing"

	"jishi/internal/market"
)

// Guesses outside of sign-in and sign-ins count together, both ways.
func TestGuessesCountAsSignIns(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	guess := func(address, password string) bool {
		t.Helper()
		match, err := h.Passwords.Guess(from(t, address), "Wang@example.com", password, user.PasswordHash)
		if err != nil {
			t.Fatal(err)
		}
		return match
	}
	if !guess("1.1.1.1", goodPassword) || guess("1.1.1.1", "wrong") {
		t.Fatal("not the password's answer")
	}
	for range DefaultLimits.Failures - 1 {
		guess("1.1.1.1", "wrong")
	}
	if guess("1.1.1.1", goodPassword) {
		t.Error("matches while locked")
	}
	if _, _, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", goodPassword); !market.Is(err, market.TooMany) {
		t.Errorf("sign-in after wrong guesses: %v", err)
	}
	for range DefaultLimits.Failures {
		h.SignIn(from(t, "2.2.2.2"), "wang@example.com", "wrong")
	}
	if guess("2.2.2.2", goodPassword) {
		t.Error("matches after wrong sign-ins")
	}
	if guess("3.3.3.3", "") {
		t.Error("nothing matches")
	}
}
