package privacy

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Erase closes the actor's account for good: what is personal is overwritten,
// what was done with it stays as the acts of a user without a name. It asks
// for the password and the login once more, typed. Invalid when one of them is
// wrong, TooMany after too many wrong passwords, Conflict while others would be
// left without a manager. Asking again is harmless.
func (s *Service) Erase(ctx context.Context, by market.Actor, password, login string) error {
	if err := self(by); err != nil {
		return err
	}
	user, err := s.stores.Users.Get(ctx, by.User)
	if err != nil {
		return err
	}
	if !user.ErasedAt.IsZero() {
		return nil
	}
	if err := s.confirm(ctx, user, password, login); err != nil {
		return err
	}
	e, err := s.promise(ctx, user)
	if err != nil {
		return err
	}
	// From here on it will happen whatever becomes of this process. The first
	// step is done at once, so that the sessions are dead when this returns.
	return s.overwriteUser(ctx, by, e)
}

// promise stores the erasure, or opens one anew that could not be carried out
// when it was asked for before.
func (s *Service) promise(ctx context.Context, user *market.User) (*market.Erasure, error) {
	e := &market.Erasure{Meta: market.Meta{ID: market.ErasureID(user.ID)}, User: user.ID, Step: steps[0].name}
	field := e.SealedFields()[0]
	var err error
	if *field.Field, err = s.parts.Sealer.Seal(personOf(user).text(), field.About); err != nil {
		return nil, err
	}
	if err := s.stores.Erasures.Insert(ctx, e); !store.IsTaken(err) {
		return e, err
	}
	old, err := s.stores.Erasures.Get(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	e.Meta = old.Meta
	return e, s.stores.Erasures.Update(ctx, e)
}

// confirm checks what was typed to close an account.
func (s *Service) confirm(ctx context.Context, user *market.User, password, login string) error {
	var p market.Problems
	p.Check(market.FoldLogin(login) == user.Login, "login", "与您的登录名不一致，请完整输入")
	p.Check(password != "", "password", "请输入密码")
	if err := p.Err(); err != nil {
		return err
	}
	if err := s.tries.admit(user.ID); err != nil {
		return err
	}
	match, err := s.parts.Passwords.Matches(ctx, password, user.PasswordHash)
	if err != nil {
		return err
	}
	if p.Check(match, "password", "密码不对"); !match {
		return p.Err()
	}
	s.tries.right(user.ID)
	return nil
}

// overwriteUser overwrites what is personal in a user's own document, again
// when somebody else was faster. When others cannot do without the user, the
// erasure is called off and their Conflict returned.
func (s *Service) overwriteUser(ctx context.Context, by market.Actor, e *market.Erasure) error {
	for range 10 {
		before, err := s.stores.Users.Get(ctx, e.User)
		if err != nil || !before.ErasedAt.IsZero() {
			return err
		}
		err = s.parts.Members.WriteErased(ctx, before, s.overwritten(by, before))
		switch {
		case err == nil:
			return nil
		case market.Is(err, market.Conflict):
			if failed := s.callOff(ctx, e); failed != nil {
				return failed
			}
			return err
		case !market.Is(err, market.Stale):
			return err
		}
	}
	return market.E(market.Unavailable, "busy", "系统正忙，请稍后再试。")
}

// callOff ends an erasure that may not be carried out; whom it was about is
// wiped.
func (s *Service) callOff(ctx context.Context, e *market.Erasure) error {
	e.Person, e.DoneAt = market.Sealed{}, s.clock()
	err := s.stores.Erasures.Update(ctx, e)
	if market.Is(err, market.Stale) { // whoever was faster came to the same
		return nil
	}
	return err
}

// overwritten is what is left of a user. Where they belonged stays, so that
// what they did there can be understood.
func (s *Service) overwritten(by market.Actor, before *market.User) *market.User {
	now, u := s.clock(), *before
	u.Memberships, u.History = slices.Clone(before.Memberships), slices.Clone(before.History)
	u.Login, u.Name, u.Phone = "erased-"+string(u.ID), market.ErasedName, ""
	u.Certificate, u.Factor, u.PasswordHash = nil, nil, ""
	u.PasswordAt, u.ConfirmedAt = time.Time{}, time.Time{}
	u.Disabled, u.ErasedAt = true, now
	u.Epoch++
	for i := range u.Memberships {
		m := &u.Memberships[i]
		if m.State != market.MemberEnded {
			m.Served = m.Belonged()
			m.State, m.Since = market.MemberEnded, now
		}
		m.Proof = ""
	}
	for i := range u.History {
		u.History[i].Note = "" // may say what something was before
	}
	u.History = append(u.History, market.NextEvent(u.History, by, now, market.ActErase, "", "", ""))
	return &u
}
