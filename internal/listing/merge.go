package listing

import (
	"context"

	"jishi/internal/market"
)

// maxMerges bounds how far a chain of merged listings is followed.
const maxMerges = 16

// Merge takes a listing off the market in favour of another one that says the
// same, into, which must not itself be merged. Nothing of it is lost: Unmerge
// restores it. Whoever may merge both may: officers, and the owner of both.
// version and what is returned are as for Move; a repeated merge answers
// success. Conflict when the state forbids it or the other is merged already.
func (b *Book[T, P]) Merge(ctx context.Context, by market.Actor, id market.ID, version int64, into market.ID, note string) (*T, error) {
	doc, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	other, err := b.docs.Get(ctx, into)
	if err != nil {
		return nil, err
	}
	shared, target := P(doc).Shared(), P(other).Shared()
	for _, owner := range []market.ID{shared.Owner, target.Owner} {
		if err := market.Permit(by, market.ActMerge, owner); err != nil {
			return nil, err
		}
	}
	if shared.State == market.StateMerged && shared.MergedInto == into && done(shared, by, market.ActMerge) {
		return b.mask(by, doc), nil
	}
	if version != 0 && P(doc).Head().Version != version {
		return nil, stale(shared)
	}
	if err := mergeable(id, into, target); err != nil {
		return nil, err
	}
	move, err := market.ListingMoves.Next(shared.State, market.ActMerge, note, market.ListingState.Name)
	if err != nil {
		return nil, err
	}
	shared.MergedInto, shared.MergedFrom = into, shared.State
	b.advance(by, doc, move, note)
	if err := b.docs.Update(ctx, doc); err != nil {
		return nil, err
	}
	return b.undoCrossed(ctx, by, doc)
}

// mergeable refuses a target that cannot stand for another listing.
func mergeable(id, into market.ID, target *market.Listing) error {
	switch {
	case id == into:
		return market.E(market.Invalid, "merge_with_itself", "不能把一条内容合并到它自己。")
	case target.State == market.StateMerged:
		return &market.Error{Kind: market.Conflict, Code: "target_merged", Other: target.MergedInto, Message: "要保留的那一条自己已被合并，请合并到它所合并到的那一条。"}
	case target.State == market.StateWithdrawn || target.State == market.StateRejected:
		return market.E(market.Conflict, "target_not_live", "要保留的那一条已被撤回或驳回，请保留另一条。")
	}
	return nil
}

// undoCrossed takes a merge back when the other listing was merged at the same
// instant: two merges into each other would leave nothing to be seen.
func (b *Book[T, P]) undoCrossed(ctx context.Context, by market.Actor, doc *T) (*T, error) {
	other, err := b.docs.Get(ctx, P(doc).Shared().MergedInto)
	if err != nil {
		return nil, err
	}
	if P(other).Shared().State != market.StateMerged {
		return b.mask(by, doc), nil
	}
	b.restore(by, doc, "要保留的那一条同时被合并")
	if err := b.docs.Update(ctx, doc); err != nil {
		return nil, err
	}
	return nil, market.E(market.Conflict, "target_merged", "要保留的那一条刚刚被合并了，这一条没有动。请刷新页面再看。")
}

// Unmerge restores a merged listing exactly as it was but for its history.
// Who may is who may merge it and the one that stands for it. Conflict when it
// is not merged.
func (b *Book[T, P]) Unmerge(ctx context.Context, by market.Actor, id market.ID, version int64, note string) (*T, error) {
	doc, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	if err := b.permitUnmerge(ctx, by, shared); err != nil {
		return nil, err
	}
	if done(shared, by, market.ActUnmerge) {
		return b.mask(by, doc), nil
	}
	if version != 0 && P(doc).Head().Version != version {
		return nil, stale(shared)
	}
	if _, err := market.ListingMoves.Next(shared.State, market.ActUnmerge, note, market.ListingState.Name); err != nil {
		return nil, err
	}
	b.restore(by, doc, note)
	if err := b.docs.Update(ctx, doc); err != nil {
		return nil, err
	}
	return b.mask(by, doc), nil
}

// permitUnmerge decides as merging did: on both listings. Of one that is not
// merged there is but the one.
func (b *Book[T, P]) permitUnmerge(ctx context.Context, by market.Actor, shared *market.Listing) error {
	if err := market.Permit(by, market.ActUnmerge, shared.Owner); err != nil || shared.MergedInto == "" {
		return err
	}
	other, err := b.docs.Get(ctx, shared.MergedInto)
	if err != nil {
		return err
	}
	return market.Permit(by, market.ActUnmerge, P(other).Shared().Owner)
}

// restore gives a merged listing the state back that it was merged in. Its
// dates are untouched, so that what would have expired meanwhile expires now.
func (b *Book[T, P]) restore(by market.Actor, doc *T, note string) {
	shared := P(doc).Shared()
	from, to := shared.State, shared.MergedFrom
	shared.State, shared.MergedInto, shared.MergedFrom = to, "", ""
	shared.History = append(shared.History, market.NextEvent(shared.History, by, b.now().UTC(), market.ActUnmerge, string(from), string(to), note))
}

// Survivor returns the listing that stands for one, through every
// merge: itself when it is not merged, empty when its merges lead nowhere. Anybody
// who has the old address may follow it: what stands there decides what they see.
func (b *Book[T, P]) Survivor(ctx context.Context, id market.ID) (market.ID, error) {
	for range maxMerges {
		doc, err := b.docs.Get(ctx, id)
		if err != nil {
			return "", err
		}
		shared := P(doc).Shared()
		if shared.State != market.StateMerged || shared.MergedInto == "" {
			return id, nil
		}
		id = shared.MergedInto
	}
	return "", nil
}
