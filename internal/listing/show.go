package listing

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Show returns one listing as the actor may see it: owners and officers see
// everything, others the public part of a published one; contacts of others
// are masked, see Contacts. A listing the actor may not know of is Denied when
// it exists and the actor is signed in, else asks for sign-in; an unknown id is
// NotFound.
func (b *Book[T, P]) Show(ctx context.Context, by market.Actor, id market.ID) (*T, error) {
	doc, err := b.visible(ctx, by, id)
	if err != nil {
		return nil, err
	}
	return b.mask(by, doc), nil
}

// visible returns a listing the actor may know of, as it is stored.
func (b *Book[T, P]) visible(ctx context.Context, by market.Actor, id market.ID) (*T, error) {
	doc, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if shared := P(doc).Shared(); !shared.Public() {
		if err := market.Permit(by, market.ActReadDraft, shared.Owner); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

// mask withholds what the actor has no right to.
func (b *Book[T, P]) mask(by market.Actor, doc *T) *T {
	owner := P(doc).Shared().Owner
	return P(doc).Masked(market.May(by, market.ActReadDetail, owner), market.ContactExposure(by, owner))
}

// GetPublished returns the published listings among ids in the order asked,
// masked for the actor. It is how search results are filled: the index ranks,
// the store has the last word.
func (b *Book[T, P]) GetPublished(ctx context.Context, by market.Actor, ids []market.ID) ([]*T, error) {
	docs, err := b.docs.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	public := docs[:0]
	for _, doc := range docs {
		if P(doc).Shared().Public() {
			public = append(public, b.maskRow(by, doc))
		}
	}
	return public, nil
}

// maskRow withholds everything confidential: lists never carry it.
func (b *Book[T, P]) maskRow(by market.Actor, doc *T) *T {
	owner := P(doc).Shared().Owner
	row := P(doc).Masked(market.May(by, market.ActReadDetail, owner), market.Hidden)
	P(row).Shared().Detail, P(row).Shared().History = "", nil
	return row
}

// Newest returns a page of published listings, newest first.
func (b *Book[T, P]) Newest(ctx context.Context, by market.Actor, after string, limit int) (store.Page[T], error) {
	return b.page(ctx, by, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.StatePublished)}},
		Sort:  "published", Desc: true, After: after, Limit: limit,
	})
}

// Own returns a page of the actor's organization's listings, last changed first.
func (b *Book[T, P]) Own(ctx context.Context, by market.Actor, after string, limit int) (store.Page[T], error) {
	if err := market.Permit(by, market.ActListOwn, by.Org); err != nil {
		return store.Page[T]{}, err
	}
	return b.page(ctx, by, store.Query{
		Equal: []store.Equal{{Field: "owner", Value: string(by.Org)}},
		Sort:  store.FieldChanged, Desc: true, After: after, Limit: limit,
	})
}

// Queue returns a page of listings waiting for review, longest waiting first.
func (b *Book[T, P]) Queue(ctx context.Context, by market.Actor, after string, limit int) (store.Page[T], error) {
	if err := market.Permit(by, market.ActReviewListings); err != nil {
		return store.Page[T]{}, err
	}
	return b.page(ctx, by, store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.StateSubmitted)}},
		Sort:  store.FieldChanged, After: after, Limit: limit,
	})
}

func (b *Book[T, P]) page(ctx context.Context, by market.Actor, q store.Query) (store.Page[T], error) {
	page, err := b.docs.Find(ctx, q)
	if err != nil {
		return store.Page[T]{}, err
	}
	for i, doc := range page.Items {
		page.Items[i] = b.maskRow(by, doc)
	}
	return page, nil
}
