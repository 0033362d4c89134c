package account

import (
	"context"
	"slices"

	"jishi/internal/market"
)

// ApproveMember takes an applicant in, with roles that suit the kind of
// organization; without roles, with those asked for. Its managers, officers of
// other organizations and admins may. Conflict when there is no application.
func (s *People) ApproveMember(ctx context.Context, by market.Actor, org, user market.ID, version int64, roles []market.Role) (*Member, error) {
	place, err := s.mayAlter(ctx, by, market.ActApproveMember, org)
	if err != nil {
		return nil, err
	}
	joined, err := s.altered(ctx, alteration{
		by: by, action: market.ActApproveMember, org: place, user: user, version: version,
		do: func(m *market.Membership) error {
			if err := applied(m); err != nil {
				return err
			}
			given := roles
			if len(given) == 0 {
				given = m.Roles
			}
			if err := checkRoles(by, place, nil, given); err != nil {
				return err
			}
			m.State, m.Roles, m.Since = market.MemberActive, inOrder(given), s.now().UTC()
			return nil
		},
	})
	if err != nil {
		return nil, err
	}
	if err := s.noteLink(ctx, user, org, market.MemberActive); err != nil {
		return nil, err
	}
	err = s.tell(ctx, joined.Login, "您已加入"+place.Name, "“"+place.Name+"”已同意您加入。登录后即可为该单位办理业务：\n"+s.parts.Address+"/account/organizations")
	return joined.seenBy(by, org), err
}

// RefuseMember turns an applicant down with a reason. Who may approve may
// refuse.
func (s *People) RefuseMember(ctx context.Context, by market.Actor, org, user market.ID, version int64, note string) error {
	place, err := s.mayAlter(ctx, by, market.ActRefuseMember, org)
	if err != nil {
		return err
	}
	if err := needNote(note); err != nil {
		return err
	}
	refused, err := s.alter(ctx, alteration{
		by: by, action: market.ActRefuseMember, org: place, user: user, version: version, note: note,
		do: func(m *market.Membership) error {
			if err := applied(m); err != nil {
				return err
			}
			return s.end(m)
		},
	})
	if err != nil {
		return err
	}
	if err := s.noteLink(ctx, user, org, market.MemberEnded); err != nil {
		return err
	}
	return s.tell(ctx, refused.Login, place.Name+"没有同意您的加入申请", "“"+place.Name+"”没有同意您的加入申请，理由："+note+"。\n如有疑问，请与该单位联系。")
}

// applied returns Conflict unless a membership is an application.
func applied(m *market.Membership) error {
	if m.State == market.MemberApplied {
		return nil
	}
	return market.E(market.Conflict, "no_application", "这份加入申请已经处理过。请刷新成员列表看最新状态。")
}

// Askable returns the roles one may ask for in a kind of organization: those
// of its business, not those that look after it or decide for the bureau.
func Askable(org *market.Organization) []market.Role {
	return slices.DeleteFunc(slices.Clone(market.RolesOf[kindOf(org)]), func(r market.Role) bool {
		return r == market.RoleManager || r == market.RoleOfficer || r == market.RoleAdmin
	})
}

// Assignable returns the roles a member of a kind of organization may have.
func Assignable(org *market.Organization) []market.Role { return market.RolesOf[kindOf(org)] }
