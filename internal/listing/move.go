package listing

import (
	"context"
	"time"

	"jishi/internal/market"
)

// Move carries out an action of the state table other than revising: submit,
// approve, reject, withdraw, renew, reopen. version is the one the actor read,
// 0 to act on whatever is stored. note is the reason, required where the table
// says so. Repeating the last action as the same user answers success. What is
// returned is what Show shows.
//
// Submitting claims the listing's title and patents. Nobody reviews what they
// submitted themselves.
func (b *Book[T, P]) Move(ctx context.Context, by market.Actor, id market.ID, version int64, action market.Action, note string) (*T, error) {
	if action == market.ActMerge || action == market.ActUnmerge { // see Merge
		return nil, market.E(market.Invalid, "merge_names_another", "合并与撤销合并要在两条内容的对照页上进行。")
	}
	doc, err := b.docs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	shared := P(doc).Shared()
	if err := b.permit(by, action, shared); err != nil {
		return nil, err
	}
	if done(shared, by, action) {
		return b.mask(by, doc), nil
	}
	if version != 0 && P(doc).Head().Version != version {
		return nil, stale(shared)
	}
	move, err := market.ListingMoves.Next(shared.State, action, note, market.ListingState.Name)
	if err != nil {
		return nil, err
	}
	if move.To == market.StateSubmitted {
		if err := P(doc).Check(true); err != nil {
			return nil, err
		}
		if err := b.claim(ctx, doc); err != nil {
			return nil, err
		}
	}
	b.advance(by, doc, move, note)
	if err := b.docs.Update(ctx, doc); err != nil {
		return nil, err
	}
	return b.mask(by, doc), nil
}

// permit decides an action on a listing, with the rule that reviewing needs a
// second person.
func (b *Book[T, P]) permit(by market.Actor, action market.Action, shared *market.Listing) error {
	if err := market.Permit(by, action, shared.Owner); err != nil {
		return err
	}
	review := action == market.ActApprove || action == market.ActReject
	if review && shared.Submitter == by.User && by.User != market.System.User {
		return market.E(market.Denied, "own_submission", "自己提交的内容须由另一位经办人审核。")
	}
	return nil
}

// done reports whether the last thing that happened is this action by this user.
func done(shared *market.Listing, by market.Actor, action market.Action) bool {
	n := len(shared.History)
	if n == 0 || action == market.ActRenew {
		return false
	}
	last := shared.History[n-1]
	return last.Action == action && last.By == by.User && last.To == string(shared.State)
}

// advance moves the state, appends the event and sets the dates that go with it.
func (b *Book[T, P]) advance(by market.Actor, doc *T, move market.Move[market.ListingState], note string) {
	shared, now := P(doc).Shared(), b.now().UTC()
	shared.State = move.To
	shared.History = append(shared.History, market.NextEvent(shared.History, by, now, move.Action, string(move.From), string(move.To), note))
	switch {
	case move.To == market.StateSubmitted:
		shared.Submitter = by.User
	case move.To == market.StatePublished:
		if shared.Published.IsZero() {
			shared.Published = now
		}
		shared.ValidUntil = validity(doc, now)
	}
}

// validity is when a listing published now expires: after the usual time, or
// at the end of a demand's deadline day if that is earlier and still ahead.
func validity(doc any, now time.Time) time.Time {
	until := now.Add(market.ListingValidity)
	if demand, ok := doc.(*market.Demand); ok && demand.Deadline != "" {
		if end := demand.Deadline.Time().AddDate(0, 0, 1); end.After(now) && end.Before(until) {
			until = end
		}
	}
	return until.UTC().Truncate(time.Millisecond)
}
