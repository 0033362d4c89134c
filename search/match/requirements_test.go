package match

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// What a card shows of numbers: name, limit, outcome, value, and both quotations.
func TestRequirements(t *testing.T) {
	tests := []struct {
		name             string
		criteria         []market.Criterion
		demand, offer    string
		want             []string // name|limit|outcome|value
		points           int      // of 12
		asked, offersays string   // quotations of the first, with what is marked in 【】
	}{
		{name: "nothing asked", demand: "需要镁合金压铸工艺。", offer: "热导率150 W/(m·K)。", points: 6},
		{name: "met, in another unit", demand: "要求成本不超过3元/kg。", offer: "生产成本2800元/吨。", want: []string{"成本|≤ 3 元/kg|met|2.8 元/kg"}, points: 12,
			asked: "要求【成本不超过3元/kg】", offersays: "【生产成本2800元/吨】"},
		{name: "not stated", demand: "要求纯度≥99%。", offer: "收率高。", want: []string{"纯度|≥ 99 %|not_stated|"}, points: 6, asked: "要求【纯度≥99%】"},
		{name: "contradicted", demand: "要求纯度≥67 %。", offer: "产品纯度约60%。", want: []string{"纯度|≥ 67 %|contradicted|约 60 %"}, points: 0, offersays: "产品【纯度约60%】"},
		{name: "all three", demand: "要求纯度≥99%，密度1.80 g/cm³，年产200吨。", offer: "纯度99.5%，年产150吨。",
			want: []string{"纯度|≥ 99 %|met|99.5 %", "密度|1.8 g/cm³|not_stated|", "年产|≥ 200 吨|contradicted|150 吨"}, points: 6},
		{name: "criteria before text", criteria: []market.Criterion{{Name: "抗拉强度", Op: "ge", Value: "350", Unit: "MPa"}}, demand: "要求抗拉强度达到350MPa，寿命不少于10年。", offer: "抗拉强度0.36 GPa。",
			want: []string{"抗拉强度|≥ 350 MPa|met|360 MPa", "寿命|≥ 10 年|not_stated|"}, points: 9, asked: "【抗拉强度 ≥ 350 MPa】"},
		{name: "criterion between", criteria: []market.Criterion{{Name: "工作温度", Op: "between", Value: "-40~85", Unit: "℃"}}, demand: "", offer: "工作温度-20～60℃。", want: []string{"工作温度|−40～85 ℃|contradicted|−20～60 ℃"}, points: 0},
		{name: "criterion below", criteria: []market.Criterion{{Name: "翘曲", Op: "le", Value: "50", Unit: "μm"}}, demand: "四层堆叠后翘曲超过80微米。", offer: "翘曲38 μm。", want: []string{"翘曲|≤ 50 μm|met|38 μm"}, points: 12},
		{name: "criterion that is", criteria: []market.Criterion{{Name: "频率", Op: "eq", Value: "50", Unit: "Hz"}}, demand: "", offer: "频率60 Hz。", want: []string{"频率|50 Hz|contradicted|60 Hz"}, points: 0},
		{name: "no number", criteria: []market.Criterion{{Name: "外观", Op: "eq", Value: "无裂纹"}}, demand: "", offer: "外观无裂纹。", points: 6},
		{name: "how it is today asks nothing", demand: "现有工艺良率85%，目前成本约5元/kg。", offer: "良率97%。", points: 6},
		{name: "how others do it states nothing", demand: "要求良率≥95%。", offer: "常规工艺良率90%。", want: []string{"良率|≥ 95 %|not_stated|"}, points: 6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, a := demand("求工艺", tt.demand), achievement("一种工艺", "")
			d.Criteria, a.Benefit = tt.criteria, tt.offer
			m := Score(d, a, scale(flat))
			var got []string
			for _, r := range m.Requirements {
				got = append(got, strings.Join([]string{r.Name, r.Limit, r.Outcome, r.Value}, "|"))
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q\nwant %q", got, tt.want)
			}
			if part := m.Parts[1]; part.Points != tt.points {
				t.Errorf("%d points, want %d: %s", part.Points, tt.points, part.Reason)
			}
			if len(m.Requirements) > 0 {
				checkQuotes(t, m.Requirements[0], tt.asked, tt.offersays)
			}
		})
	}
}

func checkQuotes(t *testing.T, r market.Requirement, asked, offered string) {
	t.Helper()
	if got := marked(r.Asked); asked != "" && got != asked {
		t.Errorf("asked %q, want %q", got, asked)
	}
	if offered != "" && (r.Offered == nil || marked(*r.Offered) != offered) {
		t.Errorf("offered %+v, want %q", r.Offered, offered)
	}
}

// marked writes a passage with what is marked in 【】.
func marked(p market.Passage) string {
	var b strings.Builder
	last := 0
	for _, s := range p.Spans {
		b.WriteString(p.Text[last:s.Start] + "【" + p.Text[s.Start:s.End] + "】")
		last = s.End
	}
	return b.String() + p.Text[last:]
}

// Whatever stands in the texts, every quotation is a piece of the text it
// names, and no mark cuts a character.
func TestQuotationsHold(t *testing.T) {
	piece := rapid.SampledFrom([]string{"纯度", "≥", "67", " %", "不低于", "成本", "3元/kg", "由", "提高到", "−40", "～", "85℃", "，", "。", "(", ")", "要求", "年产", "5万吨", "\xff", "é", "👍🏽", "　", "±0.01 mm", "\n", "１２", "×10⁵", "的"})
	texts := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 0, 25).Draw(t, "pieces"), "") })
	rapid.Check(t, func(t *rapid.T) {
		d, a := demand(texts.Draw(t, "d.title"), texts.Draw(t, "d.summary")), achievement(texts.Draw(t, "a.title"), texts.Draw(t, "a.summary"))
		d.Criteria = []market.Criterion{{Name: texts.Draw(t, "name"), Op: "ge", Value: "67", Unit: "%"}}
		a.Maturity.Evidence = texts.Draw(t, "evidence")
		for _, r := range Score(d, a, scale(flat)).Requirements {
			checkQuotation(t, d, a, r.Asked)
			if r.Offered != nil {
				checkQuotation(t, d, a, *r.Offered)
			}
			if !market.Outcomes.Has(r.Outcome) || r.Limit == "" || r.Reason == "" || (r.Offered == nil) != (r.Value == "") {
				t.Fatalf("requirement %+v", r)
			}
		}
	})
}

func checkQuotation(t *rapid.T, d *market.Demand, a *market.Achievement, p market.Passage) {
	found := false
	for _, text := range []string{d.Criteria[0].Line(), d.Title, d.Summary, a.Title, a.Summary, a.Maturity.Evidence} {
		found = found || p.Start+len(p.Text) <= len(text) && text[p.Start:p.Start+len(p.Text)] == p.Text
	}
	if !found || len(p.Spans) != 1 {
		t.Fatalf("quotation %+v is in no text", p)
	}
	s := p.Spans[0]
	if s.Start < 0 || s.End <= s.Start || s.End > len(p.Text) || !utf8.RuneStart(p.Text[s.Start]) || s.End < len(p.Text) && !utf8.RuneStart(p.Text[s.End]) {
		t.Fatalf("mark %v of %q", s, p.Text)
	}
}

func BenchmarkScore(b *testing.B) {
	d := demand("高导热镁合金压铸件", strings.Repeat("需要高导热镁合金压铸工艺，用于基站散热壳体，要求热导率不低于150 W/(m·K)，抗拉强度≥230 MPa，批量稳定。", 5))
	a := achievement("高导热镁合金及其压铸工艺", strings.Repeat("研制出高导热镁合金，热导率160 W/(m·K)，配套压铸工艺已用于基站散热壳体批量生产，成本3元/kg。", 10))
	asked := Ask(d, scale(flat))
	for b.Loop() {
		asked.Score(Offer(a))
	}
}
