package evaluate

import (
	"context"
	"math/rand/v2"
	"slices"
)

// Withheld is the share of queries whose answers are kept out of the index
// when it is measured whether a system knows that it has none.
const Withheld = 1.0 / 3

// Sure answers a text with the document that fits best and how sure the system
// is of it, 0 to 1; an empty id when nothing comes near.
type Sure func(ctx context.Context, text string) (id string, sureness float64, err error)

// Guess is the best answer to one query.
type Guess struct {
	Sureness   float64
	Right      bool // the answer is known to be relevant
	Answerable bool // a relevant document could be found
}

// Withhold draws a share of the queries, by a fixed seed, and returns the ids
// of all documents relevant to them: those are to be left out of the index.
func Withhold(queries []Query, share float64) map[string]bool {
	random := rand.New(rand.NewPCG(4, 2))
	out := map[string]bool{}
	for _, q := range queries {
		if random.Float64() >= share {
			continue
		}
		for _, id := range q.Relevant {
			out[id] = true
		}
	}
	return out
}

// Ask puts every query to a system over the documents that has reports. A
// query none of whose relevant documents is there has no answer. It stops at
// the first error of the system.
func Ask(ctx context.Context, queries []Query, has func(id string) bool, system Sure) ([]Guess, error) {
	guesses := make([]Guess, len(queries))
	for i, q := range queries {
		id, sureness, err := system(ctx, q.Text)
		if err != nil {
			return nil, err
		}
		guesses[i] = Guess{Sureness: sureness, Right: id != "" && slices.Contains(q.Relevant, id), Answerable: slices.ContainsFunc(q.Relevant, has)}
	}
	return guesses, nil
}

// Parity is which of the queries are looked at: those with an even number,
// from 0, choose the parameters, the odd ones show whether that holds.
func Parity[T any](all []T, odd bool) []T {
	var half []T
	for i, one := range all {
		if (i%2 == 1) == odd {
			half = append(half, one)
		}
	}
	return half
}

// Point is what a threshold gives.
type Point struct {
	Threshold float64
	Coverage  float64 // share of all queries that get an answer
	Precision float64 // share of the answers that are right; 1 without answers
	Found     float64 // share of the queries with an answer that get the right one
	Silent    float64 // share of the queries without an answer that are told so
	Answers   int
}

// At returns what comes of answering only what one is at least so sure of.
// The answer to a query of which no document is relevant cannot be right.
func At(guesses []Guess, threshold float64) Point {
	p := Point{Threshold: threshold, Precision: 1}
	right, answerable, silent := 0, 0, 0
	for _, g := range guesses {
		answered := g.Sureness >= threshold && g.Sureness > 0
		switch {
		case answered && g.Right:
			right++
			fallthrough
		case answered:
			p.Answers++
		case !g.Answerable:
			silent++
		}
		if g.Answerable {
			answerable++
		}
	}
	p.Coverage = ratio(p.Answers, len(guesses))
	if p.Answers > 0 {
		p.Precision = ratio(right, p.Answers)
	}
	p.Found, p.Silent = ratio(right, answerable), ratio(silent, len(guesses)-answerable)
	return p
}

// Threshold returns the least of the thresholds, ascending, from which on the
// answers are right to a share of precision or more; the last one when none does.
func Threshold(guesses []Guess, thresholds []float64, precision float64) float64 {
	for i, t := range thresholds {
		holds := !slices.ContainsFunc(thresholds[i:], func(more float64) bool { return At(guesses, more).Precision < precision })
		if holds {
			return t
		}
	}
	return thresholds[len(thresholds)-1]
}

func ratio(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
