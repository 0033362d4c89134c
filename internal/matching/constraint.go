package matching

import (
	"slices"

	"jishi/internal/market"
)

// constraint is what keeps a pair from being a match.
type constraint struct {
	code string // of market.Constraints
	out  func(r rule, m market.Match) bool
}

// constraints is the one table of what removes a counterpart, first come first.
// What one side does not state removes nothing. The rules are those of the
// listings, not of the points, so that another weighting lets nothing else in.
var constraints = []constraint{
	{"judged", func(r rule, m market.Match) bool { return r.refused[m.ID] }},
	{"text", func(_ rule, m market.Match) bool { return TextShare(m) < TextFloor }},
	{"requirements", func(_ rule, m market.Match) bool { return contradicted(m, "requirements") }},
	{"rights", func(_ rule, m market.Match) bool { return lapsed(m.Achievement.Rights) }},
	{"maturity", func(_ rule, m market.Match) bool { return tooEarly(m.Demand.MinTRL, m.Achievement.Maturity) }},
	{"price", func(_ rule, m market.Match) bool { return tooDear(m.Demand.BudgetHigh, m.Achievement.Price.Low) }},
	{"mode", func(_ rule, m market.Match) bool { return apart(m.Demand.Modes, m.Achievement.Modes) }},
}

// contradicted reports whether a part of the score speaks against the pair
// only: what is not stated gives half.
func contradicted(m market.Match, name string) bool {
	p, ok := part(m, name)
	return ok && p.Points == 0
}

// lapsed reports whether rights are stated and none of them is alive.
func lapsed(rights []market.Right) bool {
	return len(rights) > 0 && !slices.ContainsFunc(rights, func(r market.Right) bool { return r.State != "lapsed" })
}

// tooEarly reports whether three levels or more are missing: one step is what
// a joint project does, three are another project.
func tooEarly(asked int, m market.Maturity) bool {
	at := reached(m)
	return at > 0 && asked-at >= 3
}

// tooDear reports whether the least that is asked exceeds the budget by more
// than half, which no bargaining closes.
func tooDear(budget, asked market.Fen) bool {
	return budget > 0 && asked > budget && asked-budget > budget/2
}

// apart reports whether both sides say how they want to deal and agree on nothing.
func apart(demand, achievement []string) bool {
	return len(demand) > 0 && len(achievement) > 0 &&
		!slices.ContainsFunc(demand, func(mode string) bool { return slices.Contains(achievement, mode) })
}

// rule is by what the pairs of one answer are judged.
type rule struct {
	least   int                // score that a match needs
	refused map[market.ID]bool // pairs that somebody judged "no"
}

// removedBy returns the constraint that keeps a pair out, "" when it fits. A
// pair that contradicts nothing outright but has too little in all is counted
// under its words when they alone would not do, else under what it lost most by.
func (r rule) removedBy(m market.Match) string {
	for _, c := range constraints {
		if c.out(r, m) {
			return c.code
		}
	}
	if m.Score >= r.least {
		return ""
	}
	if TextShare(m) < TextAlone {
		return "text"
	}
	return dearest(m)
}

// dearest is the part that took most from a score, against what it gives when
// nothing is known.
func dearest(m market.Match) string {
	name, most := "text", 0
	for _, p := range m.Parts {
		if lost := p.Max/2 - p.Points; p.Name != "text" && lost > most && market.Constraints.Has(p.Name) {
			name, most = p.Name, lost
		}
	}
	return name
}

// count returns how many each constraint removed, in the order of the code list.
func count(removed map[string]int) []market.Removal {
	list := []market.Removal{}
	for _, c := range market.Constraints {
		if n := removed[c.Code]; n > 0 {
			list = append(list, market.Removal{Constraint: c.Code, Count: n})
		}
	}
	return list
}

func part(m market.Match, name string) (market.Part, bool) {
	i := slices.IndexFunc(m.Parts, func(p market.Part) bool { return p.Name == name })
	if i < 0 || m.Parts[i].Max == 0 {
		return market.Part{}, false
	}
	return m.Parts[i], true
}

// TextShare is how much a match has of the points its words can give, 0 to 1.
func TextShare(m market.Match) float64 {
	p, ok := part(m, "text")
	if !ok {
		return 0
	}
	return float64(p.Points) / float64(p.Max)
}
