package analysis

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// The Han characters that have a simplified form lie in these bounds, and so
// do the forms: folding one changes neither its script nor its length in bytes.
const (
	firstVariant = 0x3400
	lastVariant  = 0x9fff
)

// simplified maps a character of the bounds to its simplified form, 0 when it
// is its own.
var simplified = simplifiedForms(traditionalTable)

//go:embed opencc/TSCharacters.txt.gz
var traditionalTable []byte

// variants are forms used in Hong Kong, Taiwan and hand-typed catalogues that
// the table of OpenCC takes to be normalized before.
var variants = map[rune]rune{
	'敍': '叙', '枱': '台', '粧': '妆', '糭': '粽', '衞': '卫', '痺': '痹', '簷': '檐',
	'鉄': '铁', '塩': '盐', '鋳': '铸', '検': '检', '転': '转', '発': '发', '経': '经', '圧': '压', '薬': '药', '繊': '纤',
}

// simplifiedForms reads OpenCC's table: a character, a tab, its simplified
// forms, the most frequent one first. A character with several is folded to
// the first: the same is done to texts and queries, so nothing is lost.
func simplifiedForms(compressed []byte) *[lastVariant - firstVariant + 1]uint16 {
	table := new([lastVariant - firstVariant + 1]uint16)
	unpacked, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic("analysis: the embedded table of characters: " + err.Error())
	}
	lines := bufio.NewScanner(unpacked)
	for lines.Scan() {
		from, to, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			continue
		}
		source, form := []rune(from), []rune(to)
		if len(source) == 1 && source[0] != form[0] && inVariants(source[0]) && inVariants(form[0]) {
			table[source[0]-firstVariant] = uint16(form[0])
		}
	}
	if err := lines.Err(); err != nil {
		panic("analysis: the embedded table of characters: " + err.Error())
	}
	for from, to := range variants {
		table[from-firstVariant] = uint16(to)
	}
	for i, form := range table { // 薴 is simplified by way of 苧
		if form != 0 && table[form-firstVariant] != 0 {
			table[i] = table[form-firstVariant]
		}
	}
	return table
}

func inVariants(r rune) bool { return r >= firstVariant && r <= lastVariant }

// simplify returns the simplified form of a character. A compatibility
// ideograph (豈 of old encodings) counts as the character it repeats.
func simplify(r rune) rune {
	if r >= 0xf900 && r <= 0xfaff {
		form := []rune(norm.NFC.String(string(r)))
		if len(form) != 1 || !inVariants(form[0]) {
			return r
		}
		r = form[0]
	}
	if inVariants(r) {
		if form := simplified[r-firstVariant]; form != 0 {
			return rune(form)
		}
	}
	return r
}
