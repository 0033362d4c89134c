package listing

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"jishi/internal/market"
)

// TestMergeAndUnmerge merges from every state and restores exactly.
func TestMergeAndUnmerge(t *testing.T) {
	for _, tt := range []struct {
		state market.ListingState
		ok    bool
	}{
		{market.StateDraft, true}, {market.StateSubmitted, true}, {market.StatePublished, true}, {market.StateRejected, true},
		{market.StateWithdrawn, false},
	} {
		t.Run(string(tt.state), func(t *testing.T) {
			w, ctx := newWorld(t), context.Background()
			b := w.at(t, tt.state)
			into := w.second(t)
			before, err := w.achievements.docs.Get(ctx, b.ID)
			if err != nil {
				t.Fatal(err)
			}
			merged, err := w.achievements.Merge(ctx, officer, b.ID, before.Version, into.ID, "同一项")
			if !tt.ok {
				wantKind(t, err, market.Conflict, "wrong_state")
				return
			}
			if err != nil || merged.State != market.StateMerged || merged.MergedInto != into.ID {
				t.Fatalf("Merge = %+v, %v", merged, err)
			}
			if again, err := w.achievements.Merge(ctx, officer, b.ID, before.Version, into.ID, "同一项"); err != nil || again.Version != merged.Version {
				t.Errorf("merged again: %v, %v", again, err)
			}
			if id, err := w.achievements.Survivor(ctx, b.ID); err != nil || id != into.ID {
				t.Errorf("Survivor = %s, %v", id, err)
			}
			if _, err := w.achievements.Unmerge(ctx, officer, b.ID, before.Version, ""); !market.Is(err, market.Stale) {
				t.Errorf("unmerge of an old version: %v", err)
			}
			after, err := w.achievements.Unmerge(ctx, officer, b.ID, merged.Version, "不是同一项")
			if err != nil {
				t.Fatal(err)
			}
			if n := len(after.History); n != len(before.History)+2 || after.History[n-1].Action != market.ActUnmerge || after.History[n-1].To != string(tt.state) {
				t.Errorf("history %+v", after.History)
			}
			stored, err := w.achievements.docs.Get(ctx, b.ID)
			if err != nil {
				t.Fatal(err)
			}
			stored.History, stored.Meta = before.History, before.Meta
			if !reflect.DeepEqual(stored, before) {
				t.Errorf("restored to\n%+v\nwas\n%+v", stored, before)
			}
		})
	}
}

// second is another published listing, of another organization.
func (w *world) second(t *testing.T) *market.Achievement {
	t.Helper()
	ctx := context.Background()
	doc := magnesium()
	doc.Title, doc.Rights = "第二项", nil
	made, err := w.achievements.Create(ctx, rival, doc)
	if err != nil {
		t.Fatal(err)
	}
	if made, err = w.achievements.Move(ctx, rival, made.ID, 0, market.ActSubmit, ""); err != nil {
		t.Fatal(err)
	}
	if made, err = w.achievements.Move(ctx, officer, made.ID, 0, market.ActApprove, ""); err != nil {
		t.Fatal(err)
	}
	return made
}

func TestMergeRefuses(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a, b := w.at(t, market.StatePublished), w.second(t)
	for _, tt := range []struct {
		name     string
		by       market.Actor
		id, into market.ID
		kind     market.Kind
		code     string
	}{
		{"owner of one only", university, a.ID, b.ID, market.Denied, "not_allowed"},
		{"owner of the other only", rival, a.ID, b.ID, market.Denied, "not_allowed"},
		{"visitor", market.Actor{}, a.ID, b.ID, market.Unauthenticated, "sign_in_first"},
		{"into itself", officer, a.ID, a.ID, market.Invalid, "merge_with_itself"},
		{"into nothing", officer, a.ID, "none", market.NotFound, "not_found"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.achievements.Merge(ctx, tt.by, tt.id, 0, tt.into, "")
			wantKind(t, err, tt.kind, tt.code)
		})
	}
	if _, err := w.achievements.Merge(ctx, officer, a.ID, 0, b.ID, ""); err != nil {
		t.Fatal(err)
	}
	_, err := w.achievements.Merge(ctx, officer, b.ID, 0, a.ID, "")
	wantKind(t, err, market.Conflict, "target_merged")
	_, err = w.achievements.Unmerge(ctx, university, a.ID, 0, "")
	wantKind(t, err, market.Denied, "not_allowed")
	_, err = w.achievements.Unmerge(ctx, officer, b.ID, 0, "")
	wantKind(t, err, market.Conflict, "wrong_state")
	changed := magnesium()
	changed.Summary = "改了"
	_, err = w.achievements.Put(ctx, university, changed, string(a.ID), false)
	wantKind(t, err, market.Conflict, "merged")
	for _, action := range []market.Action{market.ActMerge, market.ActUnmerge} {
		_, err = w.achievements.Move(ctx, officer, b.ID, 0, action, "")
		wantKind(t, err, market.Invalid, "merge_names_another")
	}
}

// TestCrossedMerges merges two listings into each other at once: at least one
// stays.
func TestCrossedMerges(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a, b := w.at(t, market.StatePublished), w.second(t)
	for range 20 {
		var wait sync.WaitGroup
		for _, pair := range [][2]market.ID{{a.ID, b.ID}, {b.ID, a.ID}} {
			wait.Go(func() { _, _ = w.achievements.Merge(ctx, officer, pair[0], 0, pair[1], "") })
		}
		wait.Wait()
		x, errX := w.achievements.docs.Get(ctx, a.ID)
		y, errY := w.achievements.docs.Get(ctx, b.ID)
		if errX != nil || errY != nil || x.State == market.StateMerged && y.State == market.StateMerged {
			t.Fatalf("%v into %v, %v into %v (%v, %v)", x.State, x.MergedInto, y.State, y.MergedInto, errX, errY)
		}
		_, _ = w.achievements.Unmerge(ctx, officer, a.ID, 0, "")
		_, _ = w.achievements.Unmerge(ctx, officer, b.ID, 0, "")
	}
}
