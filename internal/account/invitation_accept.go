package account

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Invited is an invitation as the person sees it who was sent its link.
type Invited struct {
	Org         market.ID
	OrgName     string
	OrgVerified bool
	Login       string
	Roles       []market.Role
	ExpiresAt   time.Time // UTC
	Known       bool      // there is an account of this login: sign in and accept
	Accepted    bool      // by the person who asks, who is a member: nothing is left to do
}

// Newcomer is what somebody tells of themselves who accepts an invitation and
// has no account yet.
type Newcomer struct {
	Name     string
	Phone    string // may be empty
	Password string
	Purposes []string // codes of market.ConsentPurposes agreed to; market.PurposeAccount must be among them
}

// Invitation returns what the secret of a link stands for. It changes nothing.
// NotFound for a secret that was never sent; Conflict, saying what to do, for
// an invitation that was used, revoked or let expire, except to the person who
// accepted it.
func (s *People) Invitation(ctx context.Context, by market.Actor, secret string) (*Invited, error) {
	ticket, org, err := s.invited(ctx, secret)
	if err != nil {
		return nil, err
	}
	user, err := s.userByLogin(ctx, ticket.Login)
	if err != nil {
		return nil, err
	}
	view := &Invited{Org: org.ID, OrgName: org.Name, OrgVerified: org.Verified(), Login: ticket.Login, Roles: ticket.Roles, ExpiresAt: ticket.ExpiresAt, Known: user != nil}
	if user != nil && user.ID == by.User && user.ActiveIn(org.ID) {
		view.Accepted = true
		return view, nil
	}
	return view, s.acceptable(ctx, ticket, user)
}

// Accept makes by, whose login the invitation was sent to, a member. Doing it
// again is harmless. Conflict for whoever has another login. The ticket is used
// first, so that it makes one member at most; whoever is cut off between the
// two writes may go on with the same link.
func (s *People) Accept(ctx context.Context, by market.Actor, secret string) (*market.Organization, error) {
	if !by.SignedIn() {
		return nil, market.E(market.Unauthenticated, "sign_in_first", "请先登录再接受邀请。")
	}
	ticket, org, err := s.invited(ctx, secret)
	if err != nil {
		return nil, err
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	if user.Login != ticket.Login {
		return nil, forOther(ticket)
	}
	if user.ActiveIn(org.ID) {
		if ticket.Good(market.TicketInvitation, s.now()) {
			_, err = s.use(ctx, by, ticket, user.ID)
		}
		return org, err
	}
	if err := s.acceptable(ctx, ticket, user); err != nil {
		return nil, err
	}
	member, err := s.invitedAs(ticket, org)
	if err != nil {
		return nil, err
	}
	if member.Since, err = s.use(ctx, by, ticket, user.ID); err != nil {
		return nil, err
	}
	return org, s.joinOnce(ctx, by, org, member)
}

// joinOnce is join for a link that may be opened twice at once.
func (s *People) joinOnce(ctx context.Context, by market.Actor, org *market.Organization, member market.Membership) error {
	err := s.join(ctx, by, by.User, org, member, market.ActAcceptInvitation)
	if !market.Is(err, market.Conflict) {
		return err
	}
	if user, read := s.users.Get(ctx, by.User); read == nil && user.ActiveIn(org.ID) {
		return nil
	}
	return err
}

// AcceptNew makes an account for the login an invitation was sent to, proved
// by having the link, and its owner a member. Conflict when there is an
// account of the login: then sign in and Accept.
func (s *People) AcceptNew(ctx context.Context, by market.Actor, secret string, n Newcomer) (*market.User, error) {
	ticket, org, err := s.invited(ctx, secret)
	if err != nil {
		return nil, err
	}
	known, err := s.userByLogin(ctx, ticket.Login)
	if err != nil {
		return nil, err
	}
	if err := s.acceptable(ctx, ticket, known); err != nil {
		return nil, err
	}
	if by.SignedIn() {
		return nil, forOther(ticket)
	}
	if known != nil {
		return nil, haveAccount()
	}
	member, err := s.invitedAs(ticket, org)
	if err != nil {
		return nil, err
	}
	user, err := s.newcomer(ctx, ticket, org, member, n)
	if err != nil {
		return nil, err
	}
	self := market.Actor{User: user.ID, Org: org.ID, Name: user.Name, OrgName: org.Name, Request: by.Request}
	if user.Memberships[0].Since, err = s.use(ctx, self, ticket, user.ID); err != nil {
		return nil, err
	}
	return user, s.insertNewcomer(ctx, self, user, org, n.Purposes)
}

// newcomer checks what somebody tells of themselves and makes the user of it.
func (s *People) newcomer(ctx context.Context, ticket *market.Ticket, org *market.Organization, member market.Membership, n Newcomer) (*market.User, error) {
	user := &market.User{
		Meta: market.Meta{ID: s.newID()}, Login: ticket.Login, Name: market.Fold(n.Name), Phone: market.Fold(n.Phone),
		Org: member.Org, Memberships: []market.Membership{member}, ConfirmedAt: s.now().UTC(), PasswordAt: s.now().UTC(),
	}
	p := s.userProblems(user, n.Password, org.Name)
	p.Check(slices.Contains(n.Purposes, market.PurposeAccount), "consent", "须同意开立账号并留存操作记录，才能使用平台")
	for _, purpose := range n.Purposes {
		p.Check(market.ConsentPurposes.Has(purpose), "consent", "请从列表中选择")
	}
	if err := p.Err(); err != nil {
		return nil, err
	}
	hash, err := s.parts.Passwords.Hash(ctx, n.Password)
	user.PasswordHash = hash
	return user, err
}

// insertNewcomer writes what is agreed to, then the link, then the user: each
// alone means nothing without the last.
func (s *People) insertNewcomer(ctx context.Context, self market.Actor, user *market.User, org *market.Organization, purposes []string) error {
	s.record(user, self, market.ActAcceptInvitation, "", placed(&user.Memberships[0]), org.Name)
	if err := s.parts.Consents.Give(ctx, self, purposes); err != nil {
		return err
	}
	if err := s.link(ctx, user.ID, org.ID, market.MemberActive); err != nil {
		return err
	}
	err := s.users.Insert(ctx, user)
	if store.IsTaken(err) {
		return haveAccount()
	}
	return err
}
