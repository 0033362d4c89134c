package matching

import (
	"context"
	"slices"
	"strconv"

	"jishi/internal/market"
)

// relaxed is how many of those kept out are tried to be let in.
const relaxed = 10

// loosening is one thing its owner could ask less of.
type loosening struct {
	constraint string // code of market.Constraints
	field      string // JSON name of the field to change
	// loosen changes the pair, a copy, just so far that the counterpart passes.
	// It returns the values before and after and the change in Chinese, or an
	// empty text when this is not what keeps the pair apart.
	loosen func(m *market.Match) (from, to, text string)
}

// loosenings is what the owner of a listing of each kind could ask less of. How
// far an achievement is and what protects it are facts: nobody asks less of those.
var loosenings = map[market.ListingKind][]loosening{
	market.KindDemand: {
		{"maturity", "min_trl", lessMature},
		{"price", "budget_high_fen", moreBudget},
		{"mode", "modes", moreModes},
	},
	market.KindAchievement: {
		{"price", "price", lowerPrice},
		{"mode", "modes", moreOffers},
	},
}

// relax returns the single change that lets in the nearest of those kept out
// that any single change of the kind that asks lets in; nil when there is none.
// Of several changes, it is the one with the best score.
func (s *Service) relax(ctx context.Context, r rule, kind market.ListingKind, out []market.Match) (*market.Relaxation, error) {
	var tries []market.Match
	var changes []market.Relaxation
	for _, m := range out[:min(len(out), relaxed)] {
		for _, l := range loosenings[kind] {
			try := copied(m)
			from, to, text := l.loosen(&try)
			if text == "" {
				continue
			}
			tries = append(tries, try)
			changes = append(changes, market.Relaxation{Constraint: l.constraint, Field: l.field, From: from, To: to, Text: text})
		}
	}
	if len(tries) == 0 {
		return nil, nil
	}
	scored, err := s.index.Score(ctx, tries)
	if err != nil {
		return nil, err
	}
	for _, m := range out {
		best := -1
		for i := range scored {
			if scored[i].ID == m.ID && r.removedBy(scored[i]) == "" && (best < 0 || scored[i].Score > scored[best].Score) {
				best = i
			}
		}
		if best >= 0 {
			return admitting(changes[best], scored[best], kind), nil
		}
	}
	return nil, nil
}

// admitting names the counterpart that a change lets in.
func admitting(change market.Relaxation, m market.Match, kind market.ListingKind) *market.Relaxation {
	change.Admits, change.Title, change.Score = m.Achievement.ID, m.Achievement.Title, m.Score
	if kind == market.KindAchievement {
		change.Admits, change.Title = m.Demand.ID, m.Demand.Title
	}
	return &change
}

// copied returns a pair whose listings may be changed.
func copied(m market.Match) market.Match {
	d, a := *m.Demand, *m.Achievement
	d.Modes, a.Modes = slices.Clone(d.Modes), slices.Clone(a.Modes)
	return market.Match{ID: m.ID, Demand: &d, Achievement: &a}
}

func lessMature(m *market.Match) (from, to, text string) {
	reached := reached(m.Achievement.Maturity)
	if reached == 0 || m.Demand.MinTRL <= reached {
		return "", "", ""
	}
	from, to = strconv.Itoa(m.Demand.MinTRL)+" 级", strconv.Itoa(reached)+" 级"
	m.Demand.MinTRL = reached
	return from, to, "成熟度要求由 " + from + "降到 " + to
}

// reached is the highest level an achievement may be at, 0 when it does not say.
func reached(m market.Maturity) int {
	if m.TRL > 0 {
		return m.TRL
	}
	for level := 9; level > 0; level-- {
		if m.Stage != "" && market.StageOf(level) == m.Stage {
			return level
		}
	}
	return 0
}

func moreBudget(m *market.Match) (from, to, text string) {
	asked, budget := m.Achievement.Price.Low, m.Demand.BudgetHigh
	if asked == 0 || budget == 0 || asked <= budget {
		return "", "", ""
	}
	enough := (asked + market.Wan - 1) / market.Wan * market.Wan
	m.Demand.BudgetHigh = enough
	return budget.Wan(), enough.Wan(), "预算上限由 " + budget.Wan() + "提到 " + enough.Wan()
}

func lowerPrice(m *market.Match) (from, to, text string) {
	price, budget := &m.Achievement.Price, m.Demand.BudgetHigh
	if price.Low == 0 || budget == 0 || price.Low <= budget {
		return "", "", ""
	}
	from, to = price.Low.Wan(), budget.Wan()
	price.Low, price.High = budget, budget
	return from, to, "报价由 " + from + "降到 " + to
}

func moreModes(m *market.Match) (from, to, text string) {
	return addMode(&m.Demand.Modes, m.Achievement.Modes)
}

func moreOffers(m *market.Match) (from, to, text string) {
	return addMode(&m.Achievement.Modes, m.Demand.Modes)
}

// addMode adds the first way to deal that the other side wants, when the two
// have none in common.
func addMode(own *[]string, others []string) (from, to, text string) {
	if !apart(*own, others) {
		return "", "", ""
	}
	from = modeNames(*own)
	*own = append(*own, others[0])
	return from, modeNames(*own), "合作方式在" + from + "之外增加" + market.Modes.Name(others[0])
}
