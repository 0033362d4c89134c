package matching

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/search"
)

// hall is a market with a real store and a real index.
type hall struct {
	*Service
	achievements store.Collection[market.Achievement]
	demands      store.Collection[market.Demand]
	index        *search.Index
}

func openHall(t *testing.T) *hall {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	h := &hall{}
	if h.achievements, err = store.Open[market.Achievement](t.Context(), engine, store.Spec{Name: "achievements"}); err != nil {
		t.Fatal(err)
	}
	if h.demands, err = store.Open[market.Demand](t.Context(), engine, store.Spec{Name: "demands"}); err != nil {
		t.Fatal(err)
	}
	if h.index, err = search.Open(t.TempDir(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.index.Close() })
	h.Service = New(h.achievements, h.demands, h.index)
	return h
}

func (h *hall) offer(t *testing.T, id market.ID, title, summary string, change func(*market.Achievement)) {
	t.Helper()
	a := &market.Achievement{Meta: market.Meta{ID: id}}
	a.Title, a.Summary, a.State, a.Owner, a.Published = title, summary, market.StatePublished, "university", time.Now()
	a.Detail, a.Contact = "保密工艺", market.Contact{Name: "某人", Phone: "13900000000"}
	if change != nil {
		change(a)
	}
	if err := h.achievements.Insert(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := h.index.Achievements().Apply(t.Context(), []*market.Achievement{a}, "1"); err != nil {
		t.Fatal(err)
	}
}

func (h *hall) ask(t *testing.T, id market.ID, title, summary string, change func(*market.Demand)) {
	t.Helper()
	d := &market.Demand{Meta: market.Meta{ID: id}}
	d.Title, d.Summary, d.State, d.Owner, d.Published = title, summary, market.StatePublished, "enterprise", time.Now()
	d.Detail, d.Demander, d.Contact = "保密用途", "示例铸造公司", market.Contact{Name: "某人", Phone: "13900000000"}
	if change != nil {
		change(d)
	}
	if err := h.demands.Insert(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := h.index.Demands().Apply(t.Context(), []*market.Demand{d}, "1"); err != nil {
		t.Fatal(err)
	}
}

// furnish fills the hall: a magnesium demand, achievements from near to far.
func (h *hall) furnish(t *testing.T) {
	t.Helper()
	h.ask(t, "d1", "高导热镁合金压铸件", "基站散热壳体需要高导热镁合金压铸工艺，壁厚均匀，批量稳定。", nil)
	h.ask(t, "d2", "规模猪场粪污处理", "需要适合规模猪场的粪污厌氧发酵与沼液还田技术。", func(d *market.Demand) { d.Anonymous = true })
	h.offer(t, "a1", "高导热镁合金及压铸工艺", "研制高导热镁合金，压铸工艺用于基站散热壳体，批量稳定。", nil)
	h.offer(t, "a2", "镁合金压铸模具", "延长镁合金压铸模具寿命。", nil)
	h.offer(t, "a3", "柑橘黄龙病检测", "田间快速检测方法。", nil)
	h.offer(t, "a4", "猪场粪污厌氧发酵", "规模猪场粪污厌氧发酵，沼液还田。", nil)
	for i := range 8 {
		h.offer(t, market.ID(fmt.Sprintf("x%d", i)), fmt.Sprintf("其他成果之%c", '甲'+rune(i)), "与上述无关的另一类研究。", nil)
	}
}

var visitor = market.Actor{}

func names(matches []market.Match) []market.ID {
	all := []market.ID{}
	for _, m := range matches {
		all = append(all, m.ID)
	}
	return all
}

func TestForDemand(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	answer, err := h.ForDemand(t.Context(), visitor, "d1", 0)
	if err != nil {
		t.Fatal(err)
	}
	matches := answer.Matches
	if got := names(matches); len(got) == 0 || got[0] != "d1.a1" || slices.Contains(got, "d1.a3") || slices.Contains(got, "d1.a4") {
		t.Fatalf("matches %v, want d1.a1 first and nothing foreign", got)
	}
	last := 101
	for _, m := range matches {
		sum := 0
		for _, part := range m.Parts {
			sum += part.Points
		}
		if m.Score > last || m.Score < answer.Threshold || sum != m.Score {
			t.Errorf("%s scores %d after %d, parts add up to %d", m.ID, m.Score, last, sum)
		}
		last = m.Score
		if m.Achievement.Detail != "" || m.Achievement.Contact != (market.Contact{}) {
			t.Errorf("%s gives away what is confidential", m.ID)
		}
	}
	if len(matches[0].Evidence.Demand) == 0 || len(matches[0].Evidence.Achievement) == 0 {
		t.Error("the best match shows no evidence")
	}
}

func TestBothDirectionsAgree(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	to, err := h.ForDemand(t.Context(), visitor, "d2", 0)
	if err != nil || len(to.Matches) == 0 {
		t.Fatalf("ForDemand = %v, %v", to, err)
	}
	from, err := h.ForAchievement(t.Context(), visitor, "a4", 0)
	if err != nil || len(from.Matches) == 0 {
		t.Fatalf("ForAchievement = %v, %v", from, err)
	}
	if to.Matches[0].ID != "d2.a4" || from.Matches[0].ID != "d2.a4" || to.Matches[0].Score != from.Matches[0].Score {
		t.Errorf("the demand's page says %s %d, the achievement's %s %d", to.Matches[0].ID, to.Matches[0].Score, from.Matches[0].ID, from.Matches[0].Score)
	}
	if d := from.Matches[0].Demand; d.Demander != "" || d.Owner != "" || d.Detail != "" {
		t.Errorf("an anonymous demander shows: %q, %q, %q", d.Demander, d.Owner, d.Detail)
	}
}

func TestLimit(t *testing.T) {
	h := openHall(t)
	h.ask(t, "d1", "高导热镁合金压铸件", "基站散热壳体需要高导热镁合金压铸工艺。", nil)
	for i := range 60 {
		h.offer(t, market.ID(fmt.Sprintf("a%02d", i)), "高导热镁合金压铸件", "基站散热壳体的高导热镁合金压铸工艺。", nil)
	}
	for limit, want := range map[int]int{0: usual, -5: usual, 3: 3, 1000: most} {
		answer, err := h.ForDemand(t.Context(), visitor, "d1", limit)
		if got := len(answer.Matches); err != nil || got != want {
			t.Errorf("limit %d: %d matches, %v, want %d", limit, got, err, want)
		}
	}
}

func TestWhoMaySeeMatches(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	h.ask(t, "draft", "高导热镁合金压铸件", "基站散热壳体需要高导热镁合金压铸工艺。", func(d *market.Demand) { d.State = market.StateDraft })
	h.offer(t, "draft", "高导热镁合金压铸件", "基站散热壳体的高导热镁合金压铸工艺。", func(a *market.Achievement) { a.State = market.StateDraft })
	tests := []struct {
		name              string
		by                market.Actor
		onDemand, onOffer market.Kind
		demandOK, offerOK bool
	}{
		{"visitor", visitor, market.Unauthenticated, market.Unauthenticated, false, false},
		{"demander", market.Actor{User: "u", Org: "enterprise", Roles: []market.Role{market.RoleDemander}}, 0, market.Denied, true, false},
		{"supplier", market.Actor{User: "u", Org: "university", Roles: []market.Role{market.RoleSupplier}}, market.Denied, 0, false, true},
		{"broker", market.Actor{User: "u", Org: "agency", Roles: []market.Role{market.RoleBroker}}, market.Denied, market.Denied, false, false},
		{"officer", market.Actor{User: "u", Org: "bureau", Roles: []market.Role{market.RoleOfficer}}, 0, 0, true, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := h.ForDemand(t.Context(), tt.by, "draft", 0); tt.demandOK && err != nil || !tt.demandOK && !market.Is(err, tt.onDemand) {
				t.Errorf("ForDemand = %v", err)
			}
			if _, err := h.ForAchievement(t.Context(), tt.by, "draft", 0); tt.offerOK && err != nil || !tt.offerOK && !market.Is(err, tt.onOffer) {
				t.Errorf("ForAchievement = %v", err)
			}
		})
	}
	if _, err := h.ForDemand(t.Context(), visitor, "nobody", 0); !market.Is(err, market.NotFound) {
		t.Errorf("unknown demand: %v, want NotFound", err)
	}
	if _, err := h.ForAchievement(t.Context(), visitor, "nobody", 0); !market.Is(err, market.NotFound) {
		t.Errorf("unknown achievement: %v, want NotFound", err)
	}
}

// TestTheStoreHasTheLastWord withdraws a listing that the index still knows.
func TestTheStoreHasTheLastWord(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	a, err := h.achievements.Get(t.Context(), "a1")
	if err != nil {
		t.Fatal(err)
	}
	a.State = market.StateWithdrawn
	if err := h.achievements.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	answer, err := h.ForDemand(t.Context(), visitor, "d1", 0)
	if matches := answer.Matches; err != nil || slices.Contains(names(matches), "d1.a1") {
		t.Errorf("matches %v, %v: a withdrawn achievement is suggested", names(matches), err)
	}
}

// brokenIndex is away.
type brokenIndex struct{ Index }

func (brokenIndex) Candidates(context.Context, string, market.ListingKind, int) ([]market.Candidate, error) {
	return nil, market.E(market.Unavailable, "search_failed", "搜索暂时不可用，请稍后再试。")
}

func TestIndexAway(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	s := New(h.achievements, h.demands, brokenIndex{})
	if _, err := s.ForDemand(t.Context(), visitor, "d1", 0); !market.Is(err, market.Unavailable) {
		t.Errorf("ForDemand = %v, want Unavailable", err)
	}
	if _, err := s.ForAchievement(t.Context(), visitor, "a1", 0); !market.Is(err, market.Unavailable) {
		t.Errorf("ForAchievement = %v, want Unavailable", err)
	}
}

func TestOneTradeIsNoMatch(t *testing.T) {
	h := openHall(t)
	same := market.Class{Field: "05", Industry: "C"}
	h.ask(t, "d1", "高导热镁合金压铸件", "基站散热壳体需要高导热镁合金压铸工艺。", func(d *market.Demand) {
		d.Class, d.MinTRL, d.Modes, d.BudgetHigh = same, 6, []string{"license"}, 100*market.Wan
	})
	h.offer(t, "a1", "玻璃纤维编织布", "改进浸润剂配方，提高织布速度。", func(a *market.Achievement) {
		a.Class, a.Maturity.TRL, a.Modes, a.Price = same, 9, []string{"license"}, market.Price{Mode: "fixed", Low: market.Wan, High: market.Wan}
	})
	answer, err := h.ForDemand(t.Context(), visitor, "d1", 0)
	if matches := answer.Matches; err != nil || len(matches) != 0 {
		t.Errorf("matches %v, %v: other things of one trade are no match", names(matches), err)
	}
	if strings.TrimSpace(words(&market.Listing{}, "")) != "" {
		t.Error("an empty listing speaks")
	}
}
