package exchange

import (
	"strings"
	"unicode"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// awkward is the characters that formats, formulas and cell parsers care for.
var awkward = []rune("=+-@'\"＝＋－＠,，;；、|｜\\/:：()（）~≥≤><介于等于以上至_x0041_&<>甲乙丙abc123 %\n")

// drawText draws a text that an importer leaves as it is: no white space at
// its ends and no control characters.
func drawText(least, most int) *rapid.Generator[string] {
	chars := rapid.OneOf(rapid.SampledFrom(awkward), rapid.RuneFrom(nil, unicode.Han, unicode.Latin, unicode.Sm, unicode.So))
	return rapid.Custom(func(t *rapid.T) string {
		s := rapid.StringOfN(chars, least, most, -1).Draw(t, "text")
		s = strings.TrimSpace(strings.Map(func(r rune) rune {
			if unicode.IsControl(r) && r != '\n' || r == '\ufeff' {
				return -1
			}
			return r
		}, s))
		if len(s) < least {
			return strings.Repeat("字", least)
		}
		return s
	})
}

func drawCode(list market.CodeList) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		i := rapid.IntRange(-1, len(list)-1).Draw(t, "code")
		if i < 0 {
			return ""
		}
		return list[i].Code
	})
}

func drawDate() *rapid.Generator[market.Date] {
	return rapid.SampledFrom([]market.Date{"", "1999-12-31", "2026-03-31", "2024-02-29", "2037-07-20"})
}

func drawFen() *rapid.Generator[market.Fen] {
	return rapid.Custom(func(t *rapid.T) market.Fen {
		return market.Fen(rapid.Int64Range(0, int64(market.MaxFen)).Draw(t, "fen"))
	})
}

func drawCriterion() *rapid.Generator[market.Criterion] {
	return rapid.Custom(func(t *rapid.T) market.Criterion {
		return market.Criterion{Name: drawText(1, 20).Draw(t, "name"), Op: rapid.SampledFrom([]string{"ge", "le", "eq", "between"}).Draw(t, "op"),
			Value: rapid.OneOf(drawText(1, 20), rapid.StringMatching(`-?\d{1,4}(\.\d{1,3})?(~\d{1,3})?`)).Draw(t, "value"), Unit: drawText(0, 10).Draw(t, "unit")}
	})
}

func drawRight() *rapid.Generator[market.Right] {
	return rapid.Custom(func(t *rapid.T) market.Right {
		r := market.Right{Kind: rapid.SampledFrom(market.IPKinds).Draw(t, "kind").Code, State: drawCode(market.IPStates).Draw(t, "state"), Expiry: drawDate().Draw(t, "expiry")}
		if r.Number = "ZL201710601862.3"; !r.Patent() {
			r.Number = drawText(0, 20).Draw(t, "number")
		}
		return r
	})
}

func drawListing(t *rapid.T) market.Listing {
	return market.Listing{
		Title: drawText(1, 50).Draw(t, "title"), Summary: drawText(1, 300).Draw(t, "summary"), Detail: drawText(0, 100).Draw(t, "detail"),
		Keywords: rapid.SliceOfN(drawText(1, 20), 0, 4).Draw(t, "keywords"), Source: drawText(0, 30).Draw(t, "source"),
		Class: market.Class{Field: drawCode(market.Fields).Draw(t, "field"), Industry: drawCode(market.Industries).Draw(t, "industry"),
			Chain: drawCode(market.Chains).Draw(t, "chain"), Division: rapid.OneOf(drawCode(market.Divisions), rapid.Just("500228")).Draw(t, "division")},
		Modes:   rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"transfer", "license", "equity", "develop", "service", "self"}), 0, 6, rapid.ID).Draw(t, "modes"),
		Contact: drawContact(t), Owner: "org-1", ImportKey: "org-1/" + strings.ReplaceAll(drawText(1, 20).Draw(t, "external"), "\n", ""),
	}
}

func drawContact(t *rapid.T) market.Contact {
	return market.Contact{Name: drawText(0, 10).Draw(t, "contact"), Phone: rapid.SampledFrom([]string{"", "13812345678", "023-12345678"}).Draw(t, "phone"),
		Email: rapid.SampledFrom([]string{"", "a@example.com", "+a@example.com"}).Draw(t, "email")}
}

func drawAchievement(t *rapid.T) *market.Achievement {
	a := &market.Achievement{Listing: drawListing(t), Holder: drawText(0, 30).Draw(t, "holder"),
		HolderCode: rapid.SampledFrom([]string{"", "12100000400000624D"}).Draw(t, "holder code"),
		Partners:   rapid.SliceOfN(drawText(1, 20), 0, 3).Draw(t, "partners"), Benefit: drawText(0, 60).Draw(t, "benefit"),
		Category: drawCode(market.Categories).Draw(t, "category"), Form: drawCode(market.Forms).Draw(t, "form"), Level: drawCode(market.Levels).Draw(t, "level"),
		Maturity: market.Maturity{Stage: drawCode(market.Stages).Draw(t, "stage"), TRL: rapid.IntRange(0, 9).Draw(t, "trl"), Evidence: drawText(0, 30).Draw(t, "evidence")},
		Rights:   rapid.SliceOfN(drawRight(), 0, 3).Draw(t, "rights"), Registered: drawText(0, 12).Draw(t, "registered")}
	switch a.Price.Mode = rapid.SampledFrom([]string{"negotiable", "fixed", "range"}).Draw(t, "price"); a.Price.Mode {
	case "fixed":
		a.Price.Low = max(1, drawFen().Draw(t, "low"))
		a.Price.High = a.Price.Low
	case "range":
		a.Price.High = max(1, drawFen().Draw(t, "high"))
		a.Price.Low = min(a.Price.High, drawFen().Draw(t, "low"))
	}
	return a
}

func drawDemand(t *rapid.T) *market.Demand {
	d := &market.Demand{Listing: drawListing(t), Demander: drawText(0, 30).Draw(t, "demander"), Anonymous: rapid.Bool().Draw(t, "anonymous"),
		DemandKind: drawCode(market.DemandKinds).Draw(t, "kind"), Criteria: rapid.SliceOfN(drawCriterion(), 0, 3).Draw(t, "criteria"),
		MinTRL: rapid.IntRange(0, 9).Draw(t, "trl"), BudgetHigh: drawFen().Draw(t, "high"), Deadline: drawDate().Draw(t, "deadline"),
		IPTerm: drawText(0, 30).Draw(t, "ip"), Conditions: drawText(0, 60).Draw(t, "conditions")}
	d.BudgetLow = min(d.BudgetHigh, drawFen().Draw(t, "low"))
	return d
}

func drawOrganization(t *rapid.T) *market.Organization {
	return &market.Organization{Name: drawText(1, 30).Draw(t, "name"), Code: rapid.SampledFrom([]string{"", "12100000400000624D"}).Draw(t, "code"),
		Kind: drawCode(market.OrganizationKinds).Draw(t, "kind"), Category: drawCode(market.PartyCategories).Draw(t, "category"),
		Division: drawCode(market.Divisions).Draw(t, "division"), Summary: drawText(0, 100).Draw(t, "summary"), Contact: drawContact(t)}
}

func drawParty() *rapid.Generator[market.Party] {
	return rapid.Custom(func(t *rapid.T) market.Party {
		return market.Party{Name: drawText(1, 30).Draw(t, "name"), Code: rapid.SampledFrom([]string{"", "914403001922038216"}).Draw(t, "code"),
			Category: drawCode(market.PartyCategories).Draw(t, "category"), Division: drawCode(market.Divisions).Draw(t, "division")}
	})
}

func drawContract(t *rapid.T) *market.Contract {
	c := &market.Contract{Project: drawText(1, 50).Draw(t, "project"), Sellers: rapid.SliceOfN(drawParty(), 1, 3).Draw(t, "sellers"),
		Buyers: rapid.SliceOfN(drawParty(), 1, 3).Draw(t, "buyers"), Payment: drawCode(market.PaymentModes).Draw(t, "payment"),
		Term: market.Term{Signed: "2026-03-31", From: "2024-02-29", To: drawDate().Filter(func(d market.Date) bool { return d == "" || d > "2024-02-29" }).Draw(t, "to")},
		Class: market.ContractClass{Field: drawCode(market.Fields).Draw(t, "field"), Industry: drawCode(market.Industries).Draw(t, "industry"),
			IP: drawCode(market.IPKinds).Draw(t, "ip"), Plan: drawCode(market.PlanSources).Draw(t, "plan"), Objective: drawCode(market.Objectives).Draw(t, "objective")},
		Origin: market.Origin{Kind: rapid.SampledFrom(market.Origins).Draw(t, "origin").Code, Demand: market.ID(rapid.SampledFrom([]string{"", "-d"}).Draw(t, "demand"))},
		Owner:  "org-1", ImportKey: "org-1/" + rapid.StringMatching(`[=A-Z]{1,3}\d{1,4}`).Draw(t, "external")}
	c.Type = rapid.SampledFrom(market.ContractTypes).Draw(t, "type").Code
	c.SubType = drawCode(market.SubTypes[c.Type]).Draw(t, "sub type")
	c.Amounts = market.Amounts{Total: max(1, drawFen().Draw(t, "total")), Deducted: drawText(0, 30).Draw(t, "deducted")}
	c.Amounts.Technology = max(1, min(c.Amounts.Total, drawFen().Draw(t, "technology")))
	c.Amounts.Paid = min(c.Amounts.Total, drawFen().Draw(t, "paid"))
	return c
}
