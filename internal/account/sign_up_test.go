package account

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

const codeThree = "91350211M000100Y46" // made up, with its check character

func newSignUp(login, code string) SignUp {
	return SignUp{
		Login: login, Name: "李代表", Phone: "13800001111", Password: goodPassword, Purposes: []string{market.PurposeAccount, market.PurposeContact},
		Organization: &market.Organization{Name: "示例镁业有限公司", Code: code, Kind: "enterprise", Category: "100", Division: "500155", Summary: "做镁合金。",
			Contact: market.Contact{Name: "李代表", Phone: "13800001111"}},
		Proof: &Upload{Name: "营业执照.pdf", Content: []byte("%PDF-1.7 licence")},
	}
}

// userOf returns the user of a login, nil when there is none.
func (h *house) userOf(t *testing.T, login string) *market.User {
	t.Helper()
	user, err := h.userByLogin(t.Context(), login)
	if err != nil {
		t.Fatal(err)
	}
	return user
}

func (h *house) orgOf(t *testing.T, code string) *market.Organization {
	t.Helper()
	org, err := h.organizationBy(t.Context(), "code", code)
	if err != nil {
		t.Fatal(err)
	}
	return org
}

func TestSignUp(t *testing.T) {
	h := newHouse(t)
	if err := h.SignUp(t.Context(), newSignUp("Li@Example.com", " 9144 0300 1922 0382 16")); err != nil {
		t.Fatal(err)
	}
	user, org := h.userOf(t, "li@example.com"), h.orgOf(t, codeTwo)
	if user == nil || org == nil {
		t.Fatalf("made user %v, organization %v", user, org)
	}
	if !user.Has(market.RoleManager, org.ID) || !user.Has(market.RoleDemander, org.ID) || user.Org != org.ID || !user.ConfirmedAt.IsZero() {
		t.Errorf("user %+v", user)
	}
	if org.State != market.OrgPending || org.Submitter != user.ID || len(org.Evidence) != 1 || org.Since.IsZero() || org.Key != codeTwo || org.Demo || len(org.History) != 1 {
		t.Errorf("organization %+v", org)
	}
	if got := h.agreed.given[user.ID]; !slices.Equal(got, []string{market.PurposeAccount, market.PurposeContact}) {
		t.Errorf("agreed to %v", got)
	}
	if got := h.post.to("li@example.com"); !slices.Equal(got, []string{"请确认您的邮箱"}) {
		t.Errorf("mails %v", got)
	}
	for _, m := range h.post.mails {
		if strings.Contains(m.Text+m.Subject, "李代表") || strings.Contains(m.Text, "镁业") {
			t.Errorf("a mail to an address nobody proved carries what was typed: %s", m.Text)
		}
	}
}

func TestSignUpRefused(t *testing.T) {
	h := newHouse(t)
	with := func(change func(*SignUp)) SignUp { n := newSignUp("li@example.com", codeTwo); change(&n); return n }
	tests := []struct {
		name   string
		n      SignUp
		fields []string
	}{
		{"login no address", with(func(n *SignUp) { n.Login = "li@demo" }), []string{"login"}},
		{"login with a line end", with(func(n *SignUp) { n.Login = "li@example.com\r\nBcc: x@example.com" }), []string{"login"}},
		{"weak password", with(func(n *SignUp) { n.Password = "abc" }), []string{"password"}},
		{"no consent", with(func(n *SignUp) { n.Purposes = []string{market.PurposeContact} }), []string{"consent"}},
		{"unknown purpose", with(func(n *SignUp) { n.Purposes = []string{market.PurposeAccount, "sell"} }), []string{"consent"}},
		{"phone", with(func(n *SignUp) { n.Phone = "12" }), []string{"phone"}},
		{"no name", with(func(n *SignUp) { n.Name = " " }), []string{"name"}},
		{"no code", with(func(n *SignUp) { n.Organization.Code = " " }), []string{"organization.code"}},
		{"wrong check character", with(func(n *SignUp) { n.Organization.Code = "914403001922038217" }), []string{"organization.code"}},
		{"a bureau", with(func(n *SignUp) { n.Organization.Kind = "bureau" }), []string{"organization.kind"}},
		{"no kind, place, category", with(func(n *SignUp) { n.Organization.Kind, n.Organization.Division, n.Organization.Category = "", "", "" }),
			[]string{"organization.kind", "organization.category", "organization.division"}},
		{"services of an enterprise", with(func(n *SignUp) { n.Organization.Services = []string{"ip"} }), []string{"organization.services"}},
		{"contact", with(func(n *SignUp) { n.Organization.Contact.Email = "nobody" }), []string{"organization.contact.email"}},
		{"control character", with(func(n *SignUp) { n.Organization.Name = "甲\x00" }), []string{"organization.name"}},
		{"no PDF", with(func(n *SignUp) { n.Proof.Content = []byte("<script>") }), []string{"proof"}},
		{"nothing at all", SignUp{Organization: &market.Organization{}}, []string{"name", "login", "password", "consent",
			"organization.name", "organization.code", "organization.kind", "organization.category", "organization.division"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := h.SignUp(t.Context(), tt.n)
			if !market.Is(err, market.Invalid) || !slices.Equal(fieldsOf(err), tt.fields) {
				t.Fatalf("got %v naming %v, want %v", err, fieldsOf(err), tt.fields)
			}
		})
	}
	if user := h.userOf(t, "li@example.com"); user != nil || len(h.post.mails) > 0 {
		t.Errorf("a refused sign-up left %v, %d mails", user, len(h.post.mails))
	}
}

// What only the platform may set is not taken from a sign-up.
func TestSignUpOverposted(t *testing.T) {
	h := newHouse(t)
	n := newSignUp("li@example.com", codeTwo)
	n.Organization.Meta = market.Meta{ID: h.org.ID, Version: 7}
	n.Organization.State, n.Organization.Demo, n.Organization.Submitter, n.Organization.Key = market.OrgVerified, true, "boss", "mine"
	n.Organization.Marks = []market.Mark{{Kind: "giant", From: "2025-01-01", Confirmed: true}}
	if err := h.SignUp(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	org := h.orgOf(t, codeTwo)
	if org.ID == h.org.ID || org.State != market.OrgPending || org.Demo || org.Submitter == "boss" || org.Key != codeTwo || len(org.Marks) > 0 {
		t.Errorf("kept what the caller set: %+v", org)
	}
}

// Whether an address has an account cannot be told from the answer, and only
// its owner learns that somebody tried it.
func TestSignUpTaken(t *testing.T) {
	h := newHouse(t)
	if err := h.SignUp(t.Context(), newSignUp("li@example.com", codeTwo)); err != nil {
		t.Fatal(err)
	}
	before := h.userOf(t, "li@example.com")
	n := newSignUp("li@example.com", codeThree)
	n.Password = "Another-Hill-2027"
	for range 2 {
		if err := h.SignUp(t.Context(), n); err != nil {
			t.Fatalf("a taken login is told apart: %v", err)
		}
	}
	if got := h.post.to("li@example.com"); !slices.Equal(got, []string{"请确认您的邮箱", "有人用您的邮箱注册"}) {
		t.Errorf("mails %v", got)
	}
	if after := h.userOf(t, "li@example.com"); after.Version != before.Version || h.orgOf(t, codeThree) != nil {
		t.Error("a sign-up with a wrong password changed something")
	}
	n.Password = goodPassword // right, but another organization: after signing in
	if err := h.SignUp(t.Context(), n); err != nil || h.orgOf(t, codeThree) != nil {
		t.Errorf("%v, %v", err, h.orgOf(t, codeThree))
	}
}

// Where the organization is registered already, its representative applies.
func TestSignUpApplies(t *testing.T) {
	for _, tt := range []struct {
		name string
		org  *market.Organization
		code string
	}{
		{"by code", &market.Organization{Name: "示例镁业", Kind: "enterprise", Code: codeTwo}, codeTwo},
		{"by name without a code", &market.Organization{Name: "示例镁业有限公司", Kind: "enterprise"}, codeTwo},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			there, err := h.CreateOrganization(t.Context(), market.System, tt.org)
			if err != nil {
				t.Fatal(err)
			}
			if err := h.SignUp(t.Context(), newSignUp("li@example.com", tt.code)); err != nil {
				t.Fatal(err)
			}
			user := h.userOf(t, "li@example.com")
			m := user.MemberOf(there.ID)
			if m == nil || m.State != market.MemberApplied || m.Proof == "" || slices.Contains(m.Roles, market.RoleManager) || user.ActiveIn(there.ID) {
				t.Fatalf("membership %+v", m)
			}
			waiting, err := h.Applicants(t.Context(), actor(market.RoleOfficer), there.ID)
			if err != nil || len(waiting) != 1 || waiting[0].User != user.ID {
				t.Errorf("applicants %v, %v", waiting, err)
			}
			if now := h.orgOf(t, codeTwo); now != nil && now.Version != there.Version {
				t.Error("an application changed the organization")
			}
		})
	}
}

func TestAddOrganization(t *testing.T) {
	h := newHouse(t)
	user := h.user(t, "wang@example.com")
	by := market.Actor{User: user.ID, Org: h.org.ID, Roles: []market.Role{market.RoleSupplier}, Verified: true}
	n := newSignUp("", codeTwo)
	if _, err := h.AddOrganization(t.Context(), market.Actor{}, n.Organization, nil); !market.Is(err, market.Unauthenticated) {
		t.Errorf("visitor: %v", err)
	}
	if _, err := h.AddOrganization(t.Context(), by, &market.Organization{}, nil); !market.Is(err, market.Invalid) {
		t.Errorf("nothing filled: %v", err)
	}
	for cut := range 5 {
		h.fault.left = cut
		_, err := h.AddOrganization(t.Context(), by, n.Organization, n.Proof)
		h.fault.left = -1
		if err == nil {
			break
		}
	}
	place, err := h.AddOrganization(t.Context(), by, n.Organization, n.Proof)
	if err != nil || place.State != market.MemberActive || h.orgOf(t, codeTwo).ID != place.Org {
		t.Fatalf("%+v, %v", place, err)
	}
	now := h.userOf(t, "wang@example.com")
	if len(now.Memberships) != 2 || now.Org != h.org.ID || !now.Has(market.RoleManager, place.Org) {
		t.Errorf("user %+v", now)
	}
	other := h.user(t, "zhao@example.com")
	applied, err := h.AddOrganization(t.Context(), market.Actor{User: other.ID}, n.Organization, n.Proof)
	if err != nil || applied.State != market.MemberApplied || applied.Org != place.Org {
		t.Errorf("%+v, %v", applied, err)
	}
}

func TestConfirmAddress(t *testing.T) {
	h := newHouse(t)
	if err := h.SignUp(t.Context(), newSignUp("li@example.com", codeTwo)); err != nil {
		t.Fatal(err)
	}
	secret := h.post.secret(t, "li@example.com")
	for _, wrong := range []string{"", "x", secret + "x", strings.Repeat("A", 5000)} {
		if err := h.ConfirmAddress(t.Context(), wrong); !market.Is(err, market.NotFound) {
			t.Errorf("secret %.20q: %v", wrong, err)
		}
	}
	by := market.Actor{User: h.userOf(t, "li@example.com").ID}
	h.clock.pass(confirmEvery)
	if err := h.SendConfirmation(t.Context(), by); err != nil {
		t.Fatal(err)
	}
	if again := h.post.secret(t, "li@example.com"); again == secret || len(h.post.to("li@example.com")) != 2 {
		t.Error("not sent again under a secret of its own")
	}
	if err := h.SendConfirmation(t.Context(), by); err != nil || len(h.post.to("li@example.com")) != 2 {
		t.Errorf("sent twice in ten minutes: %v", err)
	}
	h.fault.left = 1 // the user is written, the ticket not
	if err := h.ConfirmAddress(t.Context(), secret); err == nil {
		t.Error("a failed write passed")
	}
	h.fault.left = -1
	if err := h.ConfirmAddress(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if h.userOf(t, "li@example.com").ConfirmedAt.IsZero() {
		t.Error("not confirmed")
	}
	done := h.userOf(t, "li@example.com").Version
	for range 2 { // opened again, as mail programs do
		if err := h.ConfirmAddress(t.Context(), secret); err != nil || h.userOf(t, "li@example.com").Version != done {
			t.Errorf("opened again: %v", err)
		}
	}
	if err := h.SendConfirmation(t.Context(), by); !market.Is(err, market.Conflict) {
		t.Errorf("sent to a confirmed address: %v", err)
	}
	h.clock.pass(confirmLifetime + time.Hour)
	if err := h.ConfirmAddress(t.Context(), h.post.secret(t, "li@example.com")); !market.Is(err, market.NotFound) {
		t.Errorf("too old: %v", err)
	}
}
