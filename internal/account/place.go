package account

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// AddOrganization signs up another organization for somebody who has an
// account: they become its manager, or apply to join it where it is registered
// already. The membership returned says which. Conflict when they belong to too
// many; repeating it is harmless and completes what was cut short.
func (s *Organizations) AddOrganization(ctx context.Context, by market.Actor, org *market.Organization, proof *Upload) (market.Membership, error) {
	if err := market.Permit(by, market.ActSignUp); err != nil {
		return market.Membership{}, err
	}
	if err := market.Permit(by, market.ActSelf); err != nil {
		return market.Membership{}, err
	}
	p := market.Problems(fieldsIn(checkEntry(org)))
	if err := s.checkProof(ctx, &p, proof); err != nil {
		return market.Membership{}, err
	}
	if err := p.Err(); err != nil {
		return market.Membership{}, err
	}
	user, err := s.users.Get(ctx, by.User)
	if err != nil {
		return market.Membership{}, err
	}
	place, err := s.place(ctx, user, org)
	if err != nil {
		return market.Membership{}, err
	}
	if user.MemberOf(place.Org) == nil {
		if err := s.take(ctx, user, place); err != nil {
			return market.Membership{}, err
		}
	}
	return s.settle(ctx, user, place, org, proof)
}

// place returns where a user who signs an organization up belongs: what they
// have there already; an application where somebody else registered it; else
// the manager's place in an organization that is still to be written, the one
// they already have if a sign-up was cut short.
func (s *Organizations) place(ctx context.Context, user *market.User, org *market.Organization) (market.Membership, error) {
	there, err := s.registered(ctx, keyed(org))
	if err != nil {
		return market.Membership{}, err
	}
	if there != nil {
		if m := user.MemberOf(there.ID); m != nil {
			return *m, nil
		}
		return s.application(there), nil
	}
	for _, m := range user.Memberships {
		if !slices.Contains(m.Roles, market.RoleManager) || m.State != market.MemberActive {
			continue
		}
		_, err := s.orgs.Get(ctx, m.Org)
		if market.Is(err, market.NotFound) {
			return m, nil
		}
		if err != nil {
			return market.Membership{}, err
		}
	}
	roles := append([]market.Role{market.RoleManager}, market.StartRoles[org.Kind]...)
	return market.Membership{Org: s.newID(), Roles: roles, State: market.MemberActive, Since: s.now().UTC()}, nil
}

// application is the place of somebody who wants to join an organization.
func (s *Organizations) application(org *market.Organization) market.Membership {
	roles := market.StartRoles[org.Kind]
	if len(roles) == 0 {
		roles = []market.Role{market.RoleSupplier} // whoever agrees gives them others
	}
	return market.Membership{Org: org.ID, Roles: slices.Clone(roles), State: market.MemberApplied, Since: s.now().UTC()}
}

// take gives a user a place; the link that finds them there comes first.
func (s *Organizations) take(ctx context.Context, user *market.User, place market.Membership) error {
	if !user.SetMember(place) {
		return market.E(market.Conflict, "too_many_organizations", "一人最多加入 20 个单位，请先退出不用的单位。")
	}
	if err := s.people.noteLink(ctx, user.ID, place.Org, place.State); err != nil {
		return err
	}
	s.people.record(user, signing(ctx, user, place), market.ActSignUp, "", placed(&place), "")
	return s.users.Update(ctx, user)
}

// settle writes what a place stands for: the organization of a manager, the
// proof of an applicant. Who finds that somebody else has registered the
// organization meanwhile becomes an applicant.
func (s *Organizations) settle(ctx context.Context, user *market.User, place market.Membership, org *market.Organization, proof *Upload) (market.Membership, error) {
	if place.State != market.MemberActive {
		return place, s.prove(ctx, user, place, proof)
	}
	_, err := s.orgs.Get(ctx, place.Org)
	if !market.Is(err, market.NotFound) {
		return place, err // nil: it was written before
	}
	by := signing(ctx, user, place)
	doc := *keyed(org)
	doc.ID, doc.Submitter, doc.State, doc.Since = place.Org, user.ID, market.OrgPending, s.now().UTC()
	doc.History = []market.Event{market.NextEvent(nil, by, s.now(), market.ActSignUp, "", string(market.OrgPending), "")}
	if proof != nil {
		file, err := s.parts.Files.Add(ctx, by, proof.Name, proof.Content)
		if err != nil {
			return place, err
		}
		doc.Evidence = []market.ID{file.ID}
	}
	err = s.orgs.Insert(ctx, &doc)
	if !store.IsTaken(err) {
		return place, err
	}
	there, err := s.registered(ctx, &doc)
	if err != nil || there == nil || there.ID == place.Org { // nil: taken under this id, by the same sign-up sent twice
		return place, err
	}
	return s.yield(ctx, user, place, there, proof)
}

// yield turns the place in an organization that was never written into an
// application to the one that was faster.
func (s *Organizations) yield(ctx context.Context, user *market.User, place market.Membership, there *market.Organization, proof *Upload) (market.Membership, error) {
	applied := s.application(there)
	user.Memberships = slices.DeleteFunc(slices.Clone(user.Memberships), func(m market.Membership) bool { return m.Org == place.Org })
	if user.Org == place.Org {
		user.Org = applied.Org
	}
	if m := user.MemberOf(there.ID); m != nil {
		applied = *m
	}
	if err := s.take(ctx, user, applied); err != nil {
		return applied, err
	}
	return applied, s.prove(ctx, user, applied, proof)
}

// prove adds the file that proves an application.
func (s *Organizations) prove(ctx context.Context, user *market.User, place market.Membership, proof *Upload) error {
	m := user.MemberOf(place.Org)
	if proof == nil || m == nil || m.Proof != "" {
		return nil
	}
	file, err := s.parts.Files.Add(ctx, signing(ctx, user, place), proof.Name, proof.Content)
	if err != nil {
		return err
	}
	m.Proof = file.ID
	return s.users.Update(ctx, user)
}
