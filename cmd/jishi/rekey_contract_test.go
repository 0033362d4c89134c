package main

import (
	"strings"
	"testing"

	"jishi/internal/market"
)

// Identity cards in contracts, and whom an erasure still looks for, move to the
// new key as well.
func TestRekeyContracts(t *testing.T) {
	cfg := config{Data: t.TempDir(), FieldKey: strings.Repeat("1f", 32)}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	h, err := openHouse(t.Context(), cfg)
	must(err)
	by := market.System
	by.Org = "o1"
	c, err := h.contracts.Create(t.Context(), by, &market.Contract{Project: "转让", Sellers: []market.Party{{Name: "李发明", Category: market.CategoryPerson, Card: someCard}}})
	must(err)
	e := &market.Erasure{Meta: market.Meta{ID: market.ErasureID("u1")}, User: "u1"}
	field := e.SealedFields()[0]
	*field.Field, err = h.vault.Seal(`{"name":"某人"}`, field.About)
	must(err)
	must(h.docs.private.erasures.Insert(t.Context(), e))
	h.close()

	cfg.FieldKey, cfg.FieldKeyPrevious = strings.Repeat("2e", 32), strings.Repeat("1f", 32)
	h, err = openHouse(t.Context(), cfg)
	must(err)
	if moved, err := h.rekey(t.Context()); err != nil || moved != 2 {
		t.Fatalf("moved %d, %v", moved, err)
	}
	h.close()

	cfg.FieldKeyPrevious = ""
	h, err = openHouse(t.Context(), cfg)
	must(err)
	defer h.close()
	c, err = h.docs.contracts.Get(t.Context(), c.ID)
	must(err)
	if card, err := h.vault.Open(c.Sellers[0].Identity, c.IdentityPlace()); err != nil || card != someCard {
		t.Errorf("the identity card: %q, %v", card, err)
	}
	e, err = h.docs.private.erasures.Get(t.Context(), e.ID)
	must(err)
	if who, err := h.vault.Open(e.Person, e.SealedFields()[0].About); err != nil || who == "" {
		t.Errorf("the person: %q, %v", who, err)
	}
}
