package duplicate

import (
	"context"

	"jishi/internal/market"
)

// sink keeps what is known of one kind of listing up to date. It remembers
// nothing beyond the run of the program, so that each start builds it anew.
type sink[T any] struct {
	service  *Service
	on       *shelf
	read     func(*T) listed
	position string
}

// Achievements returns the sink of a follower over achievements.
func (s *Service) Achievements() *sink[market.Achievement] {
	return &sink[market.Achievement]{service: s, on: s.shelves[market.KindAchievement], read: ofAchievement}
}

// Demands returns the sink of a follower over demands.
func (s *Service) Demands() *sink[market.Demand] {
	return &sink[market.Demand]{service: s, on: s.shelves[market.KindDemand], read: ofDemand}
}

// Position returns the cursor up to which listings were looked at since the start.
func (k *sink[T]) Position(context.Context) (string, error) { return k.position, nil }

// Apply looks at changed listings and keeps the pairs that it finds.
func (k *sink[T]) Apply(ctx context.Context, docs []*T, next string) error {
	for _, doc := range docs {
		if _, err := k.service.look(ctx, k.on, k.read(doc)); err != nil {
			return err
		}
	}
	k.position = next
	return nil
}
