package search

import (
	"strings"

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

// joined is the text of a listing that is searched: one field ranks better
// than several with boosts, and the title twice better than once. Parts are on
// lines of their own so that no pair of characters crosses from one to the next.
func joined(l *market.Listing, more ...string) string {
	parts := append([]string{l.Title, l.Title}, l.Keywords...)
	parts = append(append(parts, l.Summary), more...)
	return analysis.Fold(strings.ToValidUTF8(strings.Join(parts, "\n"), " "))
}

// achievementEntry returns nil for an achievement that is not public.
func achievementEntry(a *market.Achievement) *entry {
	if !a.Public() {
		return nil
	}
	text := joined(&a.Listing, a.Benefit, a.Holder)
	r := rowOf(market.KindAchievement, &a.Listing, text)
	r.stage = a.Maturity.Stage
	r.low, r.high = int64(a.Price.Low), int64(a.Price.High)
	return &entry{Text: text, Row: r.encode()}
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
	text := joined(&d.Listing, d.Conditions, demander)
	r := rowOf(market.KindDemand, &d.Listing, text)
	r.stage = market.StageOf(d.MinTRL)
	r.low, r.high = int64(d.BudgetLow), int64(d.BudgetHigh)
	if d.Anonymous {
		r.owner = ""
	}
	return &entry{Text: text, Row: r.encode()}
}

func rowOf(kind market.ListingKind, l *market.Listing, text string) rowText {
	return rowText{
		kind: string(kind), field: l.Class.Field, industry: l.Class.Industry, modes: l.Modes,
		owner: string(l.Owner), published: l.Published.UnixMilli(), length: len(analysis.Terms(text)),
	}
}
