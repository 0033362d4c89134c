package account

import (
	"context"

	"jishi/internal/market"
)

// Leave ends by's own membership of an organization, or takes back an
// application. Conflict when nobody would be manager, or nobody admin, any more.
func (s *People) Leave(ctx context.Context, by market.Actor, org market.ID) error {
	if !by.SignedIn() {
		return market.Permit(by, market.ActLeave, org)
	}
	place, err := s.orgs.Get(ctx, org)
	if market.Is(err, market.NotFound) {
		return noMember()
	}
	if err != nil {
		return err
	}
	// It is the membership that makes it their own, not which of their
	// organizations they act for at the moment.
	there := by
	there.Org = org
	if err := market.Permit(there, market.ActLeave, org); err != nil {
		return err
	}
	if _, err = s.alter(ctx, alteration{by: by, action: market.ActLeave, org: place, user: by.User, do: s.end}); err != nil {
		return err
	}
	return s.noteLink(ctx, by.User, org, market.MemberEnded)
}
