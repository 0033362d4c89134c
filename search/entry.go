package search

import (
	"slices"
	"strings"

	"github.com/blevesearch/bleve/v2/document"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// documentID names a listing in the index; the kinds share one index, so their
// ids are told apart.
func documentID(kind market.ListingKind, id market.ID) string {
	return string(kind[:1]) + ":" + string(id)
}

// listingID is the way back from documentID.
func listingID(document string) market.ID { return market.ID(document[2:]) }

// entry is one listing as the index takes it.
type entry struct {
	title string // counts twice; empty when the text begins with it
	text  string
	row   rowText
}

// newEntry joins the public texts of a listing: one field ranks better than
// several with boosts, and the title several times (Ranking.Title) better than
// once, unless it is only the head of the summary. Parts are on lines of their own so that no pair of
// characters crosses from one to the next.
func newEntry(kind market.ListingKind, l *market.Listing, more ...string) *entry {
	clean := func(text string) string { return strings.ToValidUTF8(text, " ") }
	e := &entry{title: clean(l.Title), row: rowText{
		kind: string(kind), field: l.Class.Field, industry: l.Class.Industry, modes: l.Modes,
		owner: string(l.Owner), published: l.Published.UnixMilli(),
	}}
	if strings.HasPrefix(l.Summary, l.Title) {
		e.title = ""
	}
	parts := append(append(slices.Clone(l.Keywords), l.Summary), more...)
	e.text = clean(strings.Join(parts, "\n"))
	return e
}

// document cuts the texts for the index. It takes most of the time of
// indexing and may be called for several entries at once.
func (e *entry) document(id string) *document.Document {
	title, rest := analysis.Runs(e.title), analysis.Runs(e.text)
	text, words, chars := counted(fieldText), held(fieldWords), held(fieldChars)
	add := func(runs []analysis.Run, count int) {
		for _, run := range runs {
			run.Pairs(func(pair string) { text.add(pair, count) })
			if !run.Han {
				continue
			}
			run.Words(func(word string) { words.add(word, count) })
			for _, char := range run.Text {
				chars.add(string(char), count)
			}
		}
	}
	add(title, 2)
	add(rest, 1)
	e.row.length = text.length
	doc := document.NewDocument(id)
	doc.AddField(text).AddField(words).AddField(chars)
	return doc.AddField(stored(fieldRow, []byte(e.row.encode()))).AddField(stored(fieldBody, encodeBody(title, rest)))
}

// achievementEntry returns nil for an achievement that is not public.
func achievementEntry(a *market.Achievement) *entry {
	if !a.Public() {
		return nil
	}
	e := newEntry(market.KindAchievement, &a.Listing, a.Benefit, a.Holder)
	e.row.version = a.Version
	e.row.stage, e.row.trl = a.Maturity.Stage, a.Maturity.TRL
	e.row.low, e.row.high = int64(a.Price.Low), int64(a.Price.High)
	return e
}

// demandEntry returns nil for a demand that is not public. Of an anonymous
// demander neither name nor owner is indexed: a search must not give away what
// the page withholds.
func demandEntry(d *market.Demand) *entry {
	if !d.Public() {
		return nil
	}
	demander := d.Demander
	if d.Anonymous {
		demander = ""
	}
	e := newEntry(market.KindDemand, &d.Listing, d.Conditions, demander)
	e.row.version = d.Version
	e.row.stage, e.row.trl = market.StageOf(d.MinTRL), d.MinTRL
	e.row.low, e.row.high = int64(d.BudgetLow), int64(d.BudgetHigh)
	if d.Anonymous {
		e.row.owner = ""
	}
	return e
}
