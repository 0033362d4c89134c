// Package synonym keeps the table of terms that mean the same. Searches use it
// when they run, so a change shows at once and no text is indexed anew.
package synonym

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of groups of synonyms.
var Spec = store.Spec{Name: "synonyms", Indexes: []store.Index{{"state", store.FieldCreated}}}

// Book is the table of synonyms. Safe for concurrent use.
type Book struct {
	docs  store.Collection[market.Synonym]
	now   func() time.Time
	newID func() market.ID
}

// New returns the book over its collection, opened with Spec.
func New(docs store.Collection[market.Synonym], now func() time.Time, newID func() market.ID) *Book {
	return &Book{docs: docs, now: now, newID: newID}
}

// List returns the groups of a state, first made first: at most
// market.MaxSynonyms. An empty state is SynonymUsed; Invalid names another one.
func (b *Book) List(ctx context.Context, by market.Actor, state market.SynonymState) ([]*market.Synonym, error) {
	if err := market.Permit(by, market.ActReadSynonyms); err != nil {
		return nil, err
	}
	if state == "" {
		state = market.SynonymUsed
	}
	if !market.SynonymStates.Has(string(state)) {
		return nil, market.Problems{{Field: "state", Reason: "没有这种状态"}}.Err()
	}
	return b.all(ctx, state)
}

// Show returns one group.
func (b *Book) Show(ctx context.Context, by market.Actor, id market.ID) (*market.Synonym, error) {
	if err := market.Permit(by, market.ActReadSynonyms); err != nil {
		return nil, err
	}
	return b.docs.Get(ctx, id)
}

func (b *Book) all(ctx context.Context, state market.SynonymState) ([]*market.Synonym, error) {
	var all []*market.Synonym
	for after := ""; ; {
		page, err := b.docs.Find(ctx, store.Query{
			Equal: []store.Equal{{Field: "state", Value: string(state)}}, Sort: store.FieldCreated, After: after, Limit: store.MaxLimit,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if after = page.Next; after == "" || len(all) >= market.MaxSynonyms {
			return all, nil
		}
	}
}
