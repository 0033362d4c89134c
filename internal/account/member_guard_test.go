package account

import (
	"errors"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// Two who hold a role alone take it from each other, or give it up, at the same
// moment: one of them keeps it, every time.
func TestLastOnesRace(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	for name, tt := range map[string]struct {
		org  *market.Organization
		role market.Role
		lose func(by, other market.Actor) error
	}{
		"managers remove each other": {o.uni, market.RoleManager, func(by, other market.Actor) error { return o.RemoveMember(ctx, by, o.uni.ID, other.User, 0, "离职") }},
		"managers leave":             {o.firm, market.RoleManager, func(by, _ market.Actor) error { return o.Leave(ctx, by, o.firm.ID) }},
		"managers demote each other": {o.uni, market.RoleManager, func(by, other market.Actor) error {
			return second(o.ReviseMember(ctx, by, o.uni.ID, other.User, 0, roles(market.RoleSupplier)))
		}},
		"admins disable each other": {o.bureau, market.RoleAdmin, func(by, other market.Actor) error { return second(o.DisableUser(ctx, by, other.User, 0, "测试")) }},
		"admins remove each other": {o.bureau, market.RoleAdmin, func(by, other market.Actor) error {
			return o.RemoveMember(ctx, by, o.bureau.ID, other.User, 0, "离职")
		}},
		"admins demote each other": {o.bureau, market.RoleAdmin, func(by, other market.Actor) error {
			return second(o.ReviseMember(ctx, by, o.bureau.ID, other.User, 0, roles(market.RoleOfficer)))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for round := range 12 {
				for _, id := range o.holding(tt.role, tt.org) { // the one of the round before goes first
					u := o.read(id)
					u.Memberships[0].Roles = roles(market.RoleSupplier)
					o.must(o.gate.Collection.Update(ctx, u))
				}
				suffix := name + string(rune('a'+round))
				a, b := o.person("a "+suffix, tt.org, tt.role), o.person("b "+suffix, tt.org, tt.role)
				var both sync.WaitGroup
				errs := [2]error{}
				both.Go(func() { errs[0] = tt.lose(a, b) })
				both.Go(func() { errs[1] = tt.lose(b, a) })
				both.Wait()
				left := o.holding(tt.role, tt.org)
				if len(left) == 0 {
					t.Fatalf("round %d: nobody is left: %v, %v", round, errs[0], errs[1])
				}
				for _, err := range errs {
					if err != nil && !market.Is(err, market.Conflict) && !market.Is(err, market.Stale) {
						t.Errorf("round %d: %v", round, err)
					}
				}
			}
		})
	}
}

// One removal has noted itself and not written yet; the other comes between.
func TestGuardSeesWhoIsLeaving(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	a, b := o.person("a", o.uni, market.RoleManager), o.person("b", o.uni, market.RoleManager)
	o.gate.set(func(u *market.User) error {
		o.gate.set(nil)
		if u.ID != b.User {
			t.Fatalf("first write is of %s", u.ID)
		}
		// Here b is noted as leaving and still a manager in the store.
		if err := o.RemoveMember(ctx, b, o.uni.ID, a.User, 0, "离职"); codeOf(err) != "last_manager" {
			t.Errorf("in between: %v, want last_manager", err)
		}
		return nil
	})
	o.must(o.RemoveMember(ctx, a, o.uni.ID, b.User, 0, "离职"))
	if left := o.holding(market.RoleManager, o.uni); len(left) != 1 || left[0] != a.User {
		t.Errorf("managers %v", left)
	}
}

// A removal that died after its note blocks others for a while only, and what
// it would still write then comes too late.
func TestGuardOutlivesACrash(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	a, b := o.person("a", o.uni, market.RoleManager), o.person("b", o.uni, market.RoleManager)
	crash := errors.New("crash")
	var late *market.User
	o.gate.set(func(u *market.User) error { late = u; return crash })
	if err := o.RemoveMember(ctx, a, o.uni.ID, b.User, 0, "离职"); !errors.Is(err, crash) {
		t.Fatal(err)
	}
	o.gate.set(nil)
	if err := o.Leave(ctx, a, o.uni.ID); codeOf(err) != "last_manager" {
		t.Errorf("at once: %v", err)
	}
	o.clock.pass(leavingTime + time.Second)
	o.must(o.Leave(ctx, a, o.uni.ID))
	if err := o.users.Update(ctx, late); !market.Is(err, market.Stale) {
		t.Errorf("the late write: %v, want Stale", err)
	}
	if left := o.holding(market.RoleManager, o.uni); len(left) != 1 || left[0] != b.User {
		t.Errorf("managers %v", left)
	}
}

// Somebody disabled is no manager to count on, and a note does not outlive the
// version it speaks of.
func TestGuardCounts(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	a, b, c := o.person("a", o.uni, market.RoleManager), o.person("b", o.uni, market.RoleManager), o.person("c", o.uni, market.RoleManager)
	admin := o.person("admin", o.bureau, market.RoleAdmin)
	o.must(second(o.DisableUser(ctx, admin, b.User, 0, "测试")))
	o.must(o.Leave(ctx, c, o.uni.ID))
	if err := o.Leave(ctx, a, o.uni.ID); codeOf(err) != "last_manager" {
		t.Errorf("only a disabled one would be left: %v", err)
	}
	o.must(second(o.EnableUser(ctx, admin, b.User, 0, "测试")))
	o.must(o.Leave(ctx, a, o.uni.ID))
	guard, err := o.guards.Get(ctx, "managers-"+o.uni.ID)
	o.must(err)
	if len(guard.Leaving) != 1 || guard.Leaving[0].User != a.User {
		t.Errorf("notes %+v, want the last only", guard.Leaving)
	}
}
