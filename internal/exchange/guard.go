package exchange

import (
	"strings"
	"unicode/utf8"
)

// dangerous is what makes a spreadsheet take the text of a CSV cell for a
// formula, with the full-width twins that some programs fold first.
const dangerous = "=+-@\t\r\n＝＋－＠"

// guard makes a text harmless in a CSV cell by an apostrophe in front. Texts
// that begin with an apostrophe get one too, so that unguard is exact.
func guard(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	if s != "" && (r == '\'' || strings.ContainsRune(dangerous, r)) {
		return "'" + s
	}
	return s
}

// unguard takes off what guard put there, and leaves other apostrophes alone.
func unguard(s string) string {
	rest, ok := strings.CutPrefix(s, "'")
	if ok && guard(rest) != rest {
		return rest
	}
	return s
}
