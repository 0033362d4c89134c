package signin

import (
	"context"
	"errors"
	"time"

	"jishi/internal/market"
)

const (
	// touchEvery is how often at most use of a session is written down, so that
	// reading costs a write every few minutes only. A session may so end this
	// much before its idle time is over, never after.
	touchEvery = 2 * time.Minute

	// pendingLifetime is how long the second factor may be given after the password.
	pendingLifetime = 10 * time.Minute
)

// Pair is what proves a session: a short-lived token for every request and one
// to renew it.
type Pair struct {
	Access  string        // for the Authorization header or the cookie
	Expires time.Time     // of Access, UTC
	Refresh string        // good once; empty while the second factor is asked for
	Ends    time.Time     // of the session at the latest, UTC
	Left    time.Duration // until Ends
}

// Lasts returns how long Access is good for from when it was issued.
func (p Pair) Lasts() time.Duration { return min(TokenLifetime, p.Left) }

// Opened is a session that has begun or goes on.
type Opened struct {
	Pair
	Actor     market.Actor
	FactorDue bool // the password was right; Actor is nobody until Finish
}

// Open signs a user in at a browser and begins a new session. That of a user
// with a second factor is FactorDue: it proves nothing until Finish. Errors
// are those of SignIn.
func (s *Sessions) Open(ctx context.Context, login, password string) (Opened, error) {
	actor, user, err := s.SignIn(ctx, login, password)
	if err != nil {
		return Opened{}, err
	}
	return s.begin(ctx, user, actor, hasFactor(user))
}

// begin stores a new session and returns what proves it.
func (s *Sessions) begin(ctx context.Context, user *market.User, actor market.Actor, factorDue bool) (Opened, error) {
	now, request := s.now().UTC(), market.RequestOf(ctx)
	session := &market.Session{
		Meta: market.Meta{ID: s.newID()}, User: user.ID, Org: actor.Org, Epoch: user.Epoch, Generation: 1,
		RotatedAt: now, UsedAt: now, Address: request.Address, Agent: request.Agent, FactorDue: factorDue,
	}
	if err := s.sessions.Insert(ctx, session); err != nil {
		return Opened{}, err
	}
	if !factorDue {
		if err := s.note(ctx, actor, market.ActSignIn, kindSession, session.ID, market.ResultOK); err != nil {
			return Opened{}, err
		}
	}
	return s.opened(session, actor)
}

// opened issues the tokens of a session.
func (s *Sessions) opened(session *market.Session, actor market.Actor) (Opened, error) {
	access, expires, err := s.Tokens.Issue(Claims{
		User: session.User, Session: session.ID, Epoch: session.Epoch, SignedIn: session.CreatedAt,
	})
	if err != nil {
		return Opened{}, err
	}
	o := Opened{Pair: Pair{Access: access, Expires: expires, Ends: session.CreatedAt.Add(s.limits.Absolute).Truncate(time.Second)}}
	if session.FactorDue {
		o.FactorDue, o.Ends = true, session.CreatedAt.Add(pendingLifetime)
	}
	o.Left = o.Ends.Sub(s.now())
	if session.FactorDue {
		return o, nil
	}
	actor.Session = session.ID
	o.Actor = actor
	o.Refresh = s.Tokens.issueRenewal(renewal{session: session.ID, generation: session.Generation, ends: o.Ends})
	return o, nil
}

// Actor returns who acts under an access token. Unauthenticated when the token
// is not good, its session ended, was not used for too long or waits for the
// second factor, or its user is disabled.
func (s *Sessions) Actor(ctx context.Context, token string) (market.Actor, error) {
	at, err := s.parse(ctx, token)
	if err != nil {
		return market.Actor{}, err
	}
	if at.session.FactorDue {
		return market.Actor{}, factorDue()
	}
	actor, err := s.actorOf(ctx, at.user, at.session.Org)
	if err != nil {
		return market.Actor{}, err
	}
	actor.Session = at.session.ID
	return actor, s.touch(ctx, at.session)
}

// Resume is Actor for browsers, which bring both tokens. When the access token
// is over and the refresh token good it also returns a fresh pair to keep, else
// nil.
func (s *Sessions) Resume(ctx context.Context, access, refresh string) (market.Actor, *Pair, error) {
	if access != "" {
		actor, err := s.Actor(ctx, access)
		if err == nil || refresh == "" || !market.Is(err, market.Unauthenticated) {
			return actor, nil, err
		}
	}
	if refresh == "" {
		return market.Actor{}, nil, sessionOver(nil)
	}
	opened, err := s.Refresh(ctx, refresh)
	if err != nil {
		return market.Actor{}, nil, err
	}
	return opened.Actor, &opened.Pair, nil
}

// Known reports whether an access or refresh token is one of ours and in its
// time, without asking the store: its session may have ended.
func (s *Sessions) Known(token string) bool {
	if _, err := s.Tokens.Parse(token); err == nil {
		return true
	}
	_, err := s.Tokens.parseRenewal(token)
	return err == nil
}

// standing is a session that is open, and whose it is.
type standing struct {
	session *market.Session
	user    *market.User
}

// parse returns where the session of an access token stands.
func (s *Sessions) parse(ctx context.Context, token string) (standing, error) {
	claims, err := s.Tokens.Parse(token)
	if err != nil {
		return standing{}, err
	}
	at, err := s.stand(ctx, claims.Session)
	if err == nil && (at.user.ID != claims.User || at.user.Epoch != claims.Epoch) {
		return standing{}, sessionOver(errors.New("token is of an earlier epoch"))
	}
	return at, err
}

// stand returns a session that is open at this moment.
func (s *Sessions) stand(ctx context.Context, id market.ID) (at standing, err error) {
	at.session, err = s.sessions.Get(ctx, id)
	if market.Is(err, market.NotFound) || err == nil && !at.session.EndedAt.IsZero() {
		return standing{}, sessionOver(err)
	}
	if err != nil {
		return standing{}, err
	}
	at.user, err = s.users.Get(ctx, at.session.User)
	if market.Is(err, market.NotFound) {
		return standing{}, sessionOver(err)
	}
	if err != nil {
		return standing{}, err
	}
	if end := s.over(at); end != "" {
		return at, sessionOver(errors.New("session " + string(id) + " is over: " + end))
	}
	return at, nil
}

// over returns why a session that nobody ended is over all the same, as code
// of SessionEnds; "" while it is open.
func (s *Sessions) over(at standing) string {
	now, age := s.now(), s.limits.Absolute
	if at.session.FactorDue {
		age = pendingLifetime
	}
	var roles []market.Role
	if member := at.user.MemberOf(at.session.Org); member != nil {
		roles = member.Roles
	}
	switch {
	case !at.user.ErasedAt.IsZero():
		return "erased"
	case at.user.Disabled:
		return "disabled"
	case at.user.Epoch != at.session.Epoch:
		return "everywhere"
	case !now.Before(at.session.CreatedAt.Add(age)):
		return "expired"
	case now.Sub(at.session.UsedAt) >= s.limits.idle(roles):
		return "idle"
	}
	return ""
}

// touch writes down that a session is in use, unless that was done a moment
// ago. Losing against another write is no failure.
func (s *Sessions) touch(ctx context.Context, session *market.Session) error {
	now := s.now().UTC()
	if now.Sub(session.UsedAt) < touchEvery {
		return nil
	}
	session.UsedAt = now
	if err := s.sessions.Update(ctx, session); err != nil && !market.Is(err, market.Stale) {
		return err
	}
	return nil
}

// CodeFactorDue is the code of errors about a session that waits for the
// second factor.
const CodeFactorDue = "second_factor_due"

func factorDue() error {
	return market.E(market.Unauthenticated, CodeFactorDue, "请先输入两步验证的验证码。")
}
