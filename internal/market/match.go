package market

// Match is one demand and one achievement with a score and its reasons.
type Match struct {
	ID          ID           `json:"id"` // demand id + "." + achievement id
	Demand      *Demand      `json:"demand,omitempty"`
	Achievement *Achievement `json:"achievement,omitempty"`
	Score       int          `json:"score"` // 0–100, the sum of the parts' points
	Parts       []Part       `json:"parts"` // in the order of PartNames; parts that can give nothing are left out
	Evidence    Evidence     `json:"evidence"`

	// Requirements is what the demand asks in numbers, each held against what
	// the achievement states; in the order of the demand's criteria, then text.
	Requirements []Requirement `json:"requirements"`
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
	{"text", "内容"}, {"requirements", "指标要求"}, {"field", "技术领域"}, {"industry", "所属行业"}, {"maturity", "成熟度"},
	{"price", "价格与预算"}, {"mode", "合作方式"}, {"rights", "知识产权"}, {"region", "地域"}, {"freshness", "新近程度"},
}

// Requirement is one number with its unit and condition that a demand asks for.
type Requirement struct {
	Name    string   `json:"name"`              // the quantity in the demand's words: 纯度; empty when it has none
	Outcome string   `json:"outcome"`           // code of Outcomes
	Asked   Passage  `json:"asked"`             // of the demand; its span is the number with its condition
	Offered *Passage `json:"offered,omitempty"` // of the achievement; nil when it says nothing of this quantity
	Limit   string   `json:"limit"`             // what is asked, normalised: ≥ 67 %
	Value   string   `json:"value"`             // what is offered, in the demand's unit: 70 %; empty without Offered
	Reason  string   `json:"reason"`            // Chinese, says why this outcome
}

// The outcomes of holding a requirement against an achievement.
const (
	OutcomeMet          = "met"
	OutcomeNotStated    = "not_stated"
	OutcomeContradicted = "contradicted"
)

// Outcomes is the code list of outcomes.
var Outcomes = CodeList{{OutcomeMet, "满足"}, {OutcomeNotStated, "未说明"}, {OutcomeContradicted, "不符"}}

// Evidence is the passages of both texts that carry a match.
type Evidence struct {
	Demand      []Passage `json:"demand"`
	Achievement []Passage `json:"achievement"`
}

// Passage is a piece of a stored text with the spans that matched in it.
type Passage struct {
	Field string `json:"field"` // JSON name of the field the text is from: title, summary, benefit …; criteria.0 … is Criterion.Line
	Start int    `json:"start"` // byte offset of Text in the stored field, on a rune boundary
	Text  string `json:"text"`
	Spans []Span `json:"spans"` // within Text, ascending, not overlapping
}

// Span is a half-open range of byte offsets on rune boundaries.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}
