package demo_test

import (
	"strings"
	"testing"

	"jishi/cmd/jishi/demo"
	"jishi/internal/market"
)

func TestContracts(t *testing.T) {
	d := load(t)
	sub := map[string]bool{}
	for id, c := range d.contracts {
		if err := c.Check(market.DateOf(clock())); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		for _, p := range append(append([]market.Party{}, c.Sellers...), c.Buyers...) {
			if o := d.organizations[p.Name]; !sample(p.Name) || o == nil || o.Code != p.Code || o.Category != p.Category {
				t.Errorf("%s: party %+v", id, p)
			}
		}
		if (c.Amounts.Technology < c.Amounts.Total) != (c.Amounts.Deducted != "") {
			t.Errorf("%s: %s of %s, deducted %q", id, c.Amounts.Technology, c.Amounts.Total, c.Amounts.Deducted)
		}
		sub[c.SubType] = true
	}
	for _, typ := range market.ContractTypes {
		for _, s := range market.SubTypes[typ.Code] {
			if !sub[s.Code] {
				t.Errorf("no contract of %s", s.Name)
			}
		}
	}
}

// registered returns the registrations that the office entered.
func registered(t *testing.T) []demo.Registration {
	t.Helper()
	all, err := demo.Registrations()
	if err != nil {
		t.Fatal(err)
	}
	var entered []demo.Registration
	for _, r := range all {
		if r.State == market.ContractRegistered {
			entered = append(entered, r)
		} else if r.Number != "" || r.On != "" || r.State != market.ContractSubmitted {
			t.Errorf("%s: state %s with number %q of %s", r.Contract, r.State, r.Number, r.On)
		}
	}
	if len(entered) == len(all) {
		t.Error("no contract left to register")
	}
	return entered
}

func TestRegistrations(t *testing.T) {
	d := load(t)
	numbers := map[string]bool{}
	for _, r := range registered(t) {
		c := d.contracts[r.Contract]
		if c == nil {
			t.Errorf("no contract %s", r.Contract)
			continue
		}
		// Registered where the first seller is, in the year the number begins with.
		number, err := market.ParseRegistrationNumber(r.Number)
		if err != nil || numbers[number] || !strings.HasPrefix(number, string(r.On[:4])+c.Sellers[0].Division) {
			t.Errorf("%s: number %q of %s, seller in %s: %v", r.Contract, r.Number, r.On, c.Sellers[0].Division, err)
		}
		numbers[number] = true
		if !r.On.Valid() || r.On < c.Term.Signed || r.On > "2026-10-31" {
			t.Errorf("%s: signed %s, registered %s", r.Contract, c.Term.Signed, r.On)
		}
	}
}

func TestMatchedContracts(t *testing.T) {
	d := load(t)
	all, err := demo.Registrations()
	if err != nil {
		t.Fatal(err)
	}
	matched := 0
	for _, r := range all {
		c := d.contracts[r.Contract]
		if c == nil || c.Origin.Kind != "matched" {
			continue
		}
		matched++
		a, demand := d.achievements[r.Achievement], d.demands[r.Demand]
		if a == nil || demand == nil || a.Holder != c.Sellers[0].Name || demand.Demander != c.Buyers[0].Name {
			t.Errorf("%s between %s and %s cites %q and %q", r.Contract, c.Sellers[0].Name, c.Buyers[0].Name, r.Achievement, r.Demand)
		}
		if o := d.organizations[r.Broker]; o == nil || o.Kind != "broker" {
			t.Errorf("%s: broker %q", r.Contract, r.Broker)
		}
	}
	if matched < 5 {
		t.Errorf("%d contracts matched here", matched)
	}
}

// The figures the tour of the README speaks of: a partial bar toward both
// targets, more in the last quarter than in any other, few contracts carrying
// most of the amount.
func TestTotals(t *testing.T) {
	d := load(t)
	var all, quarter4, largest, least market.Fen
	years, types := map[market.Date]market.Fen{}, map[string]int{}
	for _, r := range registered(t) {
		c := d.contracts[r.Contract]
		total := c.Amounts.Total
		all += total
		years[r.On[:4]] += total
		types[c.Type]++
		if r.On[5:7] >= "10" {
			quarter4 += total
		}
		largest = max(largest, total)
		if least == 0 || total < least {
			least = total
		}
	}
	if all != 660_789_000*market.Yuan || years["2025"] != 309_015_000*market.Yuan {
		t.Errorf("registered %s, in 2025 %s", all.Yi(), years["2025"].Yi())
	}
	if 2*quarter4 < all {
		t.Errorf("last quarters %s of %s", quarter4.Yi(), all.Yi())
	}
	if largest != 4800*market.Wan || least != 3*market.Wan || len(types) != len(market.ContractTypes) {
		t.Errorf("from %s to %s, types %v", least.Wan(), largest.Wan(), types)
	}
}
