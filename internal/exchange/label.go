package exchange

import (
	"strings"

	"jishi/internal/market"
)

// label is one cell of a header taken apart.
type label struct {
	name    string     // what to look a column up by
	unit    market.Fen // unit of money it states, 0 when none
	foreign string     // a unit of money it states that we do not know, e.g. 万美元
}

// readLabel reduces a header cell to what tells columns apart: case, width,
// spaces, marks of being required and units do not.
func readLabel(cell string) label {
	var l label
	s := strings.ToLower(market.Fold(cell))
	s = brackets.Replace(s)
	if before, rest, ok := strings.Cut(s, "("); ok {
		inside, after, _ := strings.Cut(rest, ")")
		l.unit, l.foreign = readUnit(inside)
		s = before + after
	}
	if i := strings.LastIndex(s, "_"); i > 0 && units[s[i+1:]] > 0 { // total_yuan
		s, l.unit = s[:i], units[s[i+1:]]
	}
	l.name = strings.Map(dropMarks, s)
	return l
}

var brackets = strings.NewReplacer("[", "(", "【", "(", "〔", "(", "]", ")", "】", ")", "〕", ")")

// readUnit reads what stands in the brackets of a header.
func readUnit(inside string) (unit market.Fen, foreign string) {
	word := strings.TrimPrefix(strings.Map(dropMarks, inside), "单位")
	if unit, ok := units[word]; ok {
		return unit, ""
	}
	if strings.HasSuffix(word, "元") || strings.HasSuffix(word, "usd") || strings.HasSuffix(word, "$") {
		return 0, word
	}
	return 0, ""
}

// dropMarks drops what headers are decorated with.
func dropMarks(r rune) rune {
	if strings.ContainsRune(" \t\r\n_-*:/.、,;!?()`'\"", r) {
		return -1
	}
	return r
}
