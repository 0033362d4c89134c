package account

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Member is one person's place in an organization, as those see it who look
// after it.
type Member struct {
	User     market.ID
	Version  int64  // of the user: what a change is based on
	Login    string // masked for officers, who know people by name
	Name     string
	Roles    []market.Role
	State    market.MembershipState
	Since    time.Time // UTC; when the state was reached
	Proof    market.ID // file that proves an application, may be empty
	Disabled bool      // the person cannot sign in
}

// Members returns a page of an organization's people, active ones and
// applicants, in the order in which they came to the platform. Its managers,
// officers and admins may.
func (s *People) Members(ctx context.Context, by market.Actor, org market.ID, after string, limit int) (store.Page[Member], error) {
	if err := s.mayRead(ctx, by, market.ActReadMembers, org); err != nil {
		return store.Page[Member]{}, err
	}
	found, err := s.links.Find(ctx, store.Query{Equal: []store.Equal{{Field: "org", Value: string(org)}}, Sort: "user", After: after, Limit: limit})
	if err != nil {
		return store.Page[Member]{}, err
	}
	users, err := s.linked(ctx, found.Items)
	if err != nil {
		return store.Page[Member]{}, err
	}
	page := store.Page[Member]{Next: found.Next}
	for _, u := range users {
		page.Items = append(page.Items, memberFor(by, u, org))
	}
	return page, nil
}

// Member returns one person's place in an organization; NotFound when they
// have none. Who may see Members may see one.
func (s *People) Member(ctx context.Context, by market.Actor, org, user market.ID) (*Member, error) {
	if err := s.mayRead(ctx, by, market.ActReadMembers, org); err != nil {
		return nil, err
	}
	u, err := s.users.Get(ctx, user)
	if err == nil && u.MemberOf(org) == nil || market.Is(err, market.NotFound) {
		return nil, noMember()
	}
	if err != nil {
		return nil, err
	}
	return memberFor(by, u, org), nil
}

// Applicants returns who has asked to join an organization and waits, the
// longest first, at most 100. Its managers, officers and admins may.
func (s *People) Applicants(ctx context.Context, by market.Actor, org market.ID) ([]*Member, error) {
	if err := s.mayRead(ctx, by, market.ActReadMembers, org); err != nil {
		return nil, err
	}
	found, err := s.links.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "org", Value: string(org)}, {Field: "state", Value: string(market.MemberApplied)}}, Sort: "user", Limit: 100,
	})
	if err != nil {
		return nil, err
	}
	users, err := s.linked(ctx, found.Items)
	if err != nil {
		return nil, err
	}
	var waiting []*Member
	for _, u := range users {
		if m := memberFor(by, u, org); m.State == market.MemberApplied {
			waiting = append(waiting, m)
		}
	}
	slices.SortStableFunc(waiting, func(a, b *Member) int { return cmp.Compare(a.Since.UnixNano(), b.Since.UnixNano()) })
	return waiting, nil
}

// mayRead returns an error unless by may do action in an organization that is
// there.
func (s *People) mayRead(ctx context.Context, by market.Actor, action market.Action, org market.ID) error {
	if err := market.Permit(by, action, org); err != nil {
		return err
	}
	_, err := s.orgs.Get(ctx, org)
	return err
}

// linked returns the users that links name and whose membership has not
// ended: a link alone says nothing.
func (s *People) linked(ctx context.Context, links []*market.MemberLink) ([]*market.User, error) {
	ids := make([]market.ID, len(links))
	for i, link := range links {
		ids[i] = link.User
	}
	users, err := s.users.GetMany(ctx, ids)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	org := links[0].Org
	return slices.DeleteFunc(users, func(u *market.User) bool { return u.MemberOf(org) == nil }), nil
}

// membersOf returns everybody whose membership of an organization has not ended.
func (s *People) membersOf(ctx context.Context, org market.ID) ([]*market.User, error) {
	var all []*market.User
	q := store.Query{Equal: []store.Equal{{Field: "org", Value: string(org)}}, Sort: "user", Limit: store.MaxLimit}
	for {
		found, err := s.links.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		users, err := s.linked(ctx, found.Items)
		if err != nil {
			return nil, err
		}
		all = append(all, users...)
		if q.After = found.Next; q.After == "" {
			return all, nil
		}
	}
}

func memberOf(u *market.User, org market.ID) *Member {
	m := u.MemberOf(org)
	return &Member{
		User: u.ID, Version: u.Version, Login: u.Login, Name: u.Name,
		Roles: m.Roles, State: m.State, Since: m.Since, Proof: m.Proof, Disabled: u.Disabled,
	}
}

// memberFor is memberOf as a reader may see it.
func memberFor(by market.Actor, u *market.User, org market.ID) *Member {
	return memberOf(u, org).seenBy(by, org)
}

// seenBy masks the address that people sign in with from whoever is neither of
// their organization nor an admin.
func (m *Member) seenBy(by market.Actor, org market.ID) *Member {
	if !by.ActsFor(org) && !market.May(by, market.ActManageUsers) {
		m.Login = market.MaskEmail(m.Login)
	}
	return m
}

func noMember() error {
	return market.E(market.NotFound, "not_found", "这个人不是该单位的成员，可能已经退出。请刷新成员列表。")
}
