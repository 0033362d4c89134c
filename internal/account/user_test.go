package account

import (
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestCreateUser(t *testing.T) {
	h := newHouse(t)
	good := NewUser{Login: "Wang@Example.com", Name: "王小明", Org: h.org.ID, Roles: []market.Role{market.RoleSupplier}, Password: goodPassword}
	with := func(change func(*NewUser)) NewUser { n := good; change(&n); return n }
	tests := []struct {
		name   string
		by     market.Actor
		user   NewUser
		kind   market.Kind // -1 for success
		fields []string
	}{
		{"visitor", market.Actor{}, good, market.Unauthenticated, nil},
		{"officer", actor(market.RoleOfficer), good, market.Denied, nil},
		{"admin", actor(market.RoleAdmin), good, -1, nil},
		{"login taken in other letters", market.System, with(func(n *NewUser) { n.Login = "ＷＡＮＧ@example.COM " }), market.Conflict, []string{"login"}},
		{"no login", market.System, with(func(n *NewUser) { n.Login = "" }), market.Invalid, []string{"login"}},
		{"login without @", market.System, with(func(n *NewUser) { n.Login = "li" }), market.Invalid, []string{"login"}},
		{"login with space", market.System, with(func(n *NewUser) { n.Login = "li si@demo" }), market.Invalid, []string{"login"}},
		{"login too long", market.System, with(func(n *NewUser) { n.Login = "li@" + strings.Repeat("a", 100) }), market.Invalid, []string{"login"}},
		{"login of a place", market.System, with(func(n *NewUser) { n.Login = "university@demo"; n.Password = "Jishi-demo-2026" }), -1, nil},
		{"no name, no role", market.System, with(func(n *NewUser) { n.Name = " "; n.Roles = nil }), market.Invalid, []string{"name", "roles"}},
		{"unknown role", market.System, with(func(n *NewUser) { n.Roles = []market.Role{"root"} }), market.Invalid, []string{"roles"}},
		{"unknown organization", market.System, with(func(n *NewUser) { n.Org = "nowhere" }), market.Invalid, []string{"org"}},
		{"weak password", market.System, with(func(n *NewUser) { n.Password = "12345678" }), market.Invalid, []string{"password"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			user, err := h.CreateUser(t.Context(), tt.by, tt.user)
			if tt.kind < 0 {
				if err != nil || user.Login != strings.ToLower(tt.user.Login) || !strings.HasPrefix(user.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
					t.Fatalf("got %+v, %v", user, err)
				}
				return
			}
			if !market.Is(err, tt.kind) || !slices.Equal(fieldsOf(err), tt.fields) {
				t.Fatalf("got %v naming %v, want kind %d naming %v", err, fieldsOf(err), tt.kind, tt.fields)
			}
		})
	}
}
