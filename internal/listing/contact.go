package listing

import (
	"context"

	"jishi/internal/market"
)

// Contacts shows the contact of a listing in full to readers who see it
// masked, after it was noted that they did.
type Contacts struct {
	achievements *Achievements
	demands      *Demands
	reveals      market.Reveals
}

// NewContacts returns the contacts of both books; reveals notes who sees them.
func NewContacts(achievements *Achievements, demands *Demands, reveals market.Reveals) *Contacts {
	return &Contacts{achievements: achievements, demands: demands, reveals: reveals}
}

// OfAchievement returns the contact of an achievement. The listing's own
// people get it unnoted. Others need the right to read contacts, which members
// of checked organizations have: Denied without. NotFound when there is none;
// Conflict when an anonymous publisher keeps it back; TooMany when the reader
// has asked too often today. Whoever fills in a contact is told on the form
// that it is passed on like this (market.PurposeContact); a contact person who
// withdraws that is taken out of the listing by its owner.
func (c *Contacts) OfAchievement(ctx context.Context, by market.Actor, id market.ID) (market.Contact, error) {
	return reveal(ctx, c, c.achievements, by, id)
}

// OfDemand is OfAchievement for a demand.
func (c *Contacts) OfDemand(ctx context.Context, by market.Actor, id market.ID) (market.Contact, error) {
	return reveal(ctx, c, c.demands, by, id)
}

func reveal[T any, P Kind[T]](ctx context.Context, c *Contacts, book *Book[T, P], by market.Actor, id market.ID) (market.Contact, error) {
	doc, err := book.visible(ctx, by, id)
	if err != nil {
		return market.Contact{}, err
	}
	owner, contact := P(doc).Shared().Owner, P(doc).Shared().Contact
	if market.ContactExposure(by, owner) == market.Plain {
		return contact, nil
	}
	if err := market.Permit(by, market.ActReadContact, owner); err != nil {
		return market.Contact{}, err
	}
	seen := P(book.mask(by, doc)).Shared().Contact.Fields() // what a reader does not see masked is not revealed either
	switch {
	case len(contact.Fields()) == 0:
		return market.Contact{}, market.E(market.NotFound, "no_contact", "对方没有留联系方式，请通过科技局联系。")
	case len(seen) == 0:
		return market.Contact{}, market.E(market.Conflict, "contact_withheld", "对方匿名发布，请通过科技局联系。")
	}
	if err := c.reveals.Reveal(ctx, by, market.ActReadContact, book.kind(), id, seen...); err != nil {
		return market.Contact{}, err
	}
	return contact, nil
}

// kind is what the audit trail calls the book's listings.
func (b *Book[T, P]) kind() string {
	if b.create == market.ActCreateDemand {
		return string(market.KindDemand)
	}
	return string(market.KindAchievement)
}
