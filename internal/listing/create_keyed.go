package listing

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// CreateKeyed is Create for a program that may send a request twice: one key
// of one user makes one listing. Sent again it answers with the listing as it
// stands by then. Invalid when the key made something else and that was not
// touched since. An empty key is a new listing each time.
func (b *Book[T, P]) CreateKeyed(ctx context.Context, by market.Actor, doc *T, key string) (*T, error) {
	if key == "" {
		return b.Create(ctx, by, doc)
	}
	id := market.KeyedID(by.User, key)
	made, err := b.createAs(ctx, by, doc, id)
	if !store.IsTaken(err) {
		return made, err
	}
	stored, err := b.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	keep(P(doc).Shared(), P(stored).Shared())
	*P(doc).Head() = *P(stored).Head()
	if P(stored).Head().Version == 1 && !same(stored, doc) {
		return nil, market.KeyReused()
	}
	return stored, nil
}
