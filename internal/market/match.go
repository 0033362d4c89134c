package market

// Match is one demand and one achievement with a score and its reasons.
type Match struct {
	ID          ID           `json:"id"` // demand id + "." + achievement id
	Demand      *Demand      `json:"demand,omitempty"`
	Achievement *Achievement `json:"achievement,omitempty"`
	Score       int          `json:"score"` // 0–100, the sum of the parts' points
	Parts       []Part       `json:"parts"`
	Evidence    Evidence     `json:"evidence"`
}

// Part is one named share of a score.
type Part struct {
	Name   string `json:"name"`   // code of PartNames
	Points int    `json:"points"` // 0–Max
	Max    int    `json:"max"`
	Reason string `json:"reason"` // Chinese, says why these points
}

// PartNames is the code list of parts.
var PartNames = CodeList{
	{"text", "内容"}, {"field", "领域与行业"}, {"maturity", "成熟度"}, {"price", "价格与预算"}, {"mode", "合作方式"},
}

// Evidence is the passages of both texts that carry a match.
type Evidence struct {
	Demand      []Passage `json:"demand"`
	Achievement []Passage `json:"achievement"`
}

// Passage is a piece of a stored text with the spans that matched in it.
type Passage struct {
	Field string `json:"field"` // JSON name of the field the text is from: title, summary, benefit …
	Start int    `json:"start"` // byte offset of Text in the stored field, on a rune boundary
	Text  string `json:"text"`
	Spans []Span `json:"spans"` // within Text, ascending, not overlapping
}

// Span is a half-open range of byte offsets on rune boundaries.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}
