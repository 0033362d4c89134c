package account

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// OrganizationQueue returns the organizations that wait for the bureau's
// check, the longest waiting first, without contacts. Officers may; what is their own is among
// them, but others decide on it.
func (s *Organizations) OrganizationQueue(ctx context.Context, by market.Actor, after string, limit int) (store.Page[market.Organization], error) {
	if err := market.Admit(by, market.ActVerifyOrganization); err != nil {
		return store.Page[market.Organization]{}, err
	}
	page, err := s.orgs.Find(ctx, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.OrgPending)}}, Sort: "since", After: after, Limit: limit,
	})
	for _, org := range page.Items {
		org.Contact = market.Contact{}
	}
	return page, err
}

// Representative says who signed an organization up, for the officer who
// checks it.
type Representative struct {
	Name      string
	Login     string
	Phone     string // may be empty
	Confirmed bool   // the address in Login was proved
}

// RepresentativeOf returns who signed an organization up; nil when the bureau
// entered it, or they were erased. Officers may.
func (s *Organizations) RepresentativeOf(ctx context.Context, by market.Actor, org *market.Organization) (*Representative, error) {
	if err := market.Admit(by, market.ActVerifyOrganization); err != nil {
		return nil, err
	}
	if org.Submitter == "" {
		return nil, nil
	}
	user, err := s.users.Get(ctx, org.Submitter)
	if market.Is(err, market.NotFound) || err == nil && !user.ErasedAt.IsZero() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &Representative{Name: user.Name, Login: user.Login, Phone: user.Phone, Confirmed: !user.ConfirmedAt.IsZero()}, nil
}

// Standing is how the actor and their organizations stand.
type Standing struct {
	Organization *market.Organization // acted for; nil when there is none
	Applied      []*market.Organization
	Unconfirmed  bool // the address in Login is still to be proved
	Login        string
}

// Standing returns how the actor stands: for whom they act, whom they have
// asked to join, and whether their address is proved. Of organizations that
// have not taken them in they learn the name only.
func (s *Organizations) Standing(ctx context.Context, by market.Actor) (*Standing, error) {
	if err := market.Permit(by, market.ActSelf); err != nil {
		return nil, err
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return nil, err
	}
	standing := &Standing{Login: user.Login, Unconfirmed: user.ConfirmedAt.IsZero() && mailable(user.Login)}
	if by.Org != "" {
		if standing.Organization, err = s.Organization(ctx, by, by.Org); err != nil {
			return nil, err
		}
	}
	for _, m := range user.Memberships {
		if m.State != market.MemberApplied {
			continue
		}
		org, err := s.orgs.Get(ctx, m.Org)
		if err != nil {
			return nil, err
		}
		standing.Applied = append(standing.Applied, &market.Organization{Meta: market.Meta{ID: org.ID}, Name: org.Name})
	}
	return standing, nil
}

// Managed reports whether an organization has a manager, who decides about
// applicants; without one officers do. Who may read its members may ask.
func (s *Organizations) Managed(ctx context.Context, by market.Actor, org market.ID) (bool, error) {
	if err := market.Permit(by, market.ActReadMembers, org); err != nil {
		return false, err
	}
	managers, err := s.people.holders(ctx, market.RoleManager, org)
	return len(managers) > 0, err
}
