package bench

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"jishi/search/evaluate"
)

// demandLength is the characters of the demands that are matched.
const demandLength = 300

// Set is a file of queries.
type Set struct {
	File    string
	Queries []evaluate.Query
}

// plan is what all systems are asked.
type plan struct {
	short   []string // two words
	demands []string // demandLength characters
}

// plan makes the queries to be timed: of queries of several words the first
// two, and for the rest two pieces of four characters of a real text; and
// demands filled up with sentences of documents near the one they ask for.
func (o *Options) plan() plan {
	random := rand.New(rand.NewPCG(o.Seed, 3))
	g := newGrower(o.Documents, false, o.Seed+1)
	of := map[string]evaluate.Document{}
	for _, d := range o.Documents {
		of[d.ID] = d
	}
	var p plan
	var long []evaluate.Query
	for _, set := range o.Sets {
		for _, q := range set.Queries {
			if words, ok := twoWords(q.Text); ok {
				p.short = append(p.short, words)
			} else {
				long = append(long, q)
			}
		}
	}
	random.Shuffle(len(p.short), func(i, j int) { p.short[i], p.short[j] = p.short[j], p.short[i] })
	random.Shuffle(len(long), func(i, j int) { long[i], long[j] = long[j], long[i] })
	p.short = p.short[:min(len(p.short), o.Samples)]
	for tries := 0; len(p.short) < o.Samples && tries < 100*o.Samples; tries++ {
		if words, ok := twoPieces(o.Documents[random.IntN(len(o.Documents))].Summary, random); ok {
			p.short = append(p.short, words)
		}
	}
	for i := range o.Samples {
		d, text := o.Documents[random.IntN(len(o.Documents))], ""
		if i < len(long) {
			text = long[i].Text
			if known, ok := of[long[i].Relevant[0]]; ok {
				d = known
			}
		}
		for utf8.RuneCountInString(text) < demandLength {
			text += g.recombined(g.group(d), demandLength)
		}
		p.demands = append(p.demands, string([]rune(text)[:demandLength]))
	}
	return p
}

// twoWords returns the first two words of a query that is a list of words.
func twoWords(text string) (string, bool) {
	words := strings.Fields(text)
	if len(words) < 2 || utf8.RuneCountInString(text) > 80 {
		return "", false
	}
	for _, word := range words {
		if n := utf8.RuneCountInString(word); n < 2 || n > 15 {
			return "", false
		}
	}
	return words[0] + " " + words[1], true
}

// twoPieces takes two pieces of four Han characters out of a text.
func twoPieces(text string, random *rand.Rand) (string, bool) {
	var runs [][]rune
	for run := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.Is(unicode.Han, r) }) {
		if runes := []rune(run); len(runes) >= 4 {
			runs = append(runs, runes)
		}
	}
	if len(runs) < 2 {
		return "", false
	}
	random.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	piece := func(run []rune) string {
		from := random.IntN(len(run) - 3)
		return string(run[from : from+4])
	}
	return piece(runs[0]) + " " + piece(runs[1]), true
}

// judged is a query with the numbers of the texts known to answer it.
type judged struct {
	text     string
	relevant []string
}

// judgedOf takes at most so many queries, evenly, of those whose answers are
// all among the first size documents.
func (o *Options) judgedOf(set Set, size int) []judged {
	number := map[string]int{}
	for i, d := range o.Documents[:min(len(o.Documents), size)] {
		number[d.ID] = i
	}
	var all []judged
	for _, q := range set.Queries {
		j := judged{text: q.Text}
		for _, id := range q.Relevant {
			if n, ok := number[id]; ok {
				j.relevant = append(j.relevant, itoa(n))
			}
		}
		if len(j.relevant) == len(q.Relevant) {
			all = append(all, j)
		}
	}
	if o.Judged == 0 || len(all) <= o.Judged {
		return all
	}
	some := make([]judged, o.Judged)
	for i := range some {
		some[i] = all[i*len(all)/o.Judged]
	}
	return some
}
