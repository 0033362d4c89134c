package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

// shelf is a small market: eight achievements and two demands.
func shelf(t testing.TB) *Index {
	t.Helper()
	ix := openIndex(t, t.TempDir())
	var all []*market.Achievement
	for i, title := range []string{"镁合金压铸", "铝合金压铸", "镁合金挤压", "柑橘病害检测", "生猪粪污处理", "半导体封装", "压铸模具", "镁合金防腐"} {
		a := published(market.ID(fmt.Sprintf("a%d", i)), title, "说明文字")
		a.Published = a.Published.Add(time.Duration(i) * time.Hour)
		a.Class.Field = market.Fields[i%3].Code
		a.Maturity.Stage = market.Stages[i%2].Code
		a.Modes = []string{market.Modes[i%2].Code, "service"}
		a.Owner = market.ID(fmt.Sprintf("org%d", i%2))
		if i < 4 {
			price := market.Fen(i+1) * 100 * market.Wan
			a.Price = market.Price{Mode: "range", Low: price, High: price + 50*market.Wan}
		}
		all = append(all, a)
	}
	apply(t, ix, all, "1")
	var demands []*market.Demand
	for i, title := range []string{"求镁合金壳体", "求粪污处理"} {
		d := publishedDemand(market.ID(fmt.Sprintf("d%d", i)), title, "说明文字")
		d.BudgetLow, d.BudgetHigh = 0, market.Fen(i)*90*market.Wan
		d.MinTRL = 8
		demands = append(demands, d)
	}
	if err := ix.Demands().Apply(context.Background(), demands, "1"); err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestFindFilters(t *testing.T) {
	ix := shelf(t)
	tests := []struct {
		name string
		q    market.SearchQuery
		want string
	}{
		{"all, newest first", market.SearchQuery{}, "d0 d1 a7 a6 a5 a4 a3 a2 a1 a0"},
		{"kind", market.SearchQuery{Kind: market.KindDemand, Text: "镁合金"}, "d0"},
		{"words", market.SearchQuery{Text: "镁合金", Sort: market.SortNewest}, "d0 a7 a2 a0"},
		{"field", market.SearchQuery{Fields: []string{"01"}, Sort: market.SortNewest}, "a6 a3 a0"},
		{"two fields", market.SearchQuery{Fields: []string{"01", "02"}, Sort: market.SortNewest}, "a7 a6 a4 a3 a1 a0"},
		{"field and stage", market.SearchQuery{Fields: []string{"01"}, Stages: []string{"early"}}, "a6 a0"},
		{"stage of a demand is the one it asks", market.SearchQuery{Stages: []string{"mature"}, Text: "粪污"}, "d1"},
		{"mode", market.SearchQuery{Modes: []string{"license"}, Text: "镁合金"}, "a7"},
		{"owner", market.SearchQuery{Owner: "org1"}, "a7 a5 a3 a1"},
		{"price from", market.SearchQuery{PriceMin: 300 * market.Wan}, "a3 a2"},
		{"price to", market.SearchQuery{PriceMax: 100 * market.Wan}, "d1 a0"},
		{"price range overlaps", market.SearchQuery{PriceMin: 220 * market.Wan, PriceMax: 310 * market.Wan}, "a2 a1"},
		{"price upwards, negotiable last", market.SearchQuery{Text: "镁合金", Sort: market.SortPriceUp, Kind: market.KindAchievement}, "a0 a2 a7"},
		{"price downwards, negotiable last", market.SearchQuery{Text: "镁合金", Sort: market.SortPriceDown, Kind: market.KindAchievement}, "a2 a0 a7"},
		{"unknown code", market.SearchQuery{Fields: []string{"99"}}, ""},
		{"only punctuation", market.SearchQuery{Text: "！？。，*:+-\"()"}, ""},
		{"emoji", market.SearchQuery{Text: "😀🚀"}, ""},
		{"white space is no text", market.SearchQuery{Text: " \t　\n", Kind: market.KindDemand}, "d0 d1"},
		{"query syntax is only words", market.SearchQuery{Text: `+title:"镁合金" -压铸 /.*/`, Sort: market.SortNewest}, "d0 a7 a2 a1 a0"},
		{"unknown words do not empty the list", market.SearchQuery{Text: "镁合金 钪钇镧", Sort: market.SortNewest}, "d0 a7 a2 a0"},
		{"full width", market.SearchQuery{Text: "　镁合金　", Kind: market.KindDemand}, "d0"},
		{"broken bytes", market.SearchQuery{Text: "\xff镁合金\xfe", Kind: market.KindDemand}, "d0"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result := find(t, ix, tt.q)
			got := ids(result)
			want := []market.ID{}
			for _, id := range strings.Fields(tt.want) {
				want = append(want, market.ID(id))
			}
			// The two demands were published in the same moment.
			if slices.Index(got, "d1") == 0 && len(got) > 1 && got[1] == "d0" {
				got[0], got[1] = got[1], got[0]
			}
			if tt.q.Sort == market.SortRelevance && tt.q.Text != "" {
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) || result.Total != len(want) {
				t.Errorf("found %v of %d, want %v", got, result.Total, want)
			}
		})
	}
}

func TestTheBestHitIsFirst(t *testing.T) {
	ix := shelf(t)
	for text, want := range map[string]market.ID{"镁合金压铸": "a0", "铝合金压铸": "a1", "压铸模具": "a6", "镁合金壳体": "d0"} {
		hits := find(t, ix, market.SearchQuery{Text: text}).Hits
		if len(hits) == 0 || hits[0].ID != want {
			t.Errorf("%s: %+v, want %s first", text, hits, want)
			continue
		}
		if hits[0].Score <= 0 {
			t.Errorf("%s: score %v", text, hits[0].Score)
		}
	}
}

func TestFacetsKeepEveryFilterButTheirOwn(t *testing.T) {
	ix := shelf(t)
	tests := []struct {
		name  string
		q     market.SearchQuery
		facet string
		want  []market.FacetCount
	}{
		{"no filter", market.SearchQuery{}, "kind", []market.FacetCount{{Code: "achievement", Count: 8}, {Code: "demand", Count: 2}}},
		{"own filter ignored", market.SearchQuery{Kind: market.KindDemand}, "kind", []market.FacetCount{{Code: "achievement", Count: 8}, {Code: "demand", Count: 2}}},
		{"others kept", market.SearchQuery{Kind: market.KindDemand}, "stage", []market.FacetCount{{Code: "mature", Count: 2}}},
		{"own and others", market.SearchQuery{Fields: []string{"01"}, Stages: []string{"early"}}, "field", []market.FacetCount{{Code: "01", Count: 2}, {Code: "02", Count: 1}, {Code: "03", Count: 1}}},
		{"of hits only", market.SearchQuery{Text: "镁合金"}, "field", []market.FacetCount{{Code: "01", Count: 1}, {Code: "02", Count: 1}, {Code: "03", Count: 1}}},
		{"several codes of one listing", market.SearchQuery{Kind: market.KindAchievement}, "mode", []market.FacetCount{{Code: "service", Count: 8}, {Code: "transfer", Count: 4}, {Code: "license", Count: 4}}},
		{"nothing found", market.SearchQuery{Text: "不存在"}, "mode", []market.FacetCount{}},
		{"price counts for all", market.SearchQuery{PriceMin: 300 * market.Wan, Fields: []string{"01"}}, "field", []market.FacetCount{{Code: "01", Count: 1}, {Code: "03", Count: 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := find(t, ix, tt.q).Facets[tt.facet]
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s = %v, want %v", tt.facet, got, tt.want)
			}
		})
	}
}

// TestFacetsAreTheTotalsOfTheirChoices takes each facet's word: choosing a code
// must find as many as its count says.
func TestFacetsAreTheTotalsOfTheirChoices(t *testing.T) {
	ix := shelf(t)
	pick := func(t *rapid.T, name string, list market.CodeList) []string {
		var codes []string
		for range rapid.IntRange(0, 2).Draw(t, name) {
			codes = append(codes, list[rapid.IntRange(0, len(list)-1).Draw(t, name)].Code)
		}
		return codes
	}
	rapid.Check(t, func(t *rapid.T) {
		q := market.SearchQuery{
			Text:   rapid.SampledFrom([]string{"", "镁合金", "压铸", "处理"}).Draw(t, "text"),
			Fields: pick(t, "fields", market.Fields[:3]), Stages: pick(t, "stages", market.Stages), Modes: pick(t, "modes", market.Modes[:2]),
			PriceMin: market.Fen(rapid.IntRange(0, 3).Draw(t, "price")) * 100 * market.Wan, Limit: 1,
		}
		result, err := ix.Find(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, facet := range facets {
			for _, count := range result.Facets[facet.name] {
				chosen := q
				switch facet.name {
				case "kind":
					chosen.Kind = market.ListingKind(count.Code)
				case "field":
					chosen.Fields = []string{count.Code}
				case "stage":
					chosen.Stages = []string{count.Code}
				case "mode":
					chosen.Modes = []string{count.Code}
				}
				if other, err := ix.Find(context.Background(), chosen); err != nil || other.Total != count.Count {
					t.Fatalf("%s %s counts %d, choosing it finds %d (%v); query %+v", facet.name, count.Code, count.Count, other.Total, err, q)
				}
			}
		}
	})
}

func TestBadQueries(t *testing.T) {
	ix := shelf(t)
	many := make([]string, market.MaxSelection+1)
	tests := []struct {
		name  string
		q     market.SearchQuery
		field string
	}{
		{"kind", market.SearchQuery{Kind: "contract"}, "kind"},
		{"sort", market.SearchQuery{Sort: "best"}, "sort"},
		{"limit", market.SearchQuery{Limit: market.MaxPageSize + 1}, "limit"},
		{"negative limit", market.SearchQuery{Limit: -1}, "limit"},
		{"too many fields", market.SearchQuery{Fields: many}, "field"},
		{"too many modes", market.SearchQuery{Modes: many}, "mode"},
		{"negative price", market.SearchQuery{PriceMin: -1}, "price_min"},
		{"price range upside down", market.SearchQuery{PriceMin: 2, PriceMax: 1}, "price_max"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ix.Find(t.Context(), tt.q)
			var e *market.Error
			if !errors.As(err, &e) || e.Kind != market.Invalid || len(e.Fields) != 1 || e.Fields[0].Field != tt.field {
				t.Errorf("Find = %v, want Invalid naming %s", err, tt.field)
			}
		})
	}
	for _, cursor := range []string{"x", "!!", "AAAA", strings.Repeat("A", 10_000), encodeCursor(market.SortNewest, place{}, false)} {
		if _, err := ix.Find(t.Context(), market.SearchQuery{Text: "镁合金", Cursor: cursor}); !market.Is(err, market.Invalid) {
			t.Errorf("cursor %.20q: %v, want Invalid", cursor, err)
		}
	}
}

func TestLongQueriesAreBounded(t *testing.T) {
	ix := shelf(t)
	for _, text := range []string{strings.Repeat("镁合金压铸", 20_000), strings.Repeat("镁", 100_000), strings.Repeat("!", 100_000), strings.Repeat("\xff", 100_000), strings.Repeat("a.b'", 25_000)} {
		begin := time.Now()
		find(t, ix, market.SearchQuery{Text: text})
		if _, err := ix.Candidates(t.Context(), text, market.KindAchievement, 50); err != nil {
			t.Error(err)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("%.10q… took %v", text, took)
		}
	}
}

func TestDeadline(t *testing.T) {
	ix := shelf(t)
	ctx, cancel := context.WithTimeout(t.Context(), -1)
	defer cancel()
	if _, err := ix.Find(ctx, market.SearchQuery{Text: "镁合金"}); !market.Is(err, market.Unavailable) {
		t.Errorf("Find = %v, want Unavailable", err)
	}
	if _, err := ix.Candidates(ctx, "镁合金", market.KindDemand, 5); !market.Is(err, market.Unavailable) {
		t.Errorf("Candidates = %v, want Unavailable", err)
	}
	if _, err := ix.Rarity(ctx, market.KindAchievement, []string{"镁合"}); !market.Is(err, market.Unavailable) {
		t.Errorf("Rarity = %v, want Unavailable", err)
	}
}

func TestCandidates(t *testing.T) {
	ix := shelf(t)
	tests := []struct {
		name, text string
		kind       market.ListingKind
		limit      int
		want       []market.ID
	}{
		{"nearest first", "求镁合金壳体的压铸工艺", market.KindAchievement, 1, []market.ID{"a0"}},
		{"of the kind only", "粪污处理技术", market.KindDemand, 5, []market.ID{"d1"}},
		{"no text", " ", market.KindDemand, 5, nil},
		{"no term", "！！", market.KindDemand, 5, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found, err := ix.Candidates(t.Context(), tt.text, tt.kind, tt.limit)
			if err != nil {
				t.Fatal(err)
			}
			var got []market.ID
			for _, c := range found {
				got = append(got, c.ID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Candidates = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestRarity(t *testing.T) {
	ix := shelf(t)
	got, err := ix.Rarity(t.Context(), market.KindAchievement, []string{"说明", "合金", "柑橘", "没有"})
	if err != nil {
		t.Fatal(err)
	}
	if !(got[0] < got[1] && got[1] < got[2]) || got[0] <= 0 || got[3] != 0 {
		t.Errorf("Rarity = %v, want rising with rarity, and 0 for what nobody says", got)
	}
}
