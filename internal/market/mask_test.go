package market

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMaskPhone(t *testing.T) {
	for in, want := range map[string]string{
		"13812345678": "138****5678", "+86 138-1234-5678": "138****5678", "１３８１２３４５６７８": "138****5678",
		"023-53221234": "023-******34", "02353221234-801": "023-******34", "0830-1234567": "0830-*****67", "08301234567": "0830-*****67",
		"010-12345678": "010-******78", "": "", "不是电话": "****",
	} {
		if got := MaskPhone(in); got != want {
			t.Errorf("MaskPhone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestMaskEmail(t *testing.T) {
	for in, want := range map[string]string{
		"zhang.san@example.com": "z***@example.com", "李@example.com": "***@example.com", "李雷@example.com": "李***@example.com",
		"a@example.com": "***@example.com", "": "", "nowhere": "***", "@example.com": "***",
	} {
		if got := MaskEmail(in); got != want {
			t.Errorf("MaskEmail(%q) = %q, want %q", in, got, want)
		}
	}
}

// A mask never lets through more of a number than it is meant to.
func TestMasksHide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		phone := rapid.OneOf(
			rapid.StringMatching(`1[3-9][0-9]{9}`), rapid.StringMatching(`0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?`), rapid.String(),
		).Draw(t, "phone")
		masked := MaskPhone(phone)
		shown := 0
		for _, r := range masked {
			if r >= '0' && r <= '9' {
				shown++
			}
		}
		most := 0
		switch {
		case mobileNumber.MatchString(phone):
			most = 7
		case landline.MatchString(Fold(phone)):
			most = 6 // area code and two
		default:
			if _, err := ParseMobile(phone); err == nil {
				most = 7
			}
		}
		if shown > most || most > 0 && strings.Count(masked, "*") < 4 || phone != "" && masked == phone && strings.Trim(phone, "*") != "" {
			t.Fatalf("MaskPhone(%q) = %q shows %d digits, at most %d may be", phone, masked, shown, most)
		}

		name, domain := rapid.StringMatching(`[a-z0-9.一-龥]{1,20}`).Draw(t, "name"), "example.com"
		hidden, rest, _ := strings.Cut(MaskEmail(name+"@"+domain), "***@")
		if utf8.RuneCountInString(hidden) > 1 || hidden == name || rest != domain {
			t.Fatalf("MaskEmail(%q) shows %q of the name", name+"@"+domain, hidden)
		}
	})
}

func TestContactShown(t *testing.T) {
	c := Contact{Name: "赵老师", Phone: "13812345678", Email: "zhao@example.edu"}
	for e, want := range map[Exposure]Contact{
		Hidden: {}, Masked: {Name: "赵老师", Phone: "138****5678", Email: "z***@example.edu"}, Plain: c,
	} {
		if got := c.Shown(e); got != want {
			t.Errorf("shown %d: %+v, want %+v", e, got, want)
		}
	}
	if got := c.Fields(); !slices.Equal(got, []string{"name", "phone", "email"}) {
		t.Errorf("fields %v", got)
	}
}

// The table of readers: whoever may read contacts sees others' masked, and
// their own organization's as they are.
func TestContactExposure(t *testing.T) {
	reader := func(role Role, org ID, verified bool) Actor {
		return Actor{User: "u", Org: org, Roles: []Role{role}, Verified: verified}
	}
	due := reader(RoleSupplier, "other", true)
	due.Due = DueConsent
	for _, tt := range []struct {
		name string
		by   Actor
		want Exposure
	}{
		{"visitor", Actor{}, Hidden},
		{"own, whatever the role", reader(RoleManager, "owner", true), Plain},
		{"own, not verified", reader(RoleSupplier, "owner", false), Plain},
		{"supplier elsewhere", reader(RoleSupplier, "other", true), Masked},
		{"demander elsewhere", reader(RoleDemander, "other", true), Masked},
		{"broker", reader(RoleBroker, "other", true), Masked},
		{"officer", reader(RoleOfficer, "bureau", true), Masked},
		{"manager elsewhere", reader(RoleManager, "other", true), Hidden},
		{"admin", reader(RoleAdmin, "bureau", true), Hidden},
		{"not verified", reader(RoleSupplier, "other", false), Hidden},
		{"consent due", due, Hidden},
		{"the System", System, Plain},
	} {
		if got := ContactExposure(tt.by, "owner"); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
}
