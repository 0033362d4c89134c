package account

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
)

// invited returns the ticket of a secret, whatever it is still good for, and
// its organization.
func (s *People) invited(ctx context.Context, secret string) (*market.Ticket, *market.Organization, error) {
	ticket, err := s.tickets.Get(ctx, market.TicketID(secret))
	if err == nil && ticket.Purpose != market.TicketInvitation || market.Is(err, market.NotFound) {
		return nil, nil, market.E(market.NotFound, "not_found", "没有这份邀请。请核对邮件中的链接是否完整，或请对方重新邀请。")
	}
	if err != nil {
		return nil, nil, err
	}
	org, err := s.orgs.Get(ctx, ticket.Org)
	return ticket, org, err
}

// acceptable returns Conflict, saying what to do, unless an invitation may be
// accepted by the user of its login; nil when there is none yet.
func (s *People) acceptable(ctx context.Context, ticket *market.Ticket, user *market.User) error {
	if !ticket.RevokedAt.IsZero() {
		return market.E(market.Conflict, "invitation_revoked", "这份邀请已被撤销。如仍需加入，请对方重新邀请。")
	}
	spent, err := s.spent(ctx, ticket, user)
	if err != nil {
		return err
	}
	if spent {
		return market.E(market.Conflict, "invitation_used", "这份邀请已经用过。如果是您本人接受的，请直接登录；否则请对方重新邀请。")
	}
	if !s.now().Before(ticket.ExpiresAt) {
		return market.E(market.Conflict, "invitation_expired", "这份邀请已过期，请对方重新发送。")
	}
	return nil
}

// spent reports whether a ticket has made its member. One that was used but
// has not, because something failed between the two writes, is not spent:
// nobody became a member by it, and nobody but the owner of its login can.
func (s *People) spent(ctx context.Context, ticket *market.Ticket, user *market.User) (bool, error) {
	if ticket.UsedAt.IsZero() {
		return false, nil
	}
	if user != nil {
		return slices.ContainsFunc(user.Memberships, func(m market.Membership) bool {
			return m.Org == ticket.Org && m.State != market.MemberApplied && !m.Since.Before(ticket.UsedAt)
		}), nil
	}
	_, err := s.users.Get(ctx, ticket.User) // one whose login is another by now was erased
	if market.Is(err, market.NotFound) {
		return false, nil
	}
	return true, err
}

// use notes on a ticket whom it makes a member, and from when on. Conflict
// when it changed since it was read: it was used or revoked meanwhile.
func (s *People) use(ctx context.Context, by market.Actor, ticket *market.Ticket, user market.ID) (time.Time, error) {
	if !ticket.UsedAt.IsZero() && ticket.User == user {
		return s.now().UTC(), nil
	}
	used := *ticket
	used.UsedAt, used.User = s.now().UTC(), user
	used.History = append(slices.Clone(used.History), market.NextEvent(used.History, by, s.now(), market.ActAcceptInvitation, "open", "used", ""))
	err := s.tickets.Update(ctx, &used)
	if market.Is(err, market.Stale) {
		err = market.E(market.Conflict, "busy", "这份邀请刚刚有了变化，请再打开一次链接。")
	}
	return used.UsedAt, err
}

// invitedAs is the membership that a ticket makes: with those of its roles
// that the kind of organization has today. It begins when the ticket is used.
func (s *People) invitedAs(ticket *market.Ticket, org *market.Organization) (market.Membership, error) {
	roles := slices.DeleteFunc(slices.Clone(ticket.Roles), func(r market.Role) bool { return !slices.Contains(market.RolesOf[kindOf(org)], r) })
	if len(roles) == 0 {
		return market.Membership{}, market.E(market.Conflict, "invitation_void", "该单位的类型已变更，这份邀请不再适用。请对方重新邀请。")
	}
	return market.Membership{Org: org.ID, Roles: roles, State: market.MemberActive}, nil
}

func haveAccount() error {
	return market.E(market.Conflict, "login_taken", "受邀的登录名已有账号。请先登录，再打开邀请链接接受。")
}

func forOther(ticket *market.Ticket) error {
	return market.E(market.Conflict, "invitation_for_other", "这份邀请是发给 "+market.MaskEmail(ticket.Login)+" 的，而您登录的是另一个账号。请退出登录，用受邀的账号再打开链接。")
}
