package turnover

import (
	"math/big"
	"regexp"
	"strings"

	"jishi/internal/market"
)

// Progress is how far a value is on the way from the base of 2020 to the goal
// of 2025. All rows of the plan are better when higher.
type Progress struct {
	// BasisPoints is (value − base) / (goal − base) in 1/10,000, rounded down:
	// 0 at the base, 10,000 at the goal, negative below the base, more above the
	// goal. 0 and without meaning when Maintain.
	BasisPoints int64 `json:"basis_points"`
	Maintain    bool  `json:"maintain"` // base and goal are the same: there is no way to go, only a level to hold
	Reached     bool  `json:"reached"`
	Approx      bool  `json:"approx"`    // the goal says 左右: Reached within half of its last printed digit
	NoGrowth    bool  `json:"no_growth"` // the base is 0, so that no growth rate can be given
}

var decimal = regexp.MustCompile(`^\d{1,12}(\.\d{1,10})?$`)

// parse reads a value as the plan prints it: a plain decimal, 左右 left out.
// nil for anything else.
func parse(text string) *big.Rat {
	text = strings.TrimSuffix(market.Fold(text), "左右")
	if !decimal.MatchString(text) {
		return nil
	}
	r, _ := new(big.Rat).SetString(text)
	return r
}

// progress sets a value against a row; nil when the row's numbers or the value
// are no numbers.
func progress(ind *market.Indicator, value *big.Rat) *Progress {
	base, goal := parse(ind.Base), parse(ind.Goal)
	if base == nil || goal == nil || value == nil {
		return nil
	}
	p := &Progress{Maintain: base.Cmp(goal) == 0, Approx: ind.Approx, NoGrowth: base.Sign() == 0}
	enough := new(big.Rat).Set(goal)
	if ind.Approx {
		enough.Sub(enough, half(ind.Goal))
	}
	p.Reached = value.Cmp(enough) >= 0
	if p.Maintain {
		return p
	}
	share := new(big.Rat).Quo(new(big.Rat).Sub(value, base), new(big.Rat).Sub(goal, base))
	share.Mul(share, big.NewRat(10_000, 1))
	points := new(big.Int).Div(share.Num(), share.Denom()) // Euclidean, which for a positive divisor rounds down
	if points.IsInt64() {
		p.BasisPoints = points.Int64()
	}
	return p
}

// half is half a unit of the last digit that a goal is printed with.
func half(goal string) *big.Rat {
	_, frac, _ := strings.Cut(strings.TrimSuffix(market.Fold(goal), "左右"), ".")
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(frac))), nil)
	return new(big.Rat).SetFrac(big.NewInt(1), unit.Mul(unit, big.NewInt(2)))
}

// reported is the progress of the latest reported value, nil when none is.
func reported(ind *market.Indicator) *Progress {
	var latest *market.Value
	for i, v := range ind.Reported {
		if latest == nil || v.Year >= latest.Year {
			latest = &ind.Reported[i]
		}
	}
	if latest == nil {
		return nil
	}
	return progress(ind, parse(latest.Text))
}

// plainYi writes an amount in 亿元 without unit and separators: "0.98".
func plainYi(f market.Fen) string {
	return strings.ReplaceAll(strings.TrimSuffix(f.Yi(), " 亿元"), ",", "")
}
