package matching

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Refused returns the ids of those pairs that somebody judged "no", whose
// verdict stands and whose texts are still those that were judged. Pairs that
// share a demand, or an achievement, as those of one page do, take one look
// into the store however many they are; pairs that share neither take one for
// each demand.
func (s *Verdicts) Refused(ctx context.Context, pairs []market.Match) (map[market.ID]bool, error) {
	refused := make(map[market.ID]bool)
	byPair := make(map[market.ID]market.Match, len(pairs))
	for _, m := range pairs {
		byPair[market.PairID(m.Demand.ID, m.Achievement.ID)] = m
	}
	for _, whose := range sharing(pairs) {
		err := s.each(ctx, []store.Equal{whose, {Field: "refuses", Value: true}}, func(v *market.Verdict) {
			if m, asked := byPair[v.Pair]; asked && v.Counts(m.Demand, m.Achievement) {
				refused[v.Pair] = true
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return refused, nil
}

// sharing returns the fewest listings by which all pairs are found.
func sharing(pairs []market.Match) []store.Equal {
	demands, achievements := map[market.ID]bool{}, map[market.ID]bool{}
	for _, m := range pairs {
		demands[m.Demand.ID], achievements[m.Achievement.ID] = true, true
	}
	field, ids := "demand", demands
	if len(achievements) < len(demands) {
		field, ids = "achievement", achievements
	}
	all := make([]store.Equal, 0, len(ids))
	for id := range ids {
		all = append(all, store.Equal{Field: field, Value: string(id)})
	}
	return all
}

// each calls do for every verdict of a query in id order.
func (s *Verdicts) each(ctx context.Context, equal []store.Equal, do func(*market.Verdict)) error {
	q := store.Query{Equal: equal, Limit: store.MaxLimit}
	for {
		page, err := s.books.Verdicts.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, v := range page.Items {
			do(v)
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
