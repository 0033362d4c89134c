package account

import (
	"context"

	"jishi/internal/market"
)

// Contacts shows the contact of an organization in full to readers who see it
// masked, after it was noted that they did.
type Contacts struct {
	orgs    *Organizations
	reveals market.Reveals
}

// NewContacts returns the contacts of a service's organizations; reveals notes
// who sees them.
func NewContacts(s *Organizations, reveals market.Reveals) *Contacts {
	return &Contacts{orgs: s, reveals: reveals}
}

// OfOrganization returns the contact of an organization. Its own people get it
// unnoted. Others need the right to read contacts: Denied without. NotFound
// when there is none; TooMany when the reader has asked too often today.
func (c *Contacts) OfOrganization(ctx context.Context, by market.Actor, id market.ID) (market.Contact, error) {
	org, err := c.orgs.visible(ctx, by, id)
	if err != nil {
		return market.Contact{}, err
	}
	if market.ContactExposure(by, org.ID) == market.Plain {
		return org.Contact, nil
	}
	if err := market.Permit(by, market.ActReadContact, org.ID); err != nil {
		return market.Contact{}, err
	}
	fields := org.Contact.Fields()
	if len(fields) == 0 {
		return market.Contact{}, market.E(market.NotFound, "no_contact", "这个单位没有留联系方式，请通过科技局联系。")
	}
	if err := c.reveals.Reveal(ctx, by, market.ActReadContact, "organization", id, fields...); err != nil {
		return market.Contact{}, err
	}
	return org.Contact, nil
}
