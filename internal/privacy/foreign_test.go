package privacy

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// theirs puts documents that name a contact into an organization and returns
// whether each kind of them still does.
func (h *house) theirs(t *testing.T, org market.ID, contact market.Contact) func() (whole []bool) {
	t.Helper()
	ctx := t.Context()
	l := market.Listing{Title: "成果", Summary: "摘要", Owner: org, ImportKey: string(org) + contact.Email, Contact: contact, State: market.StatePublished}
	achievement, demand := newID(), newID()
	must(t, h.stores.Achievements.Insert(ctx, &market.Achievement{Meta: market.Meta{ID: achievement}, Listing: l}))
	must(t, h.stores.Demands.Insert(ctx, &market.Demand{Meta: market.Meta{ID: demand}, Listing: l}))
	place, err := h.stores.Organizations.Get(ctx, org)
	must(t, err)
	place.Contact = contact
	must(t, h.stores.Organizations.Update(ctx, place))
	return func() []bool {
		a, err := h.stores.Achievements.Get(ctx, achievement)
		must(t, err)
		d, err := h.stores.Demands.Get(ctx, demand)
		must(t, err)
		o, err := h.stores.Organizations.Get(ctx, org)
		must(t, err)
		return []bool{a.Contact == contact, d.Contact == contact, o.Contact == contact}
	}
}

// place sets where somebody belongs, one state after the other.
func (h *house) place(t *testing.T, user, org market.ID, states ...market.MembershipState) {
	t.Helper()
	for _, state := range states {
		u, err := h.stores.Users.Get(t.Context(), user)
		must(t, err)
		u.SetMember(market.Membership{Org: org, Roles: []market.Role{market.RoleSupplier}, State: state, Since: start})
		must(t, h.stores.Users.Update(t.Context(), u))
	}
}

// Whoever calls themselves like somebody else's contact gets nothing of it
// cleared, nor shown, unless that organization took them in.
func TestForeignContacts(t *testing.T) {
	const applied, active, ended = market.MemberApplied, market.MemberActive, market.MemberEnded
	for _, tt := range []struct {
		name     string
		states   []market.MembershipState // in the organization of the contact
		proved   bool
		mailOnly bool // the contact has nothing of the person but the address
		blanked  bool
		shown    bool
	}{
		{name: "stranger", proved: true},
		{name: "stranger, unproved"},
		{name: "applied", states: []market.MembershipState{applied}, proved: true},
		{name: "refused", states: []market.MembershipState{applied, ended}, proved: true},
		{name: "refused twice", states: []market.MembershipState{applied, ended, applied, ended}, proved: true},
		{name: "member", states: []market.MembershipState{active}, proved: true, blanked: true, shown: true},
		{name: "taken in", states: []market.MembershipState{applied, active}, blanked: true, shown: true},
		{name: "left", states: []market.MembershipState{applied, active, ended}, proved: true, blanked: true},
		{name: "left and applied", states: []market.MembershipState{active, ended, applied}, proved: true, blanked: true},
		{name: "member with an unproved address", states: []market.MembershipState{active}, mailOnly: true},
		{name: "member with a proved address", states: []market.MembershipState{active}, mailOnly: true, proved: true, blanked: true, shown: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			by := h.user(t, "contact@example.org", "王联系", h.organization(t, "自己的单位", "enterprise"), market.RoleDemander)
			u, err := h.stores.Users.Get(t.Context(), by.User)
			must(t, err)
			if u.Phone = "13811112222"; tt.proved {
				u.ConfirmedAt = start
			}
			must(t, h.stores.Users.Update(t.Context(), u))
			contact := market.Contact{Name: "王联系", Phone: "13811112222", Email: "contact@example.org"}
			if tt.mailOnly {
				contact.Name, contact.Phone = "办公室", "023-53221234"
			}
			org := h.organization(t, "别人的单位", "university")
			whole := h.theirs(t, org, contact)
			h.place(t, by.User, org, tt.states...)

			c, err := h.Export(t.Context(), by)
			must(t, err)
			if want := map[bool]int{true: 3}[tt.shown]; len(c.Contacts) != want {
				t.Errorf("%d contacts in the copy, want %d: %+v", len(c.Contacts), want, c.Contacts)
			}
			must(t, h.Erase(t.Context(), by, goodPassword, "contact@example.org"))
			must(t, h.eraser().CatchUp(t.Context()))
			for i, left := range whole() {
				if left == tt.blanked {
					t.Errorf("%s: left %v", []string{"achievement", "demand", "organization"}[i], left)
				}
			}
			if e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(by.User)); err != nil || e.DoneAt.IsZero() {
				t.Errorf("erasure %+v, %v", e, err)
			}
		})
	}
}

// All organizations somebody was in are gone through, and all pages of each.
func TestBlankPages(t *testing.T) {
	h := newHouse(t)
	by := h.user(t, "contact@example.org", "王联系", h.organization(t, "空单位", "enterprise"), market.RoleDemander)
	contact := market.Contact{Name: "王联系", Email: "contact@example.org"}
	u, err := h.stores.Users.Get(t.Context(), by.User)
	must(t, err)
	u.ConfirmedAt = start
	must(t, h.stores.Users.Update(t.Context(), u))
	var places []func() []bool
	for _, name := range []string{"甲单位", "乙单位"} {
		org := h.organization(t, name, "university")
		h.place(t, by.User, org, market.MemberActive)
		places = append(places, h.theirs(t, org, contact))
		for range stride {
			id := newID()
			l := market.Listing{Title: "成果", Owner: org, ImportKey: string(id), Contact: contact, State: market.StatePublished}
			must(t, h.stores.Achievements.Insert(t.Context(), &market.Achievement{Meta: market.Meta{ID: id}, Listing: l}))
		}
	}
	must(t, h.Erase(t.Context(), by, goodPassword, "contact@example.org"))
	must(t, h.eraser().CatchUp(t.Context()))
	for _, whole := range places {
		for i, left := range whole() {
			if left {
				t.Errorf("kind %d still names the person", i)
			}
		}
	}
	all, err := collect(t.Context(), h.stores.Achievements, store.Query{})
	must(t, err)
	for _, a := range all {
		if a.Contact != (market.Contact{}) {
			t.Fatalf("%s of %s still names the person", a.ID, a.Owner)
		}
	}
	if e, err := h.stores.Erasures.Get(t.Context(), market.ErasureID(by.User)); err != nil || e.Blanks != 2*stride+6 {
		t.Errorf("%d documents, want %d, %v", e.Blanks, 2*stride+6, err)
	}
}

// What has not happened has no time in the copy.
func TestExportZeroTimes(t *testing.T) {
	h := newHouse(t)
	by := h.user(t, "new@example.org", "钱新人", h.organization(t, "示例单位", "enterprise"), market.RoleDemander)
	must(t, h.Give(t.Context(), by, []string{market.PurposeAccount}))
	must(t, h.stores.Sessions.Insert(t.Context(), &market.Session{Meta: market.Meta{ID: "s1"}, User: by.User, Org: by.Org, UsedAt: start}))
	must(t, h.stores.Tickets.Insert(t.Context(), &market.Ticket{Meta: market.Meta{ID: "t1"}, Purpose: market.TicketRecovery, User: by.User, ExpiresAt: start.Add(time.Hour)}))
	must(t, h.stores.Files.Insert(t.Context(), &market.File{Meta: market.Meta{ID: "f1"}, Name: "执照.pdf", Type: "pdf", User: by.User, Owner: by.Org}))
	c, err := h.Export(t.Context(), by)
	must(t, err)
	if len(c.Sessions)+len(c.Invitations)+len(c.Files)+len(c.Consents) != 4 {
		t.Fatalf("not everything is in the copy: %+v", c)
	}
	raw, err := json.Marshal(c)
	must(t, err)
	if strings.Contains(string(raw), "0001-01-01") {
		t.Errorf("a zero time is in %s", raw)
	}
}
