package account

import (
	"context"

	"jishi/internal/market"
)

// EvidenceOf returns what is known of the files that an organization, as the
// actor sees it, names as evidence; those that the actor may not read are left
// out, as are missing ones.
func (s *Organizations) EvidenceOf(ctx context.Context, by market.Actor, org *market.Organization) ([]*market.File, error) {
	ids := make([]market.ID, 0, len(org.Evidence))
	for _, id := range org.Evidence {
		if id.WellFormed() && len(ids) < market.MaxEvidence {
			ids = append(ids, id)
		}
	}
	files, err := s.files.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	readable := files[:0]
	for _, file := range files {
		if market.May(by, market.ActReadFile, file.Owner) || file.User == by.User && by.SignedIn() {
			readable = append(readable, file)
		}
	}
	return readable, nil
}
