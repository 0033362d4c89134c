package duplicate

import (
	"unicode/utf8"

	"jishi/internal/market"
)

// run is how many characters in a row two texts must share for them to count
// as the same: less occurs in any two texts.
const run = 3

// Differences returns what of a text does not stand in another one, as spans of
// bytes on the bounds of characters, in order. The time is linear in both.
func Differences(text, other string) []market.Span {
	there := make(map[string]bool)
	stretches(other, func(_, _ int, stretch string) { there[stretch] = true })
	shared := make([]bool, len(text)) // by byte
	stretches(text, func(start, end int, stretch string) {
		if there[stretch] {
			for i := start; i < end; i++ {
				shared[i] = true
			}
		}
	})
	var spans []market.Span
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch n := len(spans); {
		case shared[i]:
		case n > 0 && spans[n-1].End == i:
			spans[n-1].End = i + size
		default:
			spans = append(spans, market.Span{Start: i, End: i + size})
		}
		i += size
	}
	return spans
}

// stretches calls visit for every run of characters of a text; a shorter text
// is one itself.
func stretches(text string, visit func(start, end int, stretch string)) {
	starts := make([]int, 0, len(text)/2)
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	if len(starts) <= run {
		visit(0, len(text), text)
		return
	}
	for i := range len(starts) - run {
		visit(starts[i], starts[i+run], text[starts[i]:starts[i+run]])
	}
}
