package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

var newcomer = Newcomer{Name: "李四", Phone: "13812345678", Password: goodPassword, Purposes: []string{market.PurposeAccount}}

func TestInvite(t *testing.T) {
	o := newOffice(t)
	manager, admin := o.person("manager", o.uni, market.RoleManager), o.person("admin", o.bureau, market.RoleAdmin)
	chief := o.person("chief", o.bureau, market.RoleManager)
	supplier := roles(market.RoleSupplier)
	for _, tt := range []struct {
		name  string
		by    market.Actor
		org   *market.Organization
		login string
		roles []market.Role
		code  string
	}{
		{"no address", manager, o.uni, "li", supplier, "invalid_fields"},
		{"two lines", manager, o.uni, "li@example.com\r\nBcc: x@example.com", supplier, "invalid_fields"},
		{"no role", manager, o.uni, "li@example.com", nil, "invalid_fields"},
		{"officer of a university", manager, o.uni, "li@example.com", roles(market.RoleOfficer), "invalid_fields"},
		{"admin by a manager", chief, o.bureau, "li@example.com", roles(market.RoleAdmin), "only_admin"},
		{"admin by an admin", admin, o.bureau, "li@example.com", roles(market.RoleAdmin), ""},
		{"a member", manager, o.uni, "manager@example.com", supplier, "already_member"},
		{"somebody", manager, o.uni, " Li@Example.COM", supplier, ""},
		{"the same again", manager, o.uni, "li@example.com", supplier, "already_invited"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := o.Invite(t.Context(), tt.by, tt.org.ID, tt.login, tt.roles)
			if codeOf(err) != tt.code {
				t.Errorf("%v, want %q", err, tt.code)
			}
		})
	}
	if open, err := o.Invitations(t.Context(), manager, o.uni.ID); err != nil || len(open) != 1 || open[0].Login != "li@example.com" {
		t.Errorf("open: %+v, %v", open, err)
	}
	secret := o.secret("li@example.com")
	page, err := o.openInvitations(t.Context(), o.uni.ID)
	o.must(err)
	if stored := fmt.Sprintf("%+v", *page[0]); strings.Contains(stored, secret) {
		t.Error("the secret is in the store")
	}
}

func TestAcceptNew(t *testing.T) {
	o := newOffice(t)
	manager := o.person("manager", o.uni, market.RoleManager)
	o.must(second(o.Invite(t.Context(), manager, o.uni.ID, "li@example.com", roles(market.RoleSupplier, market.RoleBroker))))
	secret := o.secret("li@example.com")
	with := func(change func(*Newcomer)) Newcomer { n := newcomer; change(&n); return n }
	for _, tt := range []struct {
		name   string
		by     market.Actor
		secret string
		who    Newcomer
		code   string
		fields []string
	}{
		{"nothing told", market.Actor{}, secret, Newcomer{}, "invalid_fields", []string{"name", "password", "consent"}},
		{"weak password", market.Actor{}, secret, with(func(n *Newcomer) { n.Password = "li@example.com1A" }), "invalid_fields", []string{"password"}},
		{"no consent", market.Actor{}, secret, with(func(n *Newcomer) { n.Purposes = []string{market.PurposePublish} }), "invalid_fields", []string{"consent"}},
		{"unknown purpose", market.Actor{}, secret, with(func(n *Newcomer) { n.Purposes = append(n.Purposes, "all") }), "invalid_fields", []string{"consent"}},
		{"wrong phone", market.Actor{}, secret, with(func(n *Newcomer) { n.Phone = "12" }), "invalid_fields", []string{"phone"}},
		{"no such link", market.Actor{}, secret + "x", newcomer, "not_found", nil},
		{"signed in as somebody", manager, secret, newcomer, "invitation_for_other", nil},
		{"good", market.Actor{}, secret, newcomer, "", nil},
		{"again", market.Actor{}, secret, newcomer, "invitation_used", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := o.AcceptNew(t.Context(), tt.by, tt.secret, tt.who)
			if codeOf(err) != tt.code || !slices.Equal(fieldsOf(err), tt.fields) {
				t.Fatalf("%v naming %v, want %q naming %v", err, fieldsOf(err), tt.code, tt.fields)
			}
		})
	}
	user, err := o.userByLogin(t.Context(), "li@example.com")
	o.must(err)
	if got := o.place(user.ID, o.uni); got != "active supplier broker" || user.ConfirmedAt.IsZero() || user.Home() != o.uni.ID || len(o.agreed.by[user.ID]) != 1 {
		t.Errorf("%s, confirmed %v, agreed %v", got, user.ConfirmedAt, o.agreed.by[user.ID])
	}
	page, err := o.Members(t.Context(), manager, o.uni.ID, "", 10)
	o.must(err)
	if len(page.Items) != 2 {
		t.Errorf("%d members", len(page.Items))
	}
}

func TestAccept(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	manager, wang, li := o.person("manager", o.uni, market.RoleManager), o.person("wang", o.firm, market.RoleDemander), o.person("li", o.firm, market.RoleDemander)
	invitation, err := o.Invite(ctx, manager, o.uni.ID, "wang@example.com", roles(market.RoleSupplier))
	o.must(err)
	old := o.secret("wang@example.com")
	o.must(second(o.ResendInvitation(ctx, manager, o.uni.ID, invitation.ID)))
	secret := o.secret("wang@example.com")
	for _, step := range []struct {
		name string
		do   func() error
		code string
	}{
		{"the link that was replaced", func() error { return second(o.Accept(ctx, wang, old)) }, "invitation_revoked"},
		{"a visitor", func() error { return second(o.Accept(ctx, market.Actor{}, secret)) }, "sign_in_first"},
		{"somebody else", func() error { return second(o.Accept(ctx, li, secret)) }, "invitation_for_other"},
		{"somebody new, for a login that has an account", func() error { return second(o.AcceptNew(ctx, market.Actor{}, secret, newcomer)) }, "login_taken"},
		{"looking", func() error { return second(o.Invitation(ctx, market.Actor{}, secret)) }, ""},
		{"the one invited", func() error { return second(o.Accept(ctx, wang, secret)) }, ""},
		{"again", func() error { return second(o.Accept(ctx, wang, secret)) }, ""},
		{"somebody else afterwards", func() error { return second(o.Accept(ctx, li, secret)) }, "invitation_for_other"},
		{"looking afterwards", func() error { return second(o.Invitation(ctx, market.Actor{}, secret)) }, "invitation_used"},
		{"looking afterwards oneself", func() error { return second(o.Invitation(ctx, wang, secret)) }, ""},
		{"revoking afterwards", func() error { return o.RevokeInvitation(ctx, manager, o.uni.ID, market.TicketID(secret)) }, "invitation_used"},
		{"removed", func() error { return o.RemoveMember(ctx, manager, o.uni.ID, wang.User, 0, "离职") }, ""},
		{"back by the old link", func() error { return second(o.Accept(ctx, wang, secret)) }, "invitation_used"},
		{"back as somebody new", func() error { return second(o.AcceptNew(ctx, market.Actor{}, secret, newcomer)) }, "invitation_used"},
		{"invited anew", func() error {
			return second(o.Invite(ctx, manager, o.uni.ID, "wang@example.com", roles(market.RoleBroker)))
		}, ""},
		{"back by the new link", func() error { return second(o.Accept(ctx, wang, o.secret("wang@example.com"))) }, ""},
	} {
		t.Run(step.name, func(t *testing.T) {
			if err := step.do(); codeOf(err) != step.code {
				t.Errorf("%v, want %q", err, step.code)
			}
		})
	}
	if got := o.place(wang.User, o.uni); got != "active broker" {
		t.Error(got)
	}
}

// What a link is good for when things have changed since it was sent.
func TestInvitationsGoBad(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*office, market.Actor, *Invitation)
		code   string
	}{
		"expired": {func(o *office, _ market.Actor, _ *Invitation) { o.clock.pass(InvitationLifetime) }, "invitation_expired"},
		"almost":  {func(o *office, _ market.Actor, _ *Invitation) { o.clock.pass(InvitationLifetime - time.Second) }, ""},
		"revoked": {func(o *office, by market.Actor, i *Invitation) {
			o.must(o.RevokeInvitation(o.t.Context(), by, o.uni.ID, i.ID))
		}, "invitation_revoked"},
		"revoked by another organization's manager": {func(o *office, _ market.Actor, i *Invitation) {
			boss := o.person("boss", o.firm, market.RoleManager)
			if err := o.RevokeInvitation(o.t.Context(), boss, o.firm.ID, i.ID); !market.Is(err, market.NotFound) {
				o.t.Errorf("by way of their own organization: %v", err)
			}
			if err := o.RevokeInvitation(o.t.Context(), boss, o.uni.ID, i.ID); !market.Is(err, market.Denied) {
				o.t.Errorf("directly: %v", err)
			}
		}, ""},
		"of another kind by now": {func(o *office, _ market.Actor, _ *Invitation) {
			o.uni.Kind = "broker"
			o.must(o.orgs.Update(o.t.Context(), o.uni))
		}, "invitation_void"},
		"a ticket for something else": {func(o *office, _ market.Actor, i *Invitation) {
			ticket, err := o.tickets.Get(o.t.Context(), i.ID)
			o.must(err)
			ticket.Purpose = market.TicketRecovery
			o.must(o.tickets.Update(o.t.Context(), ticket))
		}, "not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			manager := o.person("manager", o.uni, market.RoleManager)
			wang := o.person("wang", o.firm, market.RoleDemander)
			invitation, err := o.Invite(t.Context(), manager, o.uni.ID, "wang@example.com", roles(market.RoleSupplier))
			o.must(err)
			tt.change(o, manager, invitation)
			if _, err := o.Accept(t.Context(), wang, o.secret("wang@example.com")); codeOf(err) != tt.code {
				t.Errorf("%v, want %q", err, tt.code)
			}
			if joined := o.place(wang.User, o.uni) != ""; joined != (tt.code == "") {
				t.Errorf("became a member: %t", joined)
			}
		})
	}
}
