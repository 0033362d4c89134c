package duplicate

import (
	"cmp"
	"context"
	"math"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// twin is a listing that may be the same as another.
type twin struct {
	listed
	similarity int // percent
	both       []string
}

// twins returns the live listings that may be the same as one, those with a
// common number first, then by similarity.
func (s *Service) twins(ctx context.Context, on *shelf, one listed) ([]twin, error) {
	ids := append(on.numbers.of(one.numbers, told), on.texts.Near(one.text(), brought)...)
	slices.Sort(ids)
	ids = slices.DeleteFunc(slices.Compact(ids), func(id market.ID) bool { return id == one.id })
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := on.docs.get(ctx, ids[:min(len(ids), store.MaxLimit)]...)
	if err != nil {
		return nil, err
	}
	var all []twin
	for _, other := range found {
		if t := s.compare(one, other); other.live() && t.possible() {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b twin) int {
		return cmp.Or(cmp.Compare(len(b.both), len(a.both)), cmp.Compare(b.similarity, a.similarity), cmp.Compare(a.id, b.id))
	})
	return all[:min(len(all), told)], nil
}

// compare says how much two listings have in common.
func (s *Service) compare(one, other listed) twin {
	return twin{other, int(math.Floor(100 * s.same(one.text(), other.text()))), shared(one.numbers, other.numbers)}
}

// possible reports whether it is enough to be told.
func (t twin) possible() bool { return t.similarity >= Least || len(t.both) > 0 }

// Look compares one listing with all others now, without waiting for the
// follower, and keeps the pairs it finds; how many they are is returned. What
// is no longer live has none.
func (s *Service) Look(ctx context.Context, kind market.ListingKind, id market.ID) (int, error) {
	on, err := s.shelf(kind)
	if err != nil {
		return 0, err
	}
	one, err := on.one(ctx, id)
	if err != nil {
		return 0, err
	}
	return s.look(ctx, on, one)
}

func (s *Service) look(ctx context.Context, on *shelf, one listed) (int, error) {
	if err := s.settle(ctx, on, one); err != nil {
		return 0, err
	}
	if !one.live() {
		on.texts.Drop(one.id)
		on.numbers.put(one.id, nil)
		return 0, nil
	}
	found, err := s.twins(ctx, on, one)
	if err != nil {
		return 0, err
	}
	on.texts.Put(one.id, one.text())
	on.numbers.put(one.id, one.numbers)
	for _, t := range found {
		if err := s.keep(ctx, on, one, t); err != nil {
			return 0, err
		}
	}
	return len(found), nil
}

// keep stores a pair, or brings a stored one up to date. What was said about it
// stays: a pair that is not the same is not asked about again.
func (s *Service) keep(ctx context.Context, on *shelf, one listed, t twin) error {
	pair, err := s.pairs.Get(ctx, market.DuplicateID(one.id, t.id))
	if market.Is(err, market.NotFound) {
		pair = s.begin(on, one, t)
		if err = s.pairs.Insert(ctx, pair); store.IsTaken(err) {
			return nil // found at the same time elsewhere
		}
		return err
	}
	if err != nil || pair.Similarity == t.similarity && slices.Equal(pair.Numbers, t.both) {
		return err
	}
	pair.Similarity, pair.Numbers = t.similarity, t.both
	if err = s.pairs.Update(ctx, pair); market.Is(err, market.Stale) {
		return nil // somebody judges it just now; the next change brings it up to date
	}
	return err
}

// begin is a pair that was found just now.
func (s *Service) begin(on *shelf, one listed, t twin) *market.Duplicate {
	a, b := one, t.listed
	if b.id < a.id {
		a, b = b, a
	}
	now := s.now().UTC()
	return &market.Duplicate{
		Meta: market.Meta{ID: market.DuplicateID(a.id, b.id)}, Kind: on.kind, A: a.id, B: b.id, OwnerA: a.Owner, OwnerB: b.Owner,
		Similarity: t.similarity, Numbers: t.both, State: market.DuplicateOpen, Found: now,
		History: []market.Event{market.NextEvent(nil, market.System, now, market.ActFindDuplicate, "", string(market.DuplicateOpen), "")},
	}
}
