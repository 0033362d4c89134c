package main

import (
	"context"
	"errors"
	"time"

	"jishi/internal/api"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/store"
	"jishi/search"
)

// judgedDocs is what people say of matches, and what follows from it.
type judgedDocs struct {
	verdicts store.Collection[market.Verdict]
}

func (d *judgedDocs) open(ctx context.Context, engine store.Engine) error {
	return errors.Join(
		open(ctx, engine, matching.VerdictSpec, &d.verdicts),
	)
}

// verdicts are the verdicts on matches as an index scores them.
func (h *house) verdicts(index *search.Index) *matching.Verdicts {
	return matching.NewVerdicts(matching.Books{
		Verdicts: h.docs.judged.verdicts, Demands: h.docs.demands, Achievements: h.docs.achievements, Scorer: index,
	}, time.Now)
}

// matches suggests what fits and has not been judged not to.
func (s *serving) matches() *matching.Service {
	matches := matching.New(s.docs.achievements, s.docs.demands, s.projections.index)
	matches.Heed(s.verdicts(s.projections.index))
	return matches
}

// judging is what the API calls about verdicts.
func (s *serving) judging() api.Judging {
	return api.Judging{Verdicts: s.verdicts(s.projections.index), Weightings: s.weightings}
}
