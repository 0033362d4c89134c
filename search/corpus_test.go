package search

import (
	"context"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/search/evaluate"
)

// corpusDir holds real texts, beside the module; see its README. Tests that
// measure on them skip when it is not there, and read only the first
// quickCorpus documents unless JISHI_CORPUS=all.
const (
	corpusDir   = "../../shared/data"
	quickCorpus = 1000
)

func openIndex(t testing.TB, dir string) *Index {
	t.Helper()
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

// openReal opens a file of the real texts, or skips.
func openReal(t testing.TB, name string) *os.File {
	t.Helper()
	file, err := os.Open(filepath.Join(corpusDir, name))
	if err != nil {
		t.Skip("real texts are not here: ", err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func realQueries(t testing.TB, name string) []evaluate.Query {
	t.Helper()
	queries, err := evaluate.ReadQueries(openReal(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return queries
}

func corpusSize() int {
	if os.Getenv("JISHI_CORPUS") == "all" {
		return math.MaxInt
	}
	return quickCorpus
}

// realAchievements makes published achievements of the corpus. bare leaves the
// title out of the index, as the measurements in the README beside the data
// do; the codes go round, to give facets something to count.
func realAchievements(t testing.TB, bare bool) []*market.Achievement {
	t.Helper()
	published := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []*market.Achievement
	texts, err := evaluate.ReadCorpus(openReal(t, "achievements.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts[:min(len(texts), corpusSize())] {
		a := &market.Achievement{Meta: market.Meta{ID: market.ID(text.ID)}}
		a.Title, a.Summary, a.Holder = text.Title, text.Summary, text.Holder
		if bare {
			a.Title, a.Holder = "", ""
		}
		a.State, a.Published = market.StatePublished, published.Add(time.Duration(i)*time.Minute)
		a.Owner = market.ID("org" + text.ID[len(text.ID)-1:])
		a.Class = market.Class{Field: market.Fields[i%11].Code, Industry: market.Industries[i%20].Code}
		a.Maturity.Stage = market.Stages[i%3].Code
		a.Modes = []string{market.Modes[i%6].Code, market.Modes[(i+1)%6].Code}
		if i%3 == 0 {
			a.Price = market.Price{Mode: "fixed", Low: market.Fen(i) * market.Wan, High: market.Fen(i) * market.Wan}
		}
		all = append(all, a)
	}
	return all
}

func apply(t testing.TB, ix *Index, all []*market.Achievement, next string) {
	t.Helper()
	for chunk := range slices.Chunk(all, 1000) {
		if err := ix.Achievements().Apply(context.Background(), chunk, next); err != nil {
			t.Fatal(err)
		}
	}
}
