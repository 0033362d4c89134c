package account

import (
	"context"

	"jishi/internal/market"
)

// WriteErased writes a user who closed their account, overwritten, over the one
// they were before. Conflict when an organization with other members would be
// left without a manager, or the platform without an admin; an organization
// whose only member goes is left as it is. Stale when the user is not before
// any more.
func (s *People) WriteErased(ctx context.Context, before, after *market.User) error {
	missed := *before
	missed.Memberships = nil
	for _, m := range before.Memberships {
		alone, err := s.alone(ctx, before.ID, m.Org)
		if err != nil {
			return err
		}
		if !alone || before.Has(market.RoleAdmin, m.Org) {
			missed.Memberships = append(missed.Memberships, m)
		}
	}
	for _, w := range s.lost(&missed, after) {
		if err := s.leave(ctx, w, before); err != nil {
			return err
		}
	}
	return s.users.Update(ctx, after)
}

// alone reports whether an organization has no other active member.
func (s *People) alone(ctx context.Context, user, org market.ID) (bool, error) {
	members, err := s.membersOf(ctx, org)
	if err != nil {
		return false, err
	}
	for _, u := range members {
		if u.ID != user && u.ActiveIn(org) && !u.Disabled {
			return false, nil
		}
	}
	return true, nil
}
