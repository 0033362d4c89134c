package search

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// ask makes a question of all terms of a text, each of its own weight.
func ask(r Ranking, text string) *question {
	t := tallyTerms(text)
	q := &question{ranking: r, field: fieldText}
	take := func(kind tally) {
		for _, term := range kind.order {
			q.terms = append(q.terms, weighted{text: term, df: 1, weight: 1 + float64(len(q.terms))/7, token: kind.tokens[term]})
		}
	}
	take(t.pairs)
	q.words = len(q.terms)
	take(t.words)
	q.chars = len(q.terms)
	take(t.chars)
	return q
}

// naive is what the second stage is meant to add up, in the plainest form.
func naive(q *question, title, rest string, mean float64) float64 {
	a, b := tallyTerms(title), tallyTerms(rest)
	r := q.ranking
	length := 0.0
	for _, n := range a.pairs.count {
		length += r.Title * float64(n)
	}
	for _, n := range b.pairs.count {
		length += float64(n)
	}
	sum := 0.0
	for i, term := range q.terms {
		in, of := a.pairs, b.pairs
		if i >= q.chars {
			in, of = a.chars, b.chars
		} else if i >= q.words {
			in, of = a.words, b.words
		}
		count := r.Title*float64(in.count[term.text]) + float64(of.count[term.text])
		if count > 0 {
			sum += term.weight * r.saturation(count, length/mean)
		}
	}
	return sum
}

func TestSecondStageAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := DefaultRanking()
		r.Title = rapid.SampledFrom([]float64{0, 1, 2, 3.5}).Draw(t, "title counts")
		query, title, rest := drawText(t, "query"), drawText(t, "title"), drawText(t, "rest")
		q := ask(r, query)
		m := newMatcher(q)
		defer matcherPool.Put(m)
		for range 2 { // the second body must not see what the first left
			got := float64(m.score(encodeBody(analysis.Runs(title), analysis.Runs(rest)), 17))
			if want := naive(q, title, rest, 17); math.Abs(got-want) > 1e-3*(1+want) {
				t.Fatalf("%q in %q, %q scores %v, want %v", query, title, rest, got, want)
			}
		}
	})
}

// TestIndexedTermsAreTheAsked holds the terms that documents are indexed with
// to those that queries look up.
func TestIndexedTermsAreTheAsked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t, "text")
		a := published("a", "", strings.ToValidUTF8(text, " "))
		asked := tallyTerms(a.Summary)
		want := map[string]tally{fieldText: asked.pairs, fieldWords: asked.words, fieldChars: asked.chars}
		doc := achievementEntry(a).document("a:a")
		for _, f := range doc.Fields {
			kind, ok := want[f.Name()]
			if !ok {
				continue
			}
			var got []string
			for term, frequency := range f.AnalyzedTokenFrequencies() {
				got = append(got, term)
				if n := frequency.Frequency(); f.Name() == fieldText && n != kind.count[term] {
					t.Fatalf("%q has %q %d times, want %d", text, term, n, kind.count[term])
				}
			}
			slices.Sort(got)
			if sorted := slices.Sorted(slices.Values(kind.order)); !slices.Equal(got, sorted) {
				t.Fatalf("%s of %q: indexed %q, asked %q", f.Name(), text, got, sorted)
			}
			delete(want, f.Name())
		}
		if len(want) > 0 {
			t.Fatalf("fields are missing: %v", want)
		}
	})
}

// TestTheTwoStagesOrderAsOne compares the best of a small pool with those of a
// pool of all documents, on real texts.
func TestTheTwoStagesOrderAsOne(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	apply(t, ix, realAchievements(t, false), "1")
	queries := realQueries(t, "queries-demand-patents.jsonl")[:100]
	all := DefaultRanking()
	all.Pool, all.Terms, all.Frequent = math.MaxInt32, 200, 1
	differ := 0
	for _, q := range queries {
		two, err := ix.Candidates(t.Context(), q.Text, market.KindAchievement, 5)
		if err != nil {
			t.Fatal(err)
		}
		one, err := ix.CandidatesBy(t.Context(), all, q.Text, market.KindAchievement, 5)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(candidateIDs(one), candidateIDs(two)) {
			differ++
		}
	}
	if differ > len(queries)/20 {
		t.Errorf("of %d queries %d have another best five over all documents", len(queries), differ)
	}
	t.Logf("%d of %d queries have another best five over all documents", differ, len(queries))
}

// TestPagesOverThePool walks pages through the pool of the second stage and
// beyond: no listing twice, none left out.
func TestPagesOverThePool(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	apply(t, ix, sampleTexts(1000), "1")
	query := market.SearchQuery{Text: "镁合金", Limit: 37}
	seen := map[market.ID]bool{}
	first := find(t, ix, query)
	if first.Total < DefaultRanking().Pool+100 {
		t.Fatalf("%d hits, want more than the pool", first.Total)
	}
	for page := first; ; page = find(t, ix, query) {
		for _, hit := range page.Hits {
			if seen[hit.ID] {
				t.Fatalf("%s comes twice", hit.ID)
			}
			seen[hit.ID] = true
		}
		if page.Cursor == "" {
			break
		}
		query.Cursor = page.Cursor
	}
	if len(seen) != first.Total {
		t.Errorf("pages hold %d of %d hits", len(seen), first.Total)
	}
}
