package analysis

import "jishi/internal/market"

// Merge returns the spans that the marks within a range cover, relative to its
// start, ascending; marks that touch or overlap become one span. The marks are
// in the order of the text.
func Merge(marks []Mark, within Range) []market.Span {
	spans := []market.Span{}
	for _, m := range marks {
		if m.Start < within.Start || m.End > within.End {
			continue
		}
		span := market.Span{Start: m.Start - within.Start, End: m.End - within.Start}
		if n := len(spans); n > 0 && span.Start <= spans[n-1].End {
			spans[n-1].End = max(spans[n-1].End, span.End)
			continue
		}
		spans = append(spans, span)
	}
	return spans
}
