package listing

import (
	"slices"
	"strings"

	"jishi/internal/market"
)

// Reason says why a listing was found: the words of the search that stand in
// one of its fields.
type Reason struct {
	Field string   `json:"field"` // title, keywords, summary, benefit, conditions or holder
	Words []string `json:"words"` // as they stand there, each once, at most 5
}

// maxReasonWords bounds the words that a reason names.
const maxReasonWords = 5

// marker finds what a search looked for in texts.
type marker struct {
	text      string
	also      []market.Substitute
	highlight Highlight
}

// spans returns where words of the search, or of the same meaning, stand in a
// text: ascending, without overlap.
func (m marker) spans(text string) []market.Span {
	spans := slices.Clone(m.highlight(m.text, text))
	for _, one := range m.also {
		for _, span := range m.highlight(one.Word, text) {
			if strings.Contains(market.SynonymKey(text[span.Start:span.End]), market.SynonymKey(one.Word)) {
				spans = append(spans, span)
			}
		}
	}
	slices.SortFunc(spans, func(a, b market.Span) int { return a.Start - b.Start })
	merged := spans[:0]
	for _, span := range spans {
		if n := len(merged); n > 0 && span.Start <= merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, span.End)
			continue
		}
		merged = append(merged, span)
	}
	return merged
}

// explain marks title and summary of a listing found and says in which fields
// it was found. The holder of a listing that its reader may not know is blank.
func (m marker) explain(f *Found) {
	l := f.Shared()
	f.Title, f.Summary = m.spans(l.Title), m.spans(l.Summary)
	f.because("title", l.Title, f.Title)
	keywords := strings.Join(l.Keywords, "\n")
	f.because("keywords", keywords, m.spans(keywords))
	f.because("summary", l.Summary, f.Summary)
	field, more, holder := "conditions", "", ""
	if f.Demand != nil {
		more, holder = f.Demand.Conditions, f.Demand.Demander
	} else {
		field, more, holder = "benefit", f.Achievement.Benefit, f.Achievement.Holder
	}
	f.because(field, more, m.spans(more))
	f.because("holder", holder, m.spans(holder))
}

func (f *Found) because(field, text string, spans []market.Span) {
	reason := Reason{Field: field}
	for _, span := range spans {
		if word := text[span.Start:span.End]; !slices.Contains(reason.Words, word) && len(reason.Words) < maxReasonWords {
			reason.Words = append(reason.Words, word)
		}
	}
	if len(reason.Words) > 0 {
		f.Why = append(f.Why, reason)
	}
}
