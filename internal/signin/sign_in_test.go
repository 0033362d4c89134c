package signin

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"jishi/internal/market"
)

func TestSignIn(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	gone := h.user(t, "gone@example.com")
	gone.Disabled = true
	if err := h.users.Update(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, login, password, code string
	}{
		{"right", "wang@example.com", goodPassword, ""},
		{"login typed otherwise", " ＷANG@example.com", goodPassword, ""},
		{"wrong password", "wang@example.com", goodPassword + "x", "wrong_credentials"},
		{"password in other letters", "wang@example.com", strings.ToLower(goodPassword), "wrong_credentials"},
		{"no password", "wang@example.com", "", "wrong_credentials"},
		{"huge password", "wang@example.com", strings.Repeat("x", 1<<20), "wrong_credentials"},
		{"unknown login", "nobody@example.com", goodPassword, "wrong_credentials"},
		{"no login", "", "", "wrong_credentials"},
		{"huge login", strings.Repeat("x", 1<<20), goodPassword, "wrong_credentials"},
		{"disabled", "gone@example.com", goodPassword, "user_disabled"},
		{"disabled, wrong password", "gone@example.com", "x", "wrong_credentials"},
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			actor, got, err := h.SignIn(from(t, string(rune('a'+i))), tt.login, tt.password)
			if tt.code == "" {
				if err != nil || got.ID != user.ID || actor.Org != h.org.ID || !actor.Verified || !actor.Has(market.RoleSupplier) {
					t.Fatalf("got %+v, %v", actor, err)
				}
				return
			}
			var e *market.Error
			if !errors.As(err, &e) || e.Code != tt.code || actor.SignedIn() || got != nil {
				t.Fatalf("got %+v, %v, want %s", actor, err, tt.code)
			}
		})
	}
}

// The unknown login costs what the known one does: the dummy hash has the same
// parameters, and the same answer follows.
func TestSignInTellsNothing(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	params, _, _, err := argon2id.DecodeHash(h.Passwords.dummy)
	if err != nil || *params != WeakestHash {
		t.Fatalf("dummy hash has %+v, %v, want %+v", params, err, WeakestHash)
	}
	_, _, known := h.SignIn(from(t, "a"), "wang@example.com", "wrong")
	_, _, unknown := h.SignIn(from(t, "b"), "nobody@example.com", "wrong")
	if known.Error() != unknown.Error() {
		t.Errorf("answers differ: %v and %v", known, unknown)
	}
}

func TestSignInLock(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	try := func(address, password string) error {
		_, _, err := h.SignIn(from(t, address), "wang@example.com", password)
		return err
	}
	for i := range DefaultLimits.Failures {
		if err := try("1.1.1.1", "wrong"); !market.Is(err, market.Unauthenticated) {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	var e *market.Error
	if err := try("1.1.1.1", goodPassword); !errors.As(err, &e) || e.Kind != market.TooMany || e.Retry != DefaultLimits.LockFor {
		t.Fatalf("after five failures: %v, want TooMany for %v", err, DefaultLimits.LockFor)
	}
	if err := try("2.2.2.2", goodPassword); err != nil {
		t.Errorf("the user elsewhere is locked out: %v", err)
	}
	h.clock.pass(DefaultLimits.LockFor + time.Second)
	if err := try("1.1.1.1", "wrong"); !market.Is(err, market.Unauthenticated) {
		t.Fatalf("after the lock: %v", err)
	}
	h.clock.pass(DefaultLimits.LockFor + time.Second)
	if err := try("1.1.1.1", goodPassword); !market.Is(err, market.TooMany) {
		t.Errorf("the second lock is no longer than the first: %v", err)
	}
	h.clock.pass(DefaultLimits.LockFor)
	if err := try("1.1.1.1", goodPassword); err != nil {
		t.Errorf("after the second lock: %v", err)
	}
}

// Guesses sent at once do not slip past the limit together.
func TestSignInLockHoldsInParallel(t *testing.T) {
	h := newHouse(t)
	h.user(t, "wang@example.com")
	var checked atomic.Int32
	var wait sync.WaitGroup
	for range 40 {
		wait.Go(func() {
			if _, _, err := h.SignIn(from(t, "1.1.1.1"), "wang@example.com", "wrong"); market.Is(err, market.Unauthenticated) {
				checked.Add(1)
			}
		})
	}
	wait.Wait()
	if most := int32(DefaultLimits.Failures + cap(h.Passwords.slots) - 1); checked.Load() > most {
		t.Errorf("%d guesses were checked, want at most %d", checked.Load(), most)
	}
}

func TestSignInRenewsHash(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	stronger := WeakestHash
	stronger.Iterations++
	h.Passwords.params = stronger
	if _, _, err := h.SignIn(from(t, "a"), "wang@example.com", goodPassword); err != nil {
		t.Fatal(err)
	}
	stored, err := h.users.Get(t.Context(), user.ID)
	if err != nil || !strings.Contains(stored.PasswordHash, "t=3") {
		t.Fatalf("stored %q, %v, want three iterations", stored.PasswordHash, err)
	}
	if _, _, err := h.SignIn(from(t, "a"), "wang@example.com", goodPassword); err != nil {
		t.Error(err)
	}
}

func TestNewRefusesWeakHashing(t *testing.T) {
	for name, change := range map[string]func(*argon2id.Params){
		"memory": func(p *argon2id.Params) { p.Memory-- }, "iterations": func(p *argon2id.Params) { p.Iterations = 1 },
		"salt": func(p *argon2id.Params) { p.SaltLength = 8 }, "key": func(p *argon2id.Params) { p.KeyLength = 16 },
		"lanes": func(p *argon2id.Params) { p.Parallelism = 0 },
	} {
		p := WeakestHash
		change(&p)
		if _, err := NewPasswords(p); err == nil {
			t.Errorf("too little %s was accepted", name)
		}
	}
}
