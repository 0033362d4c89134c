package web

import (
	"strconv"
	"time"
)

// Item is one listing in a list: what it is, why it matters, and what a
// reader decides by. Part "item".
type Item struct {
	Href       string
	Title      string
	TitleMarks []Span
	Line       string // why it matters, in one line; may be empty
	LineMarks  []Span
	Kind       string    // 成果 or 需求 where both stand together, else empty
	Who        string    // who stands behind it
	Place      string    // may be empty
	At         time.Time // when it was published; zero when it is not
	Price      string    // "50 万元", "面议"
	PriceFull  string    // exact amount, shown as title; may be empty
	Modes      string    // 合作方式, ready to print; may be empty
	Badges     []Badge   // maturity, rights, state
}

// Fit is one suggestion with its score and the reasons. Part "fit".
type Fit struct {
	ID    string // unique on the page
	Item  Item
	Score int // 0–100
	Parts []FitPart
	Sides []FitSide // the passages of both texts
	Open  bool      // the passages are shown at once
	Deal  Crumb     // what to do once the two have agreed; without Href nothing

	Requirements []FitRequirement // the demand's numbers against the achievement's
	Page         Crumb            // the card on a page of its own; without Href nothing

	Verdict *VerdictBox // what the reader says of it; nil for who may not
}

// FitPart is one named share of a score.
type FitPart struct {
	Name   string
	Points int // 0–Max
	Max    int
	Reason string
}

// Width returns the length of the part's bar in drawing units, 0 to 100.
func (p FitPart) Width() int {
	if p.Max <= 0 {
		return 0
	}
	return min(max(p.Points*100/p.Max, 0), 100)
}

// FitRequirement is one number that is asked for and what is offered.
type FitRequirement struct {
	Name    string // may be empty
	Limit   string // what is asked: ≥ 67 %
	Value   string // what is offered, in the demand's unit; may be empty
	Asked   Quote
	Offered *Quote // nil when nothing is said of it
	Outcome Badge
	Reason  string
}

// Tally returns how many requirements have each outcome, as badges.
func (f Fit) Tally() []Badge {
	var list []Badge
	count := map[string]int{}
	for _, r := range f.Requirements {
		if count[r.Outcome.Text]++; count[r.Outcome.Text] == 1 {
			list = append(list, r.Outcome)
		}
	}
	for i := range list {
		list[i].Text += " " + strconv.Itoa(count[list[i].Text])
	}
	return list
}

// FitSide is what one of the two texts says for the match.
type FitSide struct {
	Title  string // whose text
	Quotes []Quote
}

// Quote is a passage of a text with the words that count marked.
type Quote struct {
	Label string // the field it stands in
	Text  string
	Marks []Span
}

// Group is a part of a long form: fields side by side, then rows of fields
// for lists such as rights. Part "group".
type Group struct {
	Legend string
	Hint   string // may be empty
	Fields []Field
	Rows   []FieldRow
}

// FieldRow is the fields of one entry of a list.
type FieldRow struct {
	Label  string // "第 1 项"
	Fields []Field
}

// All returns the fields of the group and of its rows in order.
func (g Group) All() []Field {
	all := append([]Field(nil), g.Fields...)
	for _, row := range g.Rows {
		all = append(all, row.Fields...)
	}
	return all
}

// Press is an action that is done at once: a button that posts. Part "press".
type Press struct {
	Text    string
	Icon    string // may be empty
	Action  string // address the form posts to
	Hidden  []Hidden
	Primary bool // the one main action of the page
}
