package matching

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// WeightingSpec declares the collection that holds the one weighting in force.
var WeightingSpec = store.Spec{Name: "weightings"}

// fresh is how long a weighting that was read is used before it is read again:
// what an administrator changes on one machine shows on the others by then.
const fresh = 2 * time.Second

// Weightings is the use cases around how matches are weighed. Safe for
// concurrent use.
type Weightings struct {
	docs store.Collection[market.Weighting]
	now  func() time.Time

	mutex sync.Mutex
	last  market.Weighting // Parts are never changed in place
	read  time.Time        // when last was read; zero = never
}

// NewWeightings returns the use cases over the collection of WeightingSpec.
func NewWeightings(docs store.Collection[market.Weighting], now func() time.Time) *Weightings {
	return &Weightings{docs: docs, now: now}
}

// Seed stores the weighting in the code where none is stored, and puts it in
// the place of one that nobody ever chose.
func (s *Weightings) Seed(ctx context.Context) error {
	w, err := s.docs.Get(ctx, market.WeightingID)
	shipped := market.DefaultWeighting()
	if market.Is(err, market.NotFound) {
		shipped.History = []market.Event{market.NextEvent(nil, market.System, s.now(), market.ActSetWeighting, "", shipped.Short(), "出厂权重")}
		if err = s.docs.Insert(ctx, &shipped); store.IsTaken(err) {
			return nil // another machine was faster
		}
		return err
	}
	if err != nil || chosen(w) || w.Same(shipped) {
		return err
	}
	w.History = append(w.History, market.NextEvent(w.History, market.System, s.now(), market.ActSetWeighting, w.Short(), shipped.Short(), "出厂权重随版本更新"))
	w.Parts = shipped.Parts
	if err = s.docs.Update(ctx, w); market.Is(err, market.Stale) {
		return nil // somebody chose one meanwhile
	}
	return err
}

// chosen reports whether somebody other than the System set the weighting.
func chosen(w *market.Weighting) bool {
	for _, e := range w.History {
		if e.By != market.System.User {
			return true
		}
	}
	return false
}

// Get returns the weighting in force with its history; the one in the code,
// with version 0, when none is stored. Officers and administrators.
func (s *Weightings) Get(ctx context.Context, by market.Actor) (*market.Weighting, error) {
	if err := market.Permit(by, market.ActReadWeighting); err != nil {
		return nil, err
	}
	return s.stored(ctx)
}

func (s *Weightings) stored(ctx context.Context) (*market.Weighting, error) {
	w, err := s.docs.Get(ctx, market.WeightingID)
	if market.Is(err, market.NotFound) {
		shipped := market.DefaultWeighting()
		return &shipped, nil
	}
	return w, err
}

// Change puts parts in force, as they follow from the version the actor read
// (else Stale). They must add up to 100 (else Invalid, each part named by its
// code). reason is required and kept in the history with what changed; parts
// that change nothing leave all as it is. Administrators only.
func (s *Weightings) Change(ctx context.Context, by market.Actor, parts []market.Weight, version int64, reason string) (*market.Weighting, error) {
	if err := market.Permit(by, market.ActSetWeighting); err != nil {
		return nil, err
	}
	next := market.Weighting{Parts: append([]market.Weight(nil), parts...)}
	if err := checkChange(&next, reason); err != nil {
		return nil, err
	}
	w, err := s.stored(ctx)
	if err != nil {
		return nil, err
	}
	if w.Version != version {
		return nil, staleWeighting(w)
	}
	if next.Same(*w) {
		return w, nil
	}
	note := strings.TrimSpace(reason) + "（" + next.Changes(*w) + "）"
	w.History = append(w.History, market.NextEvent(w.History, by, s.now(), market.ActSetWeighting, w.Short(), next.Short(), note))
	w.Parts = next.Parts
	if err := s.save(ctx, w); err != nil {
		return nil, err
	}
	s.keep(*w)
	return w, nil
}

func (s *Weightings) save(ctx context.Context, w *market.Weighting) error {
	if w.Version > 0 {
		return s.docs.Update(ctx, w)
	}
	err := s.docs.Insert(ctx, w)
	if store.IsTaken(err) {
		return staleWeighting(w)
	}
	return err
}

// checkChange checks parts and reason together, so that one answer names all
// that is wrong.
func checkChange(w *market.Weighting, reason string) error {
	var p market.Problems
	market.CheckNote(&p, reason)
	if strings.TrimSpace(reason) == "" {
		p.Add("note", "请写明调整的理由")
	}
	var broken *market.Error
	if errors.As(w.Check(), &broken) {
		p = append(p, broken.Fields...)
	}
	return p.Err()
}

func staleWeighting(w *market.Weighting) error {
	e := market.E(market.Stale, "stale_version", "匹配权重已被他人调整，请核对最新内容后再保存。")
	if at, by := w.Last(); by != "" && by != market.System.User {
		e.By = by
		e.Message = market.Somebody + "在" + at.In(market.Shanghai).Format("1月2日 15:04") + "调整了匹配权重，请核对最新内容后再保存。"
	}
	return e
}

// Current returns the weighting in force for scoring: kept in memory for two
// seconds, that of the last reading while the store is away, and the one in
// the code where none fits the parts there are.
func (s *Weightings) Current(ctx context.Context) market.Weighting {
	s.mutex.Lock()
	w, age := s.last, s.now().Sub(s.read)
	s.mutex.Unlock()
	if w.Parts != nil && age >= 0 && age < fresh {
		return w
	}
	stored, err := s.stored(ctx)
	if err != nil {
		if w.Parts == nil {
			return market.DefaultWeighting()
		}
		return w
	}
	if stored.Check() != nil { // of an older release with other parts
		*stored = market.DefaultWeighting()
	}
	s.keep(*stored)
	return *stored
}

// keep remembers what is in force.
func (s *Weightings) keep(w market.Weighting) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.last, s.read = w, s.now()
}
