package signin

import (
	"context"
	"time"

	"jishi/internal/market"
)

// renewAfter is the age from which Resume hands out a fresh token.
const renewAfter = 5 * time.Minute

// Opened is a session that has just begun.
type Opened struct {
	Actor   market.Actor
	Token   string    // for the Authorization header or the session cookie
	Expires time.Time // of the token, UTC
}

// Open signs a user in and begins a new session. Errors are those of SignIn.
func (s *Sessions) Open(ctx context.Context, login, password string) (Opened, error) {
	actor, user, err := s.SignIn(ctx, login, password)
	if err != nil {
		return Opened{}, err
	}
	session := &market.Session{Meta: market.Meta{ID: s.newID()}, User: user.ID, Org: actor.Org}
	if err := s.sessions.Insert(ctx, session); err != nil {
		return Opened{}, err
	}
	actor.Session = session.ID
	token, expires, err := s.tokens.Issue(Claims{
		User: user.ID, Session: session.ID, Epoch: user.Epoch, SignedIn: s.now(),
	})
	if err != nil {
		return Opened{}, err
	}
	return Opened{Actor: actor, Token: token, Expires: expires}, nil
}

// Actor returns who acts under a token. Unauthenticated when the token is not
// good, its session ended, or its user disabled.
func (s *Sessions) Actor(ctx context.Context, token string) (market.Actor, error) {
	actor, _, err := s.actor(ctx, token)
	return actor, err
}

// Resume is Actor for people who work on: when the token is no longer fresh it
// also returns another that goes on with the same session, else "". The
// session's end, SessionLifetime after the password, does not move.
func (s *Sessions) Resume(ctx context.Context, token string) (actor market.Actor, renewed string, err error) {
	actor, claims, err := s.actor(ctx, token)
	if err != nil || s.now().Sub(claims.Issued) < renewAfter {
		return actor, "", err
	}
	renewed, _, err = s.tokens.Issue(claims)
	return actor, renewed, err
}

// Known reports whether a token is one of ours and in its time, without asking
// the store: its session may have ended.
func (s *Sessions) Known(token string) bool {
	_, err := s.tokens.Parse(token)
	return err == nil
}

// End ends the session the actor acts under; its tokens are dead at once.
// Ending it twice, or having none, is harmless.
func (s *Sessions) End(ctx context.Context, by market.Actor) error {
	if by.Session == "" {
		return nil
	}
	session, err := s.sessions.Get(ctx, by.Session)
	if err != nil || !session.EndedAt.IsZero() {
		return err
	}
	session.EndedAt = s.now().UTC()
	err = s.sessions.Update(ctx, session)
	if market.Is(err, market.Stale) { // ending is all that ever changes a session
		return nil
	}
	return err
}

func (s *Sessions) actor(ctx context.Context, token string) (market.Actor, Claims, error) {
	claims, err := s.tokens.Parse(token)
	if err != nil {
		return market.Actor{}, Claims{}, err
	}
	session, err := s.sessions.Get(ctx, claims.Session)
	if market.Is(err, market.NotFound) || err == nil && (!session.EndedAt.IsZero() || session.User != claims.User) {
		return market.Actor{}, Claims{}, sessionOver(nil)
	}
	if err != nil {
		return market.Actor{}, Claims{}, err
	}
	user, err := s.users.Get(ctx, claims.User)
	if market.Is(err, market.NotFound) || err == nil && (user.Disabled || user.Epoch != claims.Epoch) {
		return market.Actor{}, Claims{}, sessionOver(nil)
	}
	if err != nil {
		return market.Actor{}, Claims{}, err
	}
	actor, err := s.actorOf(ctx, user, session.Org)
	if err != nil {
		return market.Actor{}, Claims{}, err
	}
	actor.Session = claims.Session
	return actor, claims, nil
}
