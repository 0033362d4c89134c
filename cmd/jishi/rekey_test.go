package main

import (
	"strings"
	"testing"
	"time"

	"jishi/internal/account"
	"jishi/internal/market"
)

// After rekey the old key is needed no more, and doing it again changes nothing.
func TestRekey(t *testing.T) {
	data, one, two := t.TempDir(), strings.Repeat("1f", 32), strings.Repeat("2e", 32)
	open := func(current, previous string) *house {
		t.Helper()
		h, err := openHouse(t.Context(), config{Data: data, FieldKey: current, FieldKeyPrevious: previous})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(h.close)
		return h
	}
	before := open(one, "")
	id := userWithFactor(t, before)
	for i, want := range []int{1, 0} {
		if moved, err := open(two, one).rekey(t.Context()); err != nil || moved != want {
			t.Fatalf("round %d moved %d, %v, want %d", i, moved, err, want)
		}
	}
	after := open(two, "")
	user, err := after.docs.users.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := after.vault.Open(user.Factor.Secret, user.SealedFields()[0].About); err != nil || got != "JBSWY3DPEHPK3PXP" {
		t.Errorf("under the new key alone: %q, %v", got, err)
	}
}

// userWithFactor adds a user with a second factor and returns their id.
func userWithFactor(t *testing.T, h *house) market.ID {
	t.Helper()
	org, err := h.organizations.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例科技局", Kind: "bureau"})
	if err != nil {
		t.Fatal(err)
	}
	user, err := h.people.CreateUser(t.Context(), market.System, account.NewUser{
		Login: "wang@example.com", Name: "王经办", Org: org.ID, Roles: []market.Role{market.RoleOfficer}, Password: "Qingshan-2026-hu",
	})
	if err != nil {
		t.Fatal(err)
	}
	user.Factor = &market.Factor{Since: time.Now().UTC()}
	place := user.SealedFields()[0]
	if *place.Field, err = h.vault.Seal("JBSWY3DPEHPK3PXP", place.About); err != nil {
		t.Fatal(err)
	}
	if err := h.docs.users.Update(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	return user.ID
}
