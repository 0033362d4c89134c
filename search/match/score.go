package match

import (
	"jishi/internal/market"
)

// Rarity tells how much a term tells: the logarithm of how few published
// listings hold it, 0 when none does. search.Index.Rarity has it.
type Rarity func(term string) float64

// Score returns the match of a demand and an achievement: its parts in the
// order of Weights, a score of 0 to 100 that is their sum, and the evidence.
// It reads nothing confidential, and serves both directions: a demand's page
// and an achievement's page show the same match.
func Score(d *market.Demand, a *market.Achievement, rarity Rarity) market.Match {
	o := compare(d, a, rarity)
	m := market.Match{ID: d.ID + "." + a.ID, Demand: d, Achievement: a, Evidence: o.evidence()}
	for _, w := range Weights {
		part := market.Part{Name: w.Part, Max: w.Max}
		switch w.Part {
		case "text":
			part.Points, part.Reason = o.points(w.Max), o.reason()
		case "field":
			part.Points, part.Reason = classPoints(d.Class, a.Class, w.Max)
		case "maturity":
			part.Points, part.Reason = maturityPoints(d.MinTRL, a.Maturity, w.Max)
		case "price":
			part.Points, part.Reason = pricePoints(d.BudgetLow, d.BudgetHigh, a.Price, w.Max)
		case "mode":
			part.Points, part.Reason = modePoints(d.Modes, a.Modes, w.Max)
		}
		m.Score += part.Points
		m.Parts = append(m.Parts, part)
	}
	return m
}
