// Package matching suggests what fits: achievements for a demand, demands for
// an achievement, each with its score, the parts of the score and the passages
// of both texts that carry it.
package matching

import (
	"context"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Bounds of a suggestion.
const (
	usual = 10 // matches returned when the caller does not say
	most  = 50 // matches returned at most
)

// Candidates is how many listings are scored for one answer.
const Candidates = 50

// What the words of a pair must give of the points of their part. Both were
// chosen by `jishi evaluate --calibrate` over 16,199 real texts, with the
// answers to a third of the demands left out: the least share, in steps of 2 %,
// at which the best matches of the development half (the 1st, 3rd, 5th …
// demands) are right as often as is asked, on papers and on patents. What came
// of it, papers / patents, of that half and, which chose nothing, of the other:
//
//	                   precision      answered       right if there is one   silent if there is none
//	20 %  development  0.618 / 0.634  0.874 / 0.852  0.836 / 0.780           0.288 / 0.403
//	      held out     0.569 / 0.659  0.878 / 0.844  0.794 / 0.827           0.222 / 0.366
//	30 %  development  0.702 / 0.710  0.718 / 0.704  0.780 / 0.723           0.582 / 0.649
//	      held out     0.672 / 0.736  0.708 / 0.696  0.756 / 0.762           0.546 / 0.585
//
// On papers the half held out falls short by 0.03. Only one answer is known of
// each demand, so what is right is more than that.
const (
	// TextFloor is the share below which nothing is a match, however well it
	// fits otherwise: two listings of one trade, maturity and price that speak
	// of different things get half of all points for that alone.
	TextFloor = 0.2
	// TextAlone is the share at which the words alone make a match of a pair of
	// which nothing else is known.
	TextAlone = 0.3
	// PrecisionFloor and PrecisionAlone are the shares of best matches that the
	// two were chosen to get right.
	PrecisionFloor = 0.6
	PrecisionAlone = 0.7
)

// Index ranks texts and scores pairs.
type Index interface {
	// Candidates returns published listings of a kind whose text is near.
	Candidates(ctx context.Context, text string, kind market.ListingKind, limit int) ([]market.Candidate, error)
	// Score fills in score, parts and evidence of pairs.
	Score(ctx context.Context, pairs []market.Match) ([]market.Match, error)
}

// Judged knows what people said of pairs.
type Judged interface {
	// Refused returns the ids of those pairs that were judged "no" and whose
	// texts have not changed since.
	Refused(ctx context.Context, pairs []market.Match) (map[market.ID]bool, error)
}

// Service suggests matches.
type Service struct {
	achievements store.Reader[market.Achievement]
	demands      store.Reader[market.Demand]
	index        Index
	judged       Judged // nil = nobody has judged anything
}

// New returns the service over the two collections of listings and an index of them.
func New(achievements store.Reader[market.Achievement], demands store.Reader[market.Demand], index Index) *Service {
	return &Service{achievements: achievements, demands: demands, index: index}
}

// Heed leaves out from now on what was judged "no".
func (s *Service) Heed(judged Judged) { s.judged = judged }

// readable returns nil when the actor may know of a listing: it is published,
// or the actor may read drafts of its owner.
func readable(by market.Actor, shared *market.Listing) error {
	if shared.Public() {
		return nil
	}
	return market.Permit(by, market.ActReadDraft, shared.Owner)
}

func ids(found []market.Candidate) []market.ID {
	list := make([]market.ID, len(found))
	for i, c := range found {
		list[i] = c.ID
	}
	return list
}

// modeNames writes ways to deal: 技术许可、合作开发.
func modeNames(modes []string) string {
	all := make([]string, len(modes))
	for i, mode := range modes {
		all[i] = market.Modes.Name(mode)
	}
	return strings.Join(all, "、")
}

// words is what of a listing others are compared with; the title counts twice.
func words(shared *market.Listing, more string) string {
	parts := []string{shared.Title, shared.Title, shared.Summary, more}
	return strings.Join(append(parts, shared.Keywords...), "\n")
}
