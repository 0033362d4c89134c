package signin

import (
	"context"

	"jishi/internal/market"
)

// Credentials is what a program signs in with.
type Credentials struct {
	Login    string
	Password string
	Code     string // of the second factor, or a recovery code; empty without one
}

// Grant signs a program in and begins a session. Errors are those of SignIn;
// Unauthenticated with code second_factor_required when the user has a second
// factor and no code came, wrong_code when it is not good.
func (s *Sessions) Grant(ctx context.Context, c Credentials) (Opened, error) {
	actor, user, err := s.SignIn(ctx, c.Login, c.Password)
	if err != nil {
		return Opened{}, err
	}
	if hasFactor(user) {
		if c.Code == "" {
			return Opened{}, market.E(market.Unauthenticated, "second_factor_required", "这个账号启用了两步验证，请在 code 中一并提交验证码。")
		}
		if user, err = s.useCode(ctx, user.ID, c.Code); err != nil {
			return Opened{}, err
		}
	}
	return s.begin(ctx, user, actor, false)
}

// Waiting returns the name of the user whose session waits for the second
// factor. Unauthenticated when the token proves no such session.
func (s *Sessions) Waiting(ctx context.Context, token string) (string, error) {
	at, err := s.waiting(ctx, token)
	if err != nil {
		return "", err
	}
	return at.user.Name, nil
}

func (s *Sessions) waiting(ctx context.Context, token string) (standing, error) {
	if token == "" {
		return standing{}, sessionOver(nil)
	}
	at, err := s.parse(ctx, token)
	if err == nil && !at.session.FactorDue {
		err = sessionOver(nil)
	}
	return at, err
}

// Finish gives the second factor for a session that waits for it. Another
// session takes its place, so that nothing the browser held before proves
// more than it did. Unauthenticated with code wrong_code when code is neither
// the present one, nor unused, nor a recovery code; TooMany after too many.
func (s *Sessions) Finish(ctx context.Context, token, code string) (Opened, error) {
	at, err := s.waiting(ctx, token)
	if err != nil {
		return Opened{}, err
	}
	user, err := s.useCode(ctx, at.user.ID, code)
	if err != nil {
		return Opened{}, err
	}
	actor, err := s.actorOf(ctx, user, at.session.Org)
	if err != nil {
		return Opened{}, err
	}
	at.session.EndedAt, at.session.EndedBy = s.now().UTC(), "replaced"
	if err := s.sessions.Update(ctx, at.session); err != nil {
		if market.Is(err, market.Stale) { // the same step was taken, or given up, in another window
			err = sessionOver(err)
		}
		return Opened{}, err
	}
	return s.begin(ctx, user, actor, false)
}
