package search

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
)

// BenchmarkRanges shows what facets and ranges add to a search: the same words
// over the same 20,000 texts, with and without filters.
func BenchmarkRanges(b *testing.B) {
	ix := openIndex(b, b.TempDir())
	words := []string{"高导热", "镁合金", "碳化硅", "柑橘保鲜", "竹纤维", "压铸", "传感器", "机器视觉"}
	var all []*market.Achievement
	for i := range 20_000 {
		a := published(market.ID(fmt.Sprintf("a%05d", i)), words[i%8]+words[i/8%8]+fmt.Sprint(i), words[i/64%8]+"的工艺与装置，用于"+words[i*7%8])
		a.Maturity.TRL, a.Class.Field = i%10, market.Fields[i%len(market.Fields)].Code
		a.Published = a.Published.Add(time.Duration(i%365) * 24 * time.Hour)
		a.Price = market.Price{Low: market.Fen(i), High: market.Fen(2 * i)}
		all = append(all, a)
	}
	for chunk := range slices.Chunk(all, 1000) {
		apply(b, ix, chunk, "1")
	}
	ranges := market.SearchQuery{From: "2026-04-01", To: "2026-09-30", TRLMin: 3, TRLMax: 8, PriceMin: 1_000}
	facets := ranges
	facets.Fields, facets.Kind = []string{"01", "05"}, market.KindAchievement
	for _, one := range []struct {
		name  string
		query market.SearchQuery
	}{{"words only", market.SearchQuery{}}, {"ranges", ranges}, {"ranges and facets", facets}, {"last page", market.SearchQuery{Cursor: market.CursorLast}}} {
		b.Run(one.name, func(b *testing.B) {
			q := one.query
			q.Text = "镁合金压铸"
			for b.Loop() {
				if _, err := ix.Find(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
