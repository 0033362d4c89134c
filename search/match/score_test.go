package match

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// scale is the default weighting with a rarity.
func scale(rarity Rarity) Scale {
	return Scale{Rarity: rarity, Weighting: market.DefaultWeighting(), Now: time.Date(2026, 5, 1, 4, 0, 0, 0, time.UTC)}
}

// flat is the rarity in a market where all terms are equally rare.
func flat(string) float64 { return 5 }

func demand(title, summary string) *market.Demand {
	d := &market.Demand{Meta: market.Meta{ID: "d1"}}
	d.Title, d.Summary = title, summary
	return d
}

func achievement(title, summary string) *market.Achievement {
	a := &market.Achievement{Meta: market.Meta{ID: "a1"}}
	a.Title, a.Summary = title, summary
	return a
}

func TestScore(t *testing.T) {
	d := demand("高导热镁合金压铸件", "需要高导热镁合金压铸工艺，用于基站散热壳体，要求批量稳定。")
	d.Class, d.MinTRL, d.Modes = market.Class{Field: "05", Industry: "C"}, 6, []string{"license", "develop"}
	d.BudgetLow, d.BudgetHigh = 50*market.Wan, 100*market.Wan
	a := achievement("高导热镁合金及其压铸工艺", "研制出高导热镁合金，配套压铸工艺已用于基站散热壳体批量生产。")
	a.Class, a.Maturity, a.Modes = market.Class{Field: "05", Industry: "C"}, market.Maturity{TRL: 7, Stage: "middle"}, []string{"license"}
	a.Price = market.Price{Mode: "fixed", Low: 80 * market.Wan, High: 80 * market.Wan}

	a.Rights = []market.Right{{Kind: "invention", State: "granted", Expiry: "2040-01-01"}}
	d.Class.Division, a.Class.Division = "500155", "500155"
	d.Published, a.Published = scale(flat).Now, scale(flat).Now

	m := Score(d, a, scale(flat))
	if m.ID != "d1.a1" || m.Demand != d || m.Achievement != a {
		t.Errorf("Score names %q, want d1.a1 and its two listings", m.ID)
	}
	if m.Score != 94 {
		t.Errorf("Score of a perfect pair without numbers = %d, want 94: %+v", m.Score, m.Parts)
	}
	reasons := map[string]string{
		"text": "“高导热镁合金压铸", "requirements": "没有写明可以比较的数值指标，按一半计", "field": "技术领域相同（新材料及其应用）", "industry": "国民经济行业相同（制造业）",
		"maturity": "需求要求 6 级以上，成果为 7 级", "price": "报价 80 万元在预算 50–100 万元以内", "mode": "双方都接受技术许可",
		"rights": "1 项知识产权在有效期内", "region": "都在重庆市", "freshness": "近四个月",
	}
	for i, part := range m.Parts {
		if part.Name != market.PartNames[i].Code || !strings.Contains(part.Reason, reasons[part.Name]) {
			t.Errorf("reason of %s = %q, want %q in it", part.Name, part.Reason, reasons[part.Name])
		}
	}
	if len(m.Evidence.Demand) == 0 || len(m.Evidence.Achievement) == 0 {
		t.Errorf("no evidence: %+v", m.Evidence)
	}
}

func TestUnrelated(t *testing.T) {
	d := demand("高导热镁合金压铸件", "需要高导热镁合金压铸工艺，用于基站散热壳体。")
	a := achievement("柑橘黄龙病检测", "建立了柑橘黄龙病的快速检测方法，适合田间使用。")
	m := Score(d, a, scale(flat))
	if m.Parts[0].Points != 0 || m.Parts[0].Reason != "两段文字没有共同的关键词" {
		t.Errorf("text part of an unrelated pair = %+v", m.Parts[0])
	}
	if len(m.Evidence.Demand)+len(m.Evidence.Achievement) != 0 {
		t.Errorf("evidence of an unrelated pair = %+v", m.Evidence)
	}
	for _, part := range m.Parts[1:] {
		if part.Points != part.Max/2 || !strings.Contains(part.Reason, "按一半计") {
			t.Errorf("unknown part %s = %d of %d, %q", part.Name, part.Points, part.Max, part.Reason)
		}
	}
}

func TestTextPointsGrowWithWhatIsShared(t *testing.T) {
	d := demand("镁合金压铸", "基站散热壳体的高导热镁合金压铸与表面防腐处理，要求盐雾试验合格。")
	last := -1
	for _, summary := range []string{
		"柑橘黄龙病检测。", "一种高导热材料。", "高导热镁合金材料的研制。", "高导热镁合金压铸，用于散热壳体。",
		"高导热镁合金压铸与表面防腐处理，用于基站散热壳体，盐雾试验合格。",
	} {
		points := Score(d, achievement("", summary), scale(flat)).Parts[0].Points
		if points < last || points == last && points != 0 && points != 50 {
			t.Errorf("%q gets %d points, no more than the one before with %d", summary, points, last)
		}
		last = points
	}
	if last < 45 {
		t.Errorf("the closest text gets %d of 50 points", last)
	}
}

func TestCommonTermsSayNothing(t *testing.T) {
	d := demand("技术研究", "镁合金压铸的技术研究")
	rarity := func(term string) float64 {
		if strings.Contains("技术研究的技术", term) {
			return 0.5
		}
		return 6
	}
	if p := Score(d, achievement("", "柑橘病害的技术研究"), scale(rarity)).Parts[0]; p.Points != 0 {
		t.Errorf("only common terms shared, and %d points: %s", p.Points, p.Reason)
	}
	// With nothing but common terms they must do.
	if p := Score(demand("技术研究", ""), achievement("", "技术研究"), scale(rarity)).Parts[0]; p.Points == 0 {
		t.Error("a demand of common terms gets nothing from its own words")
	}
}

// Words that no achievement holds weigh against a match, but however many
// they are not so much that nothing fits a demand in words of its own.
func TestUnheardTerms(t *testing.T) {
	heard := func(term string) float64 {
		if strings.Contains("镁合金压铸件", term) {
			return 6
		}
		return 0
	}
	points := func(summary string) int {
		return Score(demand("", summary), achievement("", "镁合金的生产"), scale(heard)).Parts[0].Points
	}
	none, some, many := points("镁合金压铸件"), points("镁合金压铸件甲乙"), points("镁合金压铸件"+"甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
	if !(none > some && some > many && many > 0) {
		t.Errorf("without unheard words %d points, with some %d, with many %d", none, some, many)
	}
	if more := points("镁合金压铸件" + "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"); more != many {
		t.Errorf("ever more unheard words: %d, then %d points", many, more)
	}
}

func TestKeywordsSpeakButAreNoPassage(t *testing.T) {
	d, a := demand("散热方案", "求解决方案"), achievement("新合金", "性能好")
	d.Keywords, a.Keywords = []string{"高导热镁合金"}, []string{"高导热镁合金"}
	m := Score(d, a, scale(flat))
	if m.Parts[0].Points == 0 || !strings.Contains(m.Parts[0].Reason, "“高导热镁合金”") {
		t.Errorf("text part = %+v", m.Parts[0])
	}
	if len(m.Evidence.Demand) != 0 {
		t.Errorf("evidence quotes %+v, which no passage says", m.Evidence.Demand)
	}
}

func TestConfidentialDetailIsNotRead(t *testing.T) {
	d, a := demand("散热方案", "求解决方案"), achievement("新合金", "性能好")
	d.Detail, a.Detail = "高导热镁合金压铸", "高导热镁合金压铸"
	if p := Score(d, a, scale(flat)).Parts[0]; p.Points != 0 {
		t.Errorf("confidential details give %d points", p.Points)
	}
}

// stored returns the field a passage says it is from.
func stored(d *market.Demand, a *market.Achievement, p market.Passage, ofDemand bool) string {
	fields := achievementFields(a)
	if ofDemand {
		fields = demandFields(d)
	}
	for _, f := range fields {
		if f.name == p.Field {
			return f.text
		}
	}
	return ""
}

func TestScoreAlwaysHolds(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("高导热镁合金压铸件，。；\n aB1.8％５ｶﾞ😀\u0301\u200b")))
	rapid.Check(t, func(t *rapid.T) {
		d, a := demand(text.Draw(t, "d.title"), text.Draw(t, "d.summary")), achievement(text.Draw(t, "a.title"), text.Draw(t, "a.summary"))
		d.Conditions, a.Benefit = text.Draw(t, "conditions"), text.Draw(t, "benefit")
		d.MinTRL, a.Maturity.TRL = rapid.IntRange(0, 9).Draw(t, "min"), rapid.IntRange(0, 9).Draw(t, "trl")
		a.Maturity.Stage = rapid.SampledFrom([]string{"", "early", "middle", "mature"}).Draw(t, "stage")
		money := rapid.Int64Range(0, int64(market.MaxFen))
		d.BudgetLow = market.Fen(money.Draw(t, "low"))
		d.BudgetHigh = max(d.BudgetLow, market.Fen(money.Draw(t, "high")))
		a.Price.Low = market.Fen(money.Draw(t, "price"))
		a.Price.High = max(a.Price.Low, market.Fen(money.Draw(t, "top")))

		m := Score(d, a, scale(func(term string) float64 { return float64(len(term)) }))
		sum := 0
		for i, p := range m.Parts {
			sum += p.Points
			if p.Name != market.DefaultWeights[i].Part || p.Max != market.DefaultWeights[i].Max || p.Points < 0 || p.Points > p.Max || p.Reason == "" {
				t.Fatalf("part %+v", p)
			}
		}
		if sum != m.Score || m.Score < 0 || m.Score > 100 {
			t.Fatalf("score %d, parts add up to %d", m.Score, sum)
		}
		for _, p := range m.Evidence.Demand {
			checkPassage(t, p, stored(d, a, p, true))
		}
		for _, p := range m.Evidence.Achievement {
			checkPassage(t, p, stored(d, a, p, false))
		}
	})
}

func checkPassage(t *rapid.T, p market.Passage, text string) {
	if p.Start < 0 || p.Start+len(p.Text) > len(text) || text[p.Start:p.Start+len(p.Text)] != p.Text || !utf8.ValidString(p.Text) {
		t.Fatalf("passage %+v is not in %q", p, text)
	}
	if utf8.RuneCountInString(p.Text) > maxRunes || len(p.Spans) == 0 {
		t.Fatalf("passage %+v is too long or shows nothing", p)
	}
	last := -1
	for _, s := range p.Spans {
		if s.Start <= last || s.End <= s.Start || s.End > len(p.Text) || !utf8.ValidString(p.Text[s.Start:s.End]) {
			t.Fatalf("span %v of %q", s, p.Text)
		}
		last = s.End
	}
}

// Numbers and units that both texts happen to hold are no evidence: what they
// measure is compared by the requirements.
func TestNumbersAreNotMarked(t *testing.T) {
	d := demand("电镀废水除镍", "投加量 20～40 mg/L，已运行六十天，要求 Mg 合金件电镀废水除镍。")
	a := achievement("电镀废水除镍剂", "电镀废水除镍剂适用温度 40 ℃，出水镍 0.1 mg/L，六十家工厂在用，Mg 合金件也适用。")
	m := Score(d, a, scale(flat))
	marked := ""
	for _, p := range append(slices.Clone(m.Evidence.Demand), m.Evidence.Achievement...) {
		for _, s := range p.Spans {
			marked += p.Text[s.Start:s.End] + "|"
		}
	}
	if !strings.Contains(marked, "电镀废水除镍") || !strings.Contains(marked, "Mg") || strings.ContainsAny(marked, "40六L") {
		t.Errorf("marked %s", marked)
	}
}
