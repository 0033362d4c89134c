// Package quality measures how good the matches are, on what people judged,
// and keeps what it measured: one snapshot for each release and day. Nothing is
// measured while somebody waits for a page.
package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of snapshots.
var Spec = store.Spec{Name: "qualities", Indexes: []store.Index{{"day"}}}

// Ranking is what is measured.
type Ranking interface {
	// Ranked returns the ids of the achievements that are suggested to a
	// published demand, best first, at most limit; those judged "no" among them.
	Ranked(ctx context.Context, demand market.ID, limit int) ([]market.ID, error)
}

// Parts is what quality is measured with and on.
type Parts struct {
	Snapshots    store.Collection[market.Quality]
	Verdicts     store.Reader[market.Verdict]
	Demands      store.Reader[market.Demand]
	Achievements store.Reader[market.Achievement]
	Ranking      Ranking
	Interval     func(values []float64) market.Estimate // mean and 95 % interval of one value at least
	Ready        func() bool                            // the ranking knows what the store holds
	Release      string                                 // version of this program
	Log          *slog.Logger
}

// Service measures and shows quality. Safe for concurrent use.
type Service struct {
	parts Parts
	now   func() time.Time

	mutex   sync.Mutex
	running chan struct{} // closed when the measurement under way is done; nil when none is
	failed  error         // why the last one came to nothing
}

// New returns the service over parts.
func New(parts Parts, now func() time.Time) *Service { return &Service{parts: parts, now: now} }

// mostShown bounds the snapshots of one answer.
const mostShown = 400

// Shown is what anybody may see.
type Shown struct {
	Latest  *market.Quality   `json:"latest"`  // nil before the first measurement
	History []*market.Quality `json:"history"` // one a day and release, newest first, Latest among them
}

// Show returns the latest snapshot and those before. Anybody may ask.
func (s *Service) Show(ctx context.Context) (*Shown, error) {
	page, err := s.parts.Snapshots.Find(ctx, store.Query{Sort: "day", Desc: true, Limit: mostShown})
	if err != nil {
		return nil, err
	}
	shown := &Shown{History: page.Items}
	if shown.History == nil {
		shown.History = []*market.Quality{}
	}
	for _, q := range page.Items {
		if shown.Latest == nil || q.At.After(shown.Latest.At) {
			shown.Latest = q
		}
	}
	return shown, nil
}

// Running reports whether a measurement is under way.
func (s *Service) Running() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.running != nil
}

// snapshotID is the id of a release's snapshot of a day.
func snapshotID(release string, day market.Date) market.ID {
	sum := sha256.Sum256([]byte(release))
	return market.ID("quality-" + hex.EncodeToString(sum[:6]) + "-" + string(day))
}
