package market

import (
	"slices"
	"testing"
)

func TestListingMoves(t *testing.T) {
	tests := []struct {
		from   ListingState
		action Action
		note   string
		to     ListingState
		kind   Kind
	}{
		{StateDraft, ActSubmit, "", StateSubmitted, 0},
		{StateSubmitted, ActApprove, "", StatePublished, 0},
		{StateSubmitted, ActReject, "摘要太短", StateRejected, 0},
		{StateSubmitted, ActReject, " ", "", Invalid},
		{StateRejected, ActSubmit, "", StateSubmitted, 0},
		{StatePublished, ActRevise, "", StateSubmitted, 0},
		{StatePublished, ActExpire, "", StateExpired, 0},
		{StateExpired, ActRenew, "", StatePublished, 0},
		{StateWithdrawn, ActReopen, "", StateDraft, 0},
		{StateDraft, ActApprove, "", "", Conflict},
		{StatePublished, ActSubmit, "", "", Conflict},
		{StateWithdrawn, ActApprove, "", "", Conflict},
	}
	for _, tt := range tests {
		t.Run(string(tt.from)+" "+string(tt.action), func(t *testing.T) {
			move, err := ListingMoves.Next(tt.from, tt.action, tt.note, ListingState.Name)
			if move.To != tt.to || (err != nil && KindOf(err) != tt.kind) || (err == nil) != (tt.kind == 0) {
				t.Errorf("Next = %v, %v; want %v, kind %v", move.To, err, tt.to, tt.kind)
			}
		})
	}
}

// Each table names only known states, says one thing for each state and
// action, and leaves no state out of reach.
func TestTablesAreSound(t *testing.T) {
	t.Run("listing", func(t *testing.T) { sound(t, ListingMoves, ListingStates, StateDraft) })
	t.Run("contract", func(t *testing.T) { sound(t, ContractMoves, ContractStates, ContractDraft) })
}

func sound[S ~string](t *testing.T, moves Moves[S], states CodeList, start S) {
	t.Helper()
	seen, reached := map[string]bool{}, []S{start}
	for _, m := range moves {
		if !states.Has(string(m.From)) || !states.Has(string(m.To)) || ActionName(m.Action) == string(m.Action) {
			t.Errorf("move %v names something unknown", m)
		}
		key := string(m.From) + "/" + string(m.Action)
		if seen[key] {
			t.Errorf("two moves for %s", key)
		}
		seen[key] = true
	}
	for i := 0; i < len(reached); i++ {
		for _, m := range moves {
			if m.From == reached[i] && !slices.Contains(reached, m.To) {
				reached = append(reached, m.To)
			}
		}
	}
	if len(reached) != len(states) {
		t.Errorf("reached %v of %v", reached, states)
	}
	if len(moves.Open(start)) == 0 {
		t.Error("nothing can be done at the start")
	}
}

func TestPermissions(t *testing.T) {
	org, other := ID("o1"), ID("o2")
	as := func(roles ...Role) Actor { return Actor{User: "u", Org: org, Roles: roles} }
	tests := []struct {
		name   string
		by     Actor
		action Action
		owners []ID
		want   Kind
		ok     bool
	}{
		{"supplier creates", as(RoleSupplier), ActCreateAchievement, nil, 0, true},
		{"demander creates no achievement", as(RoleDemander), ActCreateAchievement, nil, Denied, false},
		{"visitor creates nothing", Actor{}, ActCreateDemand, nil, Unauthenticated, false},
		{"owner revises", as(RoleSupplier), ActRevise, []ID{org}, 0, true},
		{"stranger does not revise", as(RoleSupplier), ActRevise, []ID{other}, Denied, false},
		{"officer approves", as(RoleOfficer), ActApprove, []ID{other}, 0, true},
		{"officer does not approve the bureau's own", as(RoleOfficer), ActApprove, []ID{org}, Denied, false},
		{"broker does not approve", as(RoleBroker), ActApprove, []ID{other}, Denied, false},
		{"party reads contract", as(RoleDemander), ActReadContract, []ID{other, org}, 0, true},
		{"stranger reads no contract", as(RoleDemander), ActReadContract, []ID{other}, Denied, false},
		{"admin manages users", as(RoleAdmin), ActManageUsers, nil, 0, true},
		{"officer manages no users", as(RoleOfficer), ActManageUsers, nil, Denied, false},
		{"no organization owns nothing", Actor{User: "u", Roles: []Role{RoleSupplier}}, ActRevise, []ID{""}, Denied, false},
		{"unknown action", as(RoleAdmin, RoleOfficer), "no.such", nil, Denied, false},
		{"system", System, ActApprove, []ID{other}, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Permit(tt.by, tt.action, tt.owners...)
			if (err == nil) != tt.ok || (err != nil && KindOf(err) != tt.want) {
				t.Errorf("Permit = %v, want ok %v kind %v", err, tt.ok, tt.want)
			}
		})
	}
}

// Every grant is of a named action to a known role.
func TestGrantsAreNamed(t *testing.T) {
	for _, g := range Grants {
		if ActionName(g.Action) == string(g.Action) || !Roles.Has(string(g.Role)) && g.Role != RoleAnyone && g.Role != RoleUser {
			t.Errorf("grant %v names something unknown", g)
		}
	}
}
