package listing

import (
	"context"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

func TestRevise(t *testing.T) {
	tests := []struct {
		name  string
		state market.ListingState
		by    market.Actor
		to    market.ListingState
		kind  market.Kind
		ok    bool
	}{
		{"draft stays draft", market.StateDraft, university, market.StateDraft, 0, true},
		{"rejected becomes draft", market.StateRejected, university, market.StateDraft, 0, true},
		{"published goes back to review", market.StatePublished, university, market.StateSubmitted, 0, true},
		{"submitted is with the officer", market.StateSubmitted, university, "", market.Conflict, false},
		{"withdrawn must be reopened", market.StateWithdrawn, university, "", market.Conflict, false},
		{"not a stranger's", market.StateDraft, rival, "", market.Denied, false},
		{"not a visitor's", market.StateDraft, visitor, "", market.Unauthenticated, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			old := w.at(t, tt.state)
			doc := magnesium()
			doc.Summary, doc.Owner, doc.State = "改写后的摘要", "rival", market.StatePublished
			got, err := w.achievements.Revise(context.Background(), tt.by, old.ID, old.Version, doc)
			if !tt.ok {
				wantKind(t, err, tt.kind, "")
				return
			}
			if err != nil || got.State != tt.to || got.Summary != "改写后的摘要" || got.Owner != "uni" || got.Version != old.Version+1 {
				t.Errorf("Revise = %+v, %v", got, err)
			}
		})
	}
}

func TestReviseStale(t *testing.T) {
	w := newWorld(t)
	old := w.at(t, market.StateDraft)
	if _, err := w.achievements.Revise(context.Background(), university, old.ID, old.Version, magnesium()); err != nil {
		t.Fatal(err)
	}
	_, err := w.achievements.Revise(context.Background(), university, old.ID, old.Version, magnesium())
	wantKind(t, err, market.Stale, "stale_version")
	_, err = w.achievements.Move(context.Background(), university, old.ID, old.Version, market.ActSubmit, "")
	wantKind(t, err, market.Stale, "stale_version")
	_, err = w.achievements.Revise(context.Background(), university, "nobody", 1, magnesium())
	wantKind(t, err, market.NotFound, "")
}

func TestShowWithholds(t *testing.T) {
	unverified, newOwner := enterprise, university
	unverified.Verified, newOwner.Verified = false, false
	tests := []struct {
		name            string
		state           market.ListingState
		by              market.Actor
		detail, contact bool
		kind            market.Kind
		ok              bool
	}{
		{"owner sees all", market.StatePublished, university, true, true, 0, true},
		{"owner not checked yet sees their own contact", market.StateDraft, newOwner, true, true, 0, true},
		{"officer sees all", market.StateSubmitted, officer, true, true, 0, true},
		{"visitor sees the public part", market.StatePublished, visitor, false, false, 0, true},
		{"verified firm sees the contact", market.StatePublished, enterprise, false, true, 0, true},
		{"unverified firm does not", market.StatePublished, unverified, false, false, 0, true},
		{"rival may not see a draft", market.StateDraft, rival, false, false, market.Denied, false},
		{"visitor is asked to sign in", market.StateWithdrawn, visitor, false, false, market.Unauthenticated, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			got, err := w.achievements.Show(context.Background(), tt.by, w.at(t, tt.state).ID)
			if !tt.ok {
				wantKind(t, err, tt.kind, "")
				return
			}
			if err != nil || (got.Detail != "") != tt.detail || (got.Contact.Phone != "") != tt.contact || (got.History != nil) != tt.detail {
				t.Errorf("Show = detail %q contact %+v, %v", got.Detail, got.Contact, err)
			}
		})
	}
}

func TestListsCarryNothingConfidential(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	published := w.at(t, market.StatePublished)
	lists := map[string]func() (store.Page[market.Achievement], error){
		"newest": func() (store.Page[market.Achievement], error) { return w.achievements.Newest(ctx, university, "", 10) },
		"own":    func() (store.Page[market.Achievement], error) { return w.achievements.Own(ctx, university, "", 10) },
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			page, err := list()
			if err != nil || len(page.Items) != 1 || page.Items[0].ID != published.ID {
				t.Fatalf("%v, %v", page.Items, err)
			}
			if got := page.Items[0]; got.Detail != "" || got.Contact.Phone != "" || got.History != nil {
				t.Errorf("row carries %+v", got)
			}
		})
	}
	_, err := w.achievements.Own(ctx, visitor, "", 10)
	wantKind(t, err, market.Unauthenticated, "")
	_, err = w.achievements.Queue(ctx, university, "", 10)
	wantKind(t, err, market.Denied, "")
}

func TestQueueIsOldestFirst(t *testing.T) {
	w := newWorld(t)
	var want []market.ID
	for _, title := range []string{"甲", "乙", "丙"} {
		doc := magnesium()
		doc.Title, doc.Rights = title, nil
		draft, err := w.achievements.Create(context.Background(), university, doc)
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Hour)
		if _, err := w.achievements.Move(context.Background(), university, draft.ID, 0, market.ActSubmit, ""); err != nil {
			t.Fatal(err)
		}
		want = append(want, draft.ID)
	}
	page, err := w.achievements.Queue(context.Background(), officer, "", 2)
	if err != nil || len(page.Items) != 2 || page.Items[0].ID != want[0] || page.Next == "" {
		t.Fatalf("first page %v, %v", page, err)
	}
	page, err = w.achievements.Queue(context.Background(), officer, page.Next, 2)
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != want[2] || page.Next != "" {
		t.Errorf("second page %v, %v", page, err)
	}
}

func TestExpire(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	demand := &market.Demand{Listing: market.Listing{Title: "求镁合金", Summary: "需要。", Modes: []string{"develop"}, Class: market.Class{Field: "05"}},
		DemandKind: "problem", Deadline: "2026-04-30"}
	d, err := w.demands.Create(ctx, enterprise, demand)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		by     market.Actor
		action market.Action
	}{{enterprise, market.ActSubmit}, {officer, market.ActApprove}} {
		if d, err = w.demands.Move(ctx, step.by, d.ID, 0, step.action, ""); err != nil {
			t.Fatal(err)
		}
	}
	if want := market.Date("2026-05-01").Time(); !d.ValidUntil.Equal(want) {
		t.Errorf("valid until %v, want the end of the deadline day %v", d.ValidUntil, want)
	}
	steps := []struct {
		day  market.Date
		want int
	}{{"2026-04-30", 0}, {"2026-05-02", 1}, {"2026-05-03", 0}}
	for _, step := range steps {
		w.now = step.day.Time()
		if n, err := w.demands.Expire(ctx); err != nil || n != step.want {
			t.Errorf("%s: expired %d, %v; want %d", step.day, n, err, step.want)
		}
	}
	if _, err := w.demands.Move(ctx, enterprise, d.ID, 0, market.ActRenew, ""); err != nil {
		t.Errorf("renew: %v", err)
	}
	again, _ := w.demands.Show(ctx, enterprise, d.ID)
	if again.State != market.StatePublished || !again.ValidUntil.Equal(w.now.Add(market.ListingValidity)) {
		t.Errorf("renewed to %v until %v", again.State, again.ValidUntil)
	}
}

func TestActions(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name  string
		state market.ListingState
		by    market.Actor
		want  int
	}{
		{"owner of a draft", market.StateDraft, university, 3}, {"officer at the queue", market.StateSubmitted, officer, 3},
		{"visitor", market.StatePublished, visitor, 0}, {"rival", market.StatePublished, rival, 0}, {"owner of a published", market.StatePublished, university, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := magnesium()
			doc.State, doc.Owner, doc.Submitter = tt.state, "uni", "u1"
			if got := w.achievements.Actions(tt.by, doc); len(got) != tt.want {
				t.Errorf("actions %v, want %d", got, tt.want)
			}
		})
	}
}
