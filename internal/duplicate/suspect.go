package duplicate

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Suspects returns the listings that stand in one of the newest pairs nobody
// has settled, up to store.MaxLimit of each state. It is two reads however many
// listings wait, so a queue can mark its rows by it. Who does not review
// duplicates gets none.
func (s *Service) Suspects(ctx context.Context, by market.Actor) (map[market.ID]bool, error) {
	suspects := map[market.ID]bool{}
	if !market.May(by, market.ActReviewDuplicates) {
		return suspects, nil
	}
	for _, state := range []market.DuplicateState{market.DuplicateOpen, market.DuplicateDisputed} {
		found, err := s.pairs.Find(ctx, store.Query{Equal: []store.Equal{{Field: "state", Value: string(state)}}, Sort: "found", Desc: true, Limit: store.MaxLimit})
		if err != nil {
			return nil, err
		}
		for _, pair := range found.Items {
			suspects[pair.A], suspects[pair.B] = true, true
		}
	}
	return suspects, nil
}
