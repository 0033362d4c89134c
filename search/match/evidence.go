package match

import (
	"jishi/internal/market"
	"jishi/search/analysis"
)

// Bounds of the evidence shown for each text.
const (
	maxPassages = 3
	maxRunes    = 120 // of one passage
)

// evidence returns the passages of both texts that carry the overlap.
func (o overlap) evidence() market.Evidence {
	return market.Evidence{Demand: o.passages(o.demand), Achievement: o.passages(o.achievement)}
}

func (o overlap) passages(fields []cut) []market.Passage {
	texts := make([]analysis.Marked, len(fields))
	for i, f := range fields {
		texts[i] = analysis.Marked{Text: f.text, Marks: o.marks(f)}
	}
	passages := []market.Passage{}
	for _, p := range analysis.Passages(texts, maxRunes, maxPassages) {
		passages = append(passages, market.Passage{
			Field: fields[p.In].name, Start: p.Start, Text: fields[p.In].text[p.Start:p.End],
			Spans: analysis.Merge(texts[p.In].Marks, p.Range),
		})
	}
	return passages
}
