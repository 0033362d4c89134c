package account

import (
	"slices"
	"testing"

	"jishi/internal/market"
)

// No row of an import makes an organization a bureau, or a bureau something
// else; officers bring in no new one.
func TestBureausAreNotImported(t *testing.T) {
	o := newOffice(t)
	officer := o.person("clerk", o.bureau, market.RoleOfficer)
	nameless := o.organization("无类型单位", "")
	tests := []struct {
		name, code string
		by         market.Actor
		row        market.Organization
	}{
		{"an enterprise by an officer", "bureau_kind_fixed", officer, market.Organization{Name: o.firm.Name, Kind: "bureau"}},
		{"an enterprise by the System", "bureau_kind_fixed", market.System, market.Organization{Name: o.firm.Name, Kind: "bureau"}},
		{"with a code that it has not yet", "bureau_kind_fixed", officer, market.Organization{Name: o.firm.Name, Code: codeOne, Kind: "bureau"}},
		{"one without a kind", "bureau_kind_fixed", officer, market.Organization{Name: nameless.Name, Kind: "bureau"}},
		{"a bureau as an enterprise", "bureau_kind_fixed", market.System, market.Organization{Name: o.bureau.Name, Kind: "enterprise"}},
		{"a new one by an officer", "only_admin_bureau", officer, market.Organization{Name: "新科技局", Kind: "bureau"}},
		{"a new one by the System", "", market.System, market.Organization{Name: "另一科技局", Kind: "bureau"}},
		{"a bureau that stays one", "", officer, market.Organization{Name: o.bureau.Name, Kind: "bureau", Summary: "介绍"}},
		{"a bureau without a kind in the row", "", officer, market.Organization{Name: o.bureau.Name, Summary: "另一介绍"}},
		{"an enterprise as a university", "", officer, market.Organization{Name: o.firm.Name, Kind: "university"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, dry := range []bool{true, false} {
				_, err := o.PutOrganization(t.Context(), tt.by, &tt.row, "", dry)
				if codeOf(err) != tt.code {
					t.Fatalf("dry run %t: %v, want %q", dry, err, tt.code)
				}
				if tt.code != "" && (!market.Is(err, market.Invalid) || !slices.Equal(fieldsOf(err), []string{"kind"})) {
					t.Errorf("%v names %v", err, fieldsOf(err))
				}
			}
		})
	}
	bureaus, err := o.FindOrganizations(t.Context(), market.System, OrganizationFilter{Kind: "bureau"})
	if err != nil || len(bureaus.Items) != 2 {
		t.Errorf("%d bureaus, %v, want 2", len(bureaus.Items), err)
	}
}

func TestCreateBureau(t *testing.T) {
	o := newOffice(t)
	row := &market.Organization{Name: "新科技局", Kind: "bureau"}
	if _, err := o.CreateOrganization(t.Context(), o.person("clerk", o.bureau, market.RoleOfficer), row); codeOf(err) != "only_admin_bureau" {
		t.Errorf("officer: %v", err)
	}
	if _, err := o.CreateOrganization(t.Context(), o.person("admin", o.bureau, market.RoleAdmin), row); err != nil {
		t.Errorf("admin: %v", err)
	}
}

// The role of officer is given by admins and by officers of the same bureau.
func TestWhoGivesOfficers(t *testing.T) {
	o := newOffice(t)
	other := o.organization("另一科技局", "bureau")
	officer := roles(market.RoleOfficer)
	givers := []struct {
		name string
		by   market.Actor
		code string
	}{
		{"manager", o.person("manager", o.bureau, market.RoleManager), "only_officer"},
		{"manager and officer", o.person("chief", o.bureau, market.RoleManager, market.RoleOfficer), ""},
		{"admin of another bureau", o.person("admin", other, market.RoleAdmin), ""},
	}
	for _, g := range givers {
		t.Run(g.name, func(t *testing.T) {
			member := o.person("m-"+string(g.by.User), o.bureau, market.RoleSupplier)
			if _, err := o.ReviseMember(t.Context(), g.by, o.bureau.ID, member.User, 0, officer); codeOf(err) != g.code {
				t.Errorf("revise: %v", err)
			}
			if _, err := o.Invite(t.Context(), g.by, o.bureau.ID, "new-"+string(g.by.User)+"@example.com", officer); codeOf(err) != g.code {
				t.Errorf("invite: %v", err)
			}
			applicant := o.person("a-"+string(g.by.User), o.firm, market.RoleSupplier)
			u := o.read(applicant.User)
			u.SetMember(market.Membership{Org: o.bureau.ID, Roles: roles(market.RoleSupplier), State: market.MemberApplied})
			o.must(o.users.Update(t.Context(), u))
			if _, err := o.ApproveMember(t.Context(), g.by, o.bureau.ID, u.ID, 0, officer); codeOf(err) != g.code {
				t.Errorf("approve: %v", err)
			}
		})
	}
	stranger := o.person("stranger", other, market.RoleOfficer)
	applicant := o.person("applicant", o.firm, market.RoleSupplier)
	u := o.read(applicant.User)
	u.SetMember(market.Membership{Org: o.bureau.ID, Roles: roles(market.RoleSupplier), State: market.MemberApplied})
	o.must(o.users.Update(t.Context(), u))
	if _, err := o.ApproveMember(t.Context(), stranger, o.bureau.ID, u.ID, 0, officer); codeOf(err) != "only_officer" {
		t.Errorf("officer of another bureau: %v", err)
	}
	o.person("second", o.bureau, market.RoleSupplier)
	if err := o.HandOver(t.Context(), givers[0].by, o.bureau.ID, "u-second", officer); codeOf(err) != "only_officer" {
		t.Errorf("hand over: %v", err)
	}
	if err := o.AddMember(t.Context(), market.System, o.bureau.ID, applicant.User, officer); codeOf(err) == "only_officer" {
		t.Errorf("added by the System: %v", err)
	}
}

// Of whom an organization has not, not even the version is told.
func TestStrangersVersionIsNotTold(t *testing.T) {
	o := newOffice(t)
	manager, stranger := o.person("manager", o.uni, market.RoleManager), o.person("boss", o.firm, market.RoleManager)
	for _, version := range []int64{0, 1, 99} {
		if _, err := o.ReviseMember(t.Context(), manager, o.uni.ID, stranger.User, version, roles(market.RoleSupplier)); !market.Is(err, market.NotFound) {
			t.Errorf("version %d: %v", version, err)
		}
	}
	member := o.person("member", o.uni, market.RoleSupplier)
	if _, err := o.ReviseMember(t.Context(), manager, o.uni.ID, member.User, 99, roles(market.RoleBroker)); !market.Is(err, market.Stale) {
		t.Errorf("a member at another version: %v", err)
	}
}
