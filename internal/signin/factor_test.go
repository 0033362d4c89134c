package signin

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"jishi/internal/market"
)

// code is what the authenticator of a secret shows now.
func (h *house) code(t testing.TB, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, h.clock.now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets a second factor up and returns its secret and recovery codes; the
// code of this half minute is used up.
func (h *house) enrol(t testing.TB, by market.Actor) (secret string, recovery []string) {
	t.Helper()
	made, err := h.StartFactor(t.Context(), by, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	recovery, err = h.ConfirmFactor(t.Context(), by, h.code(t, made.Secret))
	if err != nil {
		t.Fatal(err)
	}
	return made.Secret, recovery
}

func TestEnrolment(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	by := h.open(t).Actor
	if _, err := h.StartFactor(t.Context(), by, "wrong"); !slices.Equal(fieldsOf(err), []string{"password"}) {
		t.Fatalf("wrong password: %v", err)
	}
	if _, err := h.ConfirmFactor(t.Context(), by, "123456"); !market.Is(err, market.NotFound) {
		t.Errorf("confirmed before it was started: %v", err)
	}
	made, err := h.StartFactor(t.Context(), by, goodPassword)
	if err != nil || !strings.HasPrefix(made.URI, "otpauth://totp/%E6%8A%80%E5%B8%82:wang@example.com?secret="+made.Secret+"&issuer=") {
		t.Fatalf("started %+v, %v", made, err)
	}
	if again, err := h.Enrolment(t.Context(), by); err != nil || again != made {
		t.Errorf("shown again %+v, %v", again, err)
	}
	stored, err := h.users.Get(t.Context(), user.ID)
	if err != nil || stored.Factor.Secret.Empty() || strings.Contains(string(stored.Factor.Secret.Data), made.Secret) {
		t.Errorf("stored %+v, %v, want it sealed", stored.Factor, err)
	}
	if opened := h.open(t); opened.FactorDue {
		t.Error("a factor without its first code is asked for")
	}
	if _, err := h.ConfirmFactor(t.Context(), by, "000000"); !slices.Equal(fieldsOf(err), []string{"code"}) {
		t.Errorf("wrong code: %v", err)
	}
	codes, err := h.ConfirmFactor(t.Context(), by, h.code(t, made.Secret))
	if err != nil || len(codes) != recoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != recoveryCodes {
		t.Fatalf("confirmed: %v, %v", codes, err)
	}
	if _, err := h.Enrolment(t.Context(), by); !market.Is(err, market.NotFound) {
		t.Errorf("a secret in use is shown: %v", err)
	}
	if _, err := h.StartFactor(t.Context(), by, goodPassword); !market.Is(err, market.Conflict) {
		t.Errorf("started over one in use: %v", err)
	}
	state, err := h.Factor(t.Context(), by)
	if err != nil || !state.Since.Equal(h.clock.now()) || state.Recovery != recoveryCodes || state.Started || state.Required {
		t.Errorf("state %+v, %v", state, err)
	}
	h.history(t, user.ID, market.ActSetFactor)
}

// history fails unless the last event of a user is of an action.
func (h *house) history(t *testing.T, id market.ID, want market.Action) {
	t.Helper()
	user, err := h.users.Get(t.Context(), id)
	if err != nil || user.History[len(user.History)-1].Action != want {
		t.Errorf("last event %+v, %v, want %s", user.History, err, want)
	}
}

func TestSecondStep(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	secret, recovery := h.enrol(t, h.open(t).Actor)
	pending := h.open(t)
	if !pending.FactorDue || pending.Refresh != "" || pending.Actor.SignedIn() {
		t.Fatalf("opened %+v, want one that waits", pending)
	}
	if _, err := h.Actor(t.Context(), pending.Access); !hasCode(err, CodeFactorDue) {
		t.Errorf("acting without the code: %v", err)
	}
	if name, err := h.Waiting(t.Context(), pending.Access); err != nil || name != "王小明" {
		t.Errorf("waiting %q, %v", name, err)
	}
	used := h.code(t, secret)
	h.clock.pass(codeStep * time.Second)
	fresh := h.code(t, secret)
	tests := []struct{ name, code, want string }{
		{"none", "", "wrong_code"},
		{"the one that confirmed it", used, "wrong_code"},
		{"present", " " + fresh[:3] + " " + fresh[3:], ""},
		{"present, again", fresh, "wrong_code"},
		{"recovery", strings.ToLower(recovery[3]), ""},
		{"recovery, again", recovery[3], "wrong_code"},
		{"another recovery", strings.ReplaceAll(recovery[4], "-", ""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			waits := h.open(t)
			opened, err := h.Finish(from(t, "1.1.1.1"), waits.Access, tt.code)
			if tt.want != "" {
				if !hasCode(err, tt.want) {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil || opened.FactorDue || opened.Refresh == "" {
				t.Fatalf("finished %+v, %v", opened, err)
			}
			if before, err := h.tokens.Parse(waits.Access); err != nil || before.Session == opened.Actor.Session {
				t.Errorf("the session is the one that waited: %v", err)
			}
			if _, err := h.Actor(t.Context(), opened.Access); err != nil {
				t.Error(err)
			}
			if _, err := h.Finish(t.Context(), waits.Access, recovery[0]); !hasCode(err, "session_over") {
				t.Errorf("finished twice: %v", err)
			}
		})
	}
	h.clock.pass(pendingLifetime)
	if _, err := h.Waiting(t.Context(), pending.Access); !market.Is(err, market.Unauthenticated) {
		t.Errorf("after ten minutes: %v", err)
	}
}

func TestGrant(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	c := Credentials{Login: "wang@example.com", Password: goodPassword}
	if opened, err := h.Grant(t.Context(), c); err != nil || opened.FactorDue {
		t.Fatalf("without a second factor: %+v, %v", opened, err)
	}
	secret, recovery := h.enrol(t, h.open(t).Actor)
	h.clock.pass(codeStep * time.Second)
	for _, tt := range []struct{ name, password, code, want string }{
		{"no code", goodPassword, "", "second_factor_required"},
		{"wrong code", goodPassword, "000000", "wrong_code"},
		{"right code, wrong password", "wrong", h.code(t, secret), "wrong_credentials"},
		{"right code", goodPassword, h.code(t, secret), ""},
		{"the same again", goodPassword, h.code(t, secret), "wrong_code"},
		{"recovery code", goodPassword, recovery[9], ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c.Password, c.Code = tt.password, tt.code
			opened, err := h.Grant(t.Context(), c)
			if tt.want == "" && (err != nil || opened.Actor.Name != "王小明") || tt.want != "" && !hasCode(err, tt.want) {
				t.Errorf("got %+v, %v, want %s", opened.Actor, err, tt.want)
			}
		})
	}
}

// A code is good once, also when two send it at once.
func TestCodeRace(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	secret, _ := h.enrol(t, h.open(t).Actor)
	h.clock.pass(codeStep * time.Second)
	waits := make([]Opened, 4)
	for i := range waits {
		waits[i] = h.open(t)
	}
	var wait sync.WaitGroup
	var mu sync.Mutex
	good := 0
	for _, one := range waits {
		wait.Go(func() {
			if _, err := h.Finish(t.Context(), one.Access, h.code(t, secret)); err == nil {
				mu.Lock()
				good++
				mu.Unlock()
			} else if !hasCode(err, "wrong_code") {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if good != 1 {
		t.Errorf("the code was good %d times", good)
	}
}

func TestCodesAreThrottled(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	secret, _ := h.enrol(t, h.open(t).Actor)
	h.clock.pass(codeStep * time.Second)
	waits, guesses := h.open(t), 0
	for range 50 {
		_, err := h.Finish(from(t, "6.6.6.6"), waits.Access, "000000")
		if market.Is(err, market.TooMany) {
			break
		}
		guesses++
	}
	if guesses != DefaultLimits.Failures {
		t.Errorf("%d guesses, want %d", guesses, DefaultLimits.Failures)
	}
	if _, err := h.Finish(from(t, "6.6.6.6"), waits.Access, h.code(t, secret)); !market.Is(err, market.TooMany) {
		t.Errorf("the right code while locked: %v", err)
	}
	if !slices.Contains(h.trail.results(market.ActSignIn), "locked") {
		t.Errorf("the lock is not noted: %v", h.trail.results(market.ActSignIn))
	}
	for address := range 100 { // from everywhere
		_, err := h.Finish(from(t, string(rune('a'+address))), waits.Access, "000000")
		if market.Is(err, market.TooMany) {
			break
		}
		guesses++
	}
	if guesses > 4*DefaultLimits.Failures {
		t.Errorf("%d guesses from everywhere, want at most %d", guesses, 4*DefaultLimits.Failures)
	}
}

func TestRemoveFactor(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	by := h.open(t).Actor
	if _, err := h.StartFactor(t.Context(), by, goodPassword); err != nil {
		t.Fatal(err)
	}
	if err := h.RemoveFactor(t.Context(), by, goodPassword, ""); err != nil {
		t.Errorf("one that was only started: %v", err)
	}
	_, recovery := h.enrol(t, by)
	for _, tt := range []struct{ name, password, code, field string }{
		{"wrong password", "wrong", recovery[0], "password"},
		{"no code", goodPassword, "", "code"},
		{"wrong code", goodPassword, "AAAA-AAAA-AAAA-AAAA", "code"},
	} {
		if err := h.RemoveFactor(t.Context(), by, tt.password, tt.code); !slices.Equal(fieldsOf(err), []string{tt.field}) {
			t.Errorf("%s: %v, want %s named", tt.name, err, tt.field)
		}
	}
	if err := h.RemoveFactor(t.Context(), by, goodPassword, recovery[0]); err != nil {
		t.Fatal(err)
	}
	h.history(t, user.ID, market.ActRemoveFactor)
	if got := h.mails.subjects("wang@example.com"); !slices.Equal(got, []string{mailFactorRemoved.subject}) {
		t.Errorf("mails %v", got)
	}
	if opened := h.open(t); opened.FactorDue {
		t.Error("the factor is still asked for")
	}
}

// The operator helps who lost everything: the password alone signs in again,
// and nobody who was signed in stays so.
func TestClearFactor(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	opened := h.open(t)
	for _, tt := range []struct {
		name, login, want string
		by                market.Actor
	}{
		{"not their business", "wang@example.com", "not_allowed", opened.Actor},
		{"nobody", "nobody@example.com", "no_user", market.System},
		{"none in use", "wang@example.com", "no_factor", market.System},
	} {
		if err := h.ClearFactor(t.Context(), tt.by, tt.login); !hasCode(err, tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	h.enrol(t, opened.Actor)
	if err := h.ClearFactor(t.Context(), market.System, " WANG@example.com"); err != nil {
		t.Fatal(err)
	}
	h.history(t, user.ID, market.ActRemoveFactor)
	if _, err := h.Refresh(t.Context(), opened.Refresh); !market.Is(err, market.Unauthenticated) {
		t.Errorf("a session of before goes on: %v", err)
	}
	if again := h.open(t); again.FactorDue {
		t.Error("the factor is still asked for")
	}
}
