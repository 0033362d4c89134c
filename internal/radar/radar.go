// Package radar finds the gaps of the market for the bureau: demands that
// nothing fits, grouped by industry chain and by what they ask for, and
// achievements that nobody asks for. It is computed in the background and kept;
// readers are never made to wait for it.
package radar

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Spec declares the collection of radars; there is one.
var Spec = store.Spec{Name: "radars"}

// latest is the id of the one that is kept.
const latest market.ID = "latest"

const (
	// looked is how many listings of each kind one run looks at, newest first.
	// At 10 to 30 ms for matching one it takes some minutes at most.
	looked = 10_000
	// fresh is how old the kept one may be before it is computed again unasked.
	fresh = 24 * time.Hour
	// glance is how often that is looked at.
	glance = 10 * time.Minute
	// soon is when it is tried again after something was away, the index while
	// it is filled for instance.
	soon = 10 * time.Second
	// What is kept stays below what a document may hold: at most 700 bytes for
	// each of the demands and of so many achievements.
	maxIdle = 5_000
	clipped = 80 // characters of a title
)

// Matches says what fits a listing.
type Matches interface {
	ForDemand(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error)
	ForAchievement(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error)
}

// Words cuts a text into the words by which demands are grouped.
type Words func(text string) []string

// Stores is the collections the service works on.
type Stores struct {
	Radars       store.Collection[market.Radar]
	Demands      store.Reader[market.Demand]
	Achievements store.Reader[market.Achievement]
}

// Service computes and shows the radar. Safe for concurrent use.
type Service struct {
	Stores
	matches Matches
	words   Words
	now     func() time.Time
	log     *slog.Logger

	mu   sync.Mutex
	run  market.RadarRun
	ask  chan market.ID // who asks for a new one; holds one
	pace time.Duration  // pause after each listing, so that readers are served first
}

// New returns the service. Call Run for it to compute anything.
func New(stores Stores, matches Matches, words Words, now func() time.Time, log *slog.Logger) *Service {
	return &Service{Stores: stores, matches: matches, words: words, now: now, log: log, ask: make(chan market.ID, 1)}
}

// Show returns the kept radar as far as filter asks, and how far a new one is.
// The radar is nil before the first was computed.
func (s *Service) Show(ctx context.Context, by market.Actor, filter Filter) (*market.Radar, market.RadarRun, error) {
	if err := market.Permit(by, market.ActReadRadar); err != nil {
		return nil, market.RadarRun{}, err
	}
	if err := filter.check(); err != nil {
		return nil, market.RadarRun{}, err
	}
	kept, err := s.Radars.Get(ctx, latest)
	if market.Is(err, market.NotFound) {
		return nil, s.standing(), nil
	}
	if err != nil {
		return nil, market.RadarRun{}, err
	}
	return filter.apply(kept), s.standing(), nil
}

// Refresh asks for a new radar and returns how far it is. Asking while one is
// computed, or asked for, is harmless.
func (s *Service) Refresh(_ context.Context, by market.Actor) (market.RadarRun, error) {
	if err := market.Permit(by, market.ActRefreshRadar); err != nil {
		return market.RadarRun{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.run.Running {
		select {
		case s.ask <- by.User:
			s.run = market.RadarRun{Running: true, Begun: s.now().UTC()}
		default: // asked for already
		}
	}
	return s.run, nil
}

func (s *Service) standing() market.RadarRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run
}

// Run computes what is asked for, and once a day unasked, until ctx ends.
func (s *Service) Run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case by := <-s.ask:
			_ = s.compute(ctx, by) // told to the next reader
		case <-timer.C:
			timer.Reset(glance)
			if s.stale(ctx) && market.Is(s.compute(ctx, market.System.User), market.Unavailable) {
				timer.Reset(soon)
			}
		}
	}
}

// stale reports whether the kept radar is too old, or missing though there is
// something to look at.
func (s *Service) stale(ctx context.Context) bool {
	kept, err := s.Radars.Get(ctx, latest)
	if market.Is(err, market.NotFound) {
		page, err := s.Demands.Find(ctx, store.Query{Limit: 1})
		return err == nil && len(page.Items) > 0
	}
	return err == nil && s.now().Sub(kept.Taken) > fresh
}

// compute makes a new radar and keeps it. What fails is told to the next reader.
func (s *Service) compute(ctx context.Context, by market.ID) error {
	s.report(func(r *market.RadarRun) { *r = market.RadarRun{Running: true, Begun: s.now().UTC()} })
	radar, err := s.take(ctx)
	if err == nil {
		radar.By = by
		err = s.keep(ctx, radar)
	}
	s.report(func(r *market.RadarRun) {
		r.Running = false
		if err != nil {
			r.Failed = sentence(err)
		}
	})
	if err != nil && ctx.Err() == nil && !market.Is(err, market.Unavailable) {
		s.log.Error("radar", "err", err)
	}
	return err
}

// sentence is what readers are told of a failure.
func sentence(err error) string {
	var known *market.Error
	if errors.As(err, &known) && known.Kind != market.Internal {
		return known.Message
	}
	return "测算没有做完，请稍后再试。"
}

func (s *Service) report(change func(*market.RadarRun)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.run)
}

// keep stores a radar in place of the one before.
func (s *Service) keep(ctx context.Context, radar *market.Radar) error {
	radar.Meta = market.Meta{ID: latest}
	err := s.Radars.Insert(ctx, radar)
	for range 3 {
		if !store.IsTaken(err) && !market.Is(err, market.Stale) {
			return err
		}
		before, failed := s.Radars.Get(ctx, latest)
		if failed != nil {
			return failed
		}
		radar.Meta = before.Meta
		err = s.Radars.Update(ctx, radar)
	}
	return err
}
