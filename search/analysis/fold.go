package analysis

import (
	"strings"
	"unicode"
	"unicode/utf8"

	bleve "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
)

// Fold is what the index does to a text before cutting it: half width as in
// market.Fold, simplified Chinese characters for traditional ones, and without
// invisible characters (joiners, direction marks, variation selectors), which
// would hide a word from those who type it.
func Fold(text string) string { return fold(text).text }

// folded is a folded text with the way back to the offsets of its source.
type folded struct {
	source string
	text   string
	back   []int32 // offset in source of the character each byte of text is from; nil when both are the same
}

// fold copies only a text that changes; most do not.
func fold(text string) folded {
	if !strings.ContainsFunc(text, folds) {
		return folded{source: text, text: text}
	}
	var b strings.Builder
	b.Grow(len(text))
	back := make([]int32, 0, len(text))
	for i, r := range text {
		r, keep := narrow(r)
		if !keep {
			continue
		}
		b.WriteRune(r)
		for range utf8.RuneLen(r) {
			back = append(back, int32(i))
		}
	}
	return folded{source: text, text: b.String(), back: back}
}

// folds reports whether a character changes; RuneError also stands for bytes
// that are not UTF-8.
func folds(r rune) bool {
	n, keep := narrow(r)
	return !keep || n != r || r == utf8.RuneError
}

// narrow folds one character; false means it goes.
func narrow(r rune) (rune, bool) {
	switch {
	case r < '\u00a0':
		return r, true
	case r >= firstVariant && r <= lastVariant:
		if form := simplified[r-firstVariant]; form != 0 {
			return rune(form), true
		}
		return r, true
	case r >= '！' && r <= '～':
		return r - '！' + '!', true
	case r == '　' || r == '\u00a0':
		return ' ', true
	}
	return simplify(r), !unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// original returns where a stretch of the folded text stands in the original,
// on rune boundaries: widening may have made the characters of a word fewer.
func (f folded) original(start, end int) (int, int) {
	start, end = min(start, len(f.text)), min(end, len(f.text))
	for start > 0 && start < len(f.text) && !utf8.RuneStart(f.text[start]) {
		start--
	}
	for end < len(f.text) && !utf8.RuneStart(f.text[end]) {
		end++
	}
	if f.back == nil || start >= end {
		return start, end
	}
	last := int(f.back[end-1])
	_, size := utf8.DecodeRuneInString(f.source[last:])
	return int(f.back[start]), last + size
}

// lower brings a word to lower case as bleve does.
func lower(word string) string {
	for i := range len(word) {
		if c := word[i]; c >= utf8.RuneSelf {
			return filter(lowercase.NewLowerCaseFilter(), filter(cjk.NewCJKWidthFilter(), word))
		}
	}
	return strings.ToLower(word)
}

// widen writes half-width katakana as full-width ones, as bleve does.
func widen(word []byte) string {
	for _, r := range string(word) {
		if r >= 0xFF65 && r <= 0xFF9F {
			return filter(cjk.NewCJKWidthFilter(), string(word))
		}
	}
	return string(word)
}

// filter sends one token through a filter of bleve.
func filter(f bleve.TokenFilter, word string) string {
	out := f.Filter(bleve.TokenStream{{Term: []byte(word)}})
	return string(out[0].Term)
}
