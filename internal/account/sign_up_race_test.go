package account

import (
	"sync"
	"testing"

	"jishi/internal/market"
)

// Of two who sign the same organization up at once, one becomes its manager
// and the other applies.
func TestSignUpRace(t *testing.T) {
	h := newHouse(t)
	logins := []string{"a@example.com", "b@example.com", "c@example.com", "a@example.com"}
	var wait sync.WaitGroup
	for _, login := range logins {
		wait.Go(func() {
			if err := h.SignUp(t.Context(), newSignUp(login, codeTwo)); err != nil {
				t.Errorf("%s: %v", login, err)
			}
		})
	}
	wait.Wait()
	org := h.orgOf(t, codeTwo)
	managers, applicants := 0, 0
	for _, login := range logins[:3] {
		user := h.userOf(t, login)
		if len(user.Memberships) != 1 {
			t.Fatalf("%s has %+v", login, user.Memberships)
		}
		switch m := user.MemberOf(org.ID); {
		case m == nil:
			t.Errorf("%s does not belong to %s: %+v", login, org.ID, user.Memberships)
		case m.State == market.MemberActive && user.ID == org.Submitter:
			managers++
		case m.State == market.MemberApplied && m.Proof != "":
			applicants++
		}
	}
	if managers != 1 || applicants != 2 {
		t.Errorf("%d managers, %d applicants", managers, applicants)
	}
}

// A sign-up cut short after any write is completed by sending it again.
func TestSignUpCutShort(t *testing.T) {
	for _, registered := range []bool{false, true} {
		for cut := range 12 {
			h := newHouse(t)
			if registered {
				if _, err := h.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例镁业", Kind: "enterprise", Code: codeTwo}); err != nil {
					t.Fatal(err)
				}
			}
			h.fault.left = cut
			failed := h.SignUp(t.Context(), newSignUp("li@example.com", codeTwo)) != nil
			h.fault.left = -1
			if err := h.SignUp(t.Context(), newSignUp("li@example.com", codeTwo)); err != nil {
				t.Fatalf("cut after %d writes: %v", cut, err)
			}
			user, org := h.userOf(t, "li@example.com"), h.orgOf(t, codeTwo)
			m := user.MemberOf(org.ID)
			if m == nil || len(user.Memberships) != 1 || (m.State == market.MemberActive) == registered || len(h.post.to("li@example.com")) == 0 {
				t.Errorf("cut after %d writes: %+v, mails %v", cut, user.Memberships, h.post.to("li@example.com"))
			}
			if registered && m.Proof == "" || !registered && len(org.Evidence) != 1 {
				t.Errorf("cut after %d writes: the proof is lost", cut)
			}
			if members, err := h.membersOf(t.Context(), org.ID); err != nil || len(members) != 1 {
				t.Errorf("cut after %d writes: found as members %v, %v", cut, members, err)
			}
			if !failed {
				break
			}
		}
	}
}
