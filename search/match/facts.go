package match

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jishi/internal/market"
)

// facts is the parts that compare what both state outside their texts.
var facts = map[string]func(d *market.Demand, a *market.Achievement, max int, now time.Time) (points int, reason string){
	"field": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return codePoints("技术领域", d.Class.Field, a.Class.Field, market.Fields, max)
	},
	"industry": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return codePoints("国民经济行业", d.Class.Industry, a.Class.Industry, market.Industries, max)
	},
	"maturity": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return maturityPoints(d.MinTRL, a.Maturity, max)
	},
	"price": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return pricePoints(d.BudgetLow, d.BudgetHigh, a.Price, max)
	},
	"mode": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return modePoints(d.Modes, a.Modes, max)
	},
	"rights": func(_ *market.Demand, a *market.Achievement, max int, now time.Time) (int, string) {
		return rightsPoints(a.Rights, max, market.DateOf(now))
	},
	"region": func(d *market.Demand, a *market.Achievement, max int, _ time.Time) (int, string) {
		return regionPoints(d.Class.Division, a.Class.Division, max)
	},
	"freshness": func(d *market.Demand, a *market.Achievement, max int, now time.Time) (int, string) {
		return freshnessPoints(d.Published, a.Published, max, now)
	},
}

func codePoints(what, demand, achievement string, list market.CodeList, max int) (int, string) {
	switch {
	case demand == "" || achievement == "":
		return half(max), what + "未说明，按一半计"
	case demand == achievement:
		return max, what + "相同（" + list.Name(demand) + "）"
	default:
		return 0, what + "不同（需求为" + list.Name(demand) + "，成果为" + list.Name(achievement) + "）"
	}
}

// maturityPoints compares the level asked with the level reached. A level
// short leaves something, since one step is what a joint project does; three
// levels short leave nothing.
func maturityPoints(asked int, m market.Maturity, max int) (int, string) {
	low, high, reached := levels(m)
	switch {
	case asked == 0 && high == 0:
		return half(max), "需求未要求成熟度，成果也未说明，按一半计"
	case asked == 0:
		return max, "需求未要求成熟度，成果为" + reached
	case high == 0:
		return half(max), fmt.Sprintf("需求要求 %d 级以上，成果的成熟度未说明，按一半计", asked)
	case low >= asked:
		return max, fmt.Sprintf("需求要求 %d 级以上，成果为%s", asked, reached)
	case high >= asked:
		return half(max), fmt.Sprintf("需求要求 %d 级以上，成果为%s，是否达到未说明，按一半计", asked, reached)
	}
	short := asked - high
	return max * (3 - min(short, 3)) / 5, fmt.Sprintf("需求要求 %d 级以上，成果为%s，差 %d 级", asked, reached, short)
}

// levels returns the readiness levels an achievement may be at, 0 to 0 when it
// does not say, and how to call them.
func levels(m market.Maturity) (low, high int, name string) {
	if m.TRL > 0 {
		return m.TRL, m.TRL, fmt.Sprintf(" %d 级", m.TRL)
	}
	for level := 1; level <= 9; level++ {
		if market.StageOf(level) != m.Stage {
			continue
		}
		if low == 0 {
			low = level
		}
		high = level
	}
	return low, high, fmt.Sprintf("%s（%d–%d 级）", market.Stages.Name(m.Stage), low, high)
}

// pricePoints compares what is asked with what can be paid. Above the budget a
// fifth is open to talk and a half is not hopeless.
func pricePoints(low, high market.Fen, p market.Price, max int) (int, string) {
	asks, pays := amounts(p.Low, p.High), amounts(low, high)
	switch {
	case asks == "" && pays == "":
		return half(max), "报价面议、预算未说明，按一半计"
	case asks == "":
		return half(max), "预算 " + pays + "，报价面议，按一半计"
	case pays == "":
		return half(max), "报价 " + asks + "，预算未说明，按一半计"
	case p.High <= high:
		return max, "报价 " + asks + "在预算 " + pays + "以内"
	case p.Low <= high:
		return max * 8 / 10, "报价 " + asks + "与预算 " + pays + "有重叠"
	}
	over := int64(p.Low-high) * 100 / int64(high)
	reason := fmt.Sprintf("报价 %s高出预算 %s", asks, pays)
	switch {
	case over <= 20:
		return half(max), fmt.Sprintf("%s约 %d%%，可以商谈", reason, over)
	case over <= 50:
		return max / 5, fmt.Sprintf("%s约 %d%%", reason, over)
	default:
		return 0, reason + "超过一半"
	}
}

// amounts writes a range of money, "" for none.
func amounts(low, high market.Fen) string {
	switch {
	case high == 0:
		return ""
	case low == high:
		return high.Wan()
	default:
		return strings.TrimSuffix(low.Wan(), " 万元") + "–" + high.Wan()
	}
}

// modePoints looks for a way to deal that both want.
func modePoints(demand, achievement []string, max int) (int, string) {
	switch {
	case len(demand) == 0 && len(achievement) == 0:
		return half(max), "双方合作方式都未说明，按一半计"
	case len(demand) == 0:
		return half(max), "需求的合作方式未说明，按一半计"
	case len(achievement) == 0:
		return half(max), "成果的合作方式未说明，按一半计"
	}
	var both []string
	for _, mode := range demand {
		if slices.Contains(achievement, mode) {
			both = append(both, market.Modes.Name(mode))
		}
	}
	if len(both) == 0 {
		return 0, "合作方式不同（需求为" + names(demand) + "，成果为" + names(achievement) + "）"
	}
	return max, "双方都接受" + strings.Join(both, "、")
}

func names(modes []string) string {
	var all []string
	for _, mode := range modes {
		all = append(all, market.Modes.Name(mode))
	}
	return strings.Join(all, "、")
}
