package account

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	// InvitationLifetime is how long an invitation may be accepted.
	InvitationLifetime = 7 * 24 * time.Hour
	// maxInvitations bounds the open invitations of one organization.
	maxInvitations = 200
)

// Invitation is an open or past invitation as those see it who manage members.
type Invitation struct {
	ID        market.ID
	Login     string
	Roles     []market.Role
	ExpiresAt time.Time // UTC
	Expired   bool
}

// Invite sends a one-time link to an e-mail address, by which its owner
// becomes a member with these roles. The organization's managers and admins
// may; only admins invite admins, only they and a bureau's officers invite
// officers to it. Conflict when the person is a member, or is
// invited already.
func (s *People) Invite(ctx context.Context, by market.Actor, org market.ID, login string, roles []market.Role) (*Invitation, error) {
	place, err := s.mayAlter(ctx, by, market.ActInvite, org)
	if err != nil {
		return nil, err
	}
	login = market.FoldLogin(login)
	if err := s.checkInvitation(ctx, by, place, login, roles); err != nil {
		return nil, err
	}
	open, err := s.openInvitations(ctx, org)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(open, func(t *market.Ticket) bool { return t.Login == login && s.now().Before(t.ExpiresAt) }) {
		return nil, &market.Error{Kind: market.Conflict, Code: "already_invited", Message: "已经邀请过这个人，对方还没有接受。要再发一次，请在邀请列表中选“重新发送”。",
			Fields: []market.FieldError{{Field: "login", Reason: "已经邀请过"}}}
	}
	if len(open) >= maxInvitations {
		return nil, market.E(market.Conflict, "too_many_invitations", "未接受的邀请太多，请先撤销不再需要的。")
	}
	return s.invite(ctx, by, place, login, inOrder(roles))
}

// checkInvitation returns what stands against inviting a person.
func (s *People) checkInvitation(ctx context.Context, by market.Actor, org *market.Organization, login string, roles []market.Role) error {
	var p market.Problems
	p.Check(len(login) <= 100 && loginForm.MatchString(login) && (&market.Mail{To: login, Subject: "-", Text: "-"}).Check() == nil, "login", "请填对方能收信的电子邮箱")
	if err := p.Err(); err != nil {
		return err
	}
	if err := checkRoles(by, org, nil, roles); err != nil {
		return err
	}
	user, err := s.userByLogin(ctx, login)
	if err != nil || user == nil || !user.ActiveIn(org.ID) {
		return err
	}
	return &market.Error{Kind: market.Conflict, Code: "already_member", Message: "这个人已经是本单位的成员。",
		Fields: []market.FieldError{{Field: "login", Reason: "已经是成员"}}}
}

// invite makes a ticket, then sends its link: what is lost between is an
// invitation that nobody has, which can be sent again.
func (s *People) invite(ctx context.Context, by market.Actor, org *market.Organization, login string, roles []market.Role) (*Invitation, error) {
	secret := market.NewTicketSecret()
	ticket := &market.Ticket{
		Meta: market.Meta{ID: market.TicketID(secret)}, Purpose: market.TicketInvitation,
		Org: org.ID, Login: login, Roles: roles, By: by.User, ExpiresAt: s.now().UTC().Add(InvitationLifetime).Truncate(time.Millisecond),
		History: []market.Event{market.NextEvent(nil, by, s.now(), market.ActInvite, "", "open", "")},
	}
	if err := s.tickets.Insert(ctx, ticket); err != nil {
		return nil, err
	}
	err := s.parts.Mail.Send(ctx, &market.Mail{To: login, Subject: "邀请您加入单位", Text: "您好：\n\n" + by.Name + "邀请您加入“" + org.Name +
		"”在技市（科技成果转移转化平台）的账号。请在 " + string(market.DateOf(ticket.ExpiresAt)) + " 前打开下面的链接接受，链接只能用一次，请勿转发：\n\n" +
		s.parts.Address + "/invitations/" + secret + "\n\n如果您不认识邀请人，不用理会这封邮件。\n"})
	if err != nil {
		return nil, market.Wrap(market.Unavailable, err, "not_told", "邀请已登记，但邮件没有发出。请稍后在邀请列表中选“重新发送”。")
	}
	return s.invitationOf(ticket), nil
}

// Invitations returns the invitations of an organization that were neither
// accepted nor revoked, the newest first; those whose time is over stay in the
// list for another InvitationLifetime. Its managers and admins may.
func (s *People) Invitations(ctx context.Context, by market.Actor, org market.ID) ([]*Invitation, error) {
	if err := s.mayRead(ctx, by, market.ActInvite, org); err != nil {
		return nil, err
	}
	tickets, err := s.openInvitations(ctx, org)
	if err != nil {
		return nil, err
	}
	all := make([]*Invitation, len(tickets))
	for i, t := range tickets {
		all[i] = s.invitationOf(t)
	}
	return all, nil
}

// openInvitations returns the tickets behind Invitations. None of interest was
// last changed longer ago than two lifetimes.
func (s *People) openInvitations(ctx context.Context, org market.ID) ([]*market.Ticket, error) {
	page, err := s.tickets.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "org", Value: string(org)}}, Sort: store.FieldChanged, Desc: true,
		Range: &store.Range{From: s.now().Add(-2 * InvitationLifetime)}, Limit: store.MaxLimit,
	})
	return slices.DeleteFunc(page.Items, func(t *market.Ticket) bool {
		return t.Purpose != market.TicketInvitation || !t.UsedAt.IsZero() || !t.RevokedAt.IsZero()
	}), err
}

func (s *People) invitationOf(t *market.Ticket) *Invitation {
	return &Invitation{ID: t.ID, Login: t.Login, Roles: t.Roles, ExpiresAt: t.ExpiresAt, Expired: !s.now().Before(t.ExpiresAt)}
}

// userByLogin returns the user of a folded login, nil when there is none.
func (s *People) userByLogin(ctx context.Context, login string) (*market.User, error) {
	page, err := s.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return nil, err
	}
	return page.Items[0], nil
}
