package listing

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

// directory is brokers with where they work.
type directory map[market.ID]market.Place

func (d directory) BrokerPlace(_ context.Context, user market.ID) (market.Place, error) {
	if place, ok := d[user]; ok {
		return place, nil
	}
	return market.Place{}, market.E(market.NotFound, "not_found", "没有")
}

// board keeps notices, one of an id, as the real one does; one fails with err.
type board struct {
	notices []market.Notice
	err     error
}

func (b *board) Add(_ context.Context, n market.Notice) error {
	if b.err != nil {
		return b.err
	}
	if err := n.Check(); err != nil {
		return err
	}
	if !slices.ContainsFunc(b.notices, func(told market.Notice) bool { return told.ID == n.ID }) {
		b.notices = append(b.notices, n)
	}
	return nil
}

var (
	mediator = market.Actor{User: "b1", Org: "agency", Name: "李经纪", Roles: []market.Role{market.RoleBroker}, Verified: true}
	stranger = market.Actor{User: "b2", Org: "agency", Name: "赵经纪", Roles: []market.Role{market.RoleBroker}, Verified: true}
)

// wanted publishes a demand of the enterprise.
func (w *world) wanted(t *testing.T) *market.Demand {
	t.Helper()
	d, err := w.demands.Create(t.Context(), enterprise, &market.Demand{
		Listing:    market.Listing{Title: "耐热镁合金薄板", Summary: "汽车壳体要用的薄板。", Modes: []string{"license"}, Class: market.Class{Field: "05"}},
		DemandKind: "problem",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		by     market.Actor
		action market.Action
	}{{enterprise, market.ActSubmit}, {officer, market.ActApprove}} {
		if d, err = w.demands.Move(t.Context(), step.by, d.ID, 0, step.action, ""); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

func (w *world) entrusting() (*Entrusting, *board) {
	told := &board{}
	return NewEntrusting(w.demands, directory{"b1": {Org: "agency", Name: "示例转移中心"}, "b2": {Org: "agency", Name: "示例转移中心"}}, told), told
}

func TestEntrust(t *testing.T) {
	w := newWorld(t)
	e, told := w.entrusting()
	d := w.wanted(t)
	handed, err := e.Entrust(t.Context(), enterprise, d.ID, d.Version, "b1")
	if err != nil {
		t.Fatal(err)
	}
	last := handed.History[len(handed.History)-1]
	if handed.Broker != "b1" || handed.State != market.StatePublished || last.Action != market.ActEntrust || !strings.Contains(last.Note, "示例转移中心") {
		t.Errorf("handed to %q, state %s, last event %+v", handed.Broker, handed.State, last)
	}
	if len(told.notices) != 1 || told.notices[0].User != "b1" || told.notices[0].Link != "/demands/"+string(d.ID) || told.notices[0].Kind != market.NoticeHanded {
		t.Errorf("notices %+v, want one to the broker", told.notices)
	}
	if again, err := e.Entrust(t.Context(), enterprise, d.ID, 0, "b1"); err != nil || again.Version != handed.Version || len(told.notices) != 1 {
		t.Errorf("handed again: version %d, %v, %d notices", again.Version, err, len(told.notices))
	}
	page, err := e.Entrusted(t.Context(), mediator, "", 20)
	if err != nil || len(page.Items) != 1 || page.Items[0].Broker != "" || page.Items[0].History != nil {
		t.Errorf("the broker's desk has %+v, %v", page.Items, err)
	}
	for _, tt := range []struct {
		by   market.Actor
		want market.ID
	}{{enterprise, "b1"}, {officer, "b1"}, {mediator, "b1"}, {stranger, ""}, {visitor, ""}, {university, ""}} {
		if got, err := e.Holder(t.Context(), tt.by, d.ID); err != nil || got != tt.want {
			t.Errorf("%s learns %q, %v, want %q", tt.by.Name, got, err, tt.want)
		}
		shown, err := w.demands.Show(t.Context(), tt.by, d.ID)
		if err != nil || (shown.Broker != "") != (tt.want != "" && tt.by.User != mediator.User) {
			t.Errorf("%s is shown broker %q, %v", tt.by.Name, shown.Broker, err)
		}
	}
}

func TestEntrustAndBack(t *testing.T) {
	w := newWorld(t)
	e, told := w.entrusting()
	d := w.wanted(t)
	for _, step := range []func() (*market.Demand, error){
		func() (*market.Demand, error) { return e.Entrust(t.Context(), enterprise, d.ID, 0, "b1") },
		func() (*market.Demand, error) { return e.Recall(t.Context(), enterprise, d.ID, 0) },
		func() (*market.Demand, error) { return e.Recall(t.Context(), enterprise, d.ID, 0) }, // harmless
		func() (*market.Demand, error) { return e.Entrust(t.Context(), enterprise, d.ID, 0, "b2") },
		func() (*market.Demand, error) { return e.Decline(t.Context(), stranger, d.ID, 0, "不是我的领域") },
	} {
		if _, err := step(); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := w.demands.Show(t.Context(), enterprise, d.ID)
	if err != nil || shown.Broker != "" {
		t.Fatalf("with %q, %v", shown.Broker, err)
	}
	var did []string
	for _, event := range shown.History {
		did = append(did, string(event.Action))
	}
	if got := strings.Join(did[len(did)-4:], " "); got != "entrust recall entrust decline" {
		t.Errorf("history ends %q", got)
	}
	var to []string
	ids := map[market.ID]bool{}
	for _, n := range told.notices {
		to = append(to, string(n.User))
		ids[n.ID] = true
	}
	if got := strings.Join(to, " "); got != "b1 b1 b2 u3" || len(ids) != 4 {
		t.Errorf("told %q under %d ids", got, len(ids))
	}
}

func TestEntrustRefused(t *testing.T) {
	w := newWorld(t)
	e, told := w.entrusting()
	free := w.wanted(t)
	held, err := w.demands.Create(t.Context(), enterprise, &market.Demand{Listing: market.Listing{Title: "草稿", Summary: "还没有写完。"}})
	if err != nil {
		t.Fatal(err)
	}
	entrust := func(by market.Actor, id market.ID, version int64, broker market.ID) func() error {
		return func() error { _, err := e.Entrust(t.Context(), by, id, version, broker); return err }
	}
	decline := func(by market.Actor, note string) func() error {
		return func() error { _, err := e.Decline(t.Context(), by, free.ID, 0, note); return err }
	}
	tests := []struct {
		name string
		do   func() error
		want market.Kind
	}{
		{"a visitor", entrust(visitor, free.ID, 0, "b1"), market.Unauthenticated},
		{"another organization", entrust(university, free.ID, 0, "b1"), market.Denied},
		{"the broker themselves", entrust(mediator, free.ID, 0, "b1"), market.Denied},
		{"an officer of the bureau", entrust(officer, free.ID, 0, "b1"), market.Denied},
		{"no such demand", entrust(enterprise, "none", 0, "b1"), market.NotFound},
		{"a draft", entrust(enterprise, held.ID, 0, "b1"), market.Conflict},
		{"an old version", entrust(enterprise, free.ID, 1, "b1"), market.Stale},
		{"nobody", entrust(enterprise, free.ID, 0, ""), market.Invalid},
		{"no broker", entrust(enterprise, free.ID, 0, "u1"), market.Invalid},
		{"declined by who does not have it", decline(mediator, ""), market.Conflict},
		{"declined by the owner", decline(enterprise, ""), market.Denied},
		{"recalled by a stranger", func() error { _, err := e.Recall(t.Context(), university, free.ID, 0); return err }, market.Denied},
		{"the desk of no broker", func() error { _, err := e.Entrusted(t.Context(), enterprise, "", 20); return err }, market.Denied},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := tt.do(); !market.Is(err, tt.want) {
				t.Errorf("%v, want kind %v", err, tt.want)
			}
		})
	}
	if len(told.notices) != 0 {
		t.Errorf("told %+v of what was not done", told.notices)
	}
	if _, err := e.Entrust(t.Context(), enterprise, free.ID, 0, "b1"); err != nil {
		t.Fatal(err)
	}
	if err := entrust(enterprise, free.ID, 0, "b2")(); !market.Is(err, market.Conflict) {
		t.Errorf("handed to a second broker: %v", err)
	}
	if err := decline(mediator, strings.Repeat("长", market.MaxNote+1))(); !market.Is(err, market.Invalid) {
		t.Errorf("declined at length: %v", err)
	}
}

// TestEntrustUntold: what was written stays when the notice cannot be kept,
// and whoever did it is told so.
func TestEntrustUntold(t *testing.T) {
	w := newWorld(t)
	e, told := w.entrusting()
	d := w.wanted(t)
	told.err = errors.New("disk full")
	_, err := e.Entrust(t.Context(), enterprise, d.ID, 0, "b1")
	if !market.Is(err, market.Unavailable) || !strings.Contains(err.Error(), "已经办好") {
		t.Errorf("%v, want that it is done but not told", err)
	}
	if shown, err := w.demands.Show(t.Context(), enterprise, d.ID); err != nil || shown.Broker != "b1" {
		t.Errorf("with %q, %v", shown.Broker, err)
	}
	told.err = nil
	for range 2 { // asked again, the broker is told after all, under one id
		if _, err := e.Entrust(t.Context(), enterprise, d.ID, 0, "b1"); err != nil {
			t.Fatal(err)
		}
	}
	if n := told.notices; len(n) != 1 || n[0].User != "b1" || n[0].Org != "agency" {
		t.Errorf("told %+v", n)
	}
}

// TestRevisedStaysEntrusted: a demand that its owner improves is still the broker's.
func TestRevisedStaysEntrusted(t *testing.T) {
	w := newWorld(t)
	e, _ := w.entrusting()
	d := w.wanted(t)
	handed, err := e.Entrust(t.Context(), enterprise, d.ID, 0, "b1")
	if err != nil {
		t.Fatal(err)
	}
	better := *handed
	better.Summary, better.Broker = "汽车壳体要用的薄板，厚 1 mm。", "b2"
	revised, err := w.demands.Revise(t.Context(), enterprise, d.ID, handed.Version, &better)
	if err != nil || revised.Broker != "b1" {
		t.Fatalf("revised, with %q, %v", revised.Broker, err)
	}
	page, err := e.Entrusted(t.Context(), mediator, "", 20)
	if err != nil || len(page.Items) != 0 {
		t.Errorf("the broker reads what waits for review: %+v, %v", page.Items, err)
	}
}
