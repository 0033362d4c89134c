package listing

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Expire takes published listings whose time is over off the market and
// returns how many. It is called from time to time and may run on several
// machines at once: a listing changed meanwhile is left to the next call.
func (b *Book[T, P]) Expire(ctx context.Context) (int, error) {
	expired := 0
	for {
		page, err := b.docs.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "state", Value: string(market.StatePublished)}},
			Sort:  "valid_until", Range: &store.Range{To: b.now()}, Limit: 100,
		})
		if err != nil {
			return expired, err
		}
		moved := 0
		for _, doc := range page.Items {
			move, err := market.ListingMoves.Next(market.StatePublished, market.ActExpire, "", market.ListingState.Name)
			if err != nil {
				return expired, err
			}
			b.advance(market.System, doc, move, "有效期已满")
			err = b.docs.Update(ctx, doc)
			if err != nil && !market.Is(err, market.Stale) {
				return expired, err
			}
			if err == nil {
				moved++
			}
		}
		expired += moved
		if moved == 0 {
			return expired, nil
		}
	}
}
