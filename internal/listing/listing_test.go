package listing

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// world is the two books on a real store, with a clock and ids that tests set.
type world struct {
	achievements *Achievements
	demands      *Demands
	now          time.Time
	ids          atomic.Int64
}

var (
	university = market.Actor{User: "u1", Org: "uni", Name: "周老师", Roles: []market.Role{market.RoleSupplier}, Verified: true}
	rival      = market.Actor{User: "u2", Org: "rival", Name: "吴老师", Roles: []market.Role{market.RoleSupplier}, Verified: true}
	enterprise = market.Actor{User: "u3", Org: "firm", Name: "郑经理", Roles: []market.Role{market.RoleDemander}, Verified: true}
	officer    = market.Actor{User: "u4", Org: "bureau", Name: "王科长", Roles: []market.Role{market.RoleOfficer, market.RoleSupplier}, Verified: true}
	visitor    = market.Actor{}
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	ctx := context.Background()
	as, err := store.Open[market.Achievement](ctx, engine, AchievementSpec)
	if err != nil {
		t.Fatal(err)
	}
	ds, err := store.Open[market.Demand](ctx, engine, DemandSpec)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := store.Open[market.Claim](ctx, engine, store.ClaimSpec)
	if err != nil {
		t.Fatal(err)
	}
	newID := func() market.ID { return market.ID(fmt.Sprintf("id-%04d", w.ids.Add(1))) }
	w.achievements = NewAchievements(as, claims, clock, newID)
	w.demands = NewDemands(ds, claims, clock, newID)
	return w
}

func magnesium() *market.Achievement {
	return &market.Achievement{
		Listing: market.Listing{Title: "耐热镁合金轧制工艺", Summary: "一种镁合金板材轧制工艺。", Detail: "保密的温度曲线", Modes: []string{"license"},
			Class: market.Class{Field: "05"}, Contact: market.Contact{Name: "周老师", Phone: "13800000000"}},
		Holder: "示例大学", Maturity: market.Maturity{TRL: 6},
		Rights: []market.Right{{Kind: "invention", Number: "201710601862.3"}},
	}
}

// at brings a new listing of the university into a state.
func (w *world) at(t *testing.T, state market.ListingState) *market.Achievement {
	t.Helper()
	path := map[market.ListingState][]market.Action{
		market.StateDraft:     {},
		market.StateSubmitted: {market.ActSubmit},
		market.StatePublished: {market.ActSubmit, market.ActApprove},
		market.StateRejected:  {market.ActSubmit, market.ActReject},
		market.StateWithdrawn: {market.ActWithdraw},
		market.StateExpired:   {market.ActSubmit, market.ActApprove, market.ActExpire},
	}
	doc, err := w.achievements.Create(context.Background(), university, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range path[state] {
		by := map[market.Action]market.Actor{market.ActApprove: officer, market.ActReject: officer, market.ActExpire: market.System}[action]
		if by.User == "" {
			by = university
		}
		if doc, err = w.achievements.Move(context.Background(), by, doc.ID, 0, action, "理由"); err != nil {
			t.Fatalf("%s: %v", action, err)
		}
	}
	if state == market.StateMerged {
		if doc, err = w.achievements.Merge(context.Background(), officer, doc.ID, 0, w.second(t).ID, "同一项"); err != nil {
			t.Fatal(err)
		}
	}
	return doc
}

func wantKind(t *testing.T, err error, kind market.Kind, code string) {
	t.Helper()
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != kind || (code != "" && e.Code != code) {
		t.Errorf("error = %v, want kind %d code %q", err, kind, code)
	}
}

func TestCreateIgnoresWhatTheStoreKeeps(t *testing.T) {
	w := newWorld(t)
	doc := magnesium()
	doc.ID, doc.Version, doc.State, doc.Owner, doc.Demo = "forged", 9, market.StatePublished, "rival", false
	doc.Submitter, doc.ImportKey = "forged", "forged"
	got, err := w.achievements.Create(context.Background(), university, doc)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID == "forged" || got.Version != 1 || got.State != market.StateDraft || got.Owner != "uni" || got.ImportKey != string(got.ID) || got.Submitter != "" {
		t.Errorf("created %+v", got)
	}
	if len(got.History) != 1 || got.History[0].By != university.User || got.History[0].Seq != 1 {
		t.Errorf("history %+v", got.History)
	}
}

// Every state × action × actor: legal ones arrive where the table says, all
// others answer an error and leave the listing as it was.
func TestMoveTable(t *testing.T) {
	actions := []market.Action{market.ActSubmit, market.ActApprove, market.ActReject, market.ActWithdraw, market.ActRenew, market.ActReopen, market.ActExpire}
	actors := map[string]market.Actor{"owner": university, "rival": rival, "officer": officer, "visitor": visitor}
	cells := 0
	for _, state := range market.ListingStates {
		for _, action := range actions {
			for name, by := range actors {
				cells++
				t.Run(state.Code+"/"+string(action)+"/"+name, func(t *testing.T) {
					moveCell(t, market.ListingState(state.Code), action, by)
				})
			}
		}
	}
	t.Logf("%d cells", cells)
}

func moveCell(t *testing.T, state market.ListingState, action market.Action, by market.Actor) {
	w := newWorld(t)
	before := w.at(t, state)
	allowed := market.May(by, action, before.Owner)
	move, illegal := market.ListingMoves.Next(state, action, "理由", market.ListingState.Name)
	last := before.History[len(before.History)-1]
	repeated := last.Action == action && last.By == by.User && action != market.ActRenew
	got, err := w.achievements.Move(context.Background(), by, before.ID, before.Version, action, "理由")
	after, _ := w.achievements.Show(context.Background(), market.System, before.ID)
	switch {
	case !allowed:
		if err == nil || after.Version != before.Version {
			t.Errorf("not allowed, yet err %v, version %d → %d", err, before.Version, after.Version)
		}
	case repeated:
		if err != nil || after.Version != before.Version {
			t.Errorf("repeating is harmless, got %v, version %d → %d", err, before.Version, after.Version)
		}
	case illegal != nil:
		wantKind(t, err, market.Conflict, "wrong_state")
		if after.Version != before.Version {
			t.Error("an illegal move changed the listing")
		}
	default:
		if err != nil || got.State != move.To || after.State != move.To || after.History[len(after.History)-1].To != string(move.To) {
			t.Errorf("state %v, err %v, want %v", after.State, err, move.To)
		}
	}
}

func TestSubmitNeedsMore(t *testing.T) {
	w := newWorld(t)
	doc := magnesium()
	doc.Modes, doc.Class.Field = nil, ""
	draft, err := w.achievements.Create(context.Background(), university, doc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.achievements.Move(context.Background(), university, draft.ID, 0, market.ActSubmit, "")
	wantKind(t, err, market.Invalid, "invalid_fields")
	_, err = w.achievements.Move(context.Background(), officer, w.at(t, market.StateSubmitted).ID, 0, market.ActReject, " ")
	wantKind(t, err, market.Invalid, "note_required")
}

func TestNobodyReviewsTheirOwn(t *testing.T) {
	w := newWorld(t)
	own, err := w.achievements.Create(context.Background(), officer, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.achievements.Move(context.Background(), officer, own.ID, 0, market.ActSubmit, ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.achievements.Move(context.Background(), officer, own.ID, 0, market.ActApprove, "")
	wantKind(t, err, market.Denied, "")
}

func TestDuplicates(t *testing.T) {
	tests := []struct {
		name   string
		state  market.ListingState // of the first listing
		change func(*market.Achievement)
		taken  bool
	}{
		{"same title and holder", market.StatePublished, func(a *market.Achievement) { a.Rights = nil; a.Title = "耐热镁合金 轧制工艺" }, true},
		{"same patent", market.StateSubmitted, func(a *market.Achievement) { a.Title = "另一种说法" }, true},
		{"other holder, no patent", market.StatePublished, func(a *market.Achievement) { a.Rights, a.Holder = nil, "另一单位" }, false},
		{"first one withdrawn", market.StateWithdrawn, func(*market.Achievement) {}, false},
		{"first one still a draft", market.StateDraft, func(*market.Achievement) {}, false},
		{"first one rejected", market.StateRejected, func(*market.Achievement) {}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.at(t, tt.state)
			w.now = w.now.Add(2 * claimGrace)
			doc := magnesium()
			tt.change(doc)
			elsewhere := *doc
			second, err := w.achievements.Create(context.Background(), university, doc)
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.achievements.Move(context.Background(), university, second.ID, 0, market.ActSubmit, "")
			if tt.taken {
				wantKind(t, err, market.Conflict, "duplicate_listing")
			} else if err != nil {
				t.Errorf("submit: %v", err)
			}
			theirs, err := w.achievements.Create(context.Background(), rival, &elsewhere)
			if err == nil { // another organization's is not refused, only marked
				_, err = w.achievements.Move(context.Background(), rival, theirs.ID, 0, market.ActSubmit, "")
			}
			if err != nil {
				t.Errorf("submit by another organization: %v", err)
			}
		})
	}
}

func TestConcurrentSubmitsOfOneTitle(t *testing.T) {
	w := newWorld(t)
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		draft, err := w.achievements.Create(context.Background(), university, magnesium())
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			_, err := w.achievements.Move(context.Background(), university, draft.ID, 0, market.ActSubmit, "")
			if err == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of 8 submits of one title won, want 1", won.Load())
	}
}
