package search

import (
	"context"
	"math"
	"strings"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// nearness tells how near texts of achievements come to one demand's, by the
// ranking that finds candidates: so a match gets its points in the order that
// was measured best. Close it after use.
type nearness struct {
	matcher *matcher
	mean    float64
	pairs   int     // terms below this are pairs
	all     float64 // what a usual text gets that holds every term once
}

// unheardShare bounds what the terms that no achievement holds weigh, of what
// the others weigh together. That nothing offered speaks of them is worth
// knowing; but a demand in words of its own must not fit nothing.
const unheardShare = 0.5

// nearness asks as a demand does. also is words of the same meaning, which may
// make a text nearer but are not missed.
func (v *view) nearness(ctx context.Context, r Ranking, text string, also []market.Substitute) (*nearness, error) {
	q, err := v.weigh(ctx, r, text, market.KindAchievement, nil)
	if err != nil {
		return nil, err
	}
	n := &nearness{mean: v.mean}
	if n.all, err = v.perfect(q); err != nil {
		return nil, err
	}
	if len(also) > 0 {
		if q, err = v.weigh(ctx, r, text, market.KindAchievement, also); err != nil {
			return nil, err
		}
	}
	n.pairs, n.matcher = q.words, newMatcher(q)
	if q.field == fieldChars {
		n.pairs = len(q.terms)
	}
	return n, nil
}

func (n *nearness) Close() { matcherPool.Put(n.matcher) }

// of is the share, 0 or more, that a body has of what the demand says. One or
// two shared pairs may be chance, however short the demand.
func (n *nearness) of(body []byte) float64 {
	if n.all == 0 {
		return 0
	}
	n.matcher.read(body)
	shared := 0.0
	for _, term := range n.matcher.found {
		if int(term) < n.pairs {
			shared++
		}
	}
	return float64(n.matcher.sum(n.mean)) / n.all * (1 - math.Exp(-shared))
}

// perfect adds up the terms of a demand.
func (v *view) perfect(q *question) (float64, error) {
	heard, unheard := 0.0, 0.0
	fields := []struct {
		name     string
		from, to int
	}{{q.field, 0, q.words}, {fieldWords, q.words, q.chars}, {fieldChars, q.chars, len(q.terms)}}
	if q.field == fieldChars {
		fields = fields[2:]
	}
	for _, f := range fields {
		p, err := v.postings(f.name)
		if err != nil {
			return 0, err
		}
		for _, t := range q.terms[f.from:f.to] {
			held, err := v.isHeldBy(p, t, market.KindAchievement)
			if err != nil {
				return 0, err
			}
			if held {
				heard += t.weight
			} else {
				unheard += t.weight
			}
		}
	}
	if heard == 0 {
		return 0, nil
	}
	unknown, err := v.unknown(q)
	return heard + min(unheardShare*heard, unheard+unknown), err
}

// unknown is what the pairs and words weigh that no listing holds: as much as
// those that one does.
func (v *view) unknown(q *question) (float64, error) {
	r, sum := q.ranking, 0.0
	rarest := math.Pow(v.idf(1), r.IDFPower)
	for _, f := range []struct {
		name   string
		asked  tally
		held   []weighted
		weight float64
	}{{fieldText, q.asked.pairs, q.terms[:q.words], r.Pairs}, {fieldWords, q.asked.words, q.terms[q.words:q.chars], r.Words}} {
		p, err := v.postings(f.name)
		if err != nil {
			return 0, err
		}
		held := make(map[string]bool, len(f.held))
		for _, t := range f.held {
			held[t.text] = true
		}
		for _, term := range f.asked.order {
			if held[term] {
				continue
			}
			df, err := p.count(term)
			if err != nil {
				return 0, err
			}
			if df == 0 {
				sum += f.weight * rarest * math.Pow(float64(f.asked.count[term]), r.CountPower)
			}
		}
	}
	return sum, nil
}

// nearnesses returns for each pair how near the achievement comes to the demand.
func (v *view) nearnesses(ctx context.Context, ix *Index, pairs []market.Match) ([]float64, error) {
	near := make([]float64, len(pairs))
	bodies := map[*market.Achievement][]byte{}
	n := &nearness{matcher: new(matcher)}
	defer func() { n.Close() }()
	for i, pair := range pairs {
		if i == 0 || pair.Demand != pairs[i-1].Demand {
			text := demandWords(pair.Demand)
			next, err := v.nearness(ctx, DefaultRanking(), text, ix.Substitutes(text))
			if err != nil {
				return nil, err
			}
			n.Close()
			n = next
		}
		body, ok := bodies[pair.Achievement]
		if !ok {
			e := newEntry(market.KindAchievement, &pair.Achievement.Listing, pair.Achievement.Benefit)
			body = encodeBody(analysis.Runs(e.title), analysis.Runs(e.text))
			bodies[pair.Achievement] = body
		}
		near[i] = n.of(body)
	}
	return near, nil
}

// demandWords is the text that achievements are sought for; the title counts
// twice.
func demandWords(d *market.Demand) string {
	parts := []string{d.Title, d.Title, d.Summary, d.Conditions}
	return head(strings.Join(append(parts, d.Keywords...), "\n"), maxCandidateText)
}
