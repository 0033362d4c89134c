package signin

import (
	"context"

	"jishi/internal/market"
)

// ClearFactor takes the second factor away from somebody who lost both it and
// the recovery codes, and signs them out everywhere. Whoever asks has made
// sure who they are. Admins and the System may; NotFound when there is no such
// login, Conflict when no second factor is in use.
func (s *Sessions) ClearFactor(ctx context.Context, by market.Actor, login string) error {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return err
	}
	user, err := s.userByLogin(ctx, market.FoldLogin(login))
	if err != nil {
		return err
	}
	if user == nil {
		return market.E(market.NotFound, "no_user", "没有这个登录名，请核对。")
	}
	user, err = s.changeUser(ctx, user.ID, func(u *market.User) error {
		if u.Factor == nil {
			return market.E(market.Conflict, "no_factor", "这个账号没有启用两步验证。")
		}
		u.Factor = nil
		u.Epoch++
		u.History = append(u.History, market.NextEvent(u.History, by, s.now(), market.ActRemoveFactor, "", "", ""))
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.closeAll(ctx, user.ID, "everywhere"); err != nil {
		return err
	}
	return s.tell(ctx, user, mailFactorRemoved, nil)
}
