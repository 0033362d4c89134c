package duplicate

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// settle makes the pairs of a listing say what the listing says: that it was
// merged, or no longer is. The listing is the truth, so doing it twice is
// harmless, and a program that ended between the two writes goes on here.
func (s *Service) settle(ctx context.Context, on *shelf, one listed) error {
	if one.State == market.StateMerged {
		return s.settleMerged(ctx, on, one)
	}
	last := slices.IndexFunc(one.History, func(e market.Event) bool { return e.Action == market.ActUnmerge })
	if last < 0 {
		return nil
	}
	return s.each(ctx, one.id, func(pair *market.Duplicate) error {
		if pair.State != market.DuplicateMerged || pair.Into == one.id {
			return nil
		}
		return s.follow(ctx, pair, one, market.ActUnmerge, market.DuplicateOpen, "")
	})
}

func (s *Service) settleMerged(ctx context.Context, on *shelf, one listed) error {
	pair, err := s.pairs.Get(ctx, market.DuplicateID(one.id, one.MergedInto))
	if market.Is(err, market.NotFound) { // merged without having been found here
		other, err := on.one(ctx, one.MergedInto)
		if err != nil {
			return err
		}
		pair = s.begin(on, one, s.compare(one, other))
		if err := s.pairs.Insert(ctx, pair); err != nil && !store.IsTaken(err) {
			return err
		}
		if pair, err = s.pairs.Get(ctx, pair.ID); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if pair.State == market.DuplicateMerged && pair.Into == one.MergedInto {
		return nil
	}
	return s.follow(ctx, pair, one, market.ActMerge, market.DuplicateMerged, one.MergedInto)
}

// follow moves a pair as its listing moved, by the hand that moved that.
func (s *Service) follow(ctx context.Context, pair *market.Duplicate, one listed, action market.Action, to market.DuplicateState, into market.ID) error {
	by, at, note := market.System, s.now().UTC(), ""
	for _, e := range one.History {
		if e.Action == action {
			by, at, note = market.Actor{User: e.By, Org: e.Org, Name: e.ByName}, e.At, e.Note
		}
	}
	pair.History = append(pair.History, market.NextEvent(pair.History, by, at, action, string(pair.State), string(to), note))
	pair.State, pair.Into = to, into
	err := s.pairs.Update(ctx, pair)
	if market.Is(err, market.Stale) {
		return nil // the other of use case and follower was faster
	}
	return err
}

// each calls visit for every pair of a listing.
func (s *Service) each(ctx context.Context, id market.ID, visit func(*market.Duplicate) error) error {
	for _, side := range []string{"a", "b"} {
		for after := ""; ; {
			page, err := s.pairs.Find(ctx, store.Query{Equal: []store.Equal{{Field: side, Value: string(id)}}, Sort: "found", After: after, Limit: market.MaxPageSize})
			if err != nil {
				return err
			}
			for _, pair := range page.Items {
				if err := visit(pair); err != nil {
					return err
				}
			}
			if after = page.Next; after == "" {
				break
			}
		}
	}
	return nil
}
