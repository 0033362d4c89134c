package signin

import (
	"context"
	"unicode/utf8"

	"jishi/internal/market"
)

// prove checks the actor's own password before something that a browser left
// open must not do by itself. Invalid at "password" when it is wrong, TooMany
// after too many wrong ones.
func (s *Sessions) prove(ctx context.Context, by market.Actor, password string) (*market.User, error) {
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	own := []tried{{"own\x00" + string(by.User), s.limits.rule(s.limits.Failures)}}
	locked, err := s.attempts.try(s.now(), own)
	if err != nil {
		return nil, err
	}
	if err := s.Passwords.enter(ctx); err != nil {
		return nil, err
	}
	defer s.Passwords.leave()
	match := false
	if utf8.RuneCountInString(password) <= maxPassword {
		if match, _, err = s.Passwords.compare(password, user.PasswordHash); err != nil {
			return nil, err
		}
	}
	if match {
		s.attempts.forget(own[0].key)
		return user, nil
	}
	result := "wrong_password"
	if locked {
		result = "locked"
	}
	if err := s.noteFailure(ctx, market.ActChangePassword, user, "", result); err != nil {
		return nil, err
	}
	return nil, invalid("password", "密码不对")
}

// ChangePassword sets a new password in place of the old one. The actor's
// other sessions end; the one they act under goes on under the tokens
// returned. Invalid at "password" when the old one is wrong and at
// "new_password" with what is wrong with the new one; TooMany after too many.
func (s *Sessions) ChangePassword(ctx context.Context, by market.Actor, old, fresh string) (Opened, error) {
	user, err := s.prove(ctx, by, old)
	if err != nil {
		return Opened{}, err
	}
	reason := s.Passwords.Problem(user.Login, fresh, user.Name, by.OrgName)
	if reason == "" && fresh == old {
		reason = "不能与原密码相同"
	}
	if reason != "" {
		return Opened{}, invalid("new_password", reason)
	}
	hash, err := s.Passwords.Hash(ctx, fresh)
	if err != nil {
		return Opened{}, err
	}
	user, err = s.changeUser(ctx, by.User, func(u *market.User) error {
		s.setPassword(u, hash)
		s.remember(ctx, u, market.ActChangePassword)
		return nil
	})
	if err != nil {
		return Opened{}, err
	}
	return s.goOn(ctx, by, user)
}

// setPassword puts a new password's hash into a user and ends their sessions.
func (s *Sessions) setPassword(u *market.User, hash string) {
	u.PasswordHash, u.PasswordAt = hash, s.now().UTC()
	u.Epoch++
}

// goOn takes the session the actor acts under into the user's new epoch and
// closes the others.
func (s *Sessions) goOn(ctx context.Context, by market.Actor, user *market.User) (Opened, error) {
	session, err := s.sessions.Get(ctx, by.Session)
	for range writeTries {
		if err != nil {
			return Opened{}, err
		}
		session.Epoch = user.Epoch
		if err = s.rotate(ctx, session); !market.Is(err, market.Stale) {
			break
		}
		session, err = s.sessions.Get(ctx, by.Session)
	}
	if err != nil {
		return Opened{}, err
	}
	if err := s.closeAll(ctx, user.ID, "password"); err != nil {
		return Opened{}, err
	}
	if err := s.tell(ctx, user, mailPasswordChanged, session); err != nil {
		return Opened{}, err
	}
	actor, err := s.actorOf(ctx, user, session.Org)
	if err != nil {
		return Opened{}, err
	}
	return s.opened(session, actor)
}
