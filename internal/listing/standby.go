package listing

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"jishi/internal/market"
)

// Bounds of one search that the store answers.
const (
	standbyPage = 100   // listings read at a time
	standbyMost = 2_000 // listings of each kind looked at
)

// standbyMark begins the cursors of such searches.
const standbyMark = "store."

// place is how far a walk through one kind is: behind so many of the page that
// begins at a cursor of the store.
type place struct {
	After string `json:"a,omitempty"`
	Skip  int    `json:"s,omitempty"`
	End   bool   `json:"e,omitempty"`
}

// walk reads the published listings of one kind, newest first.
type walk struct {
	place
	read   func(ctx context.Context, after string) ([]Found, string, error)
	page   []Found
	next   string
	looked int
}

// head returns the next listing, nil at the end.
func (w *walk) head(ctx context.Context) (*Found, error) {
	for !w.End {
		if w.page == nil {
			page, next, err := w.read(ctx, w.After)
			if err != nil {
				return nil, err
			}
			w.page, w.next = page, next
		}
		if w.Skip < len(w.page) {
			return &w.page[w.Skip], nil
		}
		w.place = place{After: w.next, End: w.next == ""}
		w.page = nil
	}
	return nil, nil
}

func (w *walk) pass() { w.Skip, w.looked = w.Skip+1, w.looked+1 }

// fromStore answers a search in the index's place: newest first whatever the
// order asked for, by filters and the letters of the words, without counts.
// Total is how many were found on this page.
func (f *Finder) fromStore(ctx context.Context, by market.Actor, q market.SearchQuery) (Results, error) {
	walks := []*walk{{read: reader(f.achievements, by, foundAchievement)}, {read: reader(f.demands, by, foundDemand)}}
	if err := goOn(walks, q); err != nil {
		return Results{}, err
	}
	results := Results{Found: []Found{}, Facets: map[string][]market.FacetCount{}, Standby: true}
	for len(results.Found) < q.Limit && walks[0].looked < standbyMost && walks[1].looked < standbyMost {
		newest, err := newest(ctx, walks)
		if err != nil {
			return Results{}, err
		}
		if newest == nil {
			results.Total = len(results.Found)
			return results, nil
		}
		if one, _ := newest.head(ctx); plainly(q, one) {
			results.Found = append(results.Found, *one)
		}
		newest.pass()
	}
	results.Total, results.Cursor = len(results.Found), cursorOf(walks)
	return results, nil
}

// goOn puts the walks where the page before ended.
func goOn(walks []*walk, q market.SearchQuery) error {
	if text, ok := strings.CutPrefix(q.Cursor, standbyMark); ok {
		var places []place
		body, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil || json.Unmarshal(body, &places) != nil || len(places) != len(walks) {
			return market.E(market.Invalid, "bad_cursor", "翻页位置已失效，请从第一页重新开始。")
		}
		for i, w := range walks {
			w.place = place{After: places[i].After, Skip: min(max(places[i].Skip, 0), standbyPage), End: places[i].End}
		}
	}
	walks[0].End = walks[0].End || q.Kind == market.KindDemand
	walks[1].End = walks[1].End || q.Kind == market.KindAchievement
	return nil
}

func cursorOf(walks []*walk) string {
	places := make([]place, len(walks))
	for i, w := range walks {
		places[i] = w.place
	}
	body, _ := json.Marshal(places) // strings and numbers always can be
	return standbyMark + base64.RawURLEncoding.EncodeToString(body)
}

// newest returns the walk whose next listing is the newest, nil at the end.
func newest(ctx context.Context, walks []*walk) (*walk, error) {
	var best *walk
	var bestHead *Found
	for _, w := range walks {
		head, err := w.head(ctx)
		if err != nil {
			return nil, err
		}
		if head != nil && (best == nil || head.Shared().Published.After(bestHead.Shared().Published)) {
			best, bestHead = w, head
		}
	}
	return best, nil
}

// reader reads pages of one book.
func reader[T any, P Kind[T]](book *Book[T, P], by market.Actor, found func(*T) Found) func(context.Context, string) ([]Found, string, error) {
	return func(ctx context.Context, after string) ([]Found, string, error) {
		page, err := book.Newest(ctx, by, after, standbyPage)
		all := make([]Found, len(page.Items))
		for i, item := range page.Items {
			all[i] = found(item)
		}
		return all, page.Next, err
	}
}

func foundAchievement(a *market.Achievement) Found {
	return Found{Kind: market.KindAchievement, Achievement: a}
}

func foundDemand(d *market.Demand) Found { return Found{Kind: market.KindDemand, Demand: d} }

// plainly reports whether a listing passes the filters and holds every word.
func plainly(q market.SearchQuery, f *Found) bool {
	t := traits(f)
	return coded(q, f.Shared(), t) && ranged(q, f.Shared(), t) && worded(q.Text, f.Shared())
}

// coded reports whether a listing has one of the codes asked for in each list,
// and the owner.
func coded(q market.SearchQuery, l *market.Listing, t trait) bool {
	one := func(asked []string, has ...string) bool {
		return len(asked) == 0 || slices.ContainsFunc(asked, func(code string) bool { return slices.Contains(has, code) })
	}
	return one(q.Fields, l.Class.Field) && one(q.Industries, l.Class.Industry) && one(q.Stages, t.stage) && one(q.Modes, l.Modes...) &&
		(q.Owner == "" || t.owner == q.Owner)
}

// ranged reports whether a listing lies in the ranges asked for; what is not
// stated lies in none.
func ranged(q market.SearchQuery, l *market.Listing, t trait) bool {
	if q.From != "" && l.Published.Before(q.From.Time()) || q.To != "" && !l.Published.Before(q.To.Time().AddDate(0, 0, 1)) {
		return false
	}
	priced := q.PriceMin > 0 || q.PriceMax > 0
	graded := q.TRLMin > 0 || q.TRLMax > 0
	return (!priced || t.costs(q.PriceMin, q.PriceMax)) && (!graded || t.reaches(q.TRLMin, q.TRLMax))
}

// worded reports whether every word stands in what is public of a listing.
func worded(words string, l *market.Listing) bool {
	text := strings.ToLower(market.Fold(strings.Join(append([]string{l.Title, l.Summary}, l.Keywords...), "\n")))
	for word := range strings.FieldsSeq(strings.ToLower(words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// trait is what the kinds name differently.
type trait struct {
	stage     string
	trl       int
	low, high market.Fen
	owner     market.ID // empty for an anonymous demand: nobody finds out whose it is
}

// costs reports whether the price overlaps a range; max 0 = no bound.
func (t trait) costs(min, max market.Fen) bool {
	stated := t.low != 0 || t.high != 0
	return stated && t.high >= min && (max == 0 || t.low <= max)
}

// reaches reports whether the level lies in a range; max 0 = no bound.
func (t trait) reaches(min, max int) bool {
	return t.trl > 0 && t.trl >= min && (max == 0 || t.trl <= max)
}

func traits(f *Found) trait {
	if a := f.Achievement; a != nil {
		return trait{a.Maturity.Stage, a.Maturity.TRL, a.Price.Low, a.Price.High, a.Owner}
	}
	t := trait{market.StageOf(f.Demand.MinTRL), f.Demand.MinTRL, f.Demand.BudgetLow, f.Demand.BudgetHigh, f.Demand.Owner}
	if f.Demand.Anonymous {
		t.owner = ""
	}
	return t
}

// standby answers from the store when the index must not be asked.
func (f *Finder) standby(ctx context.Context, by market.Actor, q market.SearchQuery, err error) (Results, error) {
	if !market.IndexAway(err) {
		return Results{}, err
	}
	return f.fromStore(ctx, by, q)
}
