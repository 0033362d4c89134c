package audit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"jishi/internal/market"
)

// day is a Shanghai day, counted from that of testStart.
func day(n int) market.Date { return market.DateOf(testStart.AddDate(0, 0, n)) }

// mixed fills a trail with entries of several users, actions and days.
func mixed(w *world, n int) {
	w.t.Helper()
	actions := []market.Action{market.ActSignIn, market.ActExport, market.ActRequest}
	entries := make([]market.Entry, n)
	for i := range entries {
		entries[i] = market.Entry{
			At: testStart.Add(time.Duration(i) * time.Hour), User: market.ID(fmt.Sprint("u", i%4)), Org: market.ID(fmt.Sprint("o", i%2)),
			Action: actions[i%3], Kind: []string{"session", "contract"}[i%2], Subject: market.ID(fmt.Sprint("s", i%5)), Result: []string{market.ResultOK, "not_allowed"}[i/3%2],
		}
	}
	w.must(w.trail.copy(context.Background(), entries))
}

func TestFind(t *testing.T) {
	w := newWorld(t)
	const n = 240
	mixed(w, n)
	for _, tt := range []struct {
		name string
		f    Filter
		want func(i int) bool
	}{
		{"all", Filter{}, func(int) bool { return true }},
		{"user", Filter{User: "u1"}, func(i int) bool { return i%4 == 1 }},
		{"organization", Filter{Org: "o1"}, func(i int) bool { return i%2 == 1 }},
		{"action", Filter{Action: market.ActExport}, func(i int) bool { return i%3 == 1 }},
		{"kind", Filter{Kind: "contract"}, func(i int) bool { return i%2 == 1 }},
		{"subject", Filter{Subject: "s3"}, func(i int) bool { return i%5 == 3 }},
		{"result", Filter{Result: "not_allowed"}, func(i int) bool { return i/3%2 == 1 }},
		{"days", Filter{From: day(2), To: day(3)}, func(i int) bool { return i >= 39 && i < 87 }}, // testStart is 9:00 in Shanghai
		{"user and days", Filter{User: "u2", To: day(0)}, func(i int) bool { return i%4 == 2 && i < 15 }},
		{"user and action", Filter{User: "u2", Action: market.ActSignIn}, func(i int) bool { return i%4 == 2 && i%3 == 0 }},
		{"kind, result and days", Filter{Kind: "session", Result: market.ResultOK, From: day(5)}, func(i int) bool { return i%2 == 0 && i/3%2 == 0 && i >= 111 }},
		{"nothing", Filter{User: "u1", Kind: "session"}, func(int) bool { return false }},
	} {
		for _, limit := range []int{7, 100} {
			t.Run(fmt.Sprint(tt.name, " by ", limit), func(t *testing.T) {
				var want []int64
				for i := n - 1; i >= 0; i-- {
					if tt.want(i) {
						want = append(want, int64(i+1))
					}
				}
				f := tt.f
				f.Limit = limit
				if got := found(w, f); fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("found %v\nwant %v", got, want)
				}
			})
		}
		rows, err := w.trail.Each(t.Context(), officer, tt.f)
		w.must(err)
		count := 0
		for _, err := range rows {
			w.must(err)
			count++
		}
		if got := found(w, tt.f); len(got) != count {
			t.Errorf("%s: %d found, %d exported", tt.name, len(got), count)
		}
	}
}

// found walks through the pages of a filter and returns the numbers.
func found(w *world, f Filter) []int64 {
	w.t.Helper()
	var seqs []int64
	for pages := 0; pages < 100; pages++ {
		page, err := w.trail.Find(context.Background(), officer, f)
		w.must(err)
		if len(page.Rows) > max(f.Limit, 50) {
			w.t.Errorf("a page of %d", len(page.Rows))
		}
		for _, row := range page.Rows {
			seqs = append(seqs, row.Seq)
		}
		if f.After = page.Next; page.Next == "" {
			return seqs
		}
	}
	w.t.Error("the pages do not end")
	return seqs
}

// A search among many that finds none stops at its bound, says how far it got
// and goes on from there.
func TestFindIsBounded(t *testing.T) {
	w := newWorld(t)
	entries := make([]market.Entry, maxLooked+700)
	for i := range entries {
		entries[i] = market.Entry{At: testStart.Add(time.Duration(i) * time.Minute), User: "u1", Action: market.ActSignIn, Kind: "session"}
	}
	entries[3].Action = market.ActExport
	w.must(w.trail.copy(t.Context(), entries))
	f := Filter{User: "u1", Action: market.ActExport}
	f.User, f.Kind = "u1", "session"
	page, err := w.trail.Find(t.Context(), officer, f)
	w.must(err)
	if len(page.Rows) != 0 || page.Looked != maxLooked || page.Until.IsZero() || page.Next == "" {
		t.Errorf("page %+v", page)
	}
	f.After = page.Next
	page, err = w.trail.Find(t.Context(), officer, f)
	w.must(err)
	if len(page.Rows) != 1 || page.Rows[0].Seq != 4 || !page.Until.IsZero() || page.Next != "" {
		t.Errorf("second page %+v", page)
	}
}

func TestFindRefuses(t *testing.T) {
	w := newWorld(t)
	w.append(1)
	for name, tt := range map[string]struct {
		by   market.Actor
		f    Filter
		kind market.Kind
	}{
		"visitor":   {market.Actor{}, Filter{}, market.Unauthenticated},
		"supplier":  {supplier, Filter{}, market.Denied},
		"kind":      {officer, Filter{Kind: "secret"}, market.Invalid},
		"user":      {officer, Filter{User: "$ne"}, market.Invalid},
		"day":       {officer, Filter{From: "2026-13-01"}, market.Invalid},
		"days":      {officer, Filter{From: "2026-03-02", To: "2026-03-01"}, market.Invalid},
		"limit":     {officer, Filter{Limit: 101}, market.Invalid},
		"cursor":    {officer, Filter{After: "x"}, market.Invalid},
		"cursor by": {officer, Filter{User: "u", Kind: "session", After: "x"}, market.Invalid},
	} {
		if _, err := w.trail.Find(t.Context(), tt.by, tt.f); !market.Is(err, tt.kind) {
			t.Errorf("%s: Find = %v", name, err)
		}
	}
	if _, err := w.trail.Each(t.Context(), supplier, Filter{}); !market.Is(err, market.Denied) {
		t.Errorf("Each = %v", err)
	}
	if _, err := w.trail.Each(t.Context(), officer, Filter{Kind: "secret"}); !market.Is(err, market.Invalid) {
		t.Errorf("Each = %v", err)
	}
}
