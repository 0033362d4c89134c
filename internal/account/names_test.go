package account

import (
	"maps"
	"testing"

	"jishi/internal/market"
)

func TestNames(t *testing.T) {
	h := newHouse(t)
	known, erased := h.user(t, "wang@example.org"), h.user(t, "gone@example.org")
	erased.ErasedAt = start // as privacy leaves it, but with the name forgotten to be overwritten
	if err := h.users.Update(t.Context(), erased); err != nil {
		t.Fatal(err)
	}
	got, err := h.Names(t.Context(), []market.ID{known.ID, "", erased.ID, market.System.User, "nobody", known.ID})
	want := map[market.ID]string{known.ID: "王小明", erased.ID: market.ErasedName, "": "系统", market.System.User: "系统"}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("Names = %v, %v, want %v", got, err, want)
	}
	if got, err := h.Names(t.Context(), nil); err != nil || len(got) != 0 {
		t.Errorf("Names of nobody = %v, %v", got, err)
	}
}
