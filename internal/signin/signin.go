// Package signin lets people in: passwords, second factor, sessions and their
// tokens, recovery. It knows from a token who acts.
package signin

import (
	"context"
	"fmt"
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
}

// Sessions opens sessions by password and knows them again by token. Safe for
// concurrent use.
type Sessions struct {
	users     store.Collection[market.User]
	orgs      store.Reader[market.Organization]
	sessions  store.Collection[market.Session]
	passwords *Passwords
	tokens    *Tokens
	attempts  *attempts
	now       func() time.Time
	newID     func() market.ID
}

// NewSessions returns the sessions of users.
func NewSessions(stores Stores, passwords *Passwords, tokens *Tokens, now func() time.Time, newID func() market.ID) *Sessions {
	return &Sessions{
		users: stores.Users, orgs: stores.Organizations, sessions: stores.Sessions,
		passwords: passwords, tokens: tokens, attempts: newAttempts(), now: now, newID: newID,
	}
}

// actorOf returns who acts when a user does for an organization, as both stand
// now. Unauthenticated when they are no active member of it.
func (s *Sessions) actorOf(ctx context.Context, u *market.User, org market.ID) (market.Actor, error) {
	member := u.MemberOf(org)
	if member == nil {
		return market.Actor{}, sessionOver(fmt.Errorf("user %s is no member of %s", u.ID, org))
	}
	employer, err := s.orgs.Get(ctx, org)
	if market.Is(err, market.NotFound) {
		err = market.Wrap(market.Internal, err, "no_organization", "您的单位没有登记，请联系管理员。")
	}
	if err != nil {
		return market.Actor{}, fmt.Errorf("organization of user %s: %w", u.ID, err)
	}
	by := market.Actor{
		User: u.ID, Org: employer.ID, Name: u.Name, OrgName: employer.Name,
		Verified: employer.Verified(), Request: market.RequestOf(ctx),
	}
	if member.State == market.MemberActive {
		by.Roles = member.Roles
	}
	return by, nil
}

// userByLogin returns the user of a folded login, nil when there is none.
func (s *Sessions) userByLogin(ctx context.Context, login string) (*market.User, error) {
	page, err := s.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}

// sessionOver is the one answer to a token that proves nothing any more.
func sessionOver(cause error) error {
	return market.Wrap(market.Unauthenticated, cause, "session_over", "登录已失效，请重新登录。")
}
