package audit

import (
	"context"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Begin makes the head of a chain without lines in a store that is new: that
// has no head, no line and no document of nouns. It reports whether it did so.
// Call it before anything is written: nothing else makes a head, so that one
// which was removed stays missing and is found.
func (t *Trail) Begin(ctx context.Context, nouns ...Noun) (bool, error) {
	head, err := t.head(ctx)
	if err != nil || head != nil {
		return false, err
	}
	last, err := t.lastLine(ctx)
	if err != nil || last != nil {
		return false, err
	}
	for _, n := range nouns {
		if used, err := n.any(ctx); err != nil || used {
			return false, err
		}
	}
	head = &Head{Meta: market.Meta{ID: headID}, Hash: genesis.hash}
	t.keys.sealHead(head)
	err = t.stores.Heads.Insert(ctx, head)
	if store.IsTaken(err) { // another process began the chain
		return false, nil
	}
	return err == nil, err
}
