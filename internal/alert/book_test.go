package alert

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

func (w *world) save(user market.ID, query string) *market.SavedSearch {
	w.Helper()
	saved, err := w.service.Save(w.Context(), market.Actor{User: user, Org: "o", Verified: true}, Wish{"搜索", query, market.AlertNow}, "")
	w.must(err)
	return saved
}

func TestWhatFitsASearch(t *testing.T) {
	w := newWorld(t)
	a := &market.Achievement{Meta: market.Meta{ID: "a"}, Listing: market.Listing{
		Title: "高强镁合金压铸工艺", Summary: "用于汽车支架，减重三成。", Keywords: []string{"AZ91D"}, Owner: "uni", Published: w.now,
		Class: market.Class{Field: "05", Industry: "C"}, Modes: []string{"license", "transfer"},
	}, Maturity: market.Maturity{Stage: "middle", TRL: 6}, Price: market.Price{Low: 50 * market.Wan, High: 80 * market.Wan}, Benefit: "成本下降"}
	anonymous := &market.Demand{Meta: market.Meta{ID: "d"}, Listing: market.Listing{Title: "镁合金回收", Owner: "firm", Published: w.now}, Demander: "示例镁业", Anonymous: true}
	tests := []struct {
		query string
		s     subject
		want  bool
	}{
		{"q=镁合金", achievementSubject(a), true},
		{"q=镁合金 支架", achievementSubject(a), true},
		{"q=镁合金 储氢", achievementSubject(a), false},
		{"q=铝合金", achievementSubject(a), false},
		{"q=镁", achievementSubject(a), true},
		{"q=氢", achievementSubject(a), false},
		{"q=az91d", achievementSubject(a), true},
		{"q=高强镁合金压铸工艺在汽车支架上的应用研究与示范", achievementSubject(a), true},
		{"q=面向储氢材料的高熵合金设计方法研究与产业化示范应用", achievementSubject(a), false},
		{"q=，。", achievementSubject(a), false},
		{"kind=achievement", achievementSubject(a), true},
		{"kind=demand", achievementSubject(a), false},
		{"field=05&field=06", achievementSubject(a), true},
		{"field=06", achievementSubject(a), false},
		{"industry=C&mode=license", achievementSubject(a), true},
		{"mode=equity", achievementSubject(a), false},
		{"stage=middle", achievementSubject(a), true},
		{"stage=mature", achievementSubject(a), false},
		{"owner=uni", achievementSubject(a), true},
		{"owner=firm", achievementSubject(a), false},
		{"owner=firm", demandSubject(anonymous), false},
		{"q=示例镁业", demandSubject(anonymous), false},
		{"price_min=60&price_max=100", achievementSubject(a), true},
		{"price_max=40", achievementSubject(a), false},
		{"price_max=40", demandSubject(anonymous), false},
		{"from=2026-03-02&to=2026-03-02", achievementSubject(a), true},
		{"from=2026-03-03", achievementSubject(a), false},
		{"", achievementSubject(a), true},
		{"sort=newest", demandSubject(anonymous), true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.query, " ", tt.s.kind), func(t *testing.T) {
			b := newBook(w.stores, w.service.parts)
			b.put(&market.SavedSearch{Meta: market.Meta{ID: "s", Version: 1}, Query: tt.query, Alert: market.AlertNow, State: market.SearchKept})
			if got := len(b.fitting(tt.s)) == 1; got != tt.want {
				t.Errorf("fits = %v, want %v", got, tt.want)
			}
		})
	}
}

// Standing under few words misses nothing: what is found is what holding every
// search against the listing finds.
func TestBookMissesNothing(t *testing.T) {
	w := newWorld(t)
	words := strings.Fields("镁合金 压铸 支架 储氢 回收 高强 稀土 焊接 涂层 az91d")
	rapid.Check(t, func(rt *rapid.T) {
		b := newBook(w.stores, w.service.parts)
		text := func(label string, most int) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, most).Draw(rt, label), rapid.SampledFrom([]string{" ", ""}).Draw(rt, "between"))
		}
		for i := range rapid.IntRange(1, 12).Draw(rt, "searches") {
			query := url.Values{"q": {text("q", 9)}}
			for key, codes := range map[string][]string{"field": {"05", "06"}, "mode": {"license", "transfer"}, "kind": {"achievement", "demand"}} {
				if rapid.Bool().Draw(rt, key) {
					query.Set(key, rapid.SampledFrom(codes).Draw(rt, "code"))
				}
			}
			b.put(&market.SavedSearch{
				Meta: market.Meta{ID: market.ID(fmt.Sprint("s", i%8)), Version: int64(i)}, Query: query.Encode(), State: rapid.SampledFrom([]string{market.SearchKept, market.SearchKept, market.SearchDeleted}).Draw(rt, "state"),
			})
		}
		a := &market.Achievement{Listing: market.Listing{Title: text("title", 5), Summary: text("summary", 9), Class: market.Class{Field: "05"}, Modes: []string{"license"}}}
		one := achievementSubject(a)
		var want []market.ID
		have := one.terms(b.terms)
		for id, held := range b.byID {
			if one.passes(held.query) && covers(have, held.words) {
				want = append(want, id)
			}
		}
		slices.Sort(want)
		var got []market.ID
		for _, saved := range b.fitting(one) {
			got = append(got, saved.ID)
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("found %v, want %v", got, want)
		}
		for _, under := range b.byKey {
			for id := range under {
				if b.byID[id] == nil {
					rt.Fatalf("%s still stands somewhere", id)
				}
			}
		}
	})
}

// A search tells of what comes after it, and not of one's own.
func TestSearcherIsToldOfTheNew(t *testing.T) {
	w := newWorld(t)
	w.member("u1", w.org("uni"), nil)
	w.member("f1", w.org("firm"), nil)
	w.achievement("old", "镁合金旧工艺", "uni")
	w.now = w.now.Add(time.Minute)
	saved, own := w.save("f1", "q=镁合金"), w.save("u1", "q=镁合金")
	if saved.ID == own.ID {
		t.Fatal("two searches are one")
	}
	w.now = w.now.Add(time.Minute)
	f := w.follow(w.service)
	w.achievement("new", "镁合金新工艺", "uni")
	w.catchUp(f)
	if got := w.told(); len(got) != 1 || len(got["f1"]) != 1 || got["f1"][0] != "搜索“搜索”有新的成果：镁合金新工艺" {
		t.Errorf("told %v", got)
	}
	_, err := w.service.Change(t.Context(), market.Actor{User: "f1", Org: "o"}, saved.ID, saved.Version, Wish{"搜索", "q=储氢", market.AlertDaily})
	w.must(err)
	w.now = w.now.Add(time.Minute)
	w.achievement("more", "镁合金再一种", "uni")
	w.achievement("tank", "储氢罐", "uni")
	w.catchUp(f)
	if got := w.told()["f1"]; len(got) != 2 || !strings.HasSuffix(got[1], "储氢罐") {
		t.Errorf("after the search was changed: %v", got)
	}
	_, err = w.service.Drop(t.Context(), market.Actor{User: "f1", Org: "o"}, saved.ID, 0)
	w.must(err)
	w.now = w.now.Add(time.Minute)
	w.achievement("last", "储氢瓶", "uni")
	w.catchUp(f)
	if got := w.told()["f1"]; len(got) != 2 {
		t.Errorf("after the search was deleted: %v", got)
	}
}

// BenchmarkBook holds one listing of 1,000 characters against 10,000 saved searches.
func BenchmarkBook(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		runes := make([]rune, 2+random.IntN(3))
		for i := range runes {
			runes[i] = rune(0x4e00 + int(float64(2000)*random.Float64()*random.Float64()))
		}
		return string(runes)
	}
	held := newBook(Stores{}, Parts{Read: readQuery, Terms: bigrams})
	for i := range 10_000 {
		query := url.Values{"q": {word() + " " + word()}}
		switch i % 10 {
		case 0:
			query = url.Values{"field": {fmt.Sprintf("%02d", 1+random.IntN(11))}, "kind": {"achievement"}}
		case 1:
			query = url.Values{"q": {word()}, "field": {"05"}}
		}
		held.put(&market.SavedSearch{Meta: market.Meta{ID: market.ID(fmt.Sprint(i)), Version: 1}, Query: query.Encode(), State: market.SearchKept, Alert: market.AlertNow})
	}
	var text strings.Builder
	for text.Len() < 3000 {
		text.WriteString(word())
	}
	one := achievementSubject(&market.Achievement{Listing: market.Listing{Title: word(), Summary: text.String(), Class: market.Class{Field: "05"}}})
	b.ResetTimer()
	for b.Loop() {
		held.fitting(one)
	}
}
