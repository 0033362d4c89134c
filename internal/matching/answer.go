package matching

import (
	"cmp"
	"context"
	"math"
	"slices"

	"jishi/internal/market"
)

// answer scores pairs, which are in the order of the index, and says which fit
// and what keeps the others out. Of equal scores, what the index ranks higher
// comes first. kind is what the listing that asks is.
func (s *Service) answer(ctx context.Context, kind market.ListingKind, pairs []market.Match, limit int) (market.Answer, error) {
	if limit <= 0 {
		limit = usual
	}
	none := market.Answer{Matches: []market.Match{}, Removed: []market.Removal{}}
	scored, err := s.index.Score(ctx, pairs)
	if err != nil {
		return none, err
	}
	r, err := s.rule(ctx, scored)
	if err != nil {
		return none, err
	}
	slices.SortStableFunc(scored, func(a, b market.Match) int { return cmp.Compare(b.Score, a.Score) })
	answer, out, removed := none, []market.Match(nil), map[string]int{}
	answer.Threshold, answer.Considered = r.least, len(scored)
	for _, m := range scored {
		if m.Requirements == nil {
			m.Requirements = []market.Requirement{} // a list for programs, also of none
		}
		by := r.removedBy(m)
		if by == "" {
			answer.Matches = append(answer.Matches, m)
			continue
		}
		removed[by]++
		if by != "judged" && TextShare(m) > 0 {
			out = append(out, m)
		}
	}
	answer.Removed = count(removed)
	if answer.Nearest = nearest(out); answer.Nearest != nil {
		answer.Lacks = r.removedBy(*answer.Nearest)
	}
	if len(answer.Matches) == 0 {
		answer.Relaxation, err = s.relax(ctx, r, kind, out)
	}
	answer.Matches = answer.Matches[:min(len(answer.Matches), limit, most)]
	return answer, err
}

// rule is what pairs scored by the weights in force are judged by.
func (s *Service) rule(ctx context.Context, scored []market.Match) (rule, error) {
	r := rule{}
	sample := scored
	if len(sample) == 0 {
		blank, err := s.index.Score(ctx, []market.Match{{Demand: &market.Demand{}, Achievement: &market.Achievement{}}})
		if err != nil {
			return r, err
		}
		sample = blank
	}
	r.least = least(sample[0].Parts)
	if s.judged == nil || len(scored) == 0 {
		return r, nil
	}
	refused, err := s.judged.Refused(ctx, scored)
	r.refused = refused
	return r, err
}

// least is the score of a pair whose words alone make it a match and of which
// nothing else is known: those parts give half.
func least(parts []market.Part) int {
	points := 0
	for _, p := range parts {
		if p.Name == "text" {
			points += int(math.Ceil(TextAlone * float64(p.Max)))
			continue
		}
		points += p.Max / 2
	}
	return points
}

// nearest sorts what was kept out, best first, and returns the first, nil when
// there is none: what is near in words goes before what is not, however well
// that fits otherwise.
func nearest(out []market.Match) *market.Match {
	slices.SortStableFunc(out, func(a, b market.Match) int {
		if far(a)+far(b) == 2 { // of two that are about something else, the one that is less so
			return cmp.Or(cmp.Compare(TextShare(b), TextShare(a)), cmp.Compare(b.Score, a.Score))
		}
		return cmp.Or(cmp.Compare(far(a), far(b)), cmp.Compare(b.Score, a.Score))
	})
	if len(out) == 0 {
		return nil
	}
	first := out[0]
	return &first
}

// far is 1 for a pair whose words have too little in common, else 0.
func far(m market.Match) int {
	if TextShare(m) < TextFloor {
		return 1
	}
	return 0
}

// incomparable is the answer to a listing that nothing can be compared with.
func (s *Service) incomparable(ctx context.Context, obstacle string) (market.Answer, error) {
	answer, err := s.answer(ctx, "", nil, 0)
	answer.Obstacle = obstacle
	return answer, err
}
