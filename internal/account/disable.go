package account

import (
	"context"

	"jishi/internal/market"
)

// DisableUser shuts somebody out, with a reason: their tokens are dead at once
// and they cannot sign in until enabled. Admins may, but not themselves;
// Conflict when it would leave no admin. Disabling twice is a Conflict too.
func (s *People) DisableUser(ctx context.Context, by market.Actor, id market.ID, version int64, note string) (*market.User, error) {
	if id == by.User {
		return nil, market.E(market.Conflict, "own_account", "不能停用自己的账号，请另一位平台管理员办理。")
	}
	return s.decideUser(ctx, by, id, version, market.ActDisableUser, note, func(u *market.User) error {
		if u.Disabled {
			return market.E(market.Conflict, "wrong_state", "这个账号已经停用。")
		}
		u.Disabled = true
		u.Epoch++
		return nil
	})
}

// EnableUser lets somebody in again who was disabled, with a reason. Admins may.
func (s *People) EnableUser(ctx context.Context, by market.Actor, id market.ID, version int64, note string) (*market.User, error) {
	return s.decideUser(ctx, by, id, version, market.ActEnableUser, note, func(u *market.User) error {
		if !u.Disabled {
			return market.E(market.Conflict, "wrong_state", "这个账号没有停用。")
		}
		if !u.ErasedAt.IsZero() {
			return market.E(market.Conflict, "user_erased", "这个账号已由本人注销，不能再启用。")
		}
		u.Disabled = false
		return nil
	})
}

// ResetFactor takes somebody's second factor away who cannot use it any more,
// with a reason; they are told by mail, and signed out everywhere: whoever has
// the device may be somebody else. Admins may.
func (s *People) ResetFactor(ctx context.Context, by market.Actor, id market.ID, version int64, note string) (*market.User, error) {
	user, err := s.decideUser(ctx, by, id, version, market.ActResetFactor, note, func(u *market.User) error {
		if u.Factor == nil {
			return market.E(market.Conflict, "wrong_state", "这个账号没有启用两步验证。")
		}
		u.Factor = nil
		u.Epoch++
		return nil
	})
	if err != nil {
		return nil, err
	}
	return user, s.tell(ctx, user.Login, "您的两步验证已被重置",
		"平台管理员已重置您的两步验证，理由："+note+"。\n下次登录后请重新设置。如果不是您本人要求的，请立即修改密码并联系平台管理员。")
}

// decideUser writes what an admin decides about somebody's account.
func (s *People) decideUser(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, note string, decide func(*market.User) error) (*market.User, error) {
	if err := market.Permit(by, action); err != nil {
		return nil, err
	}
	if err := needNote(note); err != nil {
		return nil, err
	}
	before, err := s.users.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if version != 0 && version != before.Version {
		return nil, memberMoved()
	}
	after := *before
	if err := decide(&after); err != nil {
		return nil, err
	}
	s.record(&after, by, action, enabled(before), enabled(&after), note)
	return &after, s.saveUser(ctx, before, &after)
}

func enabled(u *market.User) string {
	if u.Disabled {
		return "disabled"
	}
	return "enabled"
}
