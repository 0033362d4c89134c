package account

import (
	"context"

	"jishi/internal/market"
)

// Organization returns one organization as the actor may see it: one the
// bureau has not checked only to itself and to who manages organizations (else
// Denied), the contact to members of checked organizations, masked for others
// than its own (see Contacts); evidence, history
// and what the bureau has not confirmed to itself and who manages. An unknown
// id is NotFound.
func (s *Organizations) Organization(ctx context.Context, by market.Actor, id market.ID) (*market.Organization, error) {
	org, err := s.visible(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return seen(by, org), nil
}

// visible returns an organization the actor may know of, as it is stored.
func (s *Organizations) visible(ctx context.Context, by market.Actor, id market.ID) (*market.Organization, error) {
	org, err := s.orgs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if !org.Verified() {
		if err := market.Permit(by, market.ActReadOrganization, org.ID); err != nil {
			return nil, err
		}
	}
	return org, nil
}

// seen returns an organization as the actor may see it.
func seen(by market.Actor, org *market.Organization) *market.Organization {
	org.Contact = org.Contact.Shown(market.ContactExposure(by, org.ID))
	if !by.ActsFor(org.ID) && !market.May(by, market.ActReadOrganization, org.ID) {
		return org.Public()
	}
	return org
}

// LookUpOrganization returns the organization with a credit code or, without
// one, of a name; NotFound when there is none. It is for commands and imports
// that name organizations as people do; the actor sees what Organization shows.
func (s *Organizations) LookUpOrganization(ctx context.Context, by market.Actor, code, name string) (*market.Organization, error) {
	wanted := market.Organization{Name: market.Fold(name)}
	if code != "" {
		parsed, err := market.ParseCreditCode(code)
		if err != nil {
			return nil, err
		}
		wanted.Code, wanted.Key = parsed, parsed
	}
	if wanted.Key == "" {
		wanted.Key = nameKey(wanted.Name)
	}
	org, err := s.registered(ctx, &wanted)
	if err == nil && org == nil && wanted.Code == "" {
		org, err = s.organizationBy(ctx, "name", wanted.Name) // one that has a code, named without it
	}
	if err != nil {
		return nil, err
	}
	if org == nil {
		return nil, market.E(market.NotFound, "no_organization", "没有登记过这个单位，请核对名称或统一社会信用代码。")
	}
	return s.Organization(ctx, by, org.ID)
}
