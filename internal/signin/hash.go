package signin

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"time"

	"github.com/alexedwards/argon2id"

	"jishi/internal/market"
)

// WeakestHash is the least that NewPasswords accepts: the OWASP password storage
// recommendation for argon2id (19 MiB, two passes, one lane), with a salt of
// 128 and a key of 256 bits. It costs about 30 ms of one core.
var WeakestHash = argon2id.Params{Memory: 19456, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Passwords hashes and compares passwords, never more at once than there are
// cores: each takes tens of megabytes.
type Passwords struct {
	params   argon2id.Params
	dummy    string // hash of a password nobody knows, compared where there is no user
	slots    chan struct{}
	shortest int // characters of a new password
	limits   Limits
	now      func() time.Time
	attempts *attempts // at all passwords, wherever they are asked for
}

// NewPasswords returns the passwords of the platform. hash is how they are
// hashed from now on; hashes made with other parameters stay good and are
// renewed at sign-in. It refuses parameters weaker than WeakestHash.
func NewPasswords(p argon2id.Params) (*Passwords, error) {
	w := WeakestHash
	if p.Memory < w.Memory || p.Iterations < w.Iterations || p.Parallelism < w.Parallelism ||
		p.SaltLength < w.SaltLength || p.KeyLength < w.KeyLength {
		return nil, fmt.Errorf("password hashing %+v is weaker than %+v", p, w)
	}
	dummy, err := argon2id.CreateHash(rand.Text(), &p)
	if err != nil {
		return nil, fmt.Errorf("hash passwords: %w", err)
	}
	return &Passwords{params: p, dummy: dummy, slots: make(chan struct{}, runtime.GOMAXPROCS(0)), shortest: minPassword,
		limits: DefaultLimits, now: time.Now, attempts: newAttempts()}, nil
}

// Require sets the least length of new passwords in characters, before the
// first is judged. It refuses fewer than 8 (ASVS 5.0, 6.2.1) and more than
// anybody would type.
func (h *Passwords) Require(shortest int) error {
	if shortest < 8 || shortest > 64 {
		return fmt.Errorf("passwords of at least %d characters: want 8 to 64", shortest)
	}
	h.shortest = shortest
	return nil
}

// enter waits for a free slot; leave gives it back. Unavailable when ctx ends first.
func (h *Passwords) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return market.Wrap(market.Unavailable, ctx.Err(), "busy", "现在登录的人太多，请稍后再试。")
	}
}

func (h *Passwords) leave() { <-h.slots }

// Hash returns the hash of a password in PHC form.
func (h *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", market.Wrap(market.Internal, err, "hash", "保存密码失败，请稍后再试。")
	}
	return hash, nil
}

// Matches reports whether a password has a hash. It does the same work when
// hash is empty, which no password has.
func (h *Passwords) Matches(ctx context.Context, password, hash string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	given := cmp.Or(hash, h.dummy)
	match, _, err := h.compare(password, given)
	return match && hash != "", err
}

// Guess is Matches for whoever has not signed in: it counts as a sign-in of
// login from the address in the context's market.Request. While that is locked
// nothing matches, after the same work, so that the answer tells nothing.
func (h *Passwords) Guess(ctx context.Context, login, password, hash string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	by := h.signInTries(market.FoldLogin(login), market.RequestOf(ctx).Address)
	if h.attempts.admit(h.now(), by) != nil {
		hash = ""
	}
	match, _, err := h.compare(password, cmp.Or(hash, h.dummy))
	switch {
	case err != nil:
		return false, err
	case hash == "":
		return false, nil
	case !match:
		h.attempts.fail(h.now(), by)
		return false, nil
	}
	h.attempts.forget(by[0].key)
	return true, nil
}

// compare reports whether password has the hash, and whether the hash was
// made with other parameters than today's. The caller holds a slot.
func (h *Passwords) compare(password, hash string) (match, outdated bool, err error) {
	match, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, market.Wrap(market.Internal, err, "hash", "核对密码失败，请联系管理员。")
	}
	return match, *params != h.params, nil
}
