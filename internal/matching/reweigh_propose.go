package matching

import (
	"fmt"

	"jishi/internal/market"
)

// leastDemands is from how many demands the verdicts must be at least, so that
// each fold has some.
const leastDemands = 2 * folds

// propose learns weights from verdicts and compares them with those in force.
// It does not say who asked and when. Errors are Conflict and say in Chinese
// what is missing: too few verdicts, of too few demands, all alike, or nothing
// that the parts could tell.
func propose(verdicts []*market.Verdict, inForce market.Weighting) (*market.Proposal, error) {
	samples := filled(samplesOf(verdicts))
	if err := enough(samples); err != nil {
		return nil, err
	}
	weights, ok := learn(samples)
	if !ok {
		return nil, market.E(market.Conflict, "not_computable", "这批判断算不出稳定的权重，请积累更多判断后再算。")
	}
	parts, ok := whole(weights)
	if !ok {
		return nil, nothingTells()
	}
	current := ordered(inForce)
	all, ok := crossValidate(samples, current)
	if !ok {
		return nil, nothingTells()
	}
	judges, busiest := judgesOf(verdicts)
	return &market.Proposal{
		Before: current, Parts: parts, Verdicts: len(samples), Demands: len(demandsOf(samples)), Judges: judges, Busiest: busiest, Figures: compareWeightings(all),
	}, nil
}

// judgesOf counts who gave the verdicts that are learnt from, and how many of
// them the busiest judge gave.
func judgesOf(verdicts []*market.Verdict) (judges, busiest int) {
	by := map[market.ID]int{}
	for _, v := range verdicts {
		if _, ok := sampleOf(v); ok {
			by[v.User]++
			busiest = max(busiest, by[v.User])
		}
	}
	return len(by), busiest
}

func nothingTells() error {
	return market.E(market.Conflict, "nothing_tells", "从这批判断看不出哪一项得分与是否合适有关，不建议改权重。")
}

// enough returns why samples are no ground for weights, nil when they are.
func enough(samples []sample) error {
	if missing := market.LeastVerdicts - len(samples); missing > 0 {
		return market.E(market.Conflict, "too_few_verdicts", fmt.Sprintf("还差 %d 条判断，满 %d 条才能测算权重。", missing, market.LeastVerdicts))
	}
	if n := len(demandsOf(samples)); n < leastDemands {
		return market.E(market.Conflict, "too_few_demands", fmt.Sprintf("这些判断只涉及 %d 项需求，至少要 %d 项才能检验，请多判断几项不同的需求。", n, leastDemands))
	}
	fits, misfits := 0, 0
	for _, s := range samples {
		switch s.gain {
		case 2:
			fits++
		case 0:
			misfits++
		}
	}
	switch {
	case fits == 0:
		return market.E(market.Conflict, "one_kind", "没有一条判断是“合适”，分不出什么样的匹配好，请继续积累判断。")
	case misfits == 0:
		return market.E(market.Conflict, "one_kind", "没有一条判断是“不合适”，分不出什么样的匹配不好，请继续积累判断。")
	}
	return nil
}

// ordered is a weighting's parts in the order of PartNames.
func ordered(w market.Weighting) []market.Weight {
	parts := make([]market.Weight, len(market.PartNames))
	for i, code := range market.PartNames {
		parts[i] = market.Weight{Part: code.Code, Max: w.Max(code.Code)}
	}
	return parts
}
