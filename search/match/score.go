// Package match scores how well an achievement fits a demand and says why: a
// sum of named parts, each with its reason, the passages of both texts that
// carry it, and the demand's numbers held against the achievement's. It is
// pure: what it needs to know of the market it is told.
package match

import (
	"time"

	"jishi/internal/market"
)

// Rarity tells how much a term tells: the logarithm of how few published
// listings hold it, 0 when none does. search.Index.Rarity has it.
type Rarity func(term string) float64

// Scale is what scores are made by.
type Scale struct {
	Rarity    Rarity
	Weighting market.Weighting
	Now       time.Time
}

// Asked is the demand's side of scores, worked out once for all achievements
// it is compared with. Safe for concurrent use as long as Rarity is.
type Asked struct {
	demand *market.Demand
	scale  Scale
	words  asked
	wants  []stated
}

// Ask works out the demand's side of scores.
func Ask(d *market.Demand, scale Scale) *Asked {
	return &Asked{demand: d, scale: scale, words: ask(d, scale.Rarity), wants: wants(d)}
}

// Offered is the achievement's side of scores, worked out once for all demands
// it is compared with. Safe for concurrent use.
type Offered struct {
	achievement *market.Achievement
	words       offered
	states      []stated
}

// Offer works out the achievement's side of scores.
func Offer(a *market.Achievement) *Offered {
	return &Offered{achievement: a, words: offer(a), states: states(a)}
}

// Score is Ask and Offer of one pair.
func Score(d *market.Demand, a *market.Achievement, scale Scale) market.Match {
	return Ask(d, scale).Score(Offer(a))
}

// Score returns the match with an achievement: the parts of the weighting that
// can give anything, in its order, a score of 0 to 100 that is their sum, and
// the evidence. It reads nothing confidential, and serves both directions: a
// demand's page and an achievement's page show the same match.
func (q *Asked) Score(x *Offered) market.Match { return q.score(x, compare(&q.words, &x.words)) }

// ScoreNear is Score where it is known better how near the texts come: the
// share, 0 or more, that the achievement's has of what the demand's says.
func (q *Asked) ScoreNear(x *Offered, near float64) market.Match {
	o := compare(&q.words, &x.words)
	o.coverage = near
	return q.score(x, o)
}

func (q *Asked) score(x *Offered, o overlap) market.Match {
	d, a := q.demand, x.achievement
	m := market.Match{ID: d.ID + "." + a.ID, Demand: d, Achievement: a, Evidence: o.evidence(), Requirements: hold(q.wants, x.states)}
	for _, w := range q.scale.Weighting.Parts {
		if w.Max <= 0 {
			continue
		}
		part := market.Part{Name: w.Part, Max: w.Max}
		switch w.Part {
		case "text":
			part.Points, part.Reason = o.points(w.Max), o.reason()
		case "requirements":
			part.Points, part.Reason = requirementPoints(m.Requirements, w.Max)
		default:
			part.Points, part.Reason = facts[w.Part](d, a, w.Max, q.scale.Now)
		}
		m.Score += part.Points
		m.Parts = append(m.Parts, part)
	}
	return m
}

// half is what a part gives when one side does not say: neither for nor
// against. It is said in the reason.
func half(max int) int { return max / 2 }
