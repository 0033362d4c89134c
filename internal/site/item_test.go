package site

import (
	"strings"
	"testing"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/web"
)

func TestSnippet(t *testing.T) {
	long := strings.Repeat("前", 100) + "镁合金" + strings.Repeat("后", 100)
	at := strings.Index(long, "镁合金")
	tests := []struct {
		name, text string
		marks      []web.Span
		want       string
		marked     string
	}{
		{"short stays whole", "镁合金板", []web.Span{{Start: 0, End: 9}}, "镁合金板", "镁合金"},
		{"line breaks become spaces", "一\r\n二\t三", nil, "一  二 三", ""},
		{"cut at the end", strings.Repeat("长", 30), nil, strings.Repeat("长", 20) + "…", ""},
		{"around the mark", long, []web.Span{{Start: at, End: at + 9}}, "…前前前前前镁合金后后后后后后后后后后后后…", "镁合金"},
		{"empty", "", nil, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, marks := snippet(tt.text, tt.marks, 20)
			if got != tt.want || !utf8.ValidString(got) {
				t.Errorf("snippet = %q, want %q", got, tt.want)
			}
			marked := ""
			for _, m := range marks {
				marked += got[m.Start:m.End]
			}
			if marked != tt.marked {
				t.Errorf("marks %q, want %q", marked, tt.marked)
			}
		})
	}
}

func FuzzSnippet(f *testing.F) {
	f.Add("用微量稀土和多道次温轧得到耐热镁合金薄板", 3, 9, 5)
	f.Add("a\nb", 0, 1, 0)
	f.Fuzz(func(t *testing.T, text string, start, end, max int) {
		text = strings.ToValidUTF8(text, "")
		if start < 0 || end > len(text) || start >= end || max < 0 || max > 1000 || !utf8.RuneStart(text[start]) || end < len(text) && !utf8.RuneStart(text[end]) {
			return // not what a search can give
		}
		got, marks := snippet(text, []web.Span{{Start: start, End: end}}, max)
		if !utf8.ValidString(got) || utf8.RuneCountInString(got) > max+2 {
			t.Errorf("snippet(%q) = %q", text, got)
		}
		for _, m := range marks {
			if m.Start < 0 || m.End > len(got) || m.Start >= m.End || !utf8.ValidString(got[m.Start:m.End]) {
				t.Errorf("mark %v in %q", m, got)
			}
		}
	})
}

func TestBetween(t *testing.T) {
	tests := []struct {
		name      string
		low, high market.Fen
		text      string
		full      string
	}{
		{"one amount", 30 * market.Wan, 30 * market.Wan, "30 万元", "￥300,000.00"},
		{"range", 98 * market.Wan, 150*market.Wan + 5000*market.Yuan, "98–150.5 万元", "￥980,000.00 至 ￥1,505,000.00"},
		{"two units", 5000 * market.Yuan, 2 * market.Wan, "5,000 元–2 万元", "￥5,000.00 至 ￥20,000.00"},
		{"from nothing", 0, 20 * market.Wan, "20 万元以内", "不超过 ￥200,000.00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if text, full := between(tt.low, tt.high); text != tt.text || full != tt.full {
				t.Errorf("between = %q, %q", text, full)
			}
		})
	}
}

func TestRightsBadge(t *testing.T) {
	patent := func(state string) market.Right { return market.Right{Kind: "utility", State: state} }
	tests := []struct {
		name   string
		rights []market.Right
		want   string
	}{
		{"none", nil, ""},
		{"granted first", []market.Right{patent("applied"), patent("granted"), patent("granted")}, "授权专利 2 项"},
		{"applied", []market.Right{patent("applied"), {Kind: "software"}}, "专利申请中 1 项"},
		{"lapsed", []market.Right{patent("lapsed")}, "实用新型专利"},
		{"software", []market.Right{{Kind: "software"}}, "计算机软件著作权"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, b := range rightsBadge(tt.rights) {
				got += b.Text
			}
			if got != tt.want {
				t.Errorf("rightsBadge = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestInside(t *testing.T) {
	tests := []struct {
		next string
		ok   bool
	}{
		{"/desk", true}, {"/search?q=%E9%95%81#x", true}, {"/", true},
		{"", false}, {"desk", false}, {"//example.com", false}, {"/\\example.com", false}, {"\\/example.com", false}, {"http:/x", false},
		{"https://example.com/", false}, {"javascript:alert(1)", false}, {"/a\nb", false}, {"/%zz", false}, {"/sign-in?next=/", false}, {"/\t/example.com", false},
	}
	for _, tt := range tests {
		t.Run(tt.next, func(t *testing.T) {
			if got := inside(tt.next, "no"); (got == tt.next) != tt.ok {
				t.Errorf("inside(%q) = %q", tt.next, got)
			}
		})
	}
}

func TestFlashReadsNothingForeign(t *testing.T) {
	w := newWorld(t)
	for _, value := range []string{"%%%", "x", strings.Repeat("QQ", 2000), "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg"} {
		t.Run(market.Clip(value, 8), func(t *testing.T) {
			w.t = t
			page := w.with(flashCookie, value, "/").is(200)
			page.harmless()
		})
	}
}
