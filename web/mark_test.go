package web

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMark(t *testing.T) {
	tests := []struct {
		name, text string
		spans      []Span
		want       string
	}{
		{"no spans", "果胶 <b>", nil, "果胶 &lt;b&gt;"},
		{"one", "柚子皮果胶", []Span{{0, 6}}, "<mark>柚子</mark>皮果胶"},
		{"two out of order", "柚子皮果胶", []Span{{9, 15}, {0, 6}}, "<mark>柚子</mark>皮<mark>果胶</mark>"},
		{"overlapping", "abcdef", []Span{{0, 3}, {2, 5}}, "<mark>abcde</mark>f"},
		{"touching", "abcdef", []Span{{0, 2}, {2, 4}}, "<mark>abcd</mark>ef"},
		{"inside another", "abcdef", []Span{{0, 6}, {2, 4}}, "<mark>abcdef</mark>"},
		{"cuts a character", "柚子皮", []Span{{1, 4}}, "<mark>柚子</mark>皮"},
		{"all", "a", []Span{{-5, 99}}, "<mark>a</mark>"},
		{"outside", "a", []Span{{7, 9}}, "a"},
		{"empty and reversed", "abc", []Span{{1, 1}, {2, 1}}, "abc"},
		{"hostile text", `<script>"'&`, []Span{{0, 8}}, "<mark>&lt;script&gt;</mark>&#34;&#39;&amp;"},
		{"empty text", "", []Span{{0, 1}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(Mark(tt.text, tt.spans)); got != tt.want {
				t.Errorf("Mark(%q, %v) = %q, want %q", tt.text, tt.spans, got, tt.want)
			}
		})
	}
}

func FuzzMark(f *testing.F) {
	f.Add("柚子皮果胶", 1, 4, 9, 15)
	f.Add("<script>alert(1)</script>", 0, 8, -3, 400)
	f.Add("a\xff柚\x00", 1, 2, 2, 3)
	f.Add("", 0, 0, 0, 0)
	f.Add("<mark>&amp;", 3, 1, 0, 6)
	f.Fuzz(func(t *testing.T, text string, s1, e1, s2, e2 int) {
		got := string(Mark(text, []Span{{s1, e1}, {s2, e2}}))
		plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(got)
		if strings.ContainsAny(plain, "<>") {
			t.Fatalf("Mark(%q) = %q holds a tag of its own", text, got)
		}
		if want := strings.ReplaceAll(text, "\x00", "\uFFFD"); html.UnescapeString(plain) != want {
			t.Fatalf("Mark(%q) = %q says something else", text, got)
		}
		if !utf8.ValidString(text) {
			return
		}
		for _, part := range strings.Split(strings.ReplaceAll(got, "</mark>", "<mark>"), "<mark>") {
			if !utf8.ValidString(part) {
				t.Fatalf("Mark(%q) cut a character: %q", text, got)
			}
		}
	})
}
