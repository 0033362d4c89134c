package signin

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"jishi/internal/market"
)

const (
	codeStep      = 30 // seconds, RFC 6238 section 5.2
	codeSkew      = 1  // steps before and after, for clocks that are off
	codeDigits    = 6
	recoveryCodes = 10
	recoveryRunes = 16 // letters of a recovery code, 80 random bits
)

// codeTries is what a code counts against: the user at this address, and the
// user anywhere, for a million codes are soon tried. Only who knows the
// password gets this far, so nobody is locked out by a stranger.
func (s *Sessions) codeTries(user market.ID, address string) []tried {
	return []tried{
		{"code\x00" + string(user) + "\x00" + address, s.limits.rule(s.limits.Failures)},
		{"code\x00" + string(user), s.limits.rule(4 * s.limits.Failures)},
	}
}

// useCode uses up a code of a user's second factor and returns the user as
// they are afterwards. Errors are those of Finish.
func (s *Sessions) useCode(ctx context.Context, id market.ID, code string) (*market.User, error) {
	by := s.codeTries(id, market.RequestOf(ctx).Address)
	locked, err := s.attempts.try(s.now(), by)
	if err != nil {
		return nil, err
	}
	user, err := s.changeUser(ctx, id, func(u *market.User) error { return s.spend(u, code) })
	if market.Is(err, market.Unauthenticated) {
		result := "wrong_code"
		if locked {
			result = "locked"
		}
		if err := s.noteFailure(ctx, market.ActSignIn, &market.User{Meta: market.Meta{ID: id}}, "", result); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	for _, one := range by {
		s.attempts.forget(one.key)
	}
	return user, nil
}

// spend takes a code off a user's second factor.
func (s *Sessions) spend(u *market.User, code string) error {
	if u.Factor == nil {
		return wrongCode()
	}
	code = strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, strings.ToUpper(market.Fold(market.Clip(code, 64))))
	if len(code) == codeDigits {
		return s.spendTimed(u, code)
	}
	i := slices.Index(u.Factor.Recovery, recoveryHash(u.ID, code))
	if i < 0 {
		return wrongCode()
	}
	u.Factor.Recovery = slices.Delete(u.Factor.Recovery, i, i+1)
	return nil
}

// spendTimed takes a code of the authenticator. None is good twice, and none
// from before the last one used.
func (s *Sessions) spendTimed(u *market.User, code string) error {
	secret, err := s.Sealer.Open(u.Factor.Secret, factorOf(u.ID))
	if err != nil {
		return err
	}
	now := s.now().Unix() / codeStep
	for step := now - codeSkew; step <= now+codeSkew; step++ {
		want, err := totp.GenerateCode(secret, time.Unix(step*codeStep, 0))
		if err != nil {
			return market.Wrap(market.Internal, err, "second_factor", "核对验证码失败，请联系管理员。")
		}
		if subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 && step > u.Factor.LastStep {
			u.Factor.LastStep = step
			return nil
		}
	}
	return wrongCode()
}

func wrongCode() error {
	return market.E(market.Unauthenticated, "wrong_code", "验证码不对或已用过，请换用新的验证码再试。")
}

// factorOf names what the secret of a user's second factor is sealed for.
func factorOf(user market.ID) string { return "user/" + string(user) + "/factor" }

// newRecoveryCodes returns one-time codes for who lost their authenticator,
// and what is stored of them.
func newRecoveryCodes(user market.ID) (codes, hashes []string) {
	for range recoveryCodes {
		code := rand.Text()[:recoveryRunes]
		hashes = append(hashes, recoveryHash(user, code))
		codes = append(codes, strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-"))
	}
	return codes, hashes
}

// recoveryHash is what is stored of a recovery code. With 80 random bits a
// fast hash is enough.
func recoveryHash(user market.ID, code string) string {
	sum := sha256.Sum256([]byte("recovery/" + string(user) + "/" + code))
	return hex.EncodeToString(sum[:])
}
