package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jishi/internal/market"
)

// marked shows spans with brackets.
func marked(text string, spans []market.Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start] + "[" + text[s.Start:s.End] + "]")
		at = s.End
	}
	return b.String() + text[at:]
}

func TestHighlight(t *testing.T) {
	tests := []struct{ name, query, text, want string }{
		{"neighbours merge", "镁合金", "高导热镁合金材料", "高导热[镁合金]材料"},
		{"each place", "合金", "镁合金与铝合金", "镁[合金]与铝[合金]"},
		{"two words", "镁合金 压铸", "镁合金的压铸", "[镁合金]的[压铸]"},
		{"latin words whole", "sic", "SiC器件与SiCN", "[SiC]器件与SiCN"},
		{"numbers", "PM2.5", "测ＰＭ２．５浓度", "测[ＰＭ２．５]浓度"},
		{"one character", "镁", "镁合金含镁", "[镁]合金含[镁]"},
		{"one latin letter", "a", "A 与 ab", "[A] 与 ab"},
		{"nothing", "钛", "镁合金", "镁合金"},
		{"no query", "", "镁合金", "镁合金"},
		{"no text", "镁合金", "", ""},
		{"query syntax", `"镁合金"~2`, "镁合金", "[镁合金]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := marked(tt.text, Highlight(tt.query, tt.text)); got != tt.want {
				t.Errorf("Highlight(%q) = %q, want %q", tt.query, got, tt.want)
			}
		})
	}
}

func TestSnippet(t *testing.T) {
	const text = "本项目面向通信行业。采用高导热镁合金，密度低。工艺简单，成本低。"
	tests := []struct {
		name, query string
		max         int
		want        string
	}{
		{"the sentence that matches, to the full length", "镁合金", 16, "采用高导热[镁合金]，密度低。工艺简"},
		{"to the end of the text", "镁合金 成本", 40, "采用高导热[镁合金]，密度低。工艺简单，[成本]低。"},
		{"the beginning when nothing matches", "柑橘", 5, "本项目面向"},
		{"the beginning without a query", "", 3, "本项目"},
		{"nothing", "镁合金", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start, piece, spans := Snippet(tt.query, text, tt.max)
			if got := marked(piece, spans); got != tt.want || !strings.HasPrefix(text[start:], piece) {
				t.Errorf("Snippet(%q) = %d, %q, want %q", tt.query, start, got, tt.want)
			}
		})
	}
}

func FuzzHighlight(f *testing.F) {
	f.Add("镁合金", "高导热镁合金，ＰＭ２．５", 10)
	f.Add("ｶﾞ", "ｶﾞｽ\u0301ｶﾞ", 2)
	f.Add("\xff", "镁\xff\xfe合", 1)
	f.Add("葛", "葛\U000e0100 葛", 3)
	f.Add("镁", strings.Repeat("镁。", 50), 7)
	f.Fuzz(func(t *testing.T, query, text string, max int) {
		checkSpans(t, text, Highlight(query, text))
		start, piece, spans := Snippet(query, text, max)
		if start < 0 || start > len(text) || !strings.HasPrefix(text[start:], piece) {
			t.Fatalf("Snippet(%q, %q, %d) starts at %d with %q", query, text, max, start, piece)
		}
		if utf8.ValidString(text) && utf8.RuneCountInString(piece) > max && max >= 0 {
			t.Fatalf("Snippet(%q, %q, %d) = %q is too long", query, text, max, piece)
		}
		checkSpans(t, piece, spans)
	})
}

func checkSpans(t *testing.T, text string, spans []market.Span) {
	t.Helper()
	last := -1
	for _, s := range spans {
		if s.Start <= last || s.End <= s.Start || s.End > len(text) {
			t.Fatalf("spans %v of %q", spans, text)
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[s.Start:s.End]) {
			t.Fatalf("span %v cuts a character of %q", s, text)
		}
		last = s.End
	}
}
