package account

import (
	"slices"
	"testing"

	"jishi/internal/market"
)

func TestAdminOfUsers(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	admin, officer := o.person("admin", o.bureau, market.RoleAdmin), o.person("officer", o.bureau, market.RoleOfficer, market.RoleManager)
	wang := o.person("wang", o.firm, market.RoleManager)
	factor := func() {
		u := o.read(wang.User)
		u.Factor = &market.Factor{Since: o.now()}
		o.must(o.users.Update(ctx, u))
	}
	epoch := func() int64 { return o.read(wang.User).Epoch }
	for _, step := range []struct {
		name  string
		do    func() error
		code  string
		epoch int64
	}{
		{"by an officer", func() error { return second(o.DisableUser(ctx, officer, wang.User, 0, "x")) }, "not_allowed", 0},
		{"by oneself", func() error { return second(o.DisableUser(ctx, wang, wang.User, 0, "x")) }, "own_account", 0},
		{"an admin themselves", func() error { return second(o.DisableUser(ctx, admin, admin.User, 0, "x")) }, "own_account", 0},
		{"the only admin, by the System", func() error { return second(o.DisableUser(ctx, market.System, admin.User, 0, "x")) }, "last_admin", 0},
		{"without a reason", func() error { return second(o.DisableUser(ctx, admin, wang.User, 0, "")) }, "note_required", 0},
		{"nobody", func() error { return second(o.DisableUser(ctx, admin, "no", 0, "x")) }, "not_found", 0},
		{"an old version", func() error { return second(o.DisableUser(ctx, admin, wang.User, 9, "x")) }, "stale_version", 0},
		{"enabled who is not disabled", func() error { return second(o.EnableUser(ctx, admin, wang.User, 0, "x")) }, "wrong_state", 0},
		{"disabled, although the only manager of theirs", func() error { return second(o.DisableUser(ctx, admin, wang.User, 0, "违规")) }, "", 1},
		{"disabled again", func() error { return second(o.DisableUser(ctx, admin, wang.User, 0, "违规")) }, "wrong_state", 1},
		{"enabled by an officer", func() error { return second(o.EnableUser(ctx, officer, wang.User, 0, "x")) }, "not_allowed", 1},
		{"enabled", func() error { return second(o.EnableUser(ctx, admin, wang.User, 0, "查清了")) }, "", 1},
		{"reset without a factor", func() error { return second(o.ResetFactor(ctx, admin, wang.User, 0, "x")) }, "wrong_state", 1},
		{"reset by an officer", func() error { factor(); return second(o.ResetFactor(ctx, officer, wang.User, 0, "x")) }, "not_allowed", 1},
		{"reset", func() error { return second(o.ResetFactor(ctx, admin, wang.User, 0, "手机丢失")) }, "", 2},
	} {
		t.Run(step.name, func(t *testing.T) {
			if err := step.do(); codeOf(err) != step.code {
				t.Errorf("%v, want %q", err, step.code)
			}
			if epoch() != step.epoch {
				t.Errorf("epoch %d, want %d", epoch(), step.epoch)
			}
		})
	}
	u := o.read(wang.User)
	if u.Factor != nil || u.Disabled || len(u.History) != 3 || u.History[0].Note != "违规" || u.History[0].To != "disabled" {
		t.Errorf("%+v", u)
	}
	o.sent(u.Login)
}

func TestFindUsers(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	admin := o.person("admin", o.bureau, market.RoleAdmin)
	for _, name := range []string{"wang", "wu", "li"} {
		o.person(name, o.firm, market.RoleDemander)
	}
	named := o.read("u-li")
	named.Name = "王小明"
	o.must(o.users.Update(ctx, named))
	for _, tt := range []struct {
		query string
		want  []string
	}{
		{"", []string{"admin", "li", "wang", "wu"}}, {"w", []string{"wang", "wu"}}, {"WANG@", []string{"wang"}},
		{"王", []string{"li"}}, {"王小明", []string{"li"}}, {"小", nil}, {"zz", nil}, {"\U0010FFFF", nil},
	} {
		t.Run(tt.query, func(t *testing.T) {
			page, err := o.FindUsers(ctx, admin, UserFilter{Query: tt.query})
			o.must(err)
			var got []string
			for _, u := range page.Items {
				got = append(got, string(u.ID[2:]))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
	if _, err := o.FindUsers(ctx, o.acting("u-wang", o.firm), UserFilter{}); !market.Is(err, market.Denied) {
		t.Errorf("a demander lists users: %v", err)
	}
	if _, err := o.Places(ctx, o.acting("u-wang", o.firm), o.read("u-li")); !market.Is(err, market.Denied) {
		t.Errorf("places of somebody else: %v", err)
	}
}
