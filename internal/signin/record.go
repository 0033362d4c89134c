package signin

import (
	"context"
	"regexp"

	"jishi/internal/market"
)

// Kinds of what entries of this package are about.
const (
	kindSession = "session"
	kindUser    = "user"
)

// note appends an entry of what was done. What cannot be noted counts as not
// done: callers return the error.
func (s *Sessions) note(ctx context.Context, by market.Actor, a market.Action, kind string, subject market.ID, result string) error {
	e := market.NewEntry(ctx, by, s.now(), a, kind, subject)
	e.Result = result
	return s.Trail.Append(ctx, e)
}

// noteFailure appends an entry of a sign-in or recovery that did not succeed.
// user is nil where the login is nobody's; the trail then has a trace of what
// was typed, and not the text: people type passwords there by mistake.
func (s *Sessions) noteFailure(ctx context.Context, a market.Action, user *market.User, login, result string) error {
	e := market.NewEntry(ctx, market.Actor{}, s.now(), a, kindUser, "")
	e.Result = result
	if user != nil {
		e.Subject = user.ID
	} else {
		e.Detail = trace(login)
	}
	return s.Trail.Append(ctx, e)
}

var plausibleAddress = regexp.MustCompile(`^[a-z0-9._%+-]{2,64}@([a-z0-9-]{1,63}\.)+[a-z]{2,24}$`)

// trace masks an address and hides whatever is none.
func trace(login string) string {
	if len(login) > maxLogin || !plausibleAddress.MatchString(login) {
		return "***"
	}
	return market.MaskEmail(login)
}

// self is the user as actor of what is written into their own history before,
// or without, a session.
func self(ctx context.Context, u *market.User) market.Actor {
	return market.Actor{User: u.ID, Org: u.Org, Name: u.Name, Request: market.RequestOf(ctx)}
}

// remember puts an event into a user's history.
func (s *Sessions) remember(ctx context.Context, u *market.User, a market.Action) {
	u.History = append(u.History, market.NextEvent(u.History, self(ctx, u), s.now(), a, "", "", ""))
}
