package match

import (
	"fmt"

	"jishi/internal/market"
)

// requirementPoints gives each requirement that is met a whole share, each of
// which nothing is said half of one: silence is neither for nor against.
func requirementPoints(list []market.Requirement, max int) (int, string) {
	if len(list) == 0 {
		return half(max), "需求没有写明可以比较的数值指标，按一半计"
	}
	count := map[string]int{}
	for _, r := range list {
		count[r.Outcome]++
	}
	met, silent, against := count[market.OutcomeMet], count[market.OutcomeNotStated], count[market.OutcomeContradicted]
	points := max * (2*met + silent) / (2 * len(list))
	reason := fmt.Sprintf("%d 项数值要求：满足 %d 项，未说明 %d 项，不符 %d 项", len(list), met, silent, against)
	if silent > 0 {
		reason += "；未说明的按一半计"
	}
	return points, reason
}
