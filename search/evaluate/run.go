package evaluate

import (
	"context"
	"slices"
	"time"
)

// System answers a text with the ids of the documents it ranks first, best
// first. More than Depth are not looked at.
type System func(ctx context.Context, text string) ([]string, error)

// Record is what a system scored and how long it took, query by query.
type Record struct {
	Scores []Scores
	Took   []time.Duration
}

// Run puts every query to every system and returns a record for each. The
// systems go first in turn, so that none profits from what another has just
// read. It stops at the first error of a system.
func Run(ctx context.Context, queries []Query, systems ...System) ([]Record, error) {
	records := make([]Record, len(systems))
	for i, q := range queries {
		for j := range systems {
			at := (i + j) % len(systems)
			begin := time.Now()
			ranked, err := systems[at](ctx, q.Text)
			if err != nil {
				return nil, err
			}
			r := &records[at]
			r.Took = append(r.Took, time.Since(begin))
			r.Scores = append(r.Scores, Rate(ranked, q.Relevant))
		}
	}
	return records, nil
}

// Measures are the means over queries of each of the scores.
type Measures struct {
	MRR, Recall, NDCG Estimate
}

// Measures estimates the means of a record of at least one query.
func (r Record) Measures() Measures { return estimate(r.Scores) }

// Lead estimates how far this record is above another of the same queries,
// below 0 when it is worse. An interval without 0 tells the two apart.
func (r Record) Lead(other Record) Measures {
	differences := make([]Scores, len(r.Scores))
	for i, s := range r.Scores {
		o := other.Scores[i]
		differences[i] = Scores{MRR: s.MRR - o.MRR, Recall: s.Recall - o.Recall, NDCG: s.NDCG - o.NDCG}
	}
	return estimate(differences)
}

// Percentile returns the time within which a share of the queries, above 0 and
// at most 1, was answered: the nearest rank.
func (r Record) Percentile(share float64) time.Duration {
	took := slices.Sorted(slices.Values(r.Took))
	rank := int(share * float64(len(took)))
	if float64(rank) < share*float64(len(took)) {
		rank++
	}
	return took[rank-1]
}

func estimate(all []Scores) Measures {
	of := func(pick func(Scores) float64) Estimate {
		values := make([]float64, len(all))
		for i, s := range all {
			values[i] = pick(s)
		}
		return Bootstrap(values)
	}
	return Measures{
		MRR:    of(func(s Scores) float64 { return s.MRR }),
		Recall: of(func(s Scores) float64 { return s.Recall }),
		NDCG:   of(func(s Scores) float64 { return s.NDCG }),
	}
}
