package web

import "time"

// Tone is the meaning of a state. It picks colour and icon; the text always
// says the same thing, so nothing depends on seeing colour.
type Tone string

// The four tones. The zero value counts as Neutral.
const (
	Good    Tone = "good"    // done, accepted, on target
	Wait    Tone = "wait"    // someone has to act, a clock runs
	Bad     Tone = "bad"     // refused, overdue, failed
	Neutral Tone = "neutral" // plain fact
)

// Class returns the tone as the last part of a CSS class name: one of good,
// wait, bad and neutral, whatever t holds.
func (t Tone) Class() string {
	switch t {
	case Good, Wait, Bad:
		return string(t)
	}
	return string(Neutral)
}

// Icon returns the icon that stands for the tone where a part names none.
func (t Tone) Icon() string {
	switch t {
	case Good:
		return "circle-check"
	case Wait:
		return "clock"
	case Bad:
		return "alert-triangle"
	}
	return "circle-dashed"
}

// Badge is a state in a few words. Part "badge".
type Badge struct {
	Text string
	Tone Tone
	Icon string // empty: the icon of the tone
}

// Empty stands where a list has nothing to show. Part "empty".
type Empty struct {
	Icon   string // empty: search-off
	Title  string // what is not there
	Text   string // why, or what would bring something; may be empty
	Action Crumb  // what to do next; without Href there is no button
	Other  Crumb  // a second way out; may be empty
}

// Pager leads through a list by cursor. Part "pager", which shows nothing
// when both links are empty and Text is too.
type Pager struct {
	Newer     string // address of the page before; empty on the first
	Older     string // address of the page after; empty on the last
	NewerText string // empty: 上一页
	OlderText string // empty: 下一页
	Text      string // where we are: "第 21–40 条，共 312 条"; may be empty
	First     string // address of the first page, where Newer does not lead there; may be empty
	Last      string // address of the last page; may be empty
}

// Step is one entry of a history. Part "timeline" takes []Step, newest first.
type Step struct {
	At    time.Time
	Title string // what happened
	By    string // who did it; may be empty
	Text  string // details, reason; may be empty
	Tone  Tone
	Icon  string // empty: the icon of the tone
	Next  bool   // has not happened yet; At is when it is due, zero when open
}

// Term is one row of a definition list. Part "terms" takes []Term; a row
// whose Value is empty shows 未填写.
type Term struct {
	Label string
	Value string
	Href  string // where the value leads; may be empty
	Tel   string // telephone number the value is, to be dialled; may be empty
	Full  string // exact value, shown as title; may be empty
	Note  string // small remark under the value; may be empty
}

// Tabs leads to pages that stand side by side. Part "tabs", which shows
// nothing when there is but one.
type Tabs struct {
	Label string // what the pages have in common, for screen readers
	Items []NavItem
}

// Confirm is an action that asks once more before it is done. It opens in
// place as <details> and posts a form, so it works without script.
// Part "confirm".
type Confirm struct {
	Text   string   // on the button that opens it: 撤回
	Icon   string   // on that button; may be empty
	Ask    string   // what will happen: one or two sentences
	Action string   // address the form posts to
	Button string   // on the button that does it: 确认撤回
	Tone   Tone     // Bad makes that button red
	Hidden []Hidden // values sent along
	Fields []Field  // for instance the reason
	Open   bool     // shown open: it was sent and refused
}

// Hidden is one hidden value of a form.
type Hidden struct {
	Name  string
	Value string
}

// Chart is a picture drawn by the browser from Options. A page that shows one
// also shows the same rows as a table, for readers without script, on paper
// or with a screen reader. Part "chart".
type Chart struct {
	ID      string // unique on the page, letters, digits and hyphen
	Label   string // caption: what the picture shows, with unit and period
	Options any    // ECharts options, written as JSON
	Tall    bool   // 480 instead of 320 pixels high
}
