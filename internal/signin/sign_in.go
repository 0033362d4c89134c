package signin

import (
	"context"
	"unicode/utf8"

	"jishi/internal/market"
)

const maxLogin = 100 // characters

// SignIn checks a password and returns who acts from now on. An unknown login
// and a wrong password get the same Unauthenticated answer after the same
// work. TooMany, with the time to wait, after too many wrong ones from the
// address in the context's market.Request; Denied when the password is right
// but the user disabled.
func (s *Sessions) SignIn(ctx context.Context, login, password string) (market.Actor, *market.User, error) {
	login = market.FoldLogin(login)
	by := s.Passwords.signInTries(login, market.RequestOf(ctx).Address)
	if err := s.attempts.admit(s.now(), by); err != nil {
		return market.Actor{}, nil, err
	}
	user, outdated, err := s.authenticate(ctx, login, password, by)
	if err != nil {
		return market.Actor{}, nil, err
	}
	if user.Disabled {
		if err := s.noteFailure(ctx, market.ActSignIn, user, login, "user_disabled"); err != nil {
			return market.Actor{}, nil, err
		}
		return market.Actor{}, nil, market.E(market.Denied, "user_disabled", "这个账号已停用，请联系本单位管理员。")
	}
	if outdated {
		if err := s.rehash(ctx, user, password); err != nil {
			return market.Actor{}, nil, err
		}
	}
	actor, err := s.actorOf(ctx, user, user.Home())
	if err != nil {
		return market.Actor{}, nil, err
	}
	return actor, user, nil
}

// authenticate returns the user whose login and password these are, and
// whether the stored hash is to be renewed. Counting happens while a hashing
// slot is held: of many guesses sent at once no more than the slots get past
// the limit.
func (s *Sessions) authenticate(ctx context.Context, login, password string, by []tried) (user *market.User, outdated bool, err error) {
	if err := s.Passwords.enter(ctx); err != nil {
		return nil, false, err
	}
	defer s.Passwords.leave()
	if err := s.attempts.admit(s.now(), by); err != nil {
		return nil, false, err
	}
	if utf8.RuneCountInString(login) <= maxLogin && utf8.RuneCountInString(password) <= maxPassword {
		if user, err = s.userByLogin(ctx, login); err != nil {
			return nil, false, err
		}
	}
	hash, found := s.Passwords.dummy, user != nil && user.PasswordHash != ""
	if found {
		hash = user.PasswordHash
	}
	match, outdated, err := s.Passwords.compare(password, hash)
	if err != nil {
		return nil, false, err
	}
	if !found || !match {
		return nil, false, s.wrong(ctx, user, login, by)
	}
	s.attempts.forget(by[0].key)
	return user, outdated, nil
}

// wrong counts and notes a wrong password, and returns the answer to it. user
// is nil when the login is nobody's.
func (s *Sessions) wrong(ctx context.Context, user *market.User, login string, by []tried) error {
	const code = "wrong_credentials"
	result := code
	if s.attempts.fail(s.now(), by) {
		result = "locked"
	}
	if err := s.noteFailure(ctx, market.ActSignIn, user, login, result); err != nil {
		return err
	}
	return market.E(market.Unauthenticated, code, "登录名或密码不对，请核对后再试。")
}

// rehash stores the password under today's parameters. Losing against another
// change of the user is no failure: the next sign-in tries again.
func (s *Sessions) rehash(ctx context.Context, user *market.User, password string) error {
	hash, err := s.Passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	user.PasswordHash = hash
	if err := s.users.Update(ctx, user); err != nil && !market.Is(err, market.Stale) {
		return err
	}
	return nil
}
