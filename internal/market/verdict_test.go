package market

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestVerdictCheck(t *testing.T) {
	tests := []struct {
		name      string
		judgement Judgement
		reason    string
		note      string
		field     string // broken; empty = none
	}{
		{"fits", JudgedFits, "", "", ""},
		{"near", JudgedNear, "", "", ""},
		{"no with a reason", JudgedNo, "price", "", ""},
		{"other with words", JudgedNo, ReasonOther, "对方已有供应商", ""},
		{"none", "", "", "", "judgement"},
		{"unknown", "maybe", "", "", "judgement"},
		{"no without a reason", JudgedNo, "", "", "reason"},
		{"unknown reason", JudgedNo, "ugly", "", "reason"},
		{"fits with a reason", JudgedFits, "price", "", "reason"},
		{"other without words", JudgedNo, ReasonOther, " ", "note"},
		{"words without other", JudgedNo, "price", "太贵", "note"},
		{"too many words", JudgedNo, ReasonOther, strings.Repeat("长", MaxNote+1), "note"},
		{"an identity card", JudgedNo, ReasonOther, "11010519491231002X", "note"},
		{"control characters", JudgedNo, ReasonOther, "a\x00b", "note"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := (&Verdict{Judgement: tt.judgement, Reason: tt.reason, Note: tt.note}).Check()
			if (err == nil) != (tt.field == "") || err != nil && !strings.Contains(err.Error(), "["+tt.field+":") {
				t.Errorf("Check = %v, want a problem at %q", err, tt.field)
			}
		})
	}
}

func TestSplitPair(t *testing.T) {
	long := ID(strings.Repeat("a", 36))
	if d, a, err := SplitPair(PairID(long, "key-1")); err != nil || d != long || a != "key-1" || !PairID(long, long).WellFormed() {
		t.Errorf("SplitPair = %q, %q, %v", d, a, err)
	}
	for _, bad := range []ID{"", ".", "a", "a.", ".a", "a b.c", "a/../b.c"} {
		if _, _, err := SplitPair(bad); !Is(err, NotFound) {
			t.Errorf("SplitPair(%q) = %v, want NotFound", bad, err)
		}
	}
}

func TestSideOf(t *testing.T) {
	tests := []struct {
		name string
		by   Actor
		want string
	}{
		{"demander", Actor{Org: "d", Roles: []Role{RoleDemander}}, "demander"},
		{"supplier", Actor{Org: "a", Roles: []Role{RoleSupplier}}, "supplier"},
		{"officer whose bureau asks", Actor{Org: "d", Roles: []Role{RoleOfficer}}, "demander"},
		{"officer", Actor{Org: "b", Roles: []Role{RoleOfficer, RoleBroker}}, "officer"},
		{"broker", Actor{Org: "b", Roles: []Role{RoleBroker}}, "broker"},
		{"somebody else", Actor{Org: "c", Roles: []Role{RoleSupplier}}, ""},
		{"a visitor", Actor{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := SideOf(tt.by, "d", "a"); got != tt.want {
				t.Errorf("SideOf = %q, want %q", got, tt.want)
			}
		})
	}
}

func someDemand() *Demand {
	return &Demand{Listing: Listing{Title: "t", Summary: "s", Keywords: []string{"k"}, Class: Class{Field: "05"}, Modes: []string{"license"}},
		Criteria: []Criterion{{Name: "强度", Op: "ge", Value: "350", Unit: "MPa"}}, Conditions: "c", MinTRL: 6, BudgetHigh: 5}
}

func someAchievement() *Achievement {
	return &Achievement{Listing: Listing{Title: "t", Summary: "s", Detail: "secret", Contact: Contact{Name: "n"}}, Benefit: "b",
		Rights: []Right{{Kind: "invention", Number: "1", State: "granted"}}, Price: Price{Mode: "fixed", Low: 3, High: 3}}
}

func TestDigestOfDemand(t *testing.T) {
	was := someDemand().Digest()
	changes := map[string]func(*Demand){
		"title": func(d *Demand) { d.Title = "u" }, "summary": func(d *Demand) { d.Summary = "u" }, "keywords": func(d *Demand) { d.Keywords = nil },
		"criteria": func(d *Demand) { d.Criteria[0].Value = "340" }, "conditions": func(d *Demand) { d.Conditions = "" }, "budget": func(d *Demand) { d.BudgetHigh = 6 },
		"maturity": func(d *Demand) { d.MinTRL = 7 }, "modes": func(d *Demand) { d.Modes = nil }, "field": func(d *Demand) { d.Class.Field = "06" },
	}
	for name, change := range changes {
		d := someDemand()
		if change(d); d.Digest() == was {
			t.Errorf("another %s, and the digest stays", name)
		}
	}
	same := someDemand()
	same.State, same.Version, same.Detail, same.Demander, same.Owner, same.Contact.Name = StateExpired, 7, "x", "y", "z", "n"
	if same.Digest() != was || same.Masked(false, Hidden).Digest() != was {
		t.Error("what is not compared changes the digest")
	}
}

func TestDigestOfAchievement(t *testing.T) {
	was := someAchievement().Digest()
	changes := map[string]func(*Achievement){
		"title": func(a *Achievement) { a.Title = "u" }, "benefit": func(a *Achievement) { a.Benefit = "u" }, "rights": func(a *Achievement) { a.Rights[0].State = "lapsed" },
		"price": func(a *Achievement) { a.Price.High = 4 }, "maturity": func(a *Achievement) { a.Maturity.TRL = 7 }, "stage": func(a *Achievement) { a.Maturity.Stage = "mature" },
	}
	for name, change := range changes {
		a := someAchievement()
		if change(a); a.Digest() == was {
			t.Errorf("another %s, and the digest stays", name)
		}
	}
	if a := someAchievement(); a.Masked(false, Hidden).Digest() != was {
		t.Error("a masked copy has another digest")
	}
}

// TestDigestTellsTextsApart moves a text from one field into the next.
func TestDigestTellsTextsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, two := someDemand(), someDemand()
		one.Title, one.Summary = rapid.String().Draw(t, "title"), rapid.String().Draw(t, "summary")
		two.Title, two.Summary = rapid.String().Draw(t, "other title"), rapid.String().Draw(t, "other summary")
		if same := one.Title == two.Title && one.Summary == two.Summary; (one.Digest() == two.Digest()) != same {
			t.Fatalf("digests agree = %v, texts agree = %v", !same, same)
		}
		one.Title, one.Summary = one.Title+one.Summary, ""
		two.Title, two.Summary = "", one.Title
		if one.Title != "" && one.Digest() == two.Digest() {
			t.Fatal("a text in another field has the same digest")
		}
	})
}
