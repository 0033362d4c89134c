// Package turnover adds up registered contracts: by any cut of their
// dimensions, toward the targets, and beside the plan's indicators.
//
// Sums come from the Cube, columns in memory that a follower keeps equal to
// the store; Check recomputes them from the store and says where they differ.
// Every sum names its basis: 合同成交额, 技术交易额 and 到账额 are three
// amounts and are never mixed.
package turnover

import (
	"context"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Stores is what the service reads and keeps.
type Stores struct {
	Contracts  store.Reader[market.Contract]
	Targets    store.Collection[market.Target]    // opened with TargetSpec
	Indicators store.Collection[market.Indicator] // opened with IndicatorSpec
}

// Service answers for figures.
type Service struct {
	cube   *Cube
	stores Stores
	now    func() time.Time
	newID  func() market.ID
}

// New returns the service on a cube that a follower of the contracts feeds.
func New(cube *Cube, stores Stores, now func() time.Time, newID func() market.ID) *Service {
	return &Service{cube: cube, stores: stores, now: now, newID: newID}
}

// Total answers a query from the cube; see Cube.Total. Anyone may ask.
func (s *Service) Total(ctx context.Context, q market.TurnoverQuery) (market.Turnover, error) {
	return s.cube.Total(ctx, q)
}

// Seed inserts the targets and indicators that Jishi is shipped with, where
// they are missing. What is there is left as it is.
func (s *Service) Seed(ctx context.Context) error {
	if err := s.seedTargets(ctx); err != nil {
		return err
	}
	return s.seedIndicators(ctx)
}
