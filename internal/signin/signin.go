// Package signin lets people in: passwords, second factor, sessions and their
// tokens, recovery. It knows from a token who acts.
//
// A session is one document. Access tokens (JWT, 15 minutes) name it, so a
// request costs three reads by id: session, user, organization. Refresh tokens
// name it and the generation they are of; using one moves the generation on,
// and one that was used before ends the session. Raising a user's Epoch ends
// all of their sessions in one write.
package signin

import (
	"context"
	"errors"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// SessionSpec declares the collection of sign-ins.
var SessionSpec = store.Spec{Name: "sessions", Indexes: []store.Index{{"user", store.FieldCreated}}}

// Stores is the collections of the sessions.
type Stores struct {
	Users         store.Collection[market.User]
	Organizations store.Reader[market.Organization]
	Sessions      store.Collection[market.Session]
	Tickets       store.Collection[market.Ticket]
}

// Consents knows who has yet to agree to the privacy notice in force.
type Consents interface {
	Due(ctx context.Context, user market.ID) (bool, error)
}

// Mailer takes mails and makes the links in them; *mail.Outbox does.
type Mailer interface {
	market.Mailer
	// Link returns the absolute address of a path of ours.
	Link(path string) string
}

// Parts is what sessions are made of besides the store. Consents may be nil:
// then nobody is asked for any.
type Parts struct {
	Passwords *Passwords
	Tokens    *Tokens
	Sealer    market.Sealer // of second factors
	Mail      Mailer
	Trail     market.Trail
	Consents  Consents
}

// Sessions opens sessions by password and knows them again by token. Safe for
// concurrent use.
type Sessions struct {
	users    store.Collection[market.User]
	orgs     store.Reader[market.Organization]
	sessions store.Collection[market.Session]
	tickets  store.Collection[market.Ticket]
	Parts
	limits   Limits
	attempts *attempts
	now      func() time.Time
	newID    func() market.ID
}

// NewSessions returns the sessions of users. limits must pass Limits.Check;
// they hold for the passwords of parts from now on, wherever else those are
// asked for.
func NewSessions(stores Stores, parts Parts, limits Limits, now func() time.Time, newID func() market.ID) *Sessions {
	parts.Passwords.limits, parts.Passwords.now = limits, now
	return &Sessions{
		users: stores.Users, orgs: stores.Organizations, sessions: stores.Sessions, tickets: stores.Tickets,
		Parts: parts, limits: limits, attempts: parts.Passwords.attempts, now: now, newID: newID,
	}
}

// due returns what the user has to do before anything else.
func (s *Sessions) due(ctx context.Context, u *market.User, roles []market.Role) (market.Due, error) {
	if due := s.limits.due(u, roles, s.now()); due != "" || s.Consents == nil {
		return due, nil
	}
	asked, err := s.Consents.Due(ctx, u.ID)
	if err != nil || !asked {
		return "", err
	}
	return market.DueConsent, nil
}

// userByLogin returns the user of a folded login, nil when there is none.
func (s *Sessions) userByLogin(ctx context.Context, login string) (*market.User, error) {
	page, err := s.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// writeTries is how often a write is done over that lost against another.
const writeTries = 5

// changeUser reads a user, changes it and writes it, again when somebody else
// was faster. What change returns ends it.
func (s *Sessions) changeUser(ctx context.Context, id market.ID, change func(*market.User) error) (*market.User, error) {
	for range writeTries {
		user, err := s.users.Get(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := change(user); err != nil {
			return nil, err
		}
		if err = s.users.Update(ctx, user); err == nil {
			return user, nil
		}
		if !market.Is(err, market.Stale) {
			return nil, err
		}
	}
	return nil, busy()
}

func busy() error {
	return market.E(market.Unavailable, "busy", "系统正忙，请稍后再试。")
}

// sessionOver is the one answer to a token that proves nothing any more.
func sessionOver(cause error) error {
	return market.Wrap(market.Unauthenticated, cause, "session_over", "登录已失效，请重新登录。")
}

func hasCode(err error, code string) bool {
	var e *market.Error
	return errors.As(err, &e) && e.Code == code
}
