package listing

import (
	"context"
	"testing"

	"jishi/internal/market"
)

func TestPut(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	changed := func() *market.Achievement {
		a := magnesium()
		a.Summary = "改了"
		return a
	}
	other := func() *market.Achievement {
		a := magnesium()
		a.Title, a.Rights = "另一项", nil
		return a
	}
	third := func() *market.Achievement {
		a := other()
		a.Title = "第三项"
		return a
	}
	steps := []struct {
		name   string
		by     market.Actor
		doc    *market.Achievement
		ext    string
		dryRun bool
		want   market.Outcome
		code   string
		state  market.ListingState // of the listing with that external id afterwards
	}{
		{"dry run writes nothing", officer, magnesium(), "A-1", true, market.Created, "", ""},
		{"created and published", officer, magnesium(), "A-1", false, market.Created, "", market.StatePublished},
		{"again", officer, magnesium(), "A-1", false, market.Unchanged, "", market.StatePublished},
		{"dry run sees the change", officer, changed(), "A-1", true, market.Updated, "", market.StatePublished},
		{"changed", officer, changed(), "A-1", false, market.Updated, "", market.StatePublished},
		{"unchanged after the change", officer, changed(), "A-1", false, market.Unchanged, "", market.StatePublished},
		{"dry run sees the duplicate", officer, changed(), "A-9", true, 0, "duplicate_listing", ""},
		{"same thing under another id", officer, changed(), "A-9", false, 0, "duplicate_listing", ""},
		{"same thing, other owner", university, changed(), "A-1", false, market.Created, "", market.StateSubmitted},
		{"supplier's row waits for review", university, other(), "A-2", false, market.Created, "", market.StateSubmitted},
		{"dry run of what is its own", university, other(), "A-2", true, market.Unchanged, "", market.StateSubmitted},
		{"dry run takes no name", university, third(), "A-6", true, market.Created, "", ""},
		{"the name is free after a dry run", officer, third(), "A-7", false, market.Created, "", market.StatePublished},
		{"incomplete row is a draft", university, &market.Achievement{Listing: market.Listing{Title: "只有题名", Summary: "和摘要"}}, "A-3", false, market.Created, "", market.StateDraft},
		{"broken row", university, &market.Achievement{}, "A-4", false, 0, "invalid_fields", ""},
		{"demander imports no achievements", enterprise, other(), "A-5", false, 0, "not_allowed", ""},
	}
	for _, tt := range steps {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.achievements.Put(ctx, tt.by, tt.doc, tt.ext, tt.dryRun)
			if tt.code != "" {
				wantKind(t, err, market.KindOf(err), tt.code)
				return
			}
			if err != nil || got != tt.want {
				t.Fatalf("Put = %v, %v; want %v", got, err, tt.want)
			}
			stored, err := w.achievements.byImportKey(ctx, string(tt.by.Org)+"/"+tt.ext)
			if err != nil || (stored == nil) != (tt.state == "") || (stored != nil && stored.State != tt.state) {
				t.Errorf("stored %+v, %v; want state %q", stored, err, tt.state)
			}
		})
	}
}

func TestPutDoesNotRevive(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	if _, err := w.achievements.Put(ctx, officer, magnesium(), "A-1", false); err != nil {
		t.Fatal(err)
	}
	doc, err := w.achievements.byImportKey(ctx, "bureau/A-1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.achievements.Move(ctx, officer, doc.ID, 0, market.ActWithdraw, "重复"); err != nil {
		t.Fatal(err)
	}
	again := magnesium()
	again.Summary = "改了"
	_, err = w.achievements.Put(ctx, officer, again, "A-1", false)
	wantKind(t, err, market.Conflict, "withdrawn")
}

// A listing entered here leaves in an export under its own id and comes back
// as itself, for its owner only.
func TestPutKnowsItsOwnExport(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	entered := w.at(t, market.StatePublished)
	changed := magnesium()
	changed.Summary = "改了"
	if got, err := w.achievements.Put(ctx, university, changed, string(entered.ID), false); err != nil || got != market.Updated {
		t.Errorf("owner's re-import = %v, %v; want updated", got, err)
	}
	if got, err := w.achievements.Put(ctx, rival, magnesium(), string(entered.ID), false); err != nil || got != market.Created {
		t.Errorf("another's import under that id = %v, %v; want one of its own", got, err)
	}
}
