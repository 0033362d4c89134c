package site

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// identities answers with one contract and the identity cards of its natural
// persons in full.
func (p contractPages) identities(c *fiber.Ctx) error {
	found, err := p.Private.Identities.Reveal(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	doc, err := p.Contracts.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	for _, one := range found {
		side := doc.Sellers
		if one.Side == "buyers" {
			side = doc.Buyers
		}
		if one.Index < len(side) && side[one.Index].Name == one.Name { // as long as nobody revised it in between
			side[one.Index].Masked = one.Number
		}
	}
	return p.page(c, fiber.StatusOK, doc, refusal{})
}

// hidesCard reports whether an identity card of the contract stands masked.
func hidesCard(doc *market.Contract) bool {
	for _, side := range [][]market.Party{doc.Sellers, doc.Buyers} {
		for _, party := range side {
			if strings.Contains(party.Masked, "*") {
				return true
			}
		}
	}
	return false
}
