package requirement

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// source is a text in runes that are folded one to one, so that places in it
// are places in the text.
type source struct {
	text  string
	runes []rune
	at    []int // byte offset of each rune, and of the end
}

func read(text string) *source {
	s := &source{text: text, runes: make([]rune, 0, len(text)/2+1), at: make([]int, 0, len(text)/2+2)}
	for i, r := range text {
		s.runes = append(s.runes, foldRune(r))
		s.at = append(s.at, i)
	}
	s.at = append(s.at, len(text))
	return s
}

// folded is runes that mean the same here as a plainer one.
var folded = map[rune]rune{
	'−': '-', '–': '-', '—': '-', '‐': '-', '‑': '-', '‒': '-', '﹣': '-',
	'∼': '~', '〜': '~', '∽': '~',
	'≧': '≥', '⩾': '≥', '﹥': '>', '≦': '≤', '⩽': '≤', '﹤': '<',
	'•': '·', '⋅': '·', '∙': '·', '・': '·', 'µ': 'μ', '\u2126': 'Ω', '\u212a': 'K', '\u212b': 'Å', '✕': '×', '╳': '×', '⨯': '×', '∕': '/', '⁄': '/',
}

func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '　', r != '\u0085' && unicode.IsSpace(r):
		return ' '
	}
	if to, ok := folded[r]; ok {
		return to
	}
	return r
}

// rune returns the rune at a place, 0 outside the text.
func (s *source) rune(i int) rune {
	if i < 0 || i >= len(s.runes) {
		return 0
	}
	return s.runes[i]
}

// blank returns the first place from i on that is no blank; at most two are
// skipped, as more do not belong together.
func (s *source) blank(i int) int {
	for n := 0; n < 2 && s.rune(i) == ' '; n++ {
		i++
	}
	return i
}

// has reports whether word stands at a place.
func (s *source) has(i int, word string) bool {
	for _, r := range word {
		if s.rune(i) != r {
			return false
		}
		i++
	}
	return true
}

// endsWith reports whether word ends at a place.
func (s *source) endsWith(end int, word string) bool {
	n := utf8.RuneCountInString(word)
	return end >= n && s.has(end-n, word)
}

// oneOf returns the first of words at a place and its length in runes.
func (s *source) oneOf(i int, words []string) (string, int) {
	for _, w := range words {
		if s.has(i, w) {
			return w, utf8.RuneCountInString(w)
		}
	}
	return "", 0
}

// slice returns the text as stored between two places.
func (s *source) slice(from, to int) string { return s.text[s.at[from]:s.at[to]] }

func digit(r rune) bool { return r >= '0' && r <= '9' }

func letter(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 'α' && r <= 'ω' || r == 'Ω'
}

func hanRune(r rune) bool { return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf }

// breaks reports whether a clause ends before r.
func breaks(r rune) bool { return strings.ContainsRune(",;。!?、\n\r\t；", r) || r == 0 }

// ends reports whether a sentence ends with r.
func ends(r rune) bool { return strings.ContainsRune(";。!?\n\r", r) || r == 0 }

// clause returns the stretch around [from, to) between marks, of at most
// clauseRunes on each side.
func (s *source) clause(from, to int, border func(rune) bool) (start, end int) {
	start, end = from, to
	for start > 0 && from-start < clauseRunes && !border(s.runes[start-1]) {
		start--
	}
	for end < len(s.runes) && end-to < clauseRunes && !border(s.runes[end]) {
		end++
	}
	return start, end
}
