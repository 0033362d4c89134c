package search

import (
	"unicode"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// Highlight returns the spans of text that terms of the query match, neighbours
// merged, ascending. They are byte offsets into text and never cut a
// character. A query of a single Han character marks it wherever it stands.
func Highlight(query, text string) []market.Span {
	return analysis.Merge(marks(query, text), analysis.Range{End: len(text)})
}

// Snippet returns the passage of text, of at most maxRunes characters, that
// best shows why the query found it: where it starts in text, the passage, and
// the spans to highlight within it. When nothing matches it is the beginning.
func Snippet(query, text string, maxRunes int) (start int, piece string, found []market.Span) {
	marked := marks(query, text)
	best := analysis.Range{End: runePrefix(text, maxRunes)}
	if passages := analysis.Passages([]analysis.Marked{{Text: text, Marks: marked}}, maxRunes, 1); len(passages) > 0 {
		start := passages[0].Start
		best = analysis.Range{Start: start, End: start + runePrefix(text[start:], maxRunes)}
	}
	return best.Start, text[best.Start:best.End], analysis.Merge(marked, best)
}

// queryTerms counts the terms of a text, in the order they first occur.
func queryTerms(text string) ([]string, map[string]int) {
	var order []string
	count := make(map[string]int)
	for _, term := range analysis.Terms(text) {
		if count[term.Text] == 0 {
			order = append(order, term.Text)
		}
		count[term.Text]++
	}
	return order, count
}

// marks finds the query's terms in text.
func marks(query, text string) []analysis.Mark {
	order, count := queryTerms(head(query, market.MaxQuery))
	if char, ok := loneHan(order); ok {
		return occurrences(char, text)
	}
	var found []analysis.Mark
	for _, term := range analysis.Terms(text) {
		if count[term.Text] > 0 {
			found = append(found, analysis.Mark{Term: term, Weight: 1})
		}
	}
	return found
}

func occurrences(char rune, text string) []analysis.Mark {
	var found []analysis.Mark
	for i, r := range text {
		if r == char || analysis.Fold(string(r)) == string(char) {
			found = append(found, analysis.Mark{Term: analysis.Term{Text: string(char), Start: i, End: i + utf8.RuneLen(r)}, Weight: 1})
		}
	}
	return found
}

// loneHan reports whether a query is one Han character. It is a term only
// where it stands alone in a text, so such a query must be treated apart.
func loneHan(terms []string) (rune, bool) {
	if len(terms) != 1 {
		return 0, false
	}
	char, size := utf8.DecodeRuneInString(terms[0])
	return char, size == len(terms[0]) && unicode.Is(unicode.Han, char)
}

// runePrefix returns the bytes of the first n characters of text.
func runePrefix(text string, n int) int {
	for i := range text {
		if n <= 0 {
			return i
		}
		n--
	}
	return len(text)
}
