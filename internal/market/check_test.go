package market

import (
	"errors"
	"strings"
	"testing"
)

func goodAchievement() Achievement {
	return Achievement{
		Listing: Listing{Title: "耐热镁合金", Summary: "一种镁合金。", Modes: []string{"license"},
			Class: Class{Field: "05", Industry: "C", Division: "500155"}},
		Holder: "示例大学", Maturity: Maturity{TRL: 6},
		Rights: []Right{{Kind: "invention", Number: "2017106018623", State: "granted"}},
		Price:  Price{Mode: "range", Low: 10 * Wan, High: 20 * Wan},
	}
}

func TestAchievementCheck(t *testing.T) {
	tests := []struct {
		name   string
		change func(*Achievement)
		strict bool
		field  string // of the problem, empty when fine
	}{
		{"fine", func(*Achievement) {}, true, ""},
		{"draft needs little", func(a *Achievement) { *a = Achievement{Listing: Listing{Title: "题", Summary: "文"}} }, false, ""},
		{"no title", func(a *Achievement) { a.Title = " " }, false, "title"},
		{"long title", func(a *Achievement) { a.Title = strings.Repeat("长", 201) }, false, "title"},
		{"control character", func(a *Achievement) { a.Summary = "a\x00b" }, false, "summary"},
		{"newline is fine", func(a *Achievement) { a.Summary = "一\n二" }, false, ""},
		{"invalid UTF-8", func(a *Achievement) { a.Detail = "\xff" }, false, "detail"},
		{"too many keywords", func(a *Achievement) { a.Keywords = make([]string, 11) }, false, "keywords"},
		{"unknown field", func(a *Achievement) { a.Class.Field = "99" }, false, "class.field"},
		{"field missing", func(a *Achievement) { a.Class.Field = "" }, true, "class.field"},
		{"modes missing", func(a *Achievement) { a.Modes = nil }, true, "modes"},
		{"unknown mode", func(a *Achievement) { a.Modes = []string{"gift"} }, false, "modes"},
		{"old division", func(a *Achievement) { a.Class.Division = "500228" }, false, ""},
		{"bad division", func(a *Achievement) { a.Class.Division = "50015" }, false, "class.division"},
		{"stage missing", func(a *Achievement) { a.Maturity = Maturity{} }, true, "maturity.stage"},
		{"TRL 10", func(a *Achievement) { a.Maturity.TRL = 10 }, false, "maturity.trl"},
		{"bad patent", func(a *Achievement) { a.Rights[0].Number = "201710601862.4" }, false, "rights"},
		{"software number is free", func(a *Achievement) { a.Rights = []Right{{Kind: "software", Number: "2023SR0000001"}} }, false, ""},
		{"bad credit code", func(a *Achievement) { a.HolderCode = "914403001922038217" }, false, "holder_code"},
		{"fixed price of nothing", func(a *Achievement) { a.Price = Price{Mode: "fixed"} }, false, "price.low"},
		{"range upside down", func(a *Achievement) { a.Price = Price{Mode: "range", Low: 2, High: 1} }, false, "price.high"},
		{"bad phone", func(a *Achievement) { a.Contact.Phone = "1" }, false, "contact.phone"},
		{"bad mail", func(a *Achievement) { a.Contact.Email = "x" }, false, "contact.email"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := goodAchievement()
			tt.change(&a)
			wantField(t, a.Check(tt.strict), tt.field)
		})
	}
}

func wantField(t *testing.T, err error, field string) {
	t.Helper()
	var e *Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			if f.Field == field && f.Reason != "" {
				return
			}
		}
	}
	if err != nil || field != "" {
		t.Errorf("Check = %v, want a problem at %q", err, field)
	}
}

func TestAchievementCheckNormalises(t *testing.T) {
	a := goodAchievement()
	a.HolderCode = "12100000400000624d"
	if err := a.Check(true); err != nil {
		t.Fatal(err)
	}
	if a.Rights[0].Number != "ZL201710601862.3" || a.Maturity.Stage != "middle" || a.HolderCode != "12100000400000624D" {
		t.Errorf("normalised to %+v", a)
	}
	fixed := goodAchievement()
	fixed.Price = Price{Mode: "fixed", Low: 5, High: 9}
	_ = fixed.Check(true)
	none := goodAchievement()
	none.Price = Price{Low: 5}
	_ = none.Check(true)
	if fixed.Price.High != 5 || none.Price != (Price{Mode: "negotiable"}) {
		t.Errorf("prices %+v %+v", fixed.Price, none.Price)
	}
}

func TestDemandCheck(t *testing.T) {
	good := func() Demand {
		return Demand{Listing: Listing{Title: "求镁合金", Summary: "需要。", Modes: []string{"develop"}, Class: Class{Field: "05"}},
			DemandKind: "problem", Criteria: []Criterion{{Name: "抗拉强度", Op: "ge", Value: "350", Unit: "MPa"}},
			BudgetLow: 10 * Wan, BudgetHigh: 50 * Wan, Deadline: "2027-06-30", MinTRL: 6}
	}
	tests := []struct {
		name   string
		change func(*Demand)
		field  string
	}{
		{"fine", func(*Demand) {}, ""},
		{"kind missing", func(d *Demand) { d.DemandKind = "" }, "demand_kind"},
		{"budget upside down", func(d *Demand) { d.BudgetHigh = Wan }, "budget_high"},
		{"negative budget", func(d *Demand) { d.BudgetLow = -1 }, "budget_low"},
		{"bad deadline", func(d *Demand) { d.Deadline = "2027-06-31" }, "deadline"},
		{"bad operator", func(d *Demand) { d.Criteria[0].Op = "gt" }, "criteria"},
		{"criterion without value", func(d *Demand) { d.Criteria[0].Value = "" }, "criteria"},
		{"maturity 12", func(d *Demand) { d.MinTRL = 12 }, "min_trl"},
		{"long conditions", func(d *Demand) { d.Conditions = strings.Repeat("长", MaxSummary+1) }, "conditions"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := good()
			tt.change(&d)
			wantField(t, d.Check(true), tt.field)
		})
	}
	one := good()
	one.BudgetHigh = 0
	if err := one.Check(true); err != nil || one.BudgetHigh != one.BudgetLow {
		t.Errorf("a single budget is both ends: %v %v", one.BudgetHigh, err)
	}
}

func TestOrganizationAndUserCheck(t *testing.T) {
	o := Organization{Name: "重庆 平伟", Kind: "enterprise"}
	wantField(t, o.Check(), "")
	if o.Key != "name/重庆平伟" {
		t.Errorf("key without a code = %q", o.Key)
	}
	coded := Organization{Name: "清华大学", Code: "12100000400000624d"}
	wantField(t, coded.Check(), "")
	if coded.Key != "12100000400000624D" {
		t.Errorf("key = %q", coded.Key)
	}
	wantField(t, (&Organization{Name: "x", Kind: "club"}).Check(), "kind")
	wantField(t, (&Organization{Name: "x", Code: "1"}).Check(), "code")
	wantField(t, (&User{Name: "甲", Login: "a@b", Memberships: []Membership{{Org: "o", Roles: []Role{RoleOfficer}}}}).Check(), "")
	wantField(t, (&User{Name: "甲", Login: "a@b", Memberships: []Membership{{Org: "o", Roles: []Role{"king"}}}}).Check(), "roles")
	wantField(t, (&User{Name: "甲", Login: "a@b"}).Check(), "org")
}

func TestContractCheck(t *testing.T) {
	good := func() Contract {
		return Contract{Project: "镁合金轧制技术开发", Type: "KF", SubType: "KF1",
			Sellers: []Party{{Name: "示例大学", Category: "022", Division: "500109"}},
			Buyers:  []Party{{Name: "示例镁业", Category: "100", Division: "500155"}},
			Amounts: Amounts{Total: 100 * Wan, Technology: 80 * Wan, Paid: 30 * Wan, Deducted: "设备购置费"},
			Term:    Term{Signed: "2026-03-01", From: "2026-03-01", To: "2027-03-01"},
			Class:   ContractClass{Field: "05"}, Payment: "installments"}
	}
	tests := []struct {
		name   string
		change func(*Contract)
		field  string
	}{
		{"fine", func(*Contract) {}, ""},
		{"no type", func(c *Contract) { c.Type = "XX" }, "type"},
		{"sub-type of another type", func(c *Contract) { c.SubType = "ZR1" }, "sub_type"},
		{"zero", func(c *Contract) { c.Amounts.Total = 0 }, "amounts.total"},
		{"negative", func(c *Contract) { c.Amounts.Technology = -1 }, "amounts.technology"},
		{"over the bound", func(c *Contract) { c.Amounts.Total = MaxFen + 1 }, "amounts.total"},
		{"technology over total", func(c *Contract) { c.Amounts.Technology = 101 * Wan }, "amounts.technology"},
		{"paid over total", func(c *Contract) { c.Amounts.Paid = 101 * Wan }, "amounts.paid"},
		{"signed tomorrow", func(c *Contract) { c.Term.Signed = "2026-03-16" }, "term.signed"},
		{"29 February", func(c *Contract) { c.Term.Signed = "2026-02-29" }, "term.signed"},
		{"ends before it starts", func(c *Contract) { c.Term.To = "2026-01-01" }, "term.to"},
		{"no seller", func(c *Contract) { c.Sellers = nil }, "sellers"},
		{"eleven buyers", func(c *Contract) { c.Buyers = make([]Party, 11) }, "buyers"},
		{"bad party code", func(c *Contract) { c.Buyers[0].Code = "1" }, "buyers.code"},
		{"no field", func(c *Contract) { c.Class.Field = "" }, "class.field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := good()
			tt.change(&c)
			wantField(t, c.Check("2026-03-15"), tt.field)
		})
	}
	c := good()
	_ = c.Check("2026-03-15")
	if c.Origin.Kind != "registered" {
		t.Errorf("origin defaults to %q", c.Origin.Kind)
	}
}

func TestParseRegistrationNumber(t *testing.T) {
	tests := []struct {
		in  string
		bad bool
	}{{"20265001550001", false}, {"２０２６５００１５５０００１２３", false}, {"2026500155000123", false}, {"123", true}, {"2026500155000123x", true}}
	for _, tt := range tests {
		if _, err := ParseRegistrationNumber(tt.in); (err != nil) != tt.bad {
			t.Errorf("ParseRegistrationNumber(%q): %v", tt.in, err)
		}
	}
}

func TestMasking(t *testing.T) {
	a := goodAchievement()
	a.Detail, a.Contact.Phone, a.Submitter, a.History = "秘密", "13812345678", "u", []Event{{}}
	public := a.Masked(false, Hidden)
	if public.Detail != "" || public.Contact.Phone != "" || public.Submitter != "" || public.History != nil || public.Title == "" {
		t.Errorf("public view %+v", public)
	}
	if a.Detail == "" {
		t.Error("masking changed the original")
	}
	d := Demand{Listing: Listing{Title: "求", Owner: "o"}, Demander: "示例镁业", Anonymous: true}
	if m := d.Masked(false, Plain); m.Demander != "" || m.Owner != "" {
		t.Errorf("anonymous demander shows: %+v", m)
	}
	if m := d.Masked(true, Plain); m.Demander == "" {
		t.Error("the owner sees the demander")
	}
	c := Contract{Project: "p", Sellers: []Party{{Name: "s", Code: "c", Division: "500155", Org: "o"}}, Register: Registration{Number: "1"}, Amounts: Amounts{Total: 5}}
	m := c.Masked()
	if m.Project != "" || m.Sellers[0].Name != "" || m.Sellers[0].Org != "" || m.Sellers[0].Division != "500155" || m.Register.Number != "" || m.Amounts.Total != 5 {
		t.Errorf("public contract %+v", m)
	}
	if len(c.Parties()) != 3 {
		t.Errorf("parties %v", c.Parties())
	}
}

func TestClaimKeys(t *testing.T) {
	a := goodAchievement()
	_ = a.Check(true)
	b := goodAchievement()
	b.Title, b.Rights = "耐热 镁合金", nil
	if a.ClaimKeys()[0] != b.ClaimKeys()[0] {
		t.Error("same title and holder, other keys")
	}
	if len(a.ClaimKeys()) != 2 || a.ClaimKeys()[1] != "achievement//patent/ZL201710601862.3" {
		t.Errorf("keys %v", a.ClaimKeys())
	}
	a.Holder, b.Holder = "", ""
	if a.ClaimKeys()[0] != b.ClaimKeys()[0] {
		t.Error("same title and summary without a holder, other keys")
	}
	if b.Summary = "另一回事"; a.ClaimKeys()[0] == b.ClaimKeys()[0] {
		t.Error("a title alone, without a holder, does not make the same achievement")
	}
}

func TestErrors(t *testing.T) {
	cause := errors.New("disk")
	err := Wrap(Unavailable, cause, "store_io", "请稍后再试。")
	if !errors.Is(err, cause) || KindOf(err) != Unavailable || !Is(err, Unavailable) || Is(nil, Internal) {
		t.Error("kind and cause of a wrapped error")
	}
	if KindOf(cause) != Internal {
		t.Error("an unclassified error is ours")
	}
	var p Problems
	p.Add("title", "必填")
	if got := p.Err().Error(); !strings.Contains(got, "title: 必填") {
		t.Errorf("Error() = %q", got)
	}
	if !strings.Contains(err.Error(), "disk") {
		t.Error("the log line keeps the cause")
	}
}

func TestCodeLists(t *testing.T) {
	for name, list := range map[string]CodeList{"fields": Fields, "industries": Industries, "chains": Chains, "stages": Stages,
		"modes": Modes, "types": ContractTypes, "plans": PlanSources, "objectives": Objectives, "divisions": Divisions,
		"parties": PartyCategories, "ip": IPKinds, "payments": PaymentModes, "actions": actionNames} {
		t.Run(name, func(t *testing.T) {
			codes, names := map[string]bool{}, map[string]bool{}
			for _, c := range list {
				if codes[c.Code] || names[c.Name] || c.Name == "" {
					t.Errorf("%v twice or unnamed", c)
				}
				codes[c.Code], names[c.Name] = true, true
				if got, ok := list.Find(c.Name); !ok || got != c.Code {
					t.Errorf("Find(%s) = %s, %v", c.Name, got, ok)
				}
			}
		})
	}
	if Fields.Name("zz") != "zz" || Fields.Has("zz") {
		t.Error("unknown code")
	}
	if _, ok := Fields.Find("炼金术"); ok {
		t.Error("unknown name found")
	}
	for sub := range SubTypes {
		if !ContractTypes.Has(sub) {
			t.Errorf("sub-types of unknown type %s", sub)
		}
	}
	if DivisionName("") != "" || DivisionName("500228") != "重庆市" || DivisionName("000000") != "000000" {
		t.Error("division names")
	}
	stages := []string{"", "early", "early", "early", "early", "middle", "middle", "middle", "mature", "mature", ""}
	for trl, want := range stages {
		if StageOf(trl) != want {
			t.Errorf("StageOf(%d) = %q, want %q", trl, StageOf(trl), want)
		}
	}
}
