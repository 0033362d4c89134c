package match

import (
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestCodePoints(t *testing.T) {
	tests := []struct {
		name   string
		d, a   string
		points int
		reason string
	}{
		{"the same", "05", "05", 8, "技术领域相同（新材料及其应用）"},
		{"another", "09", "05", 0, "技术领域不同（需求为农业，成果为新材料及其应用）"},
		{"nothing said", "", "", 4, "技术领域未说明，按一半计"},
		{"demand silent", "", "05", 4, "技术领域未说明，按一半计"},
		{"achievement silent", "05", "", 4, "技术领域未说明，按一半计"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := codePoints("技术领域", tt.d, tt.a, market.Fields, 8)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}

func check(t *testing.T, points int, reason string, want int, in string) {
	t.Helper()
	if points != want || !strings.Contains(reason, in) {
		t.Errorf("got %d, %q; want %d, %q", points, reason, want, in)
	}
}

func TestMaturityPoints(t *testing.T) {
	tests := []struct {
		name   string
		asked  int
		m      market.Maturity
		points int
		reason string
	}{
		{"reached", 6, market.Maturity{TRL: 7}, 15, "需求要求 6 级以上，成果为 7 级"},
		{"just reached", 6, market.Maturity{TRL: 6}, 15, "成果为 6 级"},
		{"one short", 6, market.Maturity{TRL: 5}, 6, "差 1 级"},
		{"two short", 6, market.Maturity{TRL: 4}, 3, "差 2 级"},
		{"far short", 9, market.Maturity{TRL: 1}, 0, "差 8 级"},
		{"nothing asked", 0, market.Maturity{TRL: 1}, 15, "需求未要求成熟度，成果为 1 级"},
		{"nothing said", 0, market.Maturity{}, 7, "按一半计"},
		{"achievement silent", 6, market.Maturity{}, 7, "需求要求 6 级以上，成果的成熟度未说明，按一半计"},
		{"stage is enough", 8, market.Maturity{Stage: "mature"}, 15, "成熟应用阶段（8–9 级）"},
		{"stage leaves it open", 6, market.Maturity{Stage: "middle"}, 7, "中期阶段（5–7 级），是否达到未说明，按一半计"},
		{"stage falls short", 6, market.Maturity{Stage: "early"}, 3, "初期阶段（1–4 级），差 2 级"},
		{"level before stage", 6, market.Maturity{TRL: 6, Stage: "early"}, 15, "成果为 6 级"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := maturityPoints(tt.asked, tt.m, 15)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}

func TestPricePoints(t *testing.T) {
	tests := []struct {
		name      string
		low, high market.Fen // budget, 万元
		ask, top  market.Fen // price, 万元
		points    int
		reason    string
	}{
		{"within", 50, 100, 80, 80, 10, "报价 80 万元在预算 50–100 万元以内"},
		{"below the budget", 50, 100, 20, 30, 10, "报价 20–30 万元在预算 50–100 万元以内"},
		{"overlap", 50, 100, 80, 150, 8, "报价 80–150 万元与预算 50–100 万元有重叠"},
		{"a little over", 100, 100, 115, 115, 5, "报价 115 万元高出预算 100 万元约 15%，可以商谈"},
		{"over", 100, 100, 140, 140, 2, "约 40%"},
		{"far over", 100, 100, 300, 300, 0, "超过一半"},
		{"no budget", 0, 0, 80, 80, 5, "报价 80 万元，预算未说明，按一半计"},
		{"negotiable", 50, 100, 0, 0, 5, "预算 50–100 万元，报价面议，按一半计"},
		{"nothing said", 0, 0, 0, 0, 5, "报价面议、预算未说明，按一半计"},
		{"budget from nothing", 0, 100, 60, 60, 10, "在预算 0–100 万元以内"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			price := market.Price{Low: tt.ask * market.Wan, High: tt.top * market.Wan}
			points, reason := pricePoints(tt.low*market.Wan, tt.high*market.Wan, price, 10)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}

func TestModePoints(t *testing.T) {
	tests := []struct {
		name   string
		d, a   []string
		points int
		reason string
	}{
		{"one in common", []string{"license", "develop"}, []string{"transfer", "develop"}, 10, "双方都接受合作开发"},
		{"two in common", []string{"license", "develop"}, []string{"develop", "license"}, 10, "双方都接受技术许可、合作开发"},
		{"none", []string{"license"}, []string{"equity", "self"}, 0, "需求为技术许可，成果为作价投资、自行实施、寻求合作"},
		{"demand silent", nil, []string{"equity"}, 5, "需求的合作方式未说明，按一半计"},
		{"achievement silent", []string{"equity"}, nil, 5, "成果的合作方式未说明，按一半计"},
		{"both silent", nil, nil, 5, "双方合作方式都未说明，按一半计"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			points, reason := modePoints(tt.d, tt.a, 10)
			check(t, points, reason, tt.points, tt.reason)
		})
	}
}
