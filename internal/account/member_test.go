package account

import (
	"context"
	"errors"
	"slices"
	"testing"

	"jishi/internal/market"
)

// What everybody may do with members and invitations of an organization is
// what the table of permissions says, no more and no less.
func TestMembersArePermitted(t *testing.T) {
	o := newOffice(t)
	ctx, org := t.Context(), o.uni.ID
	actors := map[string]market.Actor{
		"visitor":          {},
		"supplier, own":    o.person("supplier", o.uni, market.RoleSupplier),
		"manager, own":     o.person("manager", o.uni, market.RoleManager),
		"broker, own":      o.person("broker", o.uni, market.RoleBroker),
		"manager, foreign": o.person("boss", o.firm, market.RoleManager, market.RoleDemander),
		"officer, foreign": o.person("officer", o.bureau, market.RoleOfficer),
		"officer, own":     {User: "u-officer", Org: org, Roles: roles(market.RoleOfficer), Verified: true},
		"admin, foreign":   o.person("admin", o.bureau, market.RoleAdmin),
		"of nowhere":       {User: "u-nobody", Name: "甲"},
		"something due":    {User: "u-manager", Org: org, Roles: roles(market.RoleManager), Verified: true, Due: market.DueFactor},
		"unchecked":        {User: "u-manager", Org: org, Roles: roles(market.RoleManager)},
	}
	one := func(err error) error { return err }
	asked := map[market.Action]func(market.Actor) error{
		market.ActReadMembers:      func(by market.Actor) error { _, err := o.Members(ctx, by, org, "", 10); return err },
		market.ActApproveMember:    func(by market.Actor) error { _, err := o.ApproveMember(ctx, by, org, "no", 0, nil); return err },
		market.ActRefuseMember:     func(by market.Actor) error { return o.RefuseMember(ctx, by, org, "no", 0, "不是") },
		market.ActReviseMember:     func(by market.Actor) error { _, err := o.ReviseMember(ctx, by, org, "no", 0, nil); return err },
		market.ActRemoveMember:     func(by market.Actor) error { return o.RemoveMember(ctx, by, org, "no", 0, "离职") },
		market.ActInvite:           func(by market.Actor) error { _, err := o.Invite(ctx, by, org, "no address", nil); return err },
		market.ActRevokeInvitation: func(by market.Actor) error { return one(o.RevokeInvitation(ctx, by, org, "no")) },
		market.ActHandOver:         func(by market.Actor) error { return o.HandOver(ctx, by, org, "no", nil) },
		market.ActLeave:            func(by market.Actor) error { return o.Leave(ctx, by, "nowhere") },
	}
	for who, by := range actors {
		for action, ask := range asked {
			if action == market.ActLeave { // decided by the membership, not by whom one acts for
				continue
			}
			t.Run(who+" "+string(action), func(t *testing.T) {
				err := ask(by)
				refused := market.Is(err, market.Denied) || market.Is(err, market.Unauthenticated)
				if may := market.May(by, action, org); refused == may {
					t.Errorf("%v, while the table says %t", err, may)
				}
			})
		}
	}
	for who, login := range map[string]string{
		"manager, own": "supplier@example.com", "admin, foreign": "supplier@example.com", "officer, foreign": "s***@example.com", "officer, own": "supplier@example.com",
	} {
		if m, err := o.Member(ctx, actors[who], org, "u-supplier"); err != nil || m.Login != login {
			t.Errorf("%s sees %+v, %v, want %s", who, m, err, login)
		}
	}
	for _, read := range []func(market.Actor) error{
		func(by market.Actor) error { _, err := o.Member(ctx, by, org, "u-supplier"); return err },
		func(by market.Actor) error { _, err := o.Applicants(ctx, by, org); return err },
	} {
		if err := read(actors["manager, own"]); err != nil {
			t.Error(err)
		}
		if err := read(actors["manager, foreign"]); !market.Is(err, market.Denied) {
			t.Errorf("foreign manager: %v", err)
		}
	}
}

func TestReviseMember(t *testing.T) {
	o := newOffice(t)
	manager, second := o.person("manager", o.uni, market.RoleManager), o.person("second", o.uni, market.RoleManager, market.RoleSupplier)
	supplier := o.person("supplier", o.uni, market.RoleSupplier)
	bureau := o.person("chief", o.bureau, market.RoleManager, market.RoleOfficer)
	admin, clerk := o.person("admin", o.bureau, market.RoleAdmin), o.person("clerk", o.bureau, market.RoleOfficer)
	tests := []struct {
		name  string
		by    market.Actor
		org   *market.Organization
		user  market.ID
		roles []market.Role
		code  string
		want  string
	}{
		{"two roles, in order", manager, o.uni, supplier.User, roles(market.RoleBroker, market.RoleSupplier), "", "active supplier broker"},
		{"no role", manager, o.uni, supplier.User, nil, "invalid_fields", "active supplier broker"},
		{"twice the same", manager, o.uni, supplier.User, roles(market.RoleBroker, market.RoleBroker), "invalid_fields", "active supplier broker"},
		{"no such role", manager, o.uni, supplier.User, roles("root"), "invalid_fields", "active supplier broker"},
		{"pseudo role", manager, o.uni, supplier.User, roles(market.RoleUser), "invalid_fields", "active supplier broker"},
		{"officer at a university", manager, o.uni, supplier.User, roles(market.RoleOfficer), "invalid_fields", "active supplier broker"},
		{"admin at a university, by an admin", admin, o.uni, supplier.User, roles(market.RoleAdmin), "invalid_fields", "active supplier broker"},
		{"another manager", manager, o.uni, supplier.User, roles(market.RoleManager), "", "active manager"},
		{"of another organization", manager, o.uni, clerk.User, roles(market.RoleSupplier), "not_found", ""},
		{"officer by the bureau's manager", bureau, o.bureau, clerk.User, roles(market.RoleOfficer, market.RoleSupplier), "", "active supplier officer"},
		{"admin by the bureau's manager", bureau, o.bureau, clerk.User, roles(market.RoleAdmin), "only_admin", ""},
		{"oneself admin", bureau, o.bureau, bureau.User, roles(market.RoleManager, market.RoleAdmin), "only_admin", ""},
		{"taking an admin's role", bureau, o.bureau, admin.User, roles(market.RoleOfficer), "only_admin", "active admin"},
		{"admin by an admin", admin, o.bureau, clerk.User, roles(market.RoleAdmin), "", "active admin"},
		{"an admin of another", admin, o.bureau, clerk.User, roles(market.RoleOfficer), "", "active officer"},
		{"the last admin", admin, o.bureau, admin.User, roles(market.RoleOfficer), "last_admin", "active admin"},
		{"a manager by an admin", admin, o.uni, second.User, roles(market.RoleSupplier), "", "active supplier"},
		{"the last manager of a bureau", bureau, o.bureau, bureau.User, roles(market.RoleOfficer), "last_manager", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := o.read(tt.user)
			_, err := o.ReviseMember(t.Context(), tt.by, tt.org.ID, tt.user, 0, tt.roles)
			if codeOf(err) != tt.code {
				t.Fatalf("%v, want %q", err, tt.code)
			}
			if got := o.place(tt.user, tt.org); tt.want != "" && got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
			after := o.read(tt.user)
			if err != nil && after.Version != before.Version {
				t.Error("a refused change wrote something")
			}
			if last := len(after.History) - 1; err == nil && (after.History[last].Action != market.ActReviseMember || after.History[last].By != tt.by.User) {
				t.Errorf("history ends with %+v", after.History[last])
			}
		})
	}
	if _, err := o.ReviseMember(t.Context(), manager, o.uni.ID, second.User, 1, roles(market.RoleBroker)); !market.Is(err, market.Stale) {
		t.Errorf("an old version: %v", err)
	}
}

func TestRemoveAndLeave(t *testing.T) {
	o := newOffice(t)
	manager, member := o.person("manager", o.uni, market.RoleManager), o.person("member", o.uni, market.RoleSupplier)
	chief, admin := o.person("chief", o.bureau, market.RoleManager), o.person("admin", o.bureau, market.RoleAdmin)
	both := o.person("both", o.uni, market.RoleBroker)
	o.must(o.join(t.Context(), both, both.User, o.firm, market.Membership{Org: o.firm.ID, Roles: roles(market.RoleManager), State: market.MemberActive, Since: o.now()}, market.ActAcceptInvitation))
	steps := []struct {
		name string
		do   func() error
		code string
	}{
		{"without a reason", func() error { return o.RemoveMember(t.Context(), manager, o.uni.ID, member.User, 0, " ") }, "note_required"},
		{"oneself", func() error { return o.RemoveMember(t.Context(), manager, o.uni.ID, manager.User, 0, "走了") }, "own_membership"},
		{"an admin, by the bureau's manager", func() error { return o.RemoveMember(t.Context(), chief, o.bureau.ID, admin.User, 0, "调离") }, "only_admin"},
		{"a member", func() error { return o.RemoveMember(t.Context(), manager, o.uni.ID, member.User, 0, "离职") }, ""},
		{"again", func() error { return o.RemoveMember(t.Context(), manager, o.uni.ID, member.User, 0, "离职") }, "not_found"},
		{"the last manager leaves", func() error { return o.Leave(t.Context(), manager, o.uni.ID) }, "last_manager"},
		{"the last admin leaves", func() error { return o.Leave(t.Context(), admin, o.bureau.ID) }, "last_admin"},
		{"who acts for another", func() error { return o.Leave(t.Context(), both, o.uni.ID) }, ""},
		{"who is no member", func() error { return o.Leave(t.Context(), both, o.uni.ID) }, "not_found"},
		{"a visitor", func() error { return o.Leave(t.Context(), market.Actor{}, o.uni.ID) }, "sign_in_first"},
	}
	for _, step := range steps {
		t.Run(step.name, func(t *testing.T) {
			if err := step.do(); codeOf(err) != step.code {
				t.Errorf("%v, want %q", err, step.code)
			}
		})
	}
	if got := o.place(member.User, o.uni); got != "ended supplier" || o.read(member.User).Home() != "" {
		t.Errorf("removed member is %s, at home in %q", got, o.read(member.User).Home())
	}
	if got := o.read(both.User); got.Home() != o.firm.ID || got.Org != o.firm.ID {
		t.Errorf("who left one of two is at home in %s", got.Home())
	}
	o.sent(o.read(member.User).Login)
	page, err := o.Members(t.Context(), manager, o.uni.ID, "", 10)
	o.must(err)
	if len(page.Items) != 1 || page.Items[0].User != manager.User {
		t.Errorf("members %+v", page.Items)
	}
}

// A hand-over cut short after its first write leaves two managers; doing it
// again completes it.
func TestHandOver(t *testing.T) {
	o := newOffice(t)
	manager, next := o.person("manager", o.uni, market.RoleManager), o.person("next", o.uni, market.RoleSupplier)
	gone := o.person("gone", o.uni, market.RoleSupplier)
	o.must(second(o.DisableUser(t.Context(), o.person("admin", o.bureau, market.RoleAdmin), gone.User, 0, "测试")))
	keep := roles(market.RoleSupplier)
	for name, tt := range map[string]struct {
		to   market.ID
		keep []market.Role
		code string
	}{
		"nothing kept": {next.User, nil, "invalid_fields"}, "only manager kept": {next.User, roles(market.RoleManager), "invalid_fields"},
		"to oneself": {manager.User, keep, "own_membership"}, "to nobody": {"no", keep, "not_found"}, "to somebody disabled": {gone.User, keep, "user_disabled"},
	} {
		if err := o.HandOver(t.Context(), manager, o.uni.ID, tt.to, tt.keep); codeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
	failure := errors.New("power cut")
	o.gate.set(func(u *market.User) error {
		if u.ID == manager.User {
			return failure
		}
		return nil
	})
	if err := o.HandOver(t.Context(), manager, o.uni.ID, next.User, keep); !errors.Is(err, failure) {
		t.Fatal(err)
	}
	o.gate.set(nil)
	if got := o.holding(market.RoleManager, o.uni); len(got) != 2 {
		t.Fatalf("managers after the power cut: %v", got)
	}
	o.must(o.HandOver(t.Context(), manager, o.uni.ID, next.User, keep))
	if got := o.holding(market.RoleManager, o.uni); !slices.Equal(got, []market.ID{next.User}) || o.place(manager.User, o.uni) != "active supplier" {
		t.Errorf("managers %v, the former is %s", got, o.place(manager.User, o.uni))
	}
	if err := o.HandOver(t.Context(), manager, o.uni.ID, next.User, keep); codeOf(err) != "not_manager" {
		t.Errorf("who is none any more: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestApplicants(t *testing.T) {
	o := newOffice(t)
	manager := o.person("manager", o.uni, market.RoleManager)
	officer, local := o.person("officer", o.bureau, market.RoleOfficer), o.person("local", o.bureau, market.RoleOfficer)
	wang, li := o.person("wang", o.firm, market.RoleDemander), o.person("li", o.firm, market.RoleDemander)
	apply := func(by market.Actor, org *market.Organization, asked ...market.Role) error {
		return o.Apply(context.Background(), by, org.ID, Application{Roles: asked})
	}
	for _, step := range []struct {
		name string
		do   func() error
		code string
	}{
		{"as manager", func() error { return apply(wang, o.uni, market.RoleManager) }, "invalid_fields"},
		{"as officer", func() error { return apply(wang, o.bureau, market.RoleOfficer) }, "invalid_fields"},
		{"to one's own", func() error { return apply(wang, o.firm, market.RoleDemander) }, "not_allowed"},
		{"as a visitor", func() error { return apply(market.Actor{}, o.uni, market.RoleSupplier) }, "sign_in_first"},
		{"with somebody's file", func() error {
			o.must(insertFile(o, "f1", "u-li"))
			return o.Apply(t.Context(), wang, o.uni.ID, Application{Roles: roles(market.RoleSupplier), Proof: "f1"})
		}, "invalid_fields"},
		{"as supplier", func() error { return apply(wang, o.uni, market.RoleSupplier) }, ""},
		{"again", func() error { return apply(wang, o.uni, market.RoleSupplier) }, "already_applied"},
		{"another", func() error { return apply(li, o.uni, market.RoleBroker) }, ""},
		{"roles before the decision", func() error {
			return second(o.ReviseMember(t.Context(), manager, o.uni.ID, wang.User, 0, roles(market.RoleManager)))
		}, "not_active"},
		{"removed before the decision", func() error { return o.RemoveMember(t.Context(), manager, o.uni.ID, wang.User, 0, "x") }, "not_active"},
		{"refused without a reason", func() error { return o.RefuseMember(t.Context(), manager, o.uni.ID, li.User, 0, "") }, "note_required"},
		{"refused", func() error { return o.RefuseMember(t.Context(), officer, o.uni.ID, li.User, 0, "查无此人") }, ""},
		{"refused again", func() error { return o.RefuseMember(t.Context(), officer, o.uni.ID, li.User, 0, "查无此人") }, "not_found"},
		{"with a role the kind has not", func() error {
			return second(o.ApproveMember(t.Context(), manager, o.uni.ID, wang.User, 0, roles(market.RoleOfficer)))
		}, "invalid_fields"},
		{"approved", func() error { return second(o.ApproveMember(t.Context(), manager, o.uni.ID, wang.User, 0, nil)) }, ""},
		{"approved again", func() error { return second(o.ApproveMember(t.Context(), manager, o.uni.ID, wang.User, 0, nil)) }, "no_application"},
		{"own bureau's applicant", func() error {
			o.must(apply(li, o.bureau, market.RoleSupplier))
			return second(o.ApproveMember(t.Context(), local, o.bureau.ID, li.User, 0, nil))
		}, "not_allowed"},
	} {
		t.Run(step.name, func(t *testing.T) {
			if err := step.do(); codeOf(err) != step.code {
				t.Errorf("%v, want %q", err, step.code)
			}
		})
	}
	if got := o.place(wang.User, o.uni) + ", " + o.place(li.User, o.uni); got != "active supplier, ended broker" {
		t.Error(got)
	}
	o.must(apply(li, o.uni, market.RoleBroker))
	waiting, err := o.Applicants(t.Context(), manager, o.uni.ID)
	o.must(err)
	if len(waiting) != 1 || waiting[0].User != li.User || waiting[0].State != market.MemberApplied {
		t.Errorf("waiting %+v", waiting)
	}
	if by := o.acting(li.User, o.uni); len(by.Roles) > 0 || o.read(li.User).Home() != o.firm.ID {
		t.Error("an applicant acts for the organization")
	}
}

// insertFile adds a file somebody uploaded.
func insertFile(o *office, id, user market.ID) error {
	return o.files.(interface {
		Insert(context.Context, *market.File) error
	}).Insert(o.t.Context(), &market.File{Meta: market.Meta{ID: id}, User: user})
}
