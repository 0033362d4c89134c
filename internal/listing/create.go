package listing

import (
	"context"

	"jishi/internal/market"
)

// Create adds a draft owned by the actor's organization. What the store and
// the state table keep (id, owner, state, history …) is set here, whatever
// doc says. Invalid names every broken field.
func (b *Book[T, P]) Create(ctx context.Context, by market.Actor, doc *T) (*T, error) {
	return b.createAs(ctx, by, doc, b.newID())
}

func (b *Book[T, P]) createAs(ctx context.Context, by market.Actor, doc *T, id market.ID) (*T, error) {
	if err := market.Permit(by, b.create); err != nil {
		return nil, err
	}
	b.begin(by, doc, id, string(id))
	if err := P(doc).Check(false); err != nil {
		return nil, err
	}
	if err := b.docs.Insert(ctx, doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// begin sets what a new listing starts with.
func (b *Book[T, P]) begin(by market.Actor, doc *T, id market.ID, importKey string) {
	*P(doc).Head() = market.Meta{ID: id}
	shared := P(doc).Shared()
	shared.Owner, shared.ImportKey, shared.State, shared.Submitter = by.Org, importKey, market.StateDraft, ""
	shared.MergedInto, shared.MergedFrom = "", ""
	shared.History = []market.Event{market.NextEvent(nil, by, b.now(), b.create, "", string(market.StateDraft), "")}
}
