package account

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// stage is an organization in a state, signed up by Li, and who stands around it.
type stage struct {
	*house
	id      market.ID
	manager market.Actor
}

// in brings an organization of its own into a state.
func (h *house) in(t *testing.T, state market.OrganizationState, code string) stage {
	t.Helper()
	login := strings.ToLower("li-" + code + "@example.com")
	if err := h.SignUp(t.Context(), newSignUp(login, code)); err != nil {
		t.Fatal(err)
	}
	user, org := h.userOf(t, login), h.orgOf(t, code)
	org.State = state
	if err := h.orgs.Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	return stage{h, org.ID, market.Actor{User: user.ID, Org: org.ID, Name: user.Name, Roles: []market.Role{market.RoleManager, market.RoleDemander}, Verified: org.Verified()}}
}

// Every decision, by everybody, on own and foreign organizations in every
// state: allowed where both tables allow it, and nowhere else.
func TestMoveOrganization(t *testing.T) {
	roles := []market.Role{"", market.RoleSupplier, market.RoleDemander, market.RoleBroker, market.RoleManager, market.RoleOfficer, market.RoleAdmin}
	h := newHouse(t)
	s := h.in(t, market.OrgPending, codeTwo)
	cells := 0
	for _, state := range market.OrganizationStates {
		for _, role := range roles {
			for _, own := range []bool{false, true} {
				for _, action := range append(slices.Clone(verdicts), market.ActReviseOrganization, market.ActApprove) {
					s.check(t, market.OrganizationState(state.Code), role, own, action)
					cells++
				}
			}
		}
	}
	t.Logf("%d cells", cells)
}

func (s stage) check(t *testing.T, state market.OrganizationState, role market.Role, own bool, action market.Action) {
	t.Helper()
	org, err := s.orgs.Get(t.Context(), s.id)
	if err != nil {
		t.Fatal(err)
	}
	org.State, org.History = state, nil
	if err := s.orgs.Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	by := market.Actor{}
	if role != "" {
		by = actor(role)
	}
	if own && role != "" {
		by.Org = s.id
	}
	want := market.Kind(-1)
	var to market.OrganizationState
	legal := false
	for _, move := range market.OrganizationMoves {
		if move.From == state && move.Action == action {
			legal, to = true, move.To
		}
	}
	switch {
	case !slices.Contains(verdicts, action):
		want = market.NotFound
	case role == "":
		want = market.Unauthenticated
	case role != market.RoleOfficer || own:
		want = market.Denied
	case !legal:
		want = market.Conflict
	}
	got, err := s.MoveOrganization(t.Context(), by, s.id, 0, action, "理由")
	switch {
	case want >= 0 && !market.Is(err, want):
		t.Errorf("%s as %s (own %v) on %s: %v, want kind %d", action, role, own, state, err, want)
	case want < 0 && (err != nil || got.State != to || len(got.History) != 1 || !got.Since.Equal(s.clock.now())):
		t.Errorf("%s as %s on %s: %+v, %v", action, role, state, got, err)
	}
	if want >= 0 {
		if now, _ := s.orgs.Get(t.Context(), s.id); now.Version != org.Version {
			t.Errorf("%s as %s (own %v) on %s: refused, and changed", action, role, own, state)
		}
	}
}

func TestDecisions(t *testing.T) {
	h := newHouse(t)
	s, officer := h.in(t, market.OrgPending, codeTwo), actor(market.RoleOfficer)
	move := func(by market.Actor, version int64, a market.Action, note string) (*market.Organization, error) {
		return h.MoveOrganization(t.Context(), by, s.id, version, a, note)
	}
	if _, err := move(officer, 0, market.ActReturnOrganization, " "); !market.Is(err, market.Invalid) || !slices.Equal(fieldsOf(err), []string{"note"}) {
		t.Errorf("returned without a reason: %v", err)
	}
	if _, err := move(officer, 99, market.ActVerifyOrganization, ""); !market.Is(err, market.Stale) {
		t.Errorf("decided on another version: %v", err)
	}
	if _, err := h.MoveOrganization(t.Context(), officer, "nowhere", 0, market.ActVerifyOrganization, ""); !market.Is(err, market.NotFound) {
		t.Errorf("unknown: %v", err)
	}
	h.clock.pass(time.Hour)
	org, err := move(officer, 0, market.ActReturnOrganization, "缺营业执照副本")
	if err != nil || org.Contact.Phone != "" && org.Contact.Phone == "13800001111" && !market.May(officer, market.ActReadContact, s.id) {
		t.Fatalf("%+v, %v", org, err)
	}
	if got := h.post.to("li-" + codeTwo + "@example.com"); !slices.Contains(got, "单位资料需要补正") {
		t.Errorf("mails %v", got)
	}
	if _, err := move(officer, 0, market.ActReturnOrganization, "缺营业执照副本"); err != nil || len(h.post.to("li-"+codeTwo+"@example.com")) != 2 {
		t.Errorf("again: %v, mails %v", err, h.post.to("li-"+codeTwo+"@example.com"))
	}
	other := officer
	other.User = "u-other"
	if _, err := move(other, 0, market.ActReturnOrganization, "缺营业执照副本"); !market.Is(err, market.Conflict) {
		t.Errorf("another officer again: %v", err)
	}
}

// Nobody decides about an organization they belong to, whomever they act for.
func TestOwnOrganizationByTheBackDoor(t *testing.T) {
	h := newHouse(t)
	s := h.in(t, market.OrgPending, codeTwo)
	bureau, err := h.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例科技局", Kind: "bureau"})
	if err != nil {
		t.Fatal(err)
	}
	submitter := market.Actor{User: s.manager.User, Org: bureau.ID, Roles: []market.Role{market.RoleOfficer}, Verified: true}
	member, err := h.CreateUser(t.Context(), market.System, NewUser{Login: "zhou@example.com", Name: "周经办", Org: bureau.ID, Roles: []market.Role{market.RoleOfficer}, Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	member.SetMember(market.Membership{Org: s.id, Roles: []market.Role{market.RoleDemander}, State: market.MemberActive})
	if err := h.users.Update(t.Context(), member); err != nil {
		t.Fatal(err)
	}
	for name, by := range map[string]market.Actor{"submitter": submitter, "member": {User: member.ID, Org: bureau.ID, Roles: []market.Role{market.RoleOfficer}, Verified: true}} {
		if _, err := h.MoveOrganization(t.Context(), by, s.id, 0, market.ActVerifyOrganization, ""); !market.Is(err, market.Denied) {
			t.Errorf("%s verifies: %v", name, err)
		}
		org, err := h.Organization(t.Context(), by, s.id)
		if err != nil {
			t.Fatal(err)
		}
		if may, err := h.OrganizationActions(t.Context(), by, org); err != nil || len(may) > 0 {
			t.Errorf("%s is offered %v, %v", name, may, err)
		}
	}
}

// However organizations are moved and revised, only moves of the table happen
// and the history tells them.
func TestOrganizationWalk(t *testing.T) {
	h := newHouse(t)
	s, officer := h.in(t, market.OrgPending, codeTwo), actor(market.RoleOfficer)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 4).Draw(rt, "moves") {
			before, err := h.orgs.Get(t.Context(), s.id)
			if err != nil {
				rt.Fatal(err)
			}
			action := rapid.SampledFrom(append(slices.Clone(verdicts), market.ActReviseOrganization)).Draw(rt, "action")
			note := rapid.SampledFrom([]string{"", "理由"}).Draw(rt, "note")
			if action == market.ActReviseOrganization {
				entry := *before
				n++
				entry.Summary = "第 " + market.Clip(string(rune('一'+n%1000)), 1) + " 次"
				_, err = h.ReviseOrganization(t.Context(), s.manager, &entry)
			} else {
				_, err = h.MoveOrganization(t.Context(), officer, s.id, before.Version, action, note)
			}
			after, _ := h.orgs.Get(t.Context(), s.id)
			move, illegal := market.OrganizationMoves.Next(before.State, action, note, market.OrganizationState.Name)
			repeated := decided(before, officer, action)
			switch {
			case repeated && action != market.ActReviseOrganization:
				if err != nil || after.Version != before.Version {
					rt.Fatalf("%s again on %s: %v", action, before.State, err)
				}
			case illegal != nil:
				if err == nil || after.Version != before.Version {
					rt.Fatalf("%s on %s: %v, now %s", action, before.State, err, after.State)
				}
			case err != nil || after.State != move.To || len(after.History) != len(before.History)+1:
				rt.Fatalf("%s on %s: %v, now %s", action, before.State, err, after.State)
			}
		}
	})
}
