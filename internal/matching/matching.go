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
// at which the best matches of the even-numbered demands are right as often as
// is asked, on papers and on patents. What came of it, papers / patents, of the
// even-numbered demands and, which chose nothing, of the odd-numbered:
//
//	             precision    answered     right if there is one   silent if there is none
//	18 %  even   0.61 / 0.61  0.92 / 0.89  0.85 / 0.79             0.19 / 0.30
//	      odd    0.57 / 0.63  0.92 / 0.90  0.80 / 0.84             0.15 / 0.27
//	30 %  even   0.72 / 0.71  0.73 / 0.70  0.78 / 0.72             0.59 / 0.65
//	      odd    0.67 / 0.74  0.72 / 0.70  0.75 / 0.76             0.53 / 0.59
//
// Only one answer is known of each demand, so what is right is more than that.
const (
	// TextFloor is the share below which nothing is a match, however well it
	// fits otherwise: two listings of one trade, maturity and price that speak
	// of different things get half of all points for that alone.
	TextFloor = 0.18
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
