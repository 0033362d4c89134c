package account

import (
	"fmt"
	"slices"
	"testing"

	"jishi/internal/market"
)

const codeOne, codeTwo = "12100000400000624D", "914403001922038216" // valid check characters, domain.md 11.1

func TestCreateOrganization(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name   string
		by     market.Actor
		org    market.Organization
		kind   market.Kind
		fields []string
	}{
		{"visitor", market.Actor{}, market.Organization{Name: "甲"}, market.Unauthenticated, nil},
		{"supplier", actor(market.RoleSupplier), market.Organization{Name: "甲"}, market.Denied, nil},
		{"broker", actor(market.RoleBroker), market.Organization{Name: "甲"}, market.Denied, nil},
		{"nothing filled", actor(market.RoleOfficer), market.Organization{}, market.Invalid, []string{"name"}},
		{"wrong codes", actor(market.RoleOfficer), market.Organization{Name: "甲", Code: "123", Kind: "x", Division: "1"}, market.Invalid, []string{"kind", "division", "code"}},
		{"control character", actor(market.RoleOfficer), market.Organization{Name: "甲\x07乙"}, market.Invalid, []string{"name"}},
		{"officer", actor(market.RoleOfficer), market.Organization{Name: "甲研究院", Code: codeOne}, -1, nil},
		{"same code again", actor(market.RoleAdmin), market.Organization{Name: "乙研究院", Code: codeOne}, market.Conflict, []string{"code"}},
		{"same name again", actor(market.RoleAdmin), market.Organization{Name: " 示例 大学 "}, market.Conflict, []string{"name"}},
		{"name registered, code new", actor(market.RoleAdmin), market.Organization{Name: "示例大学", Code: codeTwo}, market.Conflict, []string{"code"}},
		{"admin", actor(market.RoleAdmin), market.Organization{Name: "丙公司"}, -1, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			org, err := h.CreateOrganization(t.Context(), tt.by, &tt.org)
			if tt.kind < 0 {
				if err != nil || !org.Verified() || len(org.History) != 1 || org.Version != 1 {
					t.Fatalf("got %+v, %v", org, err)
				}
				return
			}
			if !market.Is(err, tt.kind) || !slices.Equal(fieldsOf(err), tt.fields) {
				t.Fatalf("got %v naming %v, want kind %d naming %v", err, fieldsOf(err), tt.kind, tt.fields)
			}
		})
	}
}

// What only the service may set is not taken from the caller.
func TestCreateOrganizationOverposted(t *testing.T) {
	h := newHouse(t)
	doc := &market.Organization{Meta: market.Meta{ID: "mine", Version: 9}, Name: "丁公司", Key: codeOne, Demo: true,
		History: []market.Event{{By: "somebody"}}}
	org, err := h.CreateOrganization(t.Context(), actor(market.RoleOfficer), doc)
	if err != nil {
		t.Fatal(err)
	}
	if org.ID == "mine" || org.Key == codeOne || org.Demo || org.Version != 1 || org.History[0].By != "u-officer" {
		t.Errorf("kept what the caller set: %+v", org)
	}
}

func TestPutOrganization(t *testing.T) {
	h := newHouse(t)
	officer := actor(market.RoleOfficer)
	steps := []struct {
		name string
		org  market.Organization
		dry  bool
		want market.Outcome
	}{
		{"dry run of a new one", market.Organization{Name: "戊公司", Code: codeOne}, true, market.Created},
		{"new", market.Organization{Name: "戊公司", Code: codeOne}, false, market.Created},
		{"again", market.Organization{Name: "戊公司", Code: codeOne}, false, market.Unchanged},
		{"code written differently", market.Organization{Name: "戊公司", Code: " 1210 0000 4000 0062 4d"}, false, market.Unchanged},
		{"dry run of a change", market.Organization{Name: "戊公司", Code: codeOne, Kind: "enterprise"}, true, market.Updated},
		{"renamed", market.Organization{Name: "戊股份公司", Code: codeOne, Kind: "enterprise"}, false, market.Updated},
		{"empty fields wipe nothing", market.Organization{Name: "戊股份公司", Code: codeOne}, false, market.Unchanged},
		{"only a name", market.Organization{Name: "己学院"}, false, market.Created},
		{"same name", market.Organization{Name: " 己 学院"}, false, market.Updated},
		{"code for the name", market.Organization{Name: "己学院", Code: codeTwo}, false, market.Updated},
		{"found by that code", market.Organization{Name: "己学院", Code: codeTwo, Summary: "介绍"}, false, market.Updated},
		{"found by the name without it", market.Organization{Name: "己学院", Summary: "介绍"}, false, market.Unchanged},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			got, err := h.PutOrganization(t.Context(), officer, &step.org, "行1", step.dry)
			if err != nil || got != step.want {
				t.Fatalf("got %v, %v, want %v", got, err, step.want)
			}
		})
	}
	page, err := h.FindOrganizations(t.Context(), officer, OrganizationFilter{})
	if err != nil || len(page.Items) != 3 {
		t.Fatalf("%d organizations, %v, want 3", len(page.Items), err)
	}
	org, err := h.LookUpOrganization(t.Context(), officer, codeTwo, "")
	if err != nil || org.Name != "己学院" || org.Code != codeTwo || len(org.History) != 4 {
		t.Errorf("by code: %+v, %v", org, err)
	}
}

func TestPutOrganizationNeedsOfficer(t *testing.T) {
	h := newHouse(t)
	for _, role := range []market.Role{market.RoleSupplier, market.RoleDemander, market.RoleBroker, market.RoleAdmin} {
		if _, err := h.PutOrganization(t.Context(), actor(role), &market.Organization{Name: "庚"}, "", false); !market.Is(err, market.Denied) {
			t.Errorf("%s: %v, want Denied", role, err)
		}
	}
	if _, err := h.PutOrganization(t.Context(), market.System, &market.Organization{Name: "庚"}, "", false); err != nil {
		t.Errorf("System: %v", err)
	}
}

func TestFindOrganizations(t *testing.T) {
	h := newHouse(t)
	for i := range 7 {
		org := &market.Organization{Name: fmt.Sprintf("单位%d", i), Kind: "enterprise",
			Contact: market.Contact{Name: "张三", Phone: "13812345678"}}
		if _, err := h.CreateOrganization(t.Context(), market.System, org); err != nil {
			t.Fatal(err)
		}
	}
	hide(t, h, "单位6")
	tests := []struct {
		name   string
		by     market.Actor
		filter OrganizationFilter
		want   int
	}{
		{"visitor", market.Actor{}, OrganizationFilter{Limit: 3}, 7},
		{"visitor, one kind", market.Actor{}, OrganizationFilter{Kind: "enterprise", Limit: 2}, 6},
		{"officer", actor(market.RoleOfficer), OrganizationFilter{}, 8},
		{"officer, one kind", actor(market.RoleOfficer), OrganizationFilter{Kind: "enterprise"}, 7},
		{"a kind nobody has", market.Actor{}, OrganizationFilter{Kind: "bureau"}, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := collect(t, h, tt.by, tt.filter)
			if len(names) != tt.want || !slices.IsSorted(names) {
				t.Errorf("got %v, want %d in order", names, tt.want)
			}
		})
	}
	for name, filter := range map[string]OrganizationFilter{"limit": {Limit: 101}, "kind": {Kind: "x"}} {
		_, err := h.FindOrganizations(t.Context(), market.Actor{}, filter)
		if !market.Is(err, market.Invalid) || !slices.Equal(fieldsOf(err), []string{name}) {
			t.Errorf("wrong %s: %v", name, err)
		}
	}
}

// collect pages through the directory and returns the names.
func collect(t *testing.T, h *house, by market.Actor, f OrganizationFilter) []string {
	t.Helper()
	var names []string
	for range 10 {
		page, err := h.FindOrganizations(t.Context(), by, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, org := range page.Items {
			if org.Contact != (market.Contact{}) || org.History != nil {
				t.Errorf("%s: a list carries contact or history", org.Name)
			}
			names = append(names, org.Name)
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	return names
}

// hide makes an organization one the bureau has not checked.
func hide(t *testing.T, h *house, name string) *market.Organization {
	t.Helper()
	org, err := h.LookUpOrganization(t.Context(), market.System, "", name)
	if err != nil {
		t.Fatal(err)
	}
	org.State = market.OrgPending
	if err := h.orgs.Update(t.Context(), org); err != nil {
		t.Fatal(err)
	}
	return org
}

func TestOrganization(t *testing.T) {
	h := newHouse(t)
	made, err := h.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "辛公司", Contact: market.Contact{Name: "张三"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "壬公司"}); err != nil {
		t.Fatal(err)
	}
	hidden := hide(t, h, "壬公司")
	member := market.Actor{User: "m", Org: hidden.ID, Roles: []market.Role{market.RoleDemander}}
	unchecked := actor(market.RoleDemander)
	unchecked.Verified = false
	tests := []struct {
		name             string
		by               market.Actor
		id               market.ID
		kind             market.Kind // -1 for success
		contact, history bool
	}{
		{"visitor", market.Actor{}, made.ID, -1, false, false},
		{"member of another", actor(market.RoleDemander), made.ID, -1, true, false},
		{"member of an unchecked one", unchecked, made.ID, -1, false, false},
		{"officer", actor(market.RoleOfficer), made.ID, -1, true, true},
		{"unknown id", market.Actor{}, "nothing", market.NotFound, false, false},
		{"hidden, visitor", market.Actor{}, hidden.ID, market.Unauthenticated, false, false},
		{"hidden, another's member", actor(market.RoleSupplier), hidden.ID, market.Denied, false, false},
		{"hidden, own member", member, hidden.ID, -1, false, true},
		{"hidden, officer", actor(market.RoleOfficer), hidden.ID, -1, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			org, err := h.Organization(t.Context(), tt.by, tt.id)
			if tt.kind >= 0 {
				if !market.Is(err, tt.kind) {
					t.Fatalf("got %v, want kind %d", err, tt.kind)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := org.Contact.Name != ""; got != tt.contact {
				t.Errorf("contact shown: %v, want %v", got, tt.contact)
			}
			if got := len(org.History) > 0; got != tt.history {
				t.Errorf("history shown: %v, want %v", got, tt.history)
			}
		})
	}
}
