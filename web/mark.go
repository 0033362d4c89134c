package web

import (
	"cmp"
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"
)

// Span is a passage of a text, in bytes: text[Start:End].
type Span struct {
	Start int
	End   int
}

// Mark returns text as escaped HTML with each span inside <mark>. Spans may
// come in any order; those that overlap or touch become one, a span that cuts
// a character is widened to hold all of it, and what lies outside the text is
// left out. Without spans it is the escaped text.
//
// This is the only place in the program that declares text to be safe HTML.
func Mark(text string, spans []Span) template.HTML {
	var b strings.Builder
	at := 0
	for _, s := range tidy(text, spans) {
		template.HTMLEscape(&b, []byte(text[at:s.Start]))
		b.WriteString("<mark>")
		template.HTMLEscape(&b, []byte(text[s.Start:s.End]))
		b.WriteString("</mark>")
		at = s.End
	}
	template.HTMLEscape(&b, []byte(text[at:]))
	return template.HTML(b.String())
}

// tidy returns the usable spans in order: inside the text, on character
// boundaries, none touching the next.
func tidy(text string, spans []Span) []Span {
	var usable []Span
	for _, s := range spans {
		s.Start, s.End = max(s.Start, 0), min(s.End, len(text))
		if s.Start >= s.End {
			continue
		}
		for s.Start > 0 && !utf8.RuneStart(text[s.Start]) {
			s.Start--
		}
		for s.End < len(text) && !utf8.RuneStart(text[s.End]) {
			s.End++
		}
		usable = append(usable, s)
	}
	slices.SortFunc(usable, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	var merged []Span
	for _, s := range usable {
		if last := len(merged) - 1; last >= 0 && s.Start <= merged[last].End {
			merged[last].End = max(merged[last].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}
