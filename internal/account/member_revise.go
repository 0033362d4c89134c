package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// ReviseMember gives a member other roles, of those market.RolesOf has for the
// kind of organization. Its managers and admins may; only admins give and take
// RoleAdmin, only they and the bureau's officers give RoleOfficer. Conflict when nobody would be manager, or nobody admin, any more.
// version is that of the Member it is based on; 0 takes whatever is stored.
func (s *People) ReviseMember(ctx context.Context, by market.Actor, org, user market.ID, version int64, roles []market.Role) (*Member, error) {
	place, err := s.mayAlter(ctx, by, market.ActReviseMember, org)
	if err != nil {
		return nil, err
	}
	return s.altered(ctx, alteration{
		by: by, action: market.ActReviseMember, org: place, user: user, version: version,
		do: func(m *market.Membership) error {
			if err := active(m); err != nil {
				return err
			}
			if err := checkRoles(by, place, m.Roles, roles); err != nil {
				return err
			}
			m.Roles = inOrder(roles)
			return nil
		},
	})
}

// RemoveMember ends somebody's membership; what they do for the organization
// in open sessions ends at once, and so do invitations still open to them. Its
// managers and admins may, and must say why; an admin can be removed by admins
// only. Conflict when nobody would be manager, or nobody admin, any more. One
// leaves by Leave, not by removing oneself.
func (s *People) RemoveMember(ctx context.Context, by market.Actor, org, user market.ID, version int64, note string) error {
	place, err := s.mayAlter(ctx, by, market.ActRemoveMember, org)
	if err != nil {
		return err
	}
	if user == by.User {
		return market.E(market.Conflict, "own_membership", "不能把自己移出单位。要退出，请在“我的单位”中办理。")
	}
	if err := needNote(note); err != nil {
		return err
	}
	member, err := s.users.Get(ctx, user)
	if market.Is(err, market.NotFound) || err == nil && member.MemberOf(org) == nil {
		return noMember()
	}
	if err != nil {
		return err
	}
	if err := s.revokeAll(ctx, by, org, member.Login); err != nil {
		return err
	}
	removed, err := s.alter(ctx, alteration{
		by: by, action: market.ActRemoveMember, org: place, user: user, version: version, note: note,
		do: func(m *market.Membership) error {
			if err := active(m); err != nil {
				return err
			}
			if err := checkAdmin(by, m.Roles, nil); err != nil {
				return err
			}
			return s.end(m)
		},
	})
	if err != nil {
		return err
	}
	return s.tell(ctx, removed.Login, "您已不再是"+place.Name+"的成员",
		"您在“"+place.Name+"”的成员身份已由该单位结束，理由："+note+"。\n您的账号仍可登录，用于您所在的其他单位和办理本人事项。")
}

// altered is alter with the answer as those see it who look after members.
func (s *People) altered(ctx context.Context, a alteration) (*Member, error) {
	user, err := s.alter(ctx, a)
	if err != nil {
		return nil, err
	}
	return memberOf(user, a.org.ID), nil
}

// mayAlter returns the organization whose people by may act on.
func (s *People) mayAlter(ctx context.Context, by market.Actor, action market.Action, org market.ID) (*market.Organization, error) {
	if err := market.Permit(by, action, org); err != nil {
		return nil, err
	}
	return s.orgs.Get(ctx, org)
}

// inOrder returns roles in the order of market.Roles.
func inOrder(roles []market.Role) []market.Role {
	var ordered []market.Role
	for _, one := range market.Roles {
		if slices.Contains(roles, market.Role(one.Code)) {
			ordered = append(ordered, market.Role(one.Code))
		}
	}
	return ordered
}
