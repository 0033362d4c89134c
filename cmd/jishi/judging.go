package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"jishi/internal/api"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/quality"
	"jishi/internal/store"
	"jishi/search"
	"jishi/search/evaluate"
)

// judgedDocs is what people say of matches, and what follows from it.
type judgedDocs struct {
	verdicts  store.Collection[market.Verdict]
	proposals store.Collection[market.Proposal]
	qualities store.Collection[market.Quality]
}

func (d *judgedDocs) open(ctx context.Context, engine store.Engine) error {
	return errors.Join(
		open(ctx, engine, matching.VerdictSpec, &d.verdicts),
		open(ctx, engine, matching.ProposalSpec, &d.proposals),
		open(ctx, engine, quality.Spec, &d.qualities),
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
	matches.Heed(s.judging.Verdicts)
	return matches
}

// judge makes what takes verdicts and learns from them.
func (s *serving) judge() {
	verdicts, docs := s.verdicts(s.projections.index), &s.docs
	s.judging = api.Judging{
		Verdicts: verdicts, Weightings: s.weightings,
		Proposals: matching.NewProposals(docs.judged.proposals, matching.ProposalParts{Verdicts: verdicts, Weightings: s.weightings, Log: s.log}, time.Now, newID),
		Quality: quality.New(quality.Parts{
			Snapshots: docs.judged.qualities, Verdicts: docs.judged.verdicts, Demands: docs.demands, Achievements: docs.achievements,
			// Without heed of verdicts: what was judged not to fit would vanish from
			// the lists, and they would look better than they were.
			Ranking: ranking{matching.New(docs.achievements, docs.demands, s.projections.index)}, Interval: bootstrapped,
			Ready:   func() bool { return s.projections.achievements.CaughtUp() && s.projections.demands.CaughtUp() },
			Release: release(), Log: s.log,
		}, time.Now),
	}
}

// followVerdicts measures quality once a day, and waits at the end for what is
// being worked out.
func (s *serving) followVerdicts(ctx context.Context, wait *crew) {
	wait.keep(ctx, "quality of matches", s.judging.Quality.Run)
	wait.keep(ctx, "end of measurements", func(ctx context.Context) {
		<-ctx.Done()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer cancel()
		s.judging.Quality.Wait(closing)
		s.judging.Proposals.Wait(closing)
	})
}

// ranking is the suggestions of a demand as quality measures them.
type ranking struct{ matches *matching.Service }

// Ranked implements quality.Ranking.
func (r ranking) Ranked(ctx context.Context, demand market.ID, limit int) ([]market.ID, error) {
	answer, err := r.matches.ForDemand(ctx, market.System, demand, limit)
	ids := make([]market.ID, 0, len(answer.Matches))
	for _, m := range answer.Matches {
		ids = append(ids, m.Achievement.ID)
	}
	return ids, err
}

// bootstrapped is the bootstrap of the evaluation.
func bootstrapped(values []float64) market.Estimate {
	e := evaluate.Bootstrap(values)
	return market.Estimate{Mean: e.Mean, Low: e.Low, High: e.High}
}

// release names the version of this program, as the build knows it.
func release() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}
