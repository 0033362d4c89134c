package alert

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"jishi/internal/market"
)

// subject is a published listing as it is told of: what the public sees of it.
type subject struct {
	kind      market.ListingKind
	id        market.ID
	listing   *market.Listing
	more      []string // texts beside title, summary and keywords
	stage     string
	trl       int        // readiness it has, or asks for; 0 = not assessed
	low, high market.Fen // price or budget; both 0 = negotiable
	hidden    bool       // the public does not learn whose it is
}

func achievementSubject(a *market.Achievement) subject {
	return subject{
		kind: market.KindAchievement, id: a.ID, listing: &a.Listing, more: []string{a.Benefit, a.Holder},
		stage: a.Maturity.Stage, trl: a.Maturity.TRL, low: a.Price.Low, high: a.Price.High,
	}
}

func demandSubject(d *market.Demand) subject {
	s := subject{
		kind: market.KindDemand, id: d.ID, listing: &d.Listing, more: []string{d.Conditions},
		stage: market.StageOf(d.MinTRL), trl: d.MinTRL, low: d.BudgetLow, high: d.BudgetHigh, hidden: d.Anonymous,
	}
	if !d.Anonymous {
		s.more = append(s.more, d.Demander)
	}
	return s
}

// published is when the listing last came before the public; the zero time
// when its history does not say.
func (s subject) published() time.Time {
	for _, e := range slices.Backward(s.listing.History) {
		if e.To == string(market.StatePublished) {
			return e.At
		}
	}
	return s.listing.Published
}

// path is the address of the listing's page.
func (s subject) path() string { return "/" + string(s.kind) + "s/" + string(s.id) }

// text is all that is searched of the listing, a part a line.
func (s subject) text() string {
	return strings.Join(slices.Concat([]string{s.listing.Title, s.listing.Summary}, s.listing.Keywords, s.more), "\n")
}

// terms is every term of the texts that are searched, and every single
// character of Chinese ones, by which a search for one finds them.
func (s subject) terms(cut Terms) map[string]bool {
	have := make(map[string]bool)
	for _, term := range cut(s.text()) {
		have[term] = true
		if utf8.RuneCountInString(term) > 2 {
			continue
		}
		for _, r := range term {
			if unicode.Is(unicode.Han, r) {
				have[string(r)] = true
			}
		}
	}
	return have
}

// keys is where searches of filters only stand that can find the listing.
func (s subject) keys() []string {
	keys := []string{"kind/", "kind/" + string(s.kind), "field/" + s.listing.Class.Field, "industry/" + s.listing.Class.Industry, "stage/" + s.stage}
	if !s.hidden {
		keys = append(keys, "owner/"+string(s.listing.Owner))
	}
	for _, mode := range s.listing.Modes {
		keys = append(keys, "mode/"+mode)
	}
	return keys
}

// passes reports whether the listing passes the filters of a search.
func (s subject) passes(q market.SearchQuery) bool {
	in := func(codes []string, code string) bool { return len(codes) == 0 || slices.Contains(codes, code) }
	mode := len(q.Modes) == 0 || slices.ContainsFunc(s.listing.Modes, func(m string) bool { return slices.Contains(q.Modes, m) })
	return (q.Kind == "" || q.Kind == s.kind) && (q.Owner == "" || !s.hidden && q.Owner == s.listing.Owner) && mode &&
		in(q.Fields, s.listing.Class.Field) && in(q.Industries, s.listing.Class.Industry) && in(q.Stages, s.stage) && s.priced(q) && s.ranged(q)
}

// ranged reports whether the listing lies in the days and the readiness asked
// for; what was not assessed lies in no range of readiness.
func (s subject) ranged(q market.SearchQuery) bool {
	day := market.DateOf(s.listing.Published)
	if q.From != "" && day < q.From || q.To != "" && day > q.To {
		return false
	}
	return q.TRLMin == 0 && q.TRLMax == 0 || s.trl > 0 && s.trl >= q.TRLMin && (q.TRLMax == 0 || s.trl <= q.TRLMax)
}

// priced reports whether the price meets the range asked for; one that is
// negotiable meets none.
func (s subject) priced(q market.SearchQuery) bool {
	if q.PriceMin == 0 && q.PriceMax == 0 {
		return true
	}
	negotiable := s.low == 0 && s.high == 0
	return !negotiable && s.high >= q.PriceMin && (q.PriceMax == 0 || s.low <= q.PriceMax)
}
