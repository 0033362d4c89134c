package account

import (
	"errors"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// One link opened by many hands at once makes one member, and one write that
// fails half-way loses nothing.
func TestAcceptOnce(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	manager, wang := o.person("manager", o.uni, market.RoleManager), o.person("wang", o.firm, market.RoleDemander)
	o.must(second(o.Invite(ctx, manager, o.uni.ID, "wang@example.com", roles(market.RoleSupplier))))
	secret := o.secret("wang@example.com")
	crash := errors.New("crash")
	o.gate.set(func(*market.User) error { return crash })
	if _, err := o.Accept(ctx, wang, secret); !errors.Is(err, crash) {
		t.Fatal(err)
	}
	o.gate.set(nil)
	if o.place(wang.User, o.uni) != "" {
		t.Fatal("a member although the write failed")
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if _, err := o.Accept(ctx, wang, secret); err != nil && !market.Is(err, market.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	joined := 0
	for _, e := range o.read(wang.User).History {
		if e.Action == market.ActAcceptInvitation {
			joined++
		}
	}
	if o.place(wang.User, o.uni) != "active supplier" || joined != 1 {
		t.Errorf("%s, joined %d times", o.place(wang.User, o.uni), joined)
	}
}

// Six people who got hold of one link for somebody new make one account.
func TestAcceptNewOnce(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	manager := o.person("manager", o.uni, market.RoleManager)
	o.must(second(o.Invite(ctx, manager, o.uni.ID, "li@example.com", roles(market.RoleSupplier))))
	secret := o.secret("li@example.com")
	var all sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 6 {
		all.Go(func() {
			_, err := o.AcceptNew(ctx, market.Actor{}, secret, newcomer)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made++
			} else if !market.Is(err, market.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	page, err := o.Members(ctx, manager, o.uni.ID, "", 10)
	o.must(err)
	if made != 1 || len(page.Items) != 2 {
		t.Errorf("%d accounts made, %d members", made, len(page.Items))
	}
}

// A mail that cannot be kept is told; the invitation is there to be sent again.
func TestInviteWithoutMail(t *testing.T) {
	o := newOffice(t)
	manager := o.person("manager", o.uni, market.RoleManager)
	o.post.fail = market.E(market.Unavailable, "full", "存不下。")
	_, err := o.Invite(t.Context(), manager, o.uni.ID, "li@example.com", roles(market.RoleSupplier))
	if codeOf(err) != "not_told" {
		t.Fatal(err)
	}
	o.post.fail = nil
	open, err := o.Invitations(t.Context(), manager, o.uni.ID)
	o.must(err)
	if len(open) != 1 {
		t.Fatalf("open %+v", open)
	}
	o.must(second(o.ResendInvitation(t.Context(), manager, o.uni.ID, open[0].ID)))
	o.must(second(o.AcceptNew(t.Context(), market.Actor{}, o.secret("li@example.com"), newcomer)))
}

// The same as time passes between one step and the next: what was joined by a
// link is joined no earlier than the link was used.
func TestAcceptAsTimePasses(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	o.now = func() time.Time { o.clock.pass(time.Second); return o.clock.now() }
	manager, wang := o.person("manager", o.uni, market.RoleManager), o.person("wang", o.firm, market.RoleDemander)
	links := make(map[string]string)
	for _, login := range []string{"wang@example.com", "li@example.com"} {
		o.must(second(o.Invite(ctx, manager, o.uni.ID, login, roles(market.RoleSupplier))))
		links[login] = o.secret(login)
	}
	o.must(second(o.Accept(ctx, wang, links["wang@example.com"])))
	li, err := o.AcceptNew(ctx, market.Actor{}, links["li@example.com"], newcomer)
	o.must(err)
	if _, err := o.AcceptNew(ctx, market.Actor{}, links["li@example.com"], newcomer); codeOf(err) != "invitation_used" {
		t.Errorf("used by somebody new: %v", err)
	}
	for _, id := range []market.ID{wang.User, li.ID} {
		by := o.acting(id, o.uni)
		o.must(o.RemoveMember(ctx, manager, o.uni.ID, id, 0, "离职"))
		if _, err := o.Accept(ctx, by, links[o.read(id).Login]); codeOf(err) != "invitation_used" {
			t.Errorf("%s comes back by the old link: %v", id, err)
		}
	}
}
