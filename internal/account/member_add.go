package account

import (
	"context"

	"jishi/internal/market"
)

// AddMember makes a user a member of an organization without invitation, for
// operators and demonstrations. Admins and the System may. Conflict when they
// are one.
func (s *People) AddMember(ctx context.Context, by market.Actor, org, user market.ID, roles []market.Role) error {
	if err := market.Permit(by, market.ActManageUsers); err != nil {
		return err
	}
	place, err := s.orgs.Get(ctx, org)
	if err != nil {
		return err
	}
	if err := checkRoles(by, place, nil, roles); err != nil {
		return err
	}
	return s.join(ctx, by, user, place, market.Membership{Org: org, Roles: inOrder(roles), State: market.MemberActive, Since: s.now().UTC()}, market.ActManageUsers)
}
