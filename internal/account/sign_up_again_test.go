package account

import (
	"context"
	"slices"
	"testing"

	"jishi/internal/market"
)

// Sign-ups are no way around the limit of sign-ins: after too many wrong
// passwords the right one opens nothing either, and the answer stays the same.
func TestSignUpGuessesCount(t *testing.T) {
	h := newHouse(t)
	from := func(address string) context.Context {
		return market.WithRequest(t.Context(), market.Request{ID: "test", Address: address})
	}
	h.fault.left = 2 // link and user are written, nothing else
	if err := h.SignUp(from("1.1.1.1"), newSignUp("li@example.com", codeTwo)); err == nil || h.userOf(t, "li@example.com") == nil {
		t.Fatalf("not cut short: %v", err)
	}
	h.fault.left = -1
	wrong := newSignUp("li@example.com", codeTwo)
	wrong.Password = "Another-Hill-2027"
	for range 5 {
		if err := h.SignUp(from("1.1.1.1"), wrong); err != nil {
			t.Fatalf("a wrong password is told apart: %v", err)
		}
	}
	if err := h.SignUp(from("1.1.1.1"), newSignUp("li@example.com", codeTwo)); err != nil || h.orgOf(t, codeTwo) != nil {
		t.Errorf("after five wrong passwords: %v, organization %v", err, h.orgOf(t, codeTwo))
	}
	if err := h.SignUp(from("2.2.2.2"), newSignUp("li@example.com", codeTwo)); err != nil || h.orgOf(t, codeTwo) == nil {
		t.Errorf("from elsewhere: %v, organization %v", err, h.orgOf(t, codeTwo))
	}
}

// A repeated sign-up with the right password changes nothing of an account
// that is more than a sign-up cut short, above all not what was agreed to.
func TestSignUpAgainChangesNothing(t *testing.T) {
	for name, change := range map[string]func(*market.User){
		"complete":      func(*market.User) {},
		"second factor": func(u *market.User) { u.Factor = &market.Factor{} },
		"disabled":      func(u *market.User) { u.Disabled = true },
		"confirmed":     func(u *market.User) { u.ConfirmedAt = start },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			if name != "complete" {
				h.fault.left = 2 // its organization is missing
			}
			if err := h.SignUp(t.Context(), newSignUp("li@example.com", codeTwo)); (err == nil) != (name == "complete") {
				t.Fatal(err)
			}
			h.fault.left = -1
			user := h.userOf(t, "li@example.com")
			change(user)
			if err := h.users.Update(t.Context(), user); err != nil {
				t.Fatal(err)
			}
			h.agreed.given = map[market.ID][]string{}
			again := newSignUp("li@example.com", codeTwo)
			again.Purposes = slices.Clone(again.Purposes[:1])
			if err := h.SignUp(t.Context(), again); err != nil {
				t.Fatalf("told apart: %v", err)
			}
			if len(h.agreed.given) > 0 || h.userOf(t, "li@example.com").Version != user.Version || (h.orgOf(t, codeTwo) != nil) != (name == "complete") {
				t.Errorf("agreed to %v, user %+v, organization %v", h.agreed.given, h.userOf(t, "li@example.com"), h.orgOf(t, codeTwo))
			}
		})
	}
}
