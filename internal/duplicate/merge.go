package duplicate

import (
	"context"
	"jishi/internal/market"
)

// Merge merges one listing of a pair into the other; keep is "a" or "b", the one
// that stays. version is the pair's as the actor read it, 0 for any. Repeated it answers success. See
// Merger for what the listings say to it.
func (s *Service) Merge(ctx context.Context, by market.Actor, id market.ID, version int64, keep, note string) (*Pair, error) {
	shown, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	pair := shown.stored
	if err := permit(by, market.ActMerge, pair); err != nil {
		return nil, err
	}
	stays, ok := map[string]market.ID{"a": pair.A, "b": pair.B}[keep]
	if !ok {
		return nil, &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "请选择保留哪一条。", Fields: []market.FieldError{{Field: "keep", Reason: "请选择保留哪一条"}}}
	}
	if last := pair.History[len(pair.History)-1]; last.Action == market.ActMerge && last.By == by.User && pair.Into == stays {
		return shown, nil
	}
	if err := fresh(pair, version); err != nil {
		return nil, err
	}
	if _, err := market.DuplicateMoves.Next(pair.State, market.ActMerge, note, market.DuplicateState.Name); err != nil {
		return nil, err
	}
	on, err := s.shelf(pair.Kind)
	if err != nil {
		return nil, err
	}
	if err := on.merger.Merge(ctx, by, pair.Other(stays), 0, stays, note); err != nil {
		return nil, err
	}
	return s.after(ctx, by, on, pair)
}

// Unmerge restores the merged listing of a pair.
func (s *Service) Unmerge(ctx context.Context, by market.Actor, id market.ID, version int64, note string) (*Pair, error) {
	shown, err := s.Show(ctx, by, id)
	if err != nil {
		return nil, err
	}
	pair := shown.stored
	if err := permit(by, market.ActUnmerge, pair); err != nil {
		return nil, err
	}
	if last := pair.History[len(pair.History)-1]; last.Action == market.ActUnmerge && last.By == by.User {
		return shown, nil
	}
	if err := fresh(pair, version); err != nil {
		return nil, err
	}
	if _, err := market.DuplicateMoves.Next(pair.State, market.ActUnmerge, note, market.DuplicateState.Name); err != nil {
		return nil, err
	}
	on, err := s.shelf(pair.Kind)
	if err != nil {
		return nil, err
	}
	if err := on.merger.Unmerge(ctx, by, pair.Other(pair.Into), 0, note); err != nil {
		return nil, err
	}
	return s.after(ctx, by, on, pair)
}

// after brings the pair in line with its listings at once and returns it.
func (s *Service) after(ctx context.Context, by market.Actor, on *shelf, pair *market.Duplicate) (*Pair, error) {
	for _, id := range []market.ID{pair.A, pair.B} {
		one, err := on.one(ctx, id)
		if err != nil {
			return nil, err
		}
		if _, err := s.look(ctx, on, one); err != nil {
			return nil, err
		}
	}
	return s.Show(ctx, by, pair.ID)
}
