package account

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Names returns the names to show for users, by id: those erased are
// market.ErasedName, and the System and the empty id go by the System's name.
// Ids that are nobody's are left out. It is for histories and other places
// that hold ids of people; who may see those decides who may see the names.
func (s *People) Names(ctx context.Context, ids []market.ID) (map[market.ID]string, error) {
	names := make(map[market.ID]string, len(ids))
	wanted := make([]market.ID, 0, len(ids))
	for _, id := range ids {
		if id == "" || id == market.System.User {
			names[id] = market.System.Name
		} else {
			wanted = append(wanted, id)
		}
	}
	slices.Sort(wanted)
	for some := range slices.Chunk(slices.Compact(wanted), store.MaxLimit) {
		users, err := s.users.GetMany(ctx, some)
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			names[u.ID] = u.Name
			if !u.ErasedAt.IsZero() {
				names[u.ID] = market.ErasedName
			}
		}
	}
	return names, nil
}
