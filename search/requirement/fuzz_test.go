package requirement

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// checkSpans holds what every quantity promises: spans in order, on rune
// boundaries, none overlapping, and numbers that can be written and compared.
func checkSpans(t *testing.T, text string) {
	t.Helper()
	found := Find(text)
	last := 0
	for _, q := range found {
		if q.Start < last || q.End <= q.Start || q.End > len(text) || q.NameStart > q.Start || q.ClauseStart > q.NameStart || q.ClauseEnd < q.End {
			t.Fatalf("%q: spans of %+v after %d", text, q, last)
		}
		for _, at := range []int{q.Start, q.End, q.NameStart, q.ClauseStart, q.ClauseEnd, q.SentenceStart} {
			if at < len(text) && !utf8.RuneStart(text[at]) && utf8.ValidString(text) {
				t.Fatalf("%q: %d of %+v is within a character", text, at, q)
			}
		}
		if q.Low > q.High || q.Unit.factor <= 0 {
			t.Fatalf("%q: %+v", text, q)
		}
		last = q.End
		if q.Limit() == "" || q.In(q) == "" {
			t.Fatalf("%q: %+v writes nothing", text, q)
		}
		if f := Compare(q, found); f.Reason == "" || f.At >= len(found) {
			t.Fatalf("%q: finding %+v", text, f)
		}
	}
	Asked(text)
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"纯度≥67 %", "工作温度−40 ℃ 至 85 ℃", "成本由5元/kg降到3元/kg", "热膨胀系数≤3.2×10⁻⁶ K⁻¹", "(20±2)℃", "百分之九十", "W/(m·K)", "年产3万～5万吨", "GB/T 1234-2020", "1.5×10^", "\xff5\xfe%", "１，２３４ｋｇ", "±", "由从由5到",
		"导热系数120 W·m-1·K-1，密度1.80 g cm-3", "0.5 mm至2 cm", strings.Repeat("十", 40) + "吨", strings.Repeat("(", 30) + "5%",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) <= 2000 { // Compare of all with all grows with the square
			checkSpans(t, text)
		}
	})
}

// The time grows with the length of the text, whatever stands in it.
func TestLinearTime(t *testing.T) {
	for _, piece := range []string{"纯度≥67 %，", "9", "十", "万", "由5%提高到", "(", "1,234", "g/(m·", "×10", "a", "为", "±5", "5~", " ", "抗拉强度", "10^-6", "年产", ")5 "} {
		t.Run(piece, func(t *testing.T) {
			text := strings.Repeat(piece, 100_000/len([]rune(piece)))
			begin := time.Now()
			found := Find(text)
			if took := time.Since(begin); took > 2*time.Second {
				t.Errorf("%d characters took %v (%d found)", utf8.RuneCountInString(text), took, len(found))
			}
		})
	}
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("研制出高导热镁合金，热导率达到150 W/(m·K)，抗拉强度不低于230MPa，成本由5元/kg降到3元/kg，已用于基站散热壳体的批量生产，工作温度−40～85℃。", 4)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Find(text)
	}
}
