package requirement

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

// realFile is the real texts for measuring, beside the module; they are not
// part of it, and without them this test has nothing to measure.
const realFile = "../../../shared/data/achievements.jsonl"

// TestRealTexts finds the quantities of real abstracts. -v prints some of them,
// to be judged by eye.
func TestRealTexts(t *testing.T) {
	file, err := os.Open(realFile)
	if err != nil {
		t.Skip("no real texts here")
	}
	defer file.Close()
	type hit struct{ clause, note string }
	var hits []hit
	texts, with, named, took := 0, 0, 0, time.Duration(0)
	lines := bufio.NewScanner(file)
	for lines.Buffer(nil, 1<<20); lines.Scan(); {
		var doc struct{ Summary string }
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		found := Find(doc.Summary)
		took += time.Since(begin)
		texts++
		if len(found) > 0 {
			with++
		}
		for _, q := range found {
			if q.Name != "" {
				named++
			}
			hits = append(hits, hit{doc.Summary[q.ClauseStart:q.ClauseEnd], note(q)})
		}
		if texts%20 == 0 {
			checkSpans(t, doc.Summary)
		}
	}
	t.Logf("%d texts, %d with quantities, %d quantities, %d with a name, %.1f µs a text", texts, with, len(hits), named, float64(took.Microseconds())/float64(texts))
	random := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		h := hits[random.IntN(len(hits))]
		t.Logf("%s\t← %s", h.note, h.clause)
	}
	if len(hits) < texts/10 {
		t.Errorf("only %d quantities in %d texts", len(hits), texts)
	}
}
