package radar

import (
	"strings"

	"jishi/internal/market"
)

// Filter is what of a radar is asked for. Empty fields ask for all.
type Filter struct {
	Chain    string // code of market.Chains, or Unstated
	Division string // GB/T 2260; one that ends in 0000 asks for all of the province
}

// Unstated asks for what names no industry chain.
const Unstated = "none"

// check returns Invalid for codes that are none.
func (f Filter) check() error {
	var p market.Problems
	p.Check(f.Chain == "" || f.Chain == Unstated || market.Chains.Has(f.Chain), "chain", "没有这条产业链")
	p.Check(f.Division == "" || market.Divisions.Has(f.Division), "division", "没有这个地区")
	return p.Err()
}

func (f Filter) chain(code string) bool {
	return f.Chain == "" || f.Chain == code || f.Chain == Unstated && code == ""
}

func (f Filter) division(code string) bool {
	return f.Division == "" || f.Division == code || strings.HasSuffix(f.Division, "0000") && strings.HasPrefix(code, f.Division[:2])
}

// apply returns a radar with what the filter asks for.
func (f Filter) apply(r *market.Radar) *market.Radar {
	seen := *r
	seen.Gaps, seen.Idle = []market.Gap{}, []market.IdleUnit{}
	for _, gap := range r.Gaps {
		some := gap
		some.Demands = nil
		for _, d := range gap.Demands {
			if f.division(d.Division) {
				some.Demands = append(some.Demands, d)
			}
		}
		if f.chain(gap.Chain) && len(some.Demands) > 0 {
			seen.Gaps = append(seen.Gaps, some)
		}
	}
	for _, unit := range r.Idle {
		some := market.IdleUnit{Holder: unit.Holder}
		for _, a := range unit.Achievements {
			if f.chain(a.Chain) && f.division(a.Division) {
				some.Achievements = append(some.Achievements, a)
			}
		}
		if len(some.Achievements) > 0 {
			seen.Idle = append(seen.Idle, some)
		}
	}
	return &seen
}
