package storetest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// mixedParcels makes parcels in every combination of fields, with ids whose
// bytes are not in the order of any language.
func mixedParcels(n int) []*parcel {
	states := []string{"在途", "签收", "a", "A", "Z", ""}
	cities := []string{"重庆", "Chongqing", "梁平"}
	prefixes := []string{"a", "B", "号", "~", "a-"}
	list := make([]*parcel, n)
	for i := range list {
		p := newParcel(i)
		p.ID = market.ID(fmt.Sprintf("%s%03d", prefixes[i%len(prefixes)], i*7%n))
		p.State = states[i%len(states)]
		p.Rank = int64(i%11)*1_000_000_000_000 - 2_000_000_000_000
		p.Open = i%4 == 0
		p.Due = time.UnixMilli(int64(i%13-3) * 86_400_000).UTC()
		p.Place.City = cities[i%len(cities)]
		list[i] = p
	}
	return list
}

// shape is a query with what it should answer: the documents that match, in
// the order of compare and, where that is 0, of ids.
type shape struct {
	name    string
	query   store.Query
	match   func(*parcel) bool
	compare func(a, b *parcel) int
}

func equal(pairs ...any) []store.Equal {
	var list []store.Equal
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, store.Equal{Field: pairs[i].(string), Value: pairs[i+1]})
	}
	return list
}

func everyParcel(*parcel) bool            { return true }
func byID(_, _ *parcel) int               { return 0 }
func byRank(a, b *parcel) int             { return cmp.Compare(a.Rank, b.Rank) }
func byDue(a, b *parcel) int              { return a.Due.Compare(b.Due) }
func byNumber(a, b *parcel) int           { return strings.Compare(a.Number, b.Number) }
func byChange(a, b *parcel) int           { return a.ChangedAt.Compare(b.ChangedAt) }
func inState(s string) func(*parcel) bool { return func(p *parcel) bool { return p.State == s } }

// shapes returns every shape of query that parcelSpec serves; changed is a time
// at which some parcels had changed already.
func shapes(changed time.Time) []shape {
	const low, high = int64(-1_000_000_000_000), int64(6_000_000_000_000)
	day := func(n int) time.Time { return time.UnixMilli(int64(n) * 86_400_000).UTC() }
	return []shape{
		{"all by id", store.Query{}, everyParcel, byID},
		{"all by _id", store.Query{Sort: store.FieldID}, everyParcel, byID},
		{"range of ids", store.Query{Sort: store.FieldID, Range: &store.Range{From: "a-", To: "~"}},
			func(p *parcel) bool { return p.ID >= "a-" && p.ID < "~" }, byID},
		{"all by change", store.Query{Sort: store.FieldChanged}, everyParcel, byChange},
		{"changed since", store.Query{Sort: store.FieldChanged, Range: &store.Range{From: changed}},
			func(p *parcel) bool { return !p.ChangedAt.Before(changed) }, byChange},
		{"unique key", store.Query{Equal: equal("number", "编号0003")}, func(p *parcel) bool { return p.Number == "编号0003" }, byID},
		{"text", store.Query{Equal: equal("state", "签收")}, inState("签收"), byID},
		{"capital letter", store.Query{Equal: equal("state", "A")}, inState("A"), byID},
		{"empty text", store.Query{Equal: equal("state", "")}, inState(""), byID},
		{"no such text", store.Query{Equal: equal("state", "退回")}, inState("退回"), byID},
		{"two fields", store.Query{Equal: equal("rank", low, "state", "在途")},
			func(p *parcel) bool { return p.State == "在途" && p.Rank == low }, byID},
		{"integer", store.Query{Equal: equal("rank", high)}, func(p *parcel) bool { return p.Rank == high }, byID},
		{"time", store.Query{Equal: equal("due", day(2))}, func(p *parcel) bool { return p.Due.Equal(day(2)) }, byID},
		{"text, by integer", store.Query{Equal: equal("state", "a"), Sort: "rank"}, inState("a"), byRank},
		{"text, range of integers", store.Query{Equal: equal("state", "在途"), Sort: "rank", Range: &store.Range{From: low, To: high}},
			func(p *parcel) bool { return p.State == "在途" && p.Rank >= low && p.Rank < high }, byRank},
		{"by integer", store.Query{Sort: "rank"}, everyParcel, byRank},
		{"integers from", store.Query{Sort: "rank", Range: &store.Range{From: high}}, func(p *parcel) bool { return p.Rank >= high }, byRank},
		{"integers up to", store.Query{Sort: "rank", Range: &store.Range{To: high}}, func(p *parcel) bool { return p.Rank < high }, byRank},
		{"bool, by time", store.Query{Equal: equal("open", true), Sort: "due"}, func(p *parcel) bool { return p.Open }, byDue},
		{"bool, range of times", store.Query{Equal: equal("open", false), Sort: "due", Range: &store.Range{From: day(-1), To: day(4)}},
			func(p *parcel) bool { return !p.Open && !p.Due.Before(day(-1)) && p.Due.Before(day(4)) }, byDue},
		{"nested field, by text", store.Query{Equal: equal("state", "签收", "place.city", "Chongqing"), Sort: "number"},
			func(p *parcel) bool { return p.State == "签收" && p.Place.City == "Chongqing" }, byNumber},
		{"text, by change", store.Query{Equal: equal("state", "Z"), Sort: store.FieldChanged}, inState("Z"), byChange},
		{"empty range", store.Query{Sort: "rank", Range: &store.Range{From: high, To: low}}, func(*parcel) bool { return false }, byRank},
	}
}

// find asks every shape of query, forwards and backwards, in pages of every
// kind of size, and compares with the same question asked of a list.
func (s *suite) find(t *testing.T) {
	docs := s.parcels(t)
	list := mixedParcels(s.size.Documents)
	insert(t, docs, list...)
	for _, i := range rand.Perm(len(list))[:len(list)/4] {
		if err := docs.Update(t.Context(), list[i]); err != nil {
			t.Fatalf("Update = %v", err)
		}
	}
	byLastChange := slices.SortedFunc(slices.Values(list), byChange)
	for _, shape := range shapes(byLastChange[len(list)/2].ChangedAt) {
		for _, desc := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, desc=%t", shape.name, desc), func(t *testing.T) {
				want := shape.answer(list, desc)
				query := shape.query
				query.Desc = desc
				for _, limit := range []int{max(1, len(want)/3), len(want), store.MaxLimit, 0} {
					query.Limit = limit
					if got := walk(t, docs, query, nil); !slices.Equal(ids(got), want) {
						t.Errorf("in pages of %d:\ngot  %v\nwant %v", limit, ids(got), want)
					}
				}
			})
		}
	}
}

// answer returns the ids that the query should answer, in order.
func (s shape) answer(list []*parcel, desc bool) []market.ID {
	var match []*parcel
	for _, p := range list {
		if s.match(p) {
			match = append(match, p)
		}
	}
	slices.SortFunc(match, func(a, b *parcel) int {
		order := cmp.Or(s.compare(a, b), strings.Compare(string(a.ID), string(b.ID)))
		if desc {
			return -order
		}
		return order
	})
	return ids(match)
}

// walk reads all pages of a query; between is called after each page.
func walk(t *testing.T, docs store.Reader[parcel], query store.Query, between func()) []*parcel {
	t.Helper()
	var all []*parcel
	for pages := 0; ; pages++ {
		page, err := docs.Find(t.Context(), query)
		if err != nil {
			t.Fatalf("Find(%+v) = %v", query, err)
		}
		size := query.Limit
		if size == 0 {
			size = 50
		}
		if len(page.Items) > size || page.Next != "" && len(page.Items) < size {
			t.Fatalf("Find(%+v): page of %d, next %q", query, len(page.Items), page.Next)
		}
		all = append(all, page.Items...)
		if query.After = page.Next; query.After == "" {
			return all
		}
		if pages > 10_000 {
			t.Fatal("the pages do not end")
		}
		if between != nil {
			between()
		}
	}
}
