package signin

import (
	"context"
	"time"

	"jishi/internal/market"
)

// FactorState is how a user's second factor stands.
type FactorState struct {
	Since    time.Time // zero: none is in use
	Started  bool      // one is set up and waits for its first code
	Recovery int       // recovery codes left
	Required bool      // the actor's roles ask for one
}

// Enrolment is what an authenticator is set up with.
type Enrolment struct {
	Secret string // base32, to be typed
	URI    string // otpauth://…, to be scanned
}

// Factor returns how the actor's second factor stands.
func (s *Sessions) Factor(ctx context.Context, by market.Actor) (FactorState, error) {
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return FactorState{}, err
	}
	state := FactorState{Required: s.limits.StaffFactor && staff(by.Roles)}
	if user.Factor != nil {
		state.Since, state.Started, state.Recovery = user.Factor.Since, user.Factor.Since.IsZero(), len(user.Factor.Recovery)
	}
	return state, nil
}

// StartFactor makes a secret for the actor's authenticator. It counts for
// nothing until ConfirmFactor; starting again makes another. Invalid at
// "password" when that is wrong, Conflict when a second factor is in use.
func (s *Sessions) StartFactor(ctx context.Context, by market.Actor, password string) (Enrolment, error) {
	if _, err := s.prove(ctx, by, password); err != nil {
		return Enrolment{}, err
	}
	secret := newFactorSecret()
	sealed, err := s.Sealer.Seal(secret, factorOf(by.User))
	if err != nil {
		return Enrolment{}, err
	}
	user, err := s.changeUser(ctx, by.User, func(u *market.User) error {
		if hasFactor(u) {
			return market.E(market.Conflict, "factor_in_use", "两步验证已经启用。要换设备，请先停用，再重新启用。")
		}
		u.Factor = &market.Factor{Secret: sealed}
		return nil
	})
	if err != nil {
		return Enrolment{}, err
	}
	return enrolment(user, secret), nil
}

// Enrolment returns what the actor's authenticator is set up with, while that
// waits for its first code. NotFound at any other time: a secret in use is
// shown to nobody.
func (s *Sessions) Enrolment(ctx context.Context, by market.Actor) (Enrolment, error) {
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return Enrolment{}, err
	}
	if user.Factor == nil || hasFactor(user) {
		return Enrolment{}, notStarted()
	}
	secret, err := s.Sealer.Open(user.Factor.Secret, factorOf(user.ID))
	if err != nil {
		return Enrolment{}, err
	}
	return enrolment(user, secret), nil
}

// ConfirmFactor puts the second factor to use with its first code and returns
// the recovery codes, which are shown this once. Invalid at "code" when it is
// wrong, TooMany after too many, NotFound when none was started.
func (s *Sessions) ConfirmFactor(ctx context.Context, by market.Actor, code string) ([]string, error) {
	tries := s.codeTries(by.User, market.RequestOf(ctx).Address)
	if _, err := s.attempts.try(s.now(), tries); err != nil {
		return nil, err
	}
	codes, hashes := newRecoveryCodes(by.User)
	_, err := s.changeUser(ctx, by.User, func(u *market.User) error {
		if u.Factor == nil || hasFactor(u) {
			return notStarted()
		}
		if err := s.spend(u, code); err != nil {
			return err
		}
		u.Factor.Since, u.Factor.Recovery = s.now().UTC(), hashes
		s.remember(ctx, u, market.ActSetFactor)
		return nil
	})
	if hasCode(err, "wrong_code") {
		return nil, invalid("code", "验证码不对，请输入验证器现在显示的 6 位数字")
	}
	if err != nil {
		return nil, err
	}
	for _, one := range tries {
		s.attempts.forget(one.key)
	}
	return codes, nil
}

// RemoveFactor takes the actor's second factor away, also one that was only
// started. Invalid at "password" or "code" when that is wrong; one that was
// only started needs no code.
func (s *Sessions) RemoveFactor(ctx context.Context, by market.Actor, password, code string) error {
	user, err := s.prove(ctx, by, password)
	if err != nil {
		return err
	}
	inUse := hasFactor(user)
	if inUse {
		if _, err = s.useCode(ctx, by.User, code); hasCode(err, "wrong_code") {
			return invalid("code", "验证码不对或已用过，请换用新的验证码")
		}
		if err != nil {
			return err
		}
	}
	user, err = s.changeUser(ctx, by.User, func(u *market.User) error {
		if hasFactor(u) != inUse {
			return market.E(market.Conflict, "factor_changed", "两步验证刚刚有变化，请刷新页面后再试。")
		}
		u.Factor = nil
		if inUse {
			s.remember(ctx, u, market.ActRemoveFactor)
		}
		return nil
	})
	if err != nil || !inUse {
		return err
	}
	return s.tell(ctx, user, mailFactorRemoved, nil)
}

func notStarted() error {
	return market.E(market.NotFound, "factor_not_started", "还没有开始设置两步验证，请先开始设置。")
}
