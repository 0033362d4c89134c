package market

import (
	"slices"
	"strconv"
	"testing"
	"time"
)

// worker belongs to a, has applied to b and has left c.
func worker() *User {
	return &User{Name: "甲", Login: "a@b", Org: "c", Memberships: []Membership{
		{Org: "c", State: MemberEnded, Served: true, Roles: []Role{RoleSupplier}},
		{Org: "b", State: MemberApplied, Roles: []Role{RoleManager}},
		{Org: "a", State: MemberActive, Roles: []Role{RoleSupplier, RoleManager}},
	}}
}

func TestMemberships(t *testing.T) {
	for _, tt := range []struct {
		org                     ID
		member, active, manager bool
	}{
		{"a", true, true, true}, {"b", true, false, false}, {"c", false, false, false}, {"d", false, false, false},
	} {
		u := worker()
		if got := u.MemberOf(tt.org) != nil; got != tt.member || u.ActiveIn(tt.org) != tt.active || u.Has(RoleManager, tt.org) != tt.manager {
			t.Errorf("in %s: member %v, active %v, manager %v", tt.org, got, u.ActiveIn(tt.org), u.Has(RoleManager, tt.org))
		}
		if u.Disabled = true; u.Has(RoleManager, tt.org) {
			t.Errorf("disabled, and still manager of %s", tt.org)
		}
	}
}

func TestHome(t *testing.T) {
	u := worker()
	if got := u.Home(); got != "a" {
		t.Errorf("Home = %q after leaving the chosen organization, want the one left", got)
	}
	if u.Org = "a"; u.Home() != "a" {
		t.Errorf("Home = %q, want the chosen one", u.Home())
	}
	if u.Memberships = u.Memberships[:2]; u.Home() != "" {
		t.Errorf("Home = %q of somebody who belongs nowhere", u.Home())
	}
}

func TestSetMember(t *testing.T) {
	u := worker()
	if !u.SetMember(Membership{Org: "a", State: MemberEnded}) || len(u.Memberships) != 3 || !u.Memberships[2].Served || !u.Memberships[2].Belonged() {
		t.Errorf("leaving forgot that somebody was there: %+v", u.Memberships)
	}
	if !u.SetMember(Membership{Org: "b", State: MemberEnded}) || u.Memberships[1].Belonged() {
		t.Errorf("who was refused counts as having been there: %+v", u.Memberships[1])
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	full := &User{}
	for i := range MaxMemberships {
		full.SetMember(Membership{Org: ID("o" + strconv.Itoa(i)), State: MemberActive})
	}
	before := slices.Clone(full.Memberships)
	if full.SetMember(Membership{Org: "more", State: MemberActive}) || len(full.Memberships) != len(before) {
		t.Errorf("one more than %d was taken", MaxMemberships)
	}
	full.Memberships[4].State, full.Memberships[4].Since = MemberEnded, now
	full.Memberships[7].State, full.Memberships[7].Since = MemberEnded, now.Add(-time.Hour)
	if !full.SetMember(Membership{Org: "more", State: MemberActive}) || full.Memberships[7].Org != "more" || full.Memberships[4].Org != "o4" {
		t.Errorf("not the longest ended one went: %+v", full.Memberships)
	}
}

func TestCertificate(t *testing.T) {
	good := Certificate{Level: "middle", Number: "CQ-1", Issuer: "市科技局", Until: "2026-12-31"}
	for _, tt := range []struct {
		name   string
		change func(*Certificate)
		field  string
	}{
		{"good", func(*Certificate) {}, ""}, {"no level", func(c *Certificate) { c.Level = "" }, "certificate.level"},
		{"no number", func(c *Certificate) { c.Number = " " }, "certificate.number"}, {"no issuer", func(c *Certificate) { c.Issuer = "" }, "certificate.issuer"},
		{"no date", func(c *Certificate) { c.Until = "2026-13-01" }, "certificate.until"},
	} {
		u := worker()
		c := good
		tt.change(&c)
		u.Certificate = &c
		wantField(t, u.Check(), tt.field)
	}
	confirmed := good
	confirmed.Confirmed = true
	refused := good
	refused.Refused = "看不清"
	var none *Certificate
	if !good.Waits() || confirmed.Waits() || refused.Waits() || none.Waits() {
		t.Error("waits wrongly")
	}
	endless := confirmed
	endless.Until = ""
	if good.Holds("2026-01-01") || !confirmed.Holds("2026-12-31") || confirmed.Holds("2027-01-01") || !endless.Holds("2099-01-01") || none.Holds("2026-01-01") {
		t.Error("holds wrongly")
	}
}

func TestUserCheckRoles(t *testing.T) {
	u := worker()
	u.Phone = "12"
	wantField(t, u.Check(), "phone")
	u = worker()
	u.Memberships[0].Roles = []Role{RoleBroker, RoleBroker}
	wantField(t, u.Check(), "roles")
	if got := FoldLogin(" ＡB@Lab.CN "); got != "ab@lab.cn" {
		t.Errorf("FoldLogin = %q", got)
	}
}
