package signin

import (
	"context"
	"errors"
	"time"

	"jishi/internal/market"
)

// reuseGrace is how long the refresh token before the present one is still
// taken, without a further rotation: two tabs, or two requests of one page,
// send the same one at once.
const reuseGrace = 10 * time.Second

// Refresh takes a refresh token for a new pair; the token is used up.
// Unauthenticated when it is not good or its session over. A genuine token
// that was used before is in two hands, and nobody can say whose is the
// thief's: the session ends, which is noted and mailed to the user.
func (s *Sessions) Refresh(ctx context.Context, token string) (Opened, error) {
	r, err := s.Tokens.parseRenewal(token)
	if err != nil {
		return Opened{}, err
	}
	for range writeTries {
		opened, err := s.renew(ctx, r)
		if !market.Is(err, market.Stale) {
			return opened, err
		}
	}
	return Opened{}, busy()
}

// renew is one try of Refresh; Stale when another request was faster.
func (s *Sessions) renew(ctx context.Context, r renewal) (Opened, error) {
	at, err := s.stand(ctx, r.session)
	if err != nil {
		return Opened{}, s.close(ctx, at, err)
	}
	if at.session.FactorDue {
		return Opened{}, factorDue()
	}
	switch behind := at.session.Generation - r.generation; {
	case behind < 0: // of a store that was set back to an earlier day
		return Opened{}, sessionOver(errors.New("refresh token is ahead of its session"))
	case behind == 1 && s.now().Sub(at.session.RotatedAt) <= reuseGrace:
	case behind > 0:
		return Opened{}, s.reused(ctx, at)
	default:
		if err := s.rotate(ctx, at.session); err != nil {
			return Opened{}, err
		}
	}
	actor, err := s.actorOf(ctx, at.user, at.session.Org)
	if err != nil {
		return Opened{}, err
	}
	return s.opened(at.session, actor)
}

// rotate moves a session on to the next refresh token.
func (s *Sessions) rotate(ctx context.Context, session *market.Session) error {
	now, request := s.now().UTC(), market.RequestOf(ctx)
	session.Generation++
	session.RotatedAt, session.UsedAt = now, now
	session.Address, session.Agent = request.Address, request.Agent
	return s.sessions.Update(ctx, session)
}

// close writes down why a session is over that nobody had ended. Losing
// against another write is no failure; neither is there anything to write
// where at is empty.
func (s *Sessions) close(ctx context.Context, at standing, over error) error {
	if at.session == nil || at.user == nil || !at.session.EndedAt.IsZero() || !market.Is(over, market.Unauthenticated) {
		return over
	}
	at.session.EndedAt, at.session.EndedBy = s.now().UTC(), s.over(at)
	if err := s.sessions.Update(ctx, at.session); err != nil && !market.Is(err, market.Stale) {
		return err
	}
	return over
}

// reused ends a session whose refresh token came twice.
func (s *Sessions) reused(ctx context.Context, at standing) error {
	if err := s.note(ctx, self(ctx, at.user), market.ActRefresh, kindSession, at.session.ID, "reuse"); err != nil {
		return err
	}
	at.session.EndedAt, at.session.EndedBy = s.now().UTC(), "reuse"
	if err := s.sessions.Update(ctx, at.session); err != nil {
		return err
	}
	if err := s.tell(ctx, at.user, mailReuse, at.session); err != nil {
		return err
	}
	return market.E(market.Unauthenticated, "refresh_reused", "这次登录的凭据被使用了两次，可能已经泄露。为安全起见，这个会话已结束，并已发邮件通知您。请重新登录。")
}
