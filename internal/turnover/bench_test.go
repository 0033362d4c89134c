package turnover

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// benchRows is the size of the cube that figures are measured on.
const benchRows = 1_000_000

// benchContracts makes n registered contracts over 60 months, all types, fields
// and industries and 40 divisions, without the fields the cube does not read.
func benchContracts(from, n int) []*market.Contract {
	r := rand.New(rand.NewPCG(1, uint64(from)))
	docs := make([]*market.Contract, n)
	for i := range docs {
		pick := func(l market.CodeList) string { return l[r.IntN(len(l))].Code }
		c := registered(market.ID(fmt.Sprintf("0197a5c2-7b1e-7000-8000-%012d", from+i)), "", pick(market.ContractTypes), market.Fen(1+r.Int64N(1e9)))
		c.Class.Field, c.Class.Industry, c.Origin.Kind = pick(market.Fields), pick(market.Industries), pick(market.Origins)
		c.Sellers[0].Division, c.Buyers[0].Division = pick(market.Divisions[:40]), pick(market.Divisions[:40])
		c.Register.At = market.Month("2021-01").Start().AddDate(0, r.IntN(60), r.IntN(28))
		docs[i] = c
	}
	return docs
}

func benchCube(b *testing.B) *Cube {
	b.Helper()
	cube := NewCube()
	for n := 0; n < benchRows; n += 10_000 {
		if err := cube.Apply(ctx, benchContracts(n, 10_000), ""); err != nil {
			b.Fatal(err)
		}
	}
	return cube
}

func BenchmarkTotal(b *testing.B) {
	cube := benchCube(b)
	for _, by := range []dims{nil, {"month"}, {"month", "type"}, {"year", "field", "industry"}, {"seller_division", "buyer_division", "month"}} {
		name := "all"
		for i, d := range by {
			name = strings.TrimPrefix(name, "all") + map[bool]string{true: ",", false: ""}[i > 0] + string(d)
		}
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			b.ReportAllocs()
			for b.Loop() {
				start := time.Now()
				if _, err := cube.Total(ctx, market.TurnoverQuery{By: by}); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
		})
	}
}

func BenchmarkApply(b *testing.B) {
	const batch = 10_000
	docs := benchContracts(0, batch)
	for b.Loop() {
		if err := NewCube().Apply(ctx, docs, ""); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(batch)*float64(b.N)/b.Elapsed().Seconds(), "contracts/s")
}

func BenchmarkMemory(b *testing.B) {
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		cube := benchCube(b)
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/benchRows, "bytes/contract")
		b.ReportMetric(float64(len(cube.blocks))*blockRows*42/benchRows, "column-bytes/contract")
		runtime.KeepAlive(cube)
	}
}
