package minhash

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// realTexts reads the public texts that lie beside the module; see the README
// there. What measures on them skips when they are not there, and reads only
// the first 2,000 unless JISHI_CORPUS=all.
func realTexts(t testing.TB) []string {
	t.Helper()
	file, err := os.Open("../../../shared/data/achievements.jsonl")
	if err != nil {
		t.Skip("real texts are not here: ", err)
	}
	defer file.Close()
	limit := 2_000
	if os.Getenv("JISHI_CORPUS") == "all" {
		limit = 1 << 30
	}
	var texts []string
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for len(texts) < limit && lines.Scan() {
		var doc struct{ Title, Summary string }
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, doc.Title+"\n"+doc.Summary)
	}
	return texts
}

// mutate changes a share of the characters of a text into characters of another.
func mutate(random *rand.Rand, text, other string, share float64) string {
	runes, from := []rune(text), []rune(other)
	for i := range runes {
		if random.Float64() < share {
			runes[i] = from[random.IntN(len(from))]
		}
	}
	return string(runes)
}

// shown is the similarity from which two listings are called possibly the same.
const shown = 0.4

// TestRealDuplicates measures what is found: among the texts themselves, and of
// copies of which some characters were changed.
func TestRealDuplicates(t *testing.T) {
	texts := realTexts(t)
	began := time.Now()
	index, sets := NewIndex(), make([]Set, len(texts))
	for i, text := range texts {
		sets[i] = Shingles(text)
		if sig, ok := Sign(sets[i]); ok {
			index.Put(name(i), sig)
		}
	}
	built := time.Since(began)
	began = time.Now()
	pairs, looked := 0, 0
	var counts [11]int
	for i := range texts {
		sig, _ := Sign(sets[i])
		for _, near := range index.Find(sig, shown-0.15, 50) {
			j := number(near.Key)
			if j <= i {
				continue
			}
			looked++
			if s := Jaccard(sets[i], sets[j]); s >= shown {
				pairs++
				counts[int(s*10)]++
			}
		}
	}
	t.Logf("%d texts: built in %v; %d pairs of at least %.2f among %d compared, in %v; by tenths %v", len(texts), built, pairs, shown, looked, time.Since(began), counts)
	random := rand.New(rand.NewPCG(1, 2))
	for _, share := range []float64{0.05, 0.1, 0.15, 0.2} {
		found, wrong, similarity, copies := 0, 0, 0.0, 0
		for i := 0; i < len(texts); i += max(1, len(texts)/1000) {
			copies++
			set := Shingles(mutate(random, texts[i], texts[random.IntN(len(texts))], share))
			similarity += Jaccard(set, sets[i])
			sig, _ := Sign(set)
			for _, near := range index.Find(sig, shown-0.15, 50) {
				j := number(near.Key)
				if Jaccard(set, sets[j]) < shown {
					continue
				}
				if j == i {
					found++
				} else if Jaccard(sets[i], sets[j]) < shown { // no twin of the original either
					wrong++
				}
			}
		}
		recall, precision := float64(found)/float64(copies), float64(found)/float64(max(1, found+wrong))
		t.Logf("%2.0f %% changed (mean similarity %.2f): recall %.3f, precision %.3f of %d copies", share*100, similarity/float64(copies), recall, precision, copies)
		if share <= 0.1 && (recall < 0.98 || precision < 0.98) {
			t.Errorf("%2.0f %% changed: recall %.3f, precision %.3f", share*100, recall, precision)
		}
	}
}
