package account

import (
	"context"

	"jishi/internal/market"
)

// RevokeInvitation makes an open invitation's link good for nothing. The
// organization's managers and admins may. Revoking twice is harmless; Conflict
// when it was accepted.
func (s *People) RevokeInvitation(ctx context.Context, by market.Actor, org, invitation market.ID) error {
	if err := s.mayRead(ctx, by, market.ActRevokeInvitation, org); err != nil {
		return err
	}
	ticket, err := s.invitationIn(ctx, org, invitation)
	if err != nil {
		return err
	}
	return s.revoke(ctx, by, ticket)
}

// ResendInvitation sends a new link to the person of an invitation that was
// not accepted and lets it be accepted for another InvitationLifetime. The old
// link is dead before the new one is made. Who may invite may send again.
func (s *People) ResendInvitation(ctx context.Context, by market.Actor, org, invitation market.ID) (*Invitation, error) {
	place, err := s.mayAlter(ctx, by, market.ActInvite, org)
	if err != nil {
		return nil, err
	}
	ticket, err := s.invitationIn(ctx, org, invitation)
	if err != nil {
		return nil, err
	}
	if !ticket.RevokedAt.IsZero() {
		return nil, market.E(market.Conflict, "invitation_revoked", "这份邀请已撤销，请重新邀请。")
	}
	if err := s.checkInvitation(ctx, by, place, ticket.Login, ticket.Roles); err != nil {
		return nil, err
	}
	if err := s.revoke(ctx, by, ticket); err != nil {
		return nil, err
	}
	return s.invite(ctx, by, place, ticket.Login, ticket.Roles)
}

// invitationIn returns the ticket of an organization's invitation.
func (s *People) invitationIn(ctx context.Context, org, invitation market.ID) (*market.Ticket, error) {
	ticket, err := s.tickets.Get(ctx, invitation)
	if err == nil && (ticket.Purpose != market.TicketInvitation || ticket.Org != org) || market.Is(err, market.NotFound) {
		return nil, market.E(market.NotFound, "not_found", "没有这份邀请，请刷新邀请列表。")
	}
	return ticket, err
}

func (s *People) revoke(ctx context.Context, by market.Actor, ticket *market.Ticket) error {
	for range alterTries {
		if !ticket.RevokedAt.IsZero() {
			return nil
		}
		if !ticket.UsedAt.IsZero() {
			return market.E(market.Conflict, "invitation_used", "对方已接受这份邀请。要收回，请在成员列表中把对方移出。")
		}
		ticket.RevokedAt = s.now().UTC()
		ticket.History = append(ticket.History, market.NextEvent(ticket.History, by, s.now(), market.ActRevokeInvitation, "open", "revoked", ""))
		err := s.tickets.Update(ctx, ticket)
		if !market.Is(err, market.Stale) {
			return err
		}
		if ticket, err = s.tickets.Get(ctx, ticket.ID); err != nil {
			return err
		}
	}
	return memberMoved()
}

// revokeAll makes every open invitation of an organization to a person good
// for nothing.
func (s *People) revokeAll(ctx context.Context, by market.Actor, org market.ID, login string) error {
	open, err := s.openInvitations(ctx, org)
	if err != nil {
		return err
	}
	for _, ticket := range open {
		if ticket.Login != login {
			continue
		}
		if err := s.revoke(ctx, by, ticket); err != nil && !market.Is(err, market.Conflict) {
			return err
		}
	}
	return nil
}
