package minhash

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func name(i int) string { return fmt.Sprintf("%07d", i) }

func number(key string) int {
	n, _ := strconv.Atoi(key)
	return n
}

// sign returns the signature of a made-up set.
func sign(seed uint64) Signature {
	random := rand.New(rand.NewPCG(seed, 9))
	set := make(Set, 200)
	for i := range set {
		set[i] = random.Uint64()
	}
	slices.Sort(set)
	sig, _ := Sign(set)
	return sig
}

// TestIndex compares the index with a map under puts and drops in any order.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		index, want := NewIndex(), map[string]Signature{}
		for range rapid.IntRange(0, 3000).Draw(t, "steps") {
			step := rand.New(rand.NewPCG(uint64(len(want)), uint64(index.dead)+uint64(len(index.sigs))))
			key := name(step.IntN(400))
			if step.IntN(4) == 0 {
				index.Drop(key)
				delete(want, key)
				continue
			}
			sig := sign(step.Uint64N(50))
			index.Put(key, sig)
			want[key] = sig
		}
		if index.Len() != len(want) {
			t.Fatalf("%d texts, want %d", index.Len(), len(want))
		}
		for seed := range uint64(50) {
			sig := sign(seed)
			var keys []string
			for key, kept := range want {
				if kept == sig {
					keys = append(keys, key)
				}
			}
			slices.Sort(keys)
			var got []string
			for _, near := range index.Find(sig, 1, 1000) {
				got = append(got, near.Key)
			}
			if !slices.Equal(got, keys) {
				t.Fatalf("found %v, want %v", got, keys)
			}
		}
	})
}

func TestFindOrderAndLimit(t *testing.T) {
	index := NewIndex()
	base := Shingles("高强韧稀土镁合金的低压铸造方法及其在汽车轮毂上的应用，抗拉强度不低于三百兆帕")
	near := Shingles("高强韧稀土镁合金的低压铸造方法及其在汽车座椅上的应用，抗拉强度不低于三百兆帕")
	for key, set := range map[string]Set{"c": near, "b": base, "a": base} {
		sig, _ := Sign(set)
		index.Put(key, sig)
	}
	sig, _ := Sign(base)
	if got := index.Find(sig, 0.3, 2); len(got) != 2 || got[0].Key != "a" || got[1].Key != "b" || got[0].Estimate != 1 {
		t.Errorf("Find = %v", got)
	}
	if got := index.Find(sig, 0.3, 9); len(got) != 3 || got[2].Key != "c" {
		t.Errorf("Find = %v", got)
	}
	if got := NewIndex().Find(sig, 0, 9); len(got) != 0 {
		t.Errorf("an empty index finds %v", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	index := NewIndex()
	var wait sync.WaitGroup
	for g := range 4 {
		wait.Go(func() {
			for i := range 1500 {
				sig := sign(uint64(i % 7))
				index.Put(name(g*10_000+i), sig)
				if len(index.Find(sig, 1, 1)) != 1 {
					t.Error("what was put is not found")
				}
				if i%3 == 0 {
					index.Drop(name(g*10_000 + i))
				}
			}
		})
	}
	wait.Wait()
	if index.Len() != 4000 {
		t.Errorf("%d texts, want 4000", index.Len())
	}
}

// million is how many texts the benchmark is about; JISHI_MINHASH_TEXTS sets
// another number.
func million() int {
	if n, err := strconv.Atoi(os.Getenv("JISHI_MINHASH_TEXTS")); err == nil {
		return n
	}
	return 1_000_000
}

// BenchmarkFind looks texts up among a million: the real ones, where they are,
// each many times with a tenth to a half of its characters changed, so that
// every lookup has true candidates to weigh. Run it by hand:
//
//	go test ./search/minhash -run xxx -bench Find -benchtime 2000x
func BenchmarkFind(b *testing.B) {
	texts := realTexts(b)
	random := rand.New(rand.NewPCG(7, 8))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index, began := NewIndex(), time.Now()
	var signing time.Duration
	for i := range million() {
		text := mutate(random, texts[i%len(texts)], texts[random.IntN(len(texts))], 0.1+0.4*random.Float64())
		start := time.Now()
		sig, _ := Sign(Shingles(text))
		index.Put(name(i), sig)
		signing += time.Since(start)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.Logf("%d texts in %v, of it %v for making them up; %.0f bytes a text", index.Len(), time.Since(began), time.Since(began)-signing,
		float64(after.HeapAlloc-before.HeapAlloc)/float64(index.Len()))
	var took []time.Duration
	found := 0
	for b.Loop() {
		text := texts[random.IntN(len(texts))]
		start := time.Now()
		sig, _ := Sign(Shingles(text))
		found += len(index.Find(sig, shown-0.15, 50))
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	at := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(at(0.5), "ms-p50")
	b.ReportMetric(at(0.95), "ms-p95")
	b.ReportMetric(at(1), "ms-max")
	b.ReportMetric(float64(found)/float64(len(took)), "found")
}
