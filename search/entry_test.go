package search

import (
	"context"
	"testing"
	"time"

	"jishi/internal/market"
)

func published(id market.ID, title, summary string) *market.Achievement {
	a := &market.Achievement{Meta: market.Meta{ID: id}}
	a.Title, a.Summary, a.State = title, summary, market.StatePublished
	a.Published = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	return a
}

func publishedDemand(id market.ID, title, summary string) *market.Demand {
	d := &market.Demand{Meta: market.Meta{ID: id}}
	d.Title, d.Summary, d.State = title, summary, market.StatePublished
	d.Published = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	return d
}

func find(t testing.TB, ix *Index, q market.SearchQuery) market.SearchResult {
	t.Helper()
	result, err := ix.Find(t.Context(), q)
	if err != nil {
		t.Fatalf("Find(%+v): %v", q, err)
	}
	return result
}

func ids(result market.SearchResult) []market.ID {
	all := []market.ID{}
	for _, hit := range result.Hits {
		all = append(all, hit.ID)
	}
	return all
}

func TestOnlyThePublishedAreFound(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	a := published("a1", "镁合金压铸", "高导热")
	for _, state := range market.ListingStates {
		a.State = market.ListingState(state.Code)
		apply(t, ix, []*market.Achievement{a}, "1")
		want := 0
		if a.State == market.StatePublished {
			want = 1
		}
		if got := find(t, ix, market.SearchQuery{Text: "镁合金"}).Total; got != want {
			t.Errorf("%s: %d hits, want %d", state.Name, got, want)
		}
		if n, err := ix.Count(t.Context()); err != nil || n != want {
			t.Errorf("%s: Count = %d, %v, want %d", state.Name, n, err, want)
		}
	}
}

func TestWhatIsSearched(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	a := published("a1", "镁合金压铸", "用于基站散热壳体")
	a.Keywords, a.Benefit, a.Holder, a.Detail = []string{"半固态成形"}, "减重三成", "某某示例大学", "保密配方含钪"
	d := publishedDemand("d1", "畜禽粪污处理", "沼液还田")
	d.Conditions, d.Demander, d.Detail = "具备环保资质", "实例牧业公司", "亏损严重"
	if err := ix.Demands().Apply(context.Background(), []*market.Demand{d}, "1"); err != nil {
		t.Fatal(err)
	}
	apply(t, ix, []*market.Achievement{a}, "1")
	tests := []struct {
		name, text string
		want       int
	}{
		{"title", "压铸", 1}, {"summary", "基站散热", 1}, {"keyword", "半固态", 1}, {"benefit", "减重三成", 1},
		{"holder", "示例大学", 1}, {"conditions", "环保资质", 1}, {"demander", "实例牧业", 1},
		{"full width and case", "ＰＺ", 0}, {"one character", "镁", 1}, {"one character at the end of a word only", "铸", 1},
		{"confidential detail of an achievement", "保密配方", 0}, {"confidential detail of a demand", "亏损严重", 0},
		{"no pair across title and summary", "铸用", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := find(t, ix, market.SearchQuery{Text: tt.text}).Total; got != tt.want {
				t.Errorf("%q finds %d, want %d", tt.text, got, tt.want)
			}
		})
	}
}

func TestAnAnonymousDemanderIsNotFound(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	d := publishedDemand("d1", "畜禽粪污处理", "沼液还田")
	d.Demander, d.Anonymous, d.Owner = "实例牧业公司", true, "org1"
	if err := ix.Demands().Apply(context.Background(), []*market.Demand{d}, "1"); err != nil {
		t.Fatal(err)
	}
	if n := find(t, ix, market.SearchQuery{Text: "沼液"}).Total; n != 1 {
		t.Fatalf("the demand itself: %d hits, want 1", n)
	}
	if n := find(t, ix, market.SearchQuery{Text: "实例牧业"}).Total; n != 0 {
		t.Error("found by the name that is withheld")
	}
	if n := find(t, ix, market.SearchQuery{Owner: "org1"}).Total; n != 0 {
		t.Error("found by the organization that is withheld")
	}
}

func TestAnAchievementAndADemandMayShareAnID(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	apply(t, ix, []*market.Achievement{published("x", "镁合金", "成果")}, "1")
	if err := ix.Demands().Apply(context.Background(), []*market.Demand{publishedDemand("x", "镁合金", "需求")}, "1"); err != nil {
		t.Fatal(err)
	}
	result := find(t, ix, market.SearchQuery{Text: "镁合金"})
	if len(result.Hits) != 2 || result.Hits[0].Kind == result.Hits[1].Kind {
		t.Errorf("hits = %+v, want one of each kind", result.Hits)
	}
}
