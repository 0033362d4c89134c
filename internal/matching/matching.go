// Package matching suggests what fits: achievements for a demand, demands for
// an achievement, each with its score, the parts of the score and the passages
// of both texts that carry it.
package matching

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Bounds of a suggestion.
const (
	candidates = 50 // listings scored for one page
	usual      = 10 // matches returned when the caller does not say
	most       = 50 // matches returned at most

	// leastText is what the texts themselves must give of their 50 points. Two
	// listings of one trade, maturity and price that speak of different things
	// get 50 points for that alone; calling it a match would be a lie. On real
	// texts (package search, TestCalibration) no unrelated pair in a hundred
	// gets one point, half of the nearest other results do not get more than
	// this, and three in four demands give their own result twice as much.
	leastText = 7
	// least is the score below which nothing is suggested. A pair of which only
	// the texts are known has 24 points for what is not stated; it then needs
	// 11 for its texts, which three in four demands reach with their own result
	// and more than half of the merely similar ones do not.
	least = 35
)

// Index ranks texts and scores pairs.
type Index interface {
	// Candidates returns published listings of a kind whose text is near.
	Candidates(ctx context.Context, text string, kind market.ListingKind, limit int) ([]market.Candidate, error)
	// Score fills in score, parts and evidence of pairs.
	Score(ctx context.Context, pairs []market.Match) ([]market.Match, error)
}

// Service suggests matches.
type Service struct {
	achievements store.Reader[market.Achievement]
	demands      store.Reader[market.Demand]
	index        Index
}

// New returns the service over the two collections of listings and an index of them.
func New(achievements store.Reader[market.Achievement], demands store.Reader[market.Demand], index Index) *Service {
	return &Service{achievements: achievements, demands: demands, index: index}
}

// readable returns nil when the actor may know of a listing: it is published,
// or the actor may read drafts of its owner.
func readable(by market.Actor, shared *market.Listing) error {
	if shared.Public() {
		return nil
	}
	return market.Permit(by, market.ActReadDraft, shared.Owner)
}

// best scores pairs, which are in the order of the index, and returns the best
// ones, best first; of equal scores, what the index ranks higher.
func (s *Service) best(ctx context.Context, pairs []market.Match, limit int) ([]market.Match, error) {
	if limit <= 0 {
		limit = usual
	}
	scored, err := s.index.Score(ctx, pairs)
	if err != nil {
		return nil, err
	}
	scored = slices.DeleteFunc(scored, func(m market.Match) bool { return m.Score < least || text(m) < leastText })
	slices.SortStableFunc(scored, func(a, b market.Match) int { return cmp.Compare(b.Score, a.Score) })
	return scored[:min(len(scored), limit, most)], nil
}

func ids(found []market.Candidate) []market.ID {
	list := make([]market.ID, len(found))
	for i, c := range found {
		list[i] = c.ID
	}
	return list
}

// text is the points a match has from the texts themselves.
func text(m market.Match) int {
	for _, part := range m.Parts {
		if part.Name == "text" {
			return part.Points
		}
	}
	return 0
}

// words is what of a listing others are compared with; the title counts twice.
func words(shared *market.Listing, more string) string {
	parts := []string{shared.Title, shared.Title, shared.Summary, more}
	return strings.Join(append(parts, shared.Keywords...), "\n")
}
