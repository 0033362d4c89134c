package contract

import (
	"context"
	"strconv"

	"jishi/internal/market"
)

// settle seals the identity cards that came in with entry, as they are to
// stand in old. A natural person whose card was not typed again keeps the one
// stored for the same name on the same side; one typed again as it is keeps
// the sealed text, so that repeating an action changes nothing.
func (s *Service) settle(old, entry *market.Contract) error {
	place := old.IdentityPlace()
	for _, side := range [][2][]market.Party{{old.Sellers, entry.Sellers}, {old.Buyers, entry.Buyers}} {
		for i := range side[1] {
			party := &side[1][i]
			if party.Category != market.CategoryPerson {
				continue
			}
			if err := s.settleParty(place, stored(side[0], i, party.Name), party); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleParty settles one natural person; was is the same person as stored,
// nil when there is none.
func (s *Service) settleParty(place string, was, party *market.Party) (err error) {
	if was != nil && party.Card != "" {
		card, err := s.sealer.Open(was.Identity, place)
		if err != nil {
			return err
		}
		if card != party.Card {
			was = nil
		}
	}
	switch {
	case was != nil:
		party.Identity, party.Masked = was.Identity, was.Masked
	case party.Card != "":
		party.Masked = market.MaskIdentityCard(party.Card)
		party.Identity, err = s.sealer.Seal(party.Card, place)
	}
	return err
}

// stored returns the natural person of a name among the parties stored, the
// one at index i first; nil when none has an identity card.
func stored(parties []market.Party, i int, name string) *market.Party {
	same := func(p market.Party) bool {
		return p.Category == market.CategoryPerson && !p.Identity.Empty() && market.Fold(p.Name) == market.Fold(name)
	}
	if i < len(parties) && same(parties[i]) {
		return &parties[i]
	}
	for j := range parties {
		if same(parties[j]) {
			return &parties[j]
		}
	}
	return nil
}

// dropCards forgets the identity cards that are sealed now.
func dropCards(c *market.Contract) {
	for _, side := range [][]market.Party{c.Sellers, c.Buyers} {
		for i := range side {
			side[i].Card = ""
		}
	}
}

// Identity is the identity card of one party.
type Identity struct {
	Side   string `json:"side"`  // "sellers" or "buyers"
	Index  int    `json:"index"` // in the list of that side
	Name   string `json:"name"`
	Number string `json:"number"`
}

// Identities shows the identity cards of natural persons in full to readers
// who see them masked, after it was noted that they did.
type Identities struct {
	service *Service
	reveals market.Reveals
}

// NewIdentities returns the identity cards in a service's contracts; reveals
// notes who sees them.
func NewIdentities(s *Service, reveals market.Reveals) *Identities {
	return &Identities{service: s, reveals: reveals}
}

// Reveal returns the identity cards in a contract, sellers first. The parties
// and officers may, each time noted. NotFound when there are none; TooMany
// when the reader has asked too often today.
func (i *Identities) Reveal(ctx context.Context, by market.Actor, id market.ID) ([]Identity, error) {
	c, err := i.service.contracts.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := market.Permit(by, market.ActRevealIdentity, c.Parties()...); err != nil {
		return nil, err
	}
	var all []Identity
	var fields []string
	for _, side := range []struct {
		name    string
		parties []market.Party
	}{{"sellers", c.Sellers}, {"buyers", c.Buyers}} {
		for n, party := range side.parties {
			if party.Identity.Empty() {
				continue
			}
			number, err := i.service.sealer.Open(party.Identity, c.IdentityPlace())
			if err != nil {
				return nil, err
			}
			all = append(all, Identity{Side: side.name, Index: n, Name: party.Name, Number: number})
			fields = append(fields, side.name+"."+strconv.Itoa(n)+".identity")
		}
	}
	if len(all) == 0 {
		return nil, market.E(market.NotFound, "no_identity", "这份合同没有自然人的身份证号。")
	}
	if err := i.reveals.Reveal(ctx, by, market.ActRevealIdentity, "contract", id, fields...); err != nil {
		return nil, err
	}
	return all, nil
}
