package duplicate

import (
	"context"
	"time"

	"jishi/internal/market"
)

// Hint is one possible duplicate of a listing.
type Hint struct {
	Pair       market.ID             `json:"pair"` // empty while the listing is a draft: nothing is kept of it
	State      market.DuplicateState `json:"state"`
	Other      Side                  `json:"other"`
	Similarity int                   `json:"similarity"` // 0–100 %
	Numbers    []string              `json:"numbers"`
}

// Hints returns what a listing may be the same as, to those who may read its
// draft. What the reader may not know of is left out without a word. What was
// judged not to be the same is told no more; a draft is compared on the spot.
func (s *Service) Hints(ctx context.Context, by market.Actor, kind market.ListingKind, id market.ID) ([]Hint, error) {
	on, one, err := s.own(ctx, by, kind, id)
	if err != nil {
		return nil, err
	}
	found, err := s.twins(ctx, on, one)
	if err != nil {
		return nil, err
	}
	hints := []Hint{}
	for _, t := range found {
		if !readable(by, t.listed) {
			continue
		}
		hint := Hint{State: market.DuplicateOpen, Other: side(by, kind, t.listed), Similarity: t.similarity, Numbers: t.both}
		pair, err := s.pairs.Get(ctx, market.DuplicateID(id, t.id))
		if err != nil && !market.Is(err, market.NotFound) {
			return nil, err
		}
		if err == nil {
			hint.Pair, hint.State = pair.ID, pair.State
		}
		if hint.State == market.DuplicateOpen || hint.State == market.DuplicateDisputed {
			hints = append(hints, hint)
		}
	}
	return hints, nil
}

// own returns a listing to those who may read its duplicates.
func (s *Service) own(ctx context.Context, by market.Actor, kind market.ListingKind, id market.ID) (*shelf, listed, error) {
	on, err := s.shelf(kind)
	if err != nil {
		return nil, listed{}, err
	}
	one, err := on.one(ctx, id)
	if err == nil {
		err = market.Permit(by, market.ActReadDuplicate, one.Owner)
	}
	return on, one, err
}

// Source is a listing that was merged into another, for its source trail.
type Source struct {
	Side
	Pair   market.ID // empty when the reader may not open it
	Merged time.Time // UTC
}

// Sources returns what was merged into a listing, in the order of finding: all
// to those who may read its draft or that of what was merged, else what had
// been public.
func (s *Service) Sources(ctx context.Context, by market.Actor, kind market.ListingKind, id market.ID) ([]Source, error) {
	on, err := s.shelf(kind)
	if err != nil {
		return nil, err
	}
	var sources []Source
	err = s.each(ctx, id, func(pair *market.Duplicate) error {
		if pair.State != market.DuplicateMerged || pair.Into != id {
			return nil
		}
		one, err := on.one(ctx, pair.Other(id))
		if err != nil || !readable(by, one) {
			return err
		}
		source := Source{Side: side(by, kind, one)}
		if market.May(by, market.ActReadDuplicate, pair.OwnerA, pair.OwnerB) {
			source.Pair = pair.ID
		}
		if n := len(one.History); n > 0 {
			source.Merged = one.History[n-1].At
		}
		sources = append(sources, source)
		return nil
	})
	return sources, err
}
