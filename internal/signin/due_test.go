package signin

import (
	"testing"
	"time"

	"jishi/internal/market"
)

// Staff must have a second factor where that is configured, and change old
// passwords; until then they have no role but that of a user.
func TestDue(t *testing.T) {
	tests := []struct {
		name   string
		limits func(*Limits)
		role   market.Role
		age    time.Duration
		want   market.Due
	}{
		{"officer, voluntary", func(*Limits) {}, market.RoleOfficer, 0, ""},
		{"officer, mandatory", func(l *Limits) { l.StaffFactor = true }, market.RoleOfficer, 0, market.DueFactor},
		{"admin, mandatory", func(l *Limits) { l.StaffFactor = true }, market.RoleAdmin, 0, market.DueFactor},
		{"supplier, mandatory for staff", func(l *Limits) { l.StaffFactor = true }, market.RoleSupplier, 0, ""},
		{"officer, old password", func(*Limits) {}, market.RoleOfficer, 91 * 24 * time.Hour, market.DuePassword},
		{"officer, password of 89 days", func(*Limits) {}, market.RoleOfficer, 89 * 24 * time.Hour, ""},
		{"officer, no age limit", func(l *Limits) { l.PasswordAge = 0 }, market.RoleOfficer, 1000 * 24 * time.Hour, ""},
		{"supplier, old password", func(*Limits) {}, market.RoleSupplier, 91 * 24 * time.Hour, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			limits := DefaultLimits
			tt.limits(&limits)
			h := newHouseWith(t, limits)
			h.user(t, "wang@example.com", tt.role)
			h.clock.pass(tt.age)
			actor, err := h.Actor(t.Context(), h.open(t).Access)
			if err != nil || actor.Due != tt.want || actor.Has(tt.role) != (tt.want == "") || !actor.Has(market.RoleUser) {
				t.Errorf("due %q, has the role %v, %v, want %q", actor.Due, actor.Has(tt.role), err, tt.want)
			}
		})
	}
}

func TestDueEnds(t *testing.T) {
	limits := DefaultLimits
	limits.StaffFactor = true
	h := newHouseWith(t, limits)
	h.user(t, "wang@example.com", market.RoleOfficer)
	h.clock.pass(100 * 24 * time.Hour)
	opened := h.open(t)
	changed, err := h.ChangePassword(t.Context(), opened.Actor, goodPassword, otherPassword)
	if err != nil || changed.Actor.Due != market.DueFactor {
		t.Fatalf("after the password: %q, %v", changed.Actor.Due, err)
	}
	made, err := h.StartFactor(t.Context(), changed.Actor, otherPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.ConfirmFactor(t.Context(), changed.Actor, h.code(t, made.Secret)); err != nil {
		t.Fatal(err)
	}
	if actor, err := h.Actor(t.Context(), changed.Access); err != nil || actor.Due != "" || !actor.Has(market.RoleOfficer) {
		t.Errorf("after the factor: %+v, %v", actor, err)
	}
}
