package listing

import (
	"slices"

	"jishi/internal/market"
)

// Actions returns what the actor may do with a listing in its present state,
// in the order of the state table. Pages show these and no other buttons.
// Merging and its undoing are not among them: they take another listing, see Merge.
func (b *Book[T, P]) Actions(by market.Actor, doc *T) []market.Action {
	shared := P(doc).Shared()
	var actions []market.Action
	for _, action := range market.ListingMoves.Open(shared.State) {
		if action != market.ActExpire && action != market.ActMerge && action != market.ActUnmerge && b.permit(by, action, shared) == nil && !slices.Contains(actions, action) {
			actions = append(actions, action)
		}
	}
	return actions
}
