package match

import (
	"testing"
	"time"

	"jishi/internal/market"
)

func TestRightsPoints(t *testing.T) {
	granted := market.Right{Kind: "invention", State: "granted", Expiry: "2040-01-01"}
	over := market.Right{Kind: "invention", State: "granted", Expiry: "2026-04-30"}
	tests := []struct {
		name   string
		rights []market.Right
		points int
		reason string
	}{
		{"none listed", nil, 2, "未登记知识产权，按一半计"},
		{"none touched", []market.Right{{Kind: "none"}}, 2, "按一半计"},
		{"in force", []market.Right{granted, granted}, 4, "2 项知识产权在有效期内"},
		{"no end known", []market.Right{{Kind: "utility", State: "granted"}}, 4, "1 项知识产权在有效期内"},
		{"last day", []market.Right{{Kind: "utility", State: "granted", Expiry: "2026-05-01"}}, 4, "在有效期内"},
		{"ended yesterday", []market.Right{over}, 0, "1 项知识产权都已失效或到期"},
		{"lapsed for fees", []market.Right{{Kind: "invention", State: "lapsed", Expiry: "2040-01-01"}}, 0, "都已失效"},
		{"applied for", []market.Right{{Kind: "invention", State: "applied"}}, 2, "1 项尚未授权或未说明状态"},
		{"some over", []market.Right{granted, over}, 2, "1 项在有效期内，1 项已失效或到期"},
		{"all three", []market.Right{granted, granted, {Kind: "invention", State: "applied"}, over}, 2, "2 项在有效期内，1 项尚未授权或未说明状态，1 项已失效或到期"},
		{"know-how", []market.Right{{Kind: "secret"}}, 4, "1 项知识产权在有效期内"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := rightsPoints(tt.rights, 4, "2026-05-01")
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}

func TestRegionPoints(t *testing.T) {
	tests := []struct {
		name, d, a  string
		max, points int
		reason      string
	}{
		{"one district", "500155", "500155", 4, 4, "都在"},
		{"one province", "500155", "500109", 4, 3, "在同一省级行政区"},
		{"one province of two points", "500155", "500109", 2, 2, "在同一省级行政区"},
		{"another province", "500155", "440300", 4, 0, "不在同一省级行政区"},
		{"demand silent", "", "440300", 4, 2, "按一半计"},
		{"achievement silent", "500155", "", 4, 2, "按一半计"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := regionPoints(tt.d, tt.a, tt.max)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}

func TestFreshnessPoints(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return now.AddDate(0, 0, -days) }
	tests := []struct {
		name   string
		d, a   time.Time
		points int
		reason string
	}{
		{"both new", ago(3), ago(120), 2, "近四个月"},
		{"demand older", ago(200), ago(3), 1, "需求发布于 200 天前"},
		{"achievement older", ago(3), ago(300), 1, "成果发布于 300 天前"},
		{"one is stale", ago(3), ago(500), 0, "成果发布已超过一年"},
		{"not published", time.Time{}, ago(3), 1, "按一半计"},
		{"from tomorrow", ago(-1), ago(-1), 2, "近四个月"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := freshnessPoints(tt.d, tt.a, 2, now)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}
