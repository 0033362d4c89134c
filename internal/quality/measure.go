package quality

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// patience is how long somebody who asks for a measurement is kept waiting.
const patience = time.Second

// Measure has the quality of today measured anew. It waits for a second; what
// takes longer goes on. Whoever asks meanwhile waits for the same.
// Administrators only.
func (s *Service) Measure(ctx context.Context, by market.Actor) error {
	if err := market.Permit(by, market.ActMeasureQuality); err != nil {
		return err
	}
	if !s.parts.Ready() {
		return market.E(market.Conflict, "index_behind", "索引还在更新，请过一会儿再测算。")
	}
	done := s.begin(context.WithoutCancel(ctx), by)
	select {
	case <-done:
		s.mutex.Lock()
		defer s.mutex.Unlock()
		return s.failed
	case <-time.After(patience):
	case <-ctx.Done():
	}
	return nil
}

// Wait returns when nothing is being measured any more or ctx ends.
func (s *Service) Wait(ctx context.Context) {
	s.mutex.Lock()
	running := s.running
	s.mutex.Unlock()
	if running == nil {
		return
	}
	select {
	case <-running:
	case <-ctx.Done():
	}
}

// begin has a measurement made, unless one is under way; what it returns is
// closed when it is done.
func (s *Service) begin(ctx context.Context, by market.Actor) <-chan struct{} {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.running == nil {
		s.running, s.failed = make(chan struct{}), nil
		go s.work(ctx, by, s.running)
	}
	return s.running
}

func (s *Service) work(ctx context.Context, by market.Actor, done chan struct{}) {
	defer close(done)
	err := s.attempt(ctx, by)
	if err != nil && ctx.Err() == nil {
		s.parts.Log.Error("measure quality", "err", err)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.running, s.failed = nil, err
}

// attempt is snapshot; a panic in it is an error, for it must not end the program.
func (s *Service) attempt(ctx context.Context, by market.Actor) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("broke down: %v\n%s", p, debug.Stack())
		}
	}()
	return s.snapshot(ctx, by)
}

// snapshot measures and keeps the result in the place of today's.
func (s *Service) snapshot(ctx context.Context, by market.Actor) error {
	q, err := s.measure(ctx)
	if err != nil {
		return err
	}
	stored, err := s.parts.Snapshots.Get(ctx, q.ID)
	if err == nil {
		q.Meta, q.History = stored.Meta, stored.History
	} else if !market.Is(err, market.NotFound) {
		return err
	}
	q.History = append(q.History, market.NextEvent(q.History, by, s.now(), market.ActMeasureQuality, "", "", q.Release))
	if q.Version > 0 {
		return s.parts.Snapshots.Update(ctx, q)
	}
	if err := s.parts.Snapshots.Insert(ctx, q); !store.IsTaken(err) {
		return err
	}
	return nil // another machine of the same release was faster
}

// Due reports whether this release has not been measured today.
func (s *Service) Due(ctx context.Context) (bool, error) {
	_, err := s.parts.Snapshots.Get(ctx, snapshotID(s.parts.Release, market.DateOf(s.now())))
	if market.Is(err, market.NotFound) {
		return true, nil
	}
	return false, err
}

// every is how often Run looks whether a measurement is due, soon how often it
// looks whether the ranking is ready.
const (
	every = 10 * time.Minute
	soon  = time.Second
)

// Run measures once a day, the first time as soon as the ranking is ready,
// until ctx ends: so each release has its figures from its first day on.
func (s *Service) Run(ctx context.Context) {
	for {
		pause := every
		if !s.parts.Ready() {
			pause = soon
		} else if due, err := s.Due(ctx); err == nil && due {
			<-s.begin(ctx, market.System)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}
