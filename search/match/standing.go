package match

import (
	"fmt"
	"time"

	"jishi/internal/market"
)

// rightsPoints says how much of what protects the achievement is in force on a
// day: what is not can be used by anybody, and nobody can license it.
func rightsPoints(rights []market.Right, max int, today market.Date) (int, string) {
	alive, open, dead := 0, 0, 0
	for _, r := range rights {
		switch {
		case r.Kind == "none":
		case r.State == "lapsed", r.Expiry != "" && r.Expiry < today:
			dead++
		case r.State == "granted", r.Kind == "secret":
			alive++
		default:
			open++
		}
	}
	n := alive + open + dead
	switch {
	case n == 0:
		return half(max), "成果未登记知识产权，按一半计"
	case dead == n:
		return 0, fmt.Sprintf("%d 项知识产权都已失效或到期", n)
	case alive == n:
		return max, fmt.Sprintf("%d 项知识产权在有效期内", n)
	}
	reason := ""
	for _, one := range []struct {
		n    int
		text string
	}{{alive, "在有效期内"}, {open, "尚未授权或未说明状态"}, {dead, "已失效或到期"}} {
		if one.n > 0 {
			if reason != "" {
				reason += "，"
			}
			reason += fmt.Sprintf("%d 项%s", one.n, one.text)
		}
	}
	return max * (2*alive + open) / (2 * n), "知识产权" + reason
}

// regionPoints compares where both are by their GB/T 2260 codes: what is near
// is easier to visit and to pilot.
func regionPoints(demand, achievement string, max int) (int, string) {
	switch {
	case demand == "" || achievement == "":
		return half(max), "所在地未说明，按一半计"
	case demand == achievement:
		return max, "都在" + market.DivisionName(demand)
	case within(demand, achievement, 2):
		return (max*3 + 3) / 4, "在同一省级行政区"
	default:
		return 0, "不在同一省级行政区"
	}
}

// within reports whether two division codes begin with the same digits.
func within(a, b string, digits int) bool {
	return len(a) >= digits && len(b) >= digits && a[:digits] == b[:digits]
}

// Ages of a listing: what was published a season ago is surely current, what
// nobody renewed for a year may not be.
const (
	recent = 120 * 24 * time.Hour
	old    = 400 * 24 * time.Hour
)

// freshnessPoints looks at the one of both that was published longer ago.
func freshnessPoints(demand, achievement time.Time, max int, now time.Time) (int, string) {
	what, at := "需求", demand
	if achievement.Before(demand) {
		what, at = "成果", achievement
	}
	if demand.IsZero() || achievement.IsZero() {
		return half(max), "发布时间不明，按一半计"
	}
	age := now.Sub(at)
	switch days := int(age.Hours() / 24); {
	case age <= recent:
		return max, "双方都在近四个月内发布"
	case age <= old:
		return half(max), fmt.Sprintf("%s发布于 %d 天前", what, days)
	default:
		return 0, fmt.Sprintf("%s发布已超过一年", what)
	}
}
