package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// HandOver makes another active member manager in by's place. by keeps the
// roles named, at least one of those market.RolesOf has besides RoleManager.
// These are two documents, so two writes: first the other becomes manager, then
// by ceases to be one. Whatever happens in between, there is a manager; doing
// it again completes it.
func (s *People) HandOver(ctx context.Context, by market.Actor, org, to market.ID, keep []market.Role) error {
	place, err := s.mayAlter(ctx, by, market.ActHandOver, org)
	if err != nil {
		return err
	}
	if to == by.User {
		return market.E(market.Conflict, "own_membership", "请选择另一位成员来接任。")
	}
	kept, err := s.kept(ctx, by, place, keep)
	if err != nil {
		return err
	}
	next, err := s.successor(ctx, to)
	if err != nil {
		return err
	}
	_, err = s.alter(ctx, alteration{
		by: by, action: market.ActHandOver, org: place, user: to,
		do: func(m *market.Membership) error {
			if err := active(m); err != nil {
				return err
			}
			if !slices.Contains(m.Roles, market.RoleManager) {
				m.Roles = inOrder(append(slices.Clone(m.Roles), market.RoleManager))
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	_, err = s.alter(ctx, alteration{
		by: by, action: market.ActHandOver, org: place, user: by.User,
		do: func(m *market.Membership) error { m.Roles = kept; return nil },
	})
	if err != nil {
		return err
	}
	return s.tell(ctx, next.Login, "您已成为"+place.Name+"的单位管理员",
		by.Name+"已把“"+place.Name+"”的单位管理员移交给您。成员与邀请在这里管理：\n"+s.parts.Address+"/organization/members")
}

// kept returns the roles that a manager keeps who hands over.
func (s *People) kept(ctx context.Context, by market.Actor, org *market.Organization, keep []market.Role) ([]market.Role, error) {
	own, err := s.users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	if !own.Has(market.RoleManager, org.ID) {
		return nil, market.E(market.Conflict, "not_manager", "您已不是这个单位的管理员。")
	}
	kept := slices.DeleteFunc(slices.Clone(keep), func(r market.Role) bool { return r == market.RoleManager })
	return inOrder(kept), checkRoles(by, org, own.MemberOf(org.ID).Roles, kept)
}

// successor returns who is to become manager, which somebody disabled cannot.
func (s *People) successor(ctx context.Context, to market.ID) (*market.User, error) {
	next, err := s.users.Get(ctx, to)
	if market.Is(err, market.NotFound) {
		return nil, noMember()
	}
	if err == nil && next.Disabled {
		return nil, market.E(market.Conflict, "user_disabled", "接任者的账号已停用，请换一位成员。")
	}
	return next, err
}
