package search

import (
	"context"

	"jishi/internal/market"
)

// Has reports whether a published listing is in the index by now, so that
// others find it. Errors are those of Find.
func (ix *Index) Has(ctx context.Context, kind market.ListingKind, id market.ID) (bool, error) {
	found := false
	err := ix.read(ctx, func(v *view) error {
		number, err := v.reader.InternalID(documentID(kind, id))
		found = number != nil
		return err
	})
	return found, err
}
