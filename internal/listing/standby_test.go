package listing

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// away is an index that cannot be asked.
type away struct{ code string }

func (a away) Find(context.Context, market.SearchQuery) (market.SearchResult, error) {
	return market.SearchResult{}, market.E(market.Unavailable, a.code, "搜索暂时不可用。")
}

// publishedDemand brings a demand of the enterprise onto the market.
func (w *world) publishedDemand(t *testing.T, title string) *market.Demand {
	t.Helper()
	d := &market.Demand{Listing: market.Listing{Title: title, Summary: "需要耐热的镁合金板材。", Modes: []string{"license"}, Class: market.Class{Field: "03"},
		Contact: market.Contact{Name: "郑经理", Phone: "13900000000"}}, Demander: "示例公司", DemandKind: "problem", MinTRL: 5, BudgetLow: 10 * market.Wan, BudgetHigh: 20 * market.Wan}
	d, err := w.demands.Create(context.Background(), enterprise, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		by     market.Actor
		action market.Action
	}{{enterprise, market.ActSubmit}, {officer, market.ActApprove}} {
		if d, err = w.demands.Move(context.Background(), step.by, d.ID, 0, step.action, "理由"); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// TestTheStoreAnswersForTheIndex walks through all pages of both kinds.
func TestTheStoreAnswersForTheIndex(t *testing.T) {
	w := newWorld(t)
	var want []market.ID
	for i := range 7 {
		w.now = w.now.Add(time.Hour)
		id := w.publishedDemand(t, fmt.Sprint("求镁合金板材", i)).ID
		want = append([]market.ID{id}, want...)
		if i == 3 {
			w.now = w.now.Add(time.Hour)
			want = append([]market.ID{w.at(t, market.StatePublished).ID}, want...)
		}
	}
	w.at(t, market.StateDraft)
	for _, code := range []string{market.CodeIndexFilling, market.CodeIndexDamaged} {
		finder := NewFinder(away{code}, highlight, w.achievements, w.demands)
		var got []market.ID
		q := market.SearchQuery{Limit: 3}
		for pages := 0; ; pages++ {
			results, err := finder.Find(context.Background(), visitor, q)
			if err != nil || !results.Standby || results.Total != len(results.Found) || pages > 5 {
				t.Fatalf("page %d: %+v, %v", pages, results, err)
			}
			for _, found := range results.Found {
				got = append(got, found.ID())
				if found.Shared().Detail != "" || found.Shared().Contact.Phone != "" {
					t.Errorf("%s shows what is withheld", found.ID())
				}
			}
			if q.Cursor = results.Cursor; q.Cursor == "" {
				break
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: found %v, want %v: newest first, once each", code, got, want)
		}
	}
}

func TestTheStoreFilters(t *testing.T) {
	w := newWorld(t)
	achievement, demand := w.at(t, market.StatePublished), w.publishedDemand(t, "求镁合金板材")
	finder := NewFinder(away{market.CodeIndexFilling}, highlight, w.achievements, w.demands)
	tests := []struct {
		name string
		q    market.SearchQuery
		want []market.ID
	}{
		{"kind", market.SearchQuery{Kind: market.KindDemand}, []market.ID{demand.ID}},
		{"the other kind", market.SearchQuery{Kind: market.KindAchievement}, []market.ID{achievement.ID}},
		{"field", market.SearchQuery{Fields: []string{"03"}}, []market.ID{demand.ID}},
		{"field of nobody", market.SearchQuery{Fields: []string{"09"}}, nil},
		{"owner", market.SearchQuery{Owner: "uni"}, []market.ID{achievement.ID}},
		{"price", market.SearchQuery{PriceMin: 15 * market.Wan}, []market.ID{demand.ID}},
		{"price too high", market.SearchQuery{PriceMin: 21 * market.Wan}, nil},
		{"maturity", market.SearchQuery{TRLMin: 6}, []market.ID{achievement.ID}},
		{"published later", market.SearchQuery{From: "2027-01-01"}, nil},
		{"words", market.SearchQuery{Text: "镁合金 轧制"}, []market.ID{achievement.ID}},
		{"a word of nobody", market.SearchQuery{Text: "石墨烯"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			results, err := finder.Find(context.Background(), visitor, tt.q)
			if err != nil {
				t.Fatal(err)
			}
			var got []market.ID
			for _, found := range results.Found {
				got = append(got, found.ID())
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
}

// TestTheStoreDoesNotAnswerForATimeout or for a cursor that is no place.
func TestTheStoreDoesNotAnswerForATimeout(t *testing.T) {
	w := newWorld(t)
	_, err := NewFinder(away{"search_timeout"}, highlight, w.achievements, w.demands).Find(context.Background(), visitor, market.SearchQuery{})
	wantKind(t, err, market.Unavailable, "search_timeout")
	finder := NewFinder(away{market.CodeIndexFilling}, highlight, w.achievements, w.demands)
	for _, cursor := range []string{"store.", "store.!!", "store.W10", "store." + strings.Repeat("x", 5000)} {
		_, err := finder.Find(context.Background(), visitor, market.SearchQuery{Cursor: cursor})
		wantKind(t, err, market.Invalid, "bad_cursor")
	}
}
