package minhash

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestShingles(t *testing.T) {
	for _, tt := range []struct {
		name, a, b string
		want       float64
	}{
		{"the same", "高强镁合金铸造", "高强镁合金铸造", 1},
		{"width and case", "ＳｉＣ 器件（１２００ Ｖ）", "sic器件 1200 v", 1},
		{"punctuation does not count", "镁合金，铸造。", "镁合金铸造", 1},
		{"a word of another script is one", "AZ91 alloy", "AZ91 alloys", 0},
		{"half", "镁合金", "镁合钢", 1.0 / 3},
		{"nothing in common", "镁合金", "榨菜加工", 0},
		{"one word each", "镁", "镁", 1},
		{"nothing to compare", "，。", "", 0},
		{"bytes that are no text", "\xff\xfe镁合金\xff", "镁合金", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Jaccard(Shingles(tt.a), Shingles(tt.b)); math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("Jaccard(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
			}
		})
	}
}

func TestShinglesAreBounded(t *testing.T) {
	long := strings.Repeat("一二三四五", MaxRunes)
	if a, b := Shingles(long), Shingles(long[:MaxRunes*3]); !slices.Equal(a, b) {
		t.Errorf("%d shingles of a long text, %d of its beginning", len(a), len(b))
	}
}

// drawSets draws two sets of a drawn size with a drawn overlap.
func drawSets(t *rapid.T) (a, b Set) {
	random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	size, both := rapid.IntRange(1, 600).Draw(t, "size"), 0
	both = rapid.IntRange(0, size).Draw(t, "both")
	for range size {
		a = append(a, random.Uint64())
	}
	b = slices.Clone(a[:both])
	for len(b) < size {
		b = append(b, random.Uint64())
	}
	slices.Sort(a)
	slices.Sort(b)
	return a, b
}

// TestEstimate holds the estimate to five standard errors of the truth; sets
// smaller than the bins borrow values, which widens the error.
func TestEstimate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawSets(t)
		x, _ := Sign(a)
		y, _ := Sign(b)
		truth, got := Jaccard(a, b), Estimate(&x, &y)
		throws := math.Min(Hashes, float64(len(a))*0.6)
		if bound := 5*math.Sqrt(truth*(1-truth)/throws) + 5/math.Sqrt(Hashes)/5; math.Abs(got-truth) > bound {
			t.Fatalf("sets of %d with %.3f in common: estimate %.3f, off by more than %.3f", len(a), truth, got, bound)
		}
	})
}

// TestEstimateIsUnbiased holds the mean over many pairs to the truth.
func TestEstimateIsUnbiased(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		name       string
		size, both int
	}{{"large, near", 500, 400}, {"large, far", 500, 50}, {"short, near", 30, 24}, {"short, far", 30, 6}} {
		t.Run(tt.name, func(t *testing.T) {
			const rounds = 2000
			sum, truth := 0.0, 0.0
			for range rounds {
				a := make(Set, tt.size)
				for i := range a {
					a[i] = random.Uint64()
				}
				b := slices.Clone(a)
				for i := tt.both; i < tt.size; i++ {
					b[i] = random.Uint64()
				}
				slices.Sort(a)
				slices.Sort(b)
				x, _ := Sign(a)
				y, _ := Sign(b)
				sum, truth = sum+Estimate(&x, &y), truth+Jaccard(a, b)
			}
			if off := (sum - truth) / rounds; math.Abs(off) > 0.01 {
				t.Errorf("estimates are off by %.4f in the mean", off)
			}
		})
	}
}

// TestChance holds the share of pairs that bands find to the curve.
func TestChance(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, both := range []int{40, 133, 200, 267, 350} { // of 400: similarity 0.05, 0.2, 0.33, 0.5, 0.78
		found, truth := 0, 0.0
		const rounds = 600
		for range rounds {
			index := NewIndex()
			a := make(Set, 400)
			for i := range a {
				a[i] = random.Uint64()
			}
			b := slices.Clone(a)
			for i := both; i < len(b); i++ {
				b[i] = random.Uint64()
			}
			slices.Sort(a)
			slices.Sort(b)
			x, _ := Sign(a)
			y, _ := Sign(b)
			index.Put("a", x)
			truth = Jaccard(a, b)
			found += len(index.Find(y, 0, 1))
		}
		if got, want := float64(found)/rounds, Chance(truth); math.Abs(got-want) > 0.08 {
			t.Errorf("similarity %.2f: %.3f of the pairs found, the curve says %.3f", truth, got, want)
		}
	}
	if Chance(0.7) < 0.9999 || Chance(0.5) < 0.98 || Chance(0.1) > 0.04 {
		t.Errorf("chances %v, %v, %v", Chance(0.7), Chance(0.5), Chance(0.1))
	}
}

func FuzzShingles(f *testing.F) {
	for _, seed := range []string{"", "镁合金 AZ91D，抗拉强度 ≥ 350 MPa", "\xff\xf0\x9f", "ＳｉＣ\u200d器件", strings.Repeat("的", 300)} {
		f.Add(seed, seed+"铸造")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := Shingles(a), Shingles(b)
		s := Jaccard(x, y)
		if s < 0 || s > 1 || s != Jaccard(y, x) {
			t.Fatalf("Jaccard = %v one way, %v the other", s, Jaccard(y, x))
		}
		if len(x) > 0 && Jaccard(x, x) != 1 {
			t.Fatalf("a text is %v like itself", Jaccard(x, x))
		}
		if !slices.IsSorted(x) || len(slices.Compact(slices.Clone(x))) != len(x) {
			t.Fatal("a set is not ascending")
		}
		sig, ok := Sign(x)
		if ok != (len(x) > 0) {
			t.Fatalf("signature of %d shingles: %v", len(x), ok)
		}
		if ok && Estimate(&sig, &sig) != 1 {
			t.Fatalf("a signature is estimated %v like itself", Estimate(&sig, &sig))
		}
	})
}
