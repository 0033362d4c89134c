package quality

import (
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	listLength = 10    // suggestions of a list that count
	topLength  = 5     // judged ones that the precision is of
	sampleSize = 2_000 // demands that are ranked anew at most, besides the judged ones
)

// gains is what the pairs of one demand were judged, by achievement: the mean
// of its verdicts' gains, 0–2.
type gains map[market.ID]float64

// measure works out the quality of now.
func (s *Service) measure(ctx context.Context) (*market.Quality, error) {
	now := s.now().UTC().Truncate(time.Millisecond)
	day := market.DateOf(now)
	q := &market.Quality{Meta: market.Meta{ID: snapshotID(s.parts.Release, day)}, Release: s.parts.Release, Day: day, At: now, Industries: []market.IndustryQuality{}}
	demands, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	verdicts, err := s.judged(ctx, demands, q)
	if err != nil {
		return nil, err
	}
	q.Demands = len(demands)
	step := max(1, (len(demands)+sampleSize-1)/sampleSize)
	all, byIndustry := newTally(), map[string]*tally{}
	for i, d := range demands {
		sampled, said := i%step == 0, verdicts[d.id]
		if !sampled && len(said) == 0 {
			continue
		}
		ranked, err := s.parts.Ranking.Ranked(ctx, d.id, listLength)
		if err != nil {
			return nil, err
		}
		if sampled {
			q.Sampled++
		}
		if byIndustry[d.industry] == nil {
			byIndustry[d.industry] = newTally()
		}
		for _, t := range []*tally{all, byIndustry[d.industry]} {
			t.add(ranked[:min(len(ranked), listLength)], said, sampled)
		}
	}
	q.Rates = all.rates(s.parts.Interval)
	for _, code := range append(slices.Clone(market.Industries), market.Code{}) {
		if t := byIndustry[code.Code]; t != nil && t.judgements >= market.LeastJudgements {
			q.Industries = append(q.Industries, market.IndustryQuality{Industry: code.Code, Rates: t.rates(s.parts.Interval)})
		}
	}
	return q, nil
}

// demand is what of a demand is needed: there may be a hundred thousand.
type demand struct {
	id       market.ID
	industry string
	digest   string
}

// published returns every published demand, oldest first.
func (s *Service) published(ctx context.Context) ([]demand, error) {
	var all []demand
	shown := store.Query{Equal: []store.Equal{{Field: "state", Value: string(market.StatePublished)}}, Sort: "published"}
	err := each(ctx, s.parts.Demands, shown, func(d *market.Demand) {
		all = append(all, demand{d.ID, d.Class.Industry, d.Digest()})
	})
	return all, err
}

// judged returns what was said of pairs whose texts are still those judged, by
// demand, and counts the verdicts into q.
func (s *Service) judged(ctx context.Context, demands []demand, q *market.Quality) (map[market.ID]gains, error) {
	known := make(map[market.ID]string, len(demands)) // their texts
	for _, d := range demands {
		known[d.id] = d.digest
	}
	var verdicts []*market.Verdict
	given := store.Query{Equal: []store.Equal{{Field: "state", Value: string(market.VerdictGiven)}}}
	if err := each(ctx, s.parts.Verdicts, given, func(v *market.Verdict) { verdicts = append(verdicts, v) }); err != nil {
		return nil, err
	}
	sums, counts := map[market.ID]gains{}, map[market.ID]int{}
	for batch := range slices.Chunk(verdicts, store.MaxLimit) {
		achievements, err := s.achievements(ctx, batch)
		if err != nil {
			return nil, err
		}
		for _, v := range batch {
			a := achievements[v.Achievement]
			if a == nil || !a.Public() || v.DemandDigest != known[v.Demand] || v.AchievementDigest != a.Digest() {
				q.Outdated++
				continue
			}
			q.Verdicts++
			if sums[v.Demand] == nil {
				sums[v.Demand] = gains{}
			}
			sums[v.Demand][v.Achievement] += v.Judgement.Gain()
			counts[v.Pair]++
		}
	}
	for demand, said := range sums {
		for achievement := range said {
			said[achievement] /= float64(counts[market.PairID(demand, achievement)])
		}
	}
	return sums, nil
}

// achievements returns those that verdicts are about, by id.
func (s *Service) achievements(ctx context.Context, verdicts []*market.Verdict) (map[market.ID]*market.Achievement, error) {
	ids := make([]market.ID, len(verdicts))
	for i, v := range verdicts {
		ids[i] = v.Achievement
	}
	slices.Sort(ids)
	found, err := s.parts.Achievements.GetMany(ctx, slices.Compact(ids))
	byID := make(map[market.ID]*market.Achievement, len(found))
	for _, a := range found {
		byID[a.ID] = a
	}
	return byID, err
}

// each calls do for every document of a query.
func each[T any](ctx context.Context, docs store.Reader[T], q store.Query, do func(*T)) error {
	for q.Limit = store.MaxLimit; ; {
		page, err := docs.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, doc := range page.Items {
			do(doc)
		}
		if page.Next == "" {
			return nil
		}
		q.After = page.Next
	}
}
