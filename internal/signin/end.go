package signin

import (
	"context"

	"jishi/internal/market"
)

// End ends the session the actor acts under; its tokens are dead at once.
// Ending it twice, or having none, is harmless.
func (s *Sessions) End(ctx context.Context, by market.Actor) error {
	if by.Session == "" {
		return nil
	}
	return s.end(ctx, by, by.Session, "sign_out")
}

// EndSession ends one of the actor's own sessions. NotFound when it is not
// theirs or was never opened; ending it twice is harmless.
func (s *Sessions) EndSession(ctx context.Context, by market.Actor, id market.ID) error {
	session, err := s.sessions.Get(ctx, id)
	if err != nil {
		return err
	}
	if session.User != by.User {
		return market.E(market.NotFound, "not_found", "没有找到这个会话，可能已经结束。")
	}
	reason := "revoked"
	if id == by.Session {
		reason = "sign_out"
	}
	return s.end(ctx, by, id, reason)
}

// end notes and writes the end of a session of the actor's that is open.
func (s *Sessions) end(ctx context.Context, by market.Actor, id market.ID, reason string) error {
	for range writeTries {
		session, err := s.sessions.Get(ctx, id)
		if err != nil || !session.EndedAt.IsZero() {
			return err
		}
		if err := s.note(ctx, by, market.ActSignOut, kindSession, id, market.ResultOK); err != nil {
			return err
		}
		session.EndedAt, session.EndedBy = s.now().UTC(), reason
		if err = s.sessions.Update(ctx, session); !market.Is(err, market.Stale) {
			return err
		}
	}
	return busy()
}

// Abandon ends a session that waits for the second factor, by its token. A
// token that proves nothing, or something else, is left alone.
func (s *Sessions) Abandon(ctx context.Context, token string) error {
	at, err := s.parse(ctx, token)
	if market.Is(err, market.Unauthenticated) || err == nil && !at.session.FactorDue {
		return nil
	}
	if err != nil {
		return err
	}
	return s.end(ctx, self(ctx, at.user), at.session.ID, "sign_out")
}

// EndAll signs the actor out everywhere, the session they act under included.
func (s *Sessions) EndAll(ctx context.Context, by market.Actor) error {
	_, err := s.changeUser(ctx, by.User, func(u *market.User) error {
		u.Epoch++
		s.remember(ctx, u, market.ActSignOut)
		return nil
	})
	if err != nil {
		return err
	}
	return s.closeAll(ctx, by.User, "everywhere")
}

// closeAll writes down that the sessions of a user are over whose epoch has
// passed. They are dead before: this is for whoever looks at the list later.
func (s *Sessions) closeAll(ctx context.Context, user market.ID, reason string) error {
	open, err := s.recent(ctx, user)
	if err != nil {
		return err
	}
	owner, err := s.users.Get(ctx, user)
	if err != nil {
		return err
	}
	for _, session := range open {
		if !session.EndedAt.IsZero() || session.Epoch == owner.Epoch {
			continue
		}
		session.EndedAt, session.EndedBy = s.now().UTC(), reason
		if err := s.sessions.Update(ctx, session); err != nil && !market.Is(err, market.Stale) {
			return err
		}
	}
	return nil
}
