package listing

import (
	"context"

	"jishi/internal/market"
)

// Revise replaces what the owner may write in a listing: everything but what
// begin sets. version is the one the actor read; Stale when somebody changed
// the listing since. A published listing goes back to review; its present
// text leaves the public until it is approved.
func (b *Book[T, P]) Revise(ctx context.Context, by market.Actor, id market.ID, version int64, doc *T) (*T, error) {
	old, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	was := P(old).Shared()
	if err := b.permit(by, market.ActRevise, was); err != nil {
		return nil, err
	}
	if P(old).Head().Version != version {
		return nil, stale(was)
	}
	move, err := market.ListingMoves.Next(was.State, market.ActRevise, "", market.ListingState.Name)
	if err != nil {
		return nil, err
	}
	keep(P(doc).Shared(), was)
	*P(doc).Head() = *P(old).Head()
	if err := P(doc).Check(move.To == market.StateSubmitted); err != nil {
		return nil, err
	}
	if move.To == market.StateSubmitted {
		if err := b.claim(ctx, doc); err != nil {
			return nil, err
		}
	}
	b.advance(by, doc, move, "")
	if err := b.docs.Update(ctx, doc); err != nil {
		return nil, err
	}
	return doc, nil
}

// keep carries over what a revision may not change.
func keep(now, was *market.Listing) {
	now.Owner, now.ImportKey, now.Demo = was.Owner, was.ImportKey, was.Demo
	now.State, now.Submitter, now.History = was.State, was.Submitter, was.History
	now.Published, now.ValidUntil, now.Broker = was.Published, was.ValidUntil, was.Broker
	now.MergedInto, now.MergedFrom = was.MergedInto, was.MergedFrom
}

// stale says who changed a listing last and how.
func stale(was *market.Listing) error {
	e := market.E(market.Stale, "stale_version", "这条内容已被他人修改，请核对最新内容后再保存；您填写的内容仍在下方。")
	if n := len(was.History); n > 0 {
		last := was.History[n-1]
		e.By = last.By
		e.Message = market.Somebody + "在" + last.At.In(market.Shanghai).Format("1月2日 15:04") + "做了“" + market.ActionName(last.Action) +
			"”，" + e.Message
	}
	return e
}
