package signin

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

const otherPassword = "Lanhai-wanzhong-7"

var recoveryLink = regexp.MustCompile(`https://jishi\.example/recover/([A-Z2-7]{26})\n`)

// secret returns the secret in the last recovery mail to an address, "" when
// there is none.
func (h *house) secret(to string) string {
	h.mails.mu.Lock()
	defer h.mails.mu.Unlock()
	for _, m := range slices.Backward(h.mails.mails) {
		if found := recoveryLink.FindStringSubmatch(m.Text); m.To == to && found != nil {
			return found[1]
		}
	}
	return ""
}

func (h *house) ask(t testing.TB, login string) string {
	t.Helper()
	h.clock.pass(time.Second)
	if err := h.AskRecovery(from(t, "1.1.1.1"), login); err != nil {
		t.Fatal(err)
	}
	return h.secret(market.FoldLogin(login))
}

func TestRecover(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	before := h.open(t)
	older := h.ask(t, "wang@example.com")
	secret := h.ask(t, " WANG@example.com")
	if secret == "" || secret == older {
		t.Fatalf("secrets %q and %q", older, secret)
	}
	if found, err := h.Recovery(t.Context(), secret); err != nil || found.Name != "王小明" || found.NeedsCode {
		t.Errorf("good for %+v, %v", found, err)
	}
	if err := h.Recover(t.Context(), secret, "short", ""); !slices.Equal(fieldsOf(err), []string{"password"}) {
		t.Errorf("weak password: %v", err)
	}
	if err := h.Recover(t.Context(), secret, otherPassword, ""); err != nil {
		t.Fatal(err)
	}
	for name, used := range map[string]string{"used": secret, "older": older} {
		if err := h.Recover(t.Context(), used, goodPassword, ""); !hasCode(err, "link_over") {
			t.Errorf("a link that is %s: %v", name, err)
		}
	}
	if _, err := h.Refresh(t.Context(), before.Refresh); !market.Is(err, market.Unauthenticated) {
		t.Errorf("a session of before goes on: %v", err)
	}
	if _, _, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", goodPassword); !market.Is(err, market.Unauthenticated) {
		t.Errorf("the old password: %v", err)
	}
	if _, _, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", otherPassword); err != nil {
		t.Errorf("the new password: %v", err)
	}
	h.history(t, user.ID, market.ActRecover)
	if stored, err := h.users.Get(t.Context(), user.ID); err != nil || stored.ConfirmedAt.IsZero() {
		t.Errorf("the address is not proved: %v", err)
	}
	if got := h.mails.subjects("wang@example.com"); got[len(got)-1] != mailPasswordChanged.subject {
		t.Errorf("mails %v", got)
	}
}

func TestRecoveryLinkDies(t *testing.T) {
	tests := []struct {
		name string
		kill func(*testing.T, *house, *market.User)
	}{
		{"with time", func(_ *testing.T, h *house, _ *market.User) { h.clock.pass(RecoveryLifetime) }},
		{"when the user is disabled", func(t *testing.T, h *house, u *market.User) {
			u.Disabled = true
			if err := h.users.Update(t.Context(), u); err != nil {
				t.Fatal(err)
			}
		}},
		{"when the password was changed", func(t *testing.T, h *house, u *market.User) {
			h.clock.pass(time.Second)
			if _, err := h.ChangePassword(t.Context(), h.open(t).Actor, goodPassword, otherPassword); err != nil {
				t.Fatal(err)
			}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			user := h.user(t, "wang@example.com")
			h.clock.pass(time.Second)
			secret := h.ask(t, "wang@example.com")
			tt.kill(t, h, user)
			if _, err := h.Recovery(t.Context(), secret); !hasCode(err, "link_over") {
				t.Errorf("got %v, want link_over", err)
			}
		})
	}
	h := newHouse(t)
	for _, secret := range []string{"", "x", strings.Repeat("A", 26), strings.Repeat("A", 1<<16), "../../etc", "\x00\xff"} {
		if err := h.Recover(t.Context(), secret, otherPassword, ""); !hasCode(err, "link_over") {
			t.Errorf("made up %.20q: %v", secret, err)
		}
	}
}

// Who asks learns nothing: the answer and its time are the same for everybody.
func TestAskRecoveryTellsNothing(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	gone := h.user(t, "gone@example.com")
	gone.Disabled = true
	if err := h.users.Update(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	h.user(t, "place@demo") // cannot be mailed to
	for i, login := range []string{"wang@example.com", "nobody@example.com", "gone@example.com", "place@demo", "", strings.Repeat("x", 10_000)} {
		began := time.Now()
		if err := h.AskRecovery(from(t, string(rune('a'+i))), login); err != nil {
			t.Errorf("%.20q: %v", login, err)
		}
		if took := time.Since(began); took < recoveryPace || took > recoveryPace+recoveryPace/10 {
			t.Errorf("%.20q took %v, want %v", login, took, recoveryPace)
		}
	}
	if len(h.mails.mails) != 1 || h.secret("wang@example.com") == "" {
		t.Errorf("%d mails, want one", len(h.mails.mails))
	}
	h.trail.mu.Lock()
	defer h.trail.mu.Unlock()
	for _, e := range h.trail.entries {
		if strings.Contains(e.Detail, "nobody@") || strings.Contains(e.Detail, "xx") {
			t.Errorf("the trail has what was typed: %+v", e)
		}
	}
}

func TestRecoveryIsThrottled(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	var wait sync.WaitGroup
	for i := range recoveriesPerLogin + 3 {
		wait.Go(func() {
			if err := h.AskRecovery(from(t, string(rune('a'+i))), "wang@example.com"); err != nil {
				t.Errorf("asked the %d. time: %v", i, err)
			}
		})
	}
	wait.Wait()
	if got := len(h.mails.subjects("wang@example.com")); got != recoveriesPerLogin {
		t.Errorf("%d mails in an hour, want %d", got, recoveriesPerLogin)
	}
	refused := make([]bool, recoveriesPerAddress+5)
	for i := range refused {
		wait.Go(func() {
			refused[i] = market.Is(h.AskRecovery(from(t, "6.6.6.6"), "nobody@example.com"), market.TooMany)
		})
	}
	wait.Wait()
	passed := 0
	for _, one := range refused {
		if !one {
			passed++
		}
	}
	if passed != recoveriesPerAddress {
		t.Errorf("%d times from one address, want %d", passed, recoveriesPerAddress)
	}
}

// With a second factor the mailbox alone sets no password.
func TestRecoverNeedsFactor(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	secretKey, recovery := h.enrol(t, h.open(t).Actor)
	h.clock.pass(codeStep * time.Second)
	secret := h.ask(t, "wang@example.com")
	if found, err := h.Recovery(t.Context(), secret); err != nil || !found.NeedsCode {
		t.Errorf("good for %+v, %v", found, err)
	}
	for _, code := range []string{"", "000000"} {
		if err := h.Recover(t.Context(), secret, otherPassword, code); !slices.Equal(fieldsOf(err), []string{"code"}) {
			t.Errorf("code %q: %v", code, err)
		}
	}
	if err := h.Recover(t.Context(), secret, otherPassword, h.code(t, secretKey)); err != nil {
		t.Fatal(err)
	}
	h.clock.pass(time.Second)
	if err := h.Recover(t.Context(), h.ask(t, "wang@example.com"), goodPassword, recovery[0]); err != nil {
		t.Errorf("by recovery code: %v", err)
	}
}

// A link used twice at once sets one password.
func TestRecoverRace(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	secret := h.ask(t, "wang@example.com")
	passwords := []string{"Lanhai-wanzhong-1", "Lanhai-wanzhong-2", "Lanhai-wanzhong-3", "Lanhai-wanzhong-4"}
	errs := make([]error, len(passwords))
	var wait sync.WaitGroup
	for i := range passwords {
		wait.Go(func() { errs[i] = h.Recover(t.Context(), secret, passwords[i], "") })
	}
	wait.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won < 0:
			won = i
		case err == nil:
			t.Error("the link was good twice")
		case !hasCode(err, "link_over"):
			t.Errorf("got %v, want link_over", err)
		}
	}
	if won < 0 {
		t.Fatal("nobody got in")
	}
	if _, _, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", passwords[won]); err != nil {
		t.Errorf("the password that was set: %v", err)
	}
}
