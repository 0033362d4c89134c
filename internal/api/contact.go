package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/contract"
	"jishi/internal/listing"
	"jishi/internal/market"
)

// Private is what shows personal data of others in full, after it was noted.
type Private struct {
	Listings      *listing.Contacts
	Organizations *account.Contacts
	Identities    *contract.Identities
}

// contactActions are the actions on contact.
type contactActions struct{ *API }

// routes are the actions that show what readers see masked. They are
// POST for they leave a trace, and no cache keeps what they answer.
func (a contactActions) routes() []Route {
	return []Route{
		{"POST", "/achievements/:id/contact", a.contact(a.Private.Listings.OfAchievement), market.ActReadContact},
		{"POST", "/demands/:id/contact", a.contact(a.Private.Listings.OfDemand), market.ActReadContact},
		{"POST", "/organizations/:id/contact", a.contact(a.Private.Organizations.OfOrganization), market.ActReadContact},
		{"POST", "/contracts/:id/identities", a.identities, market.ActRevealIdentity},
	}
}

// contact answers with a contact in full.
func (a contactActions) contact(of func(context.Context, market.Actor, market.ID) (market.Contact, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := decodeOptional(c, &struct{}{}); err != nil {
			return err
		}
		contact, err := of(c.UserContext(), actor(c), id(c))
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.JSON(contact)
	}
}

// identities answers with the identity cards of a contract's natural persons.
func (a contactActions) identities(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	found, err := a.Private.Identities.Reveal(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(fiber.Map{"identities": found})
}
