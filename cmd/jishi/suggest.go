package main

import (
	"context"
	"log/slog"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/synonym"
	"jishi/search"
)

// suggestions are what search boxes are helped by: completions, and the table
// of synonyms. They live in memory and are filled from the store at each start.
type suggestions struct {
	suggester    *search.Suggester
	synonyms     *follow.Follower[market.Synonym]
	achievements *follow.Follower[market.Achievement]
	demands      *follow.Follower[market.Demand]
	orgs         *follow.Follower[market.Organization]
}

// suggest makes what fills suggestions, and the searches' table of synonyms.
func (h *house) suggest(index *search.Index, log *slog.Logger) *suggestions {
	s, docs := search.NewSuggester(), &h.docs
	board := synonym.NewBoard(func(groups [][]string) {
		index.SetSynonyms(groups)
		s.SetSynonyms(groups)
	})
	return &suggestions{
		suggester:    s,
		synonyms:     &follow.Follower[market.Synonym]{Name: "synonyms", Source: docs.synonyms, Sink: board, Log: log},
		achievements: &follow.Follower[market.Achievement]{Name: "suggested achievements", Source: docs.achievements, Sink: s.Achievements(), Log: log},
		demands:      &follow.Follower[market.Demand]{Name: "suggested demands", Source: docs.demands, Sink: s.Demands(), Log: log},
		orgs:         &follow.Follower[market.Organization]{Name: "suggested organizations", Source: docs.orgs, Sink: s.Organizations(), Log: log},
	}
}

// follow keeps them up to date until ctx ends; wait for it after.
func (s *suggestions) follow(ctx context.Context, wait *crew) {
	wait.keep(ctx, s.synonyms.Name, s.synonyms.Run)
	wait.keep(ctx, s.achievements.Name, s.achievements.Run)
	wait.keep(ctx, s.demands.Name, s.demands.Run)
	wait.keep(ctx, s.orgs.Name, s.orgs.Run)
}
