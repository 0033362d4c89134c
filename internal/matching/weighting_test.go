package matching

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// scales is weightings over a real store and a clock that can be moved.
type scales struct {
	*Weightings
	docs store.Collection[market.Weighting]
	at   time.Time
}

func openScales(t *testing.T) *scales {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	s := &scales{at: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
	if s.docs, err = store.Open[market.Weighting](t.Context(), engine, WeightingSpec); err != nil {
		t.Fatal(err)
	}
	s.Weightings = NewWeightings(s.docs, func() time.Time { return s.at })
	return s
}

var (
	chief = market.Actor{User: "admin", Org: "bureau", Roles: []market.Role{market.RoleAdmin}, Verified: true}
	clerk = market.Actor{User: "officer", Org: "bureau", Roles: []market.Role{market.RoleOfficer}, Verified: true}
)

// parts is the shipped weights with some changed: "text=40 field=18".
func parts(changes string) []market.Weight {
	w := market.DefaultWeighting()
	for _, change := range strings.Fields(changes) {
		name, value, _ := strings.Cut(change, "=")
		for i := range w.Parts {
			if w.Parts[i].Part == name {
				w.Parts[i].Max = 0
				for _, r := range value {
					w.Parts[i].Max = w.Parts[i].Max*10 + int(r-'0')
				}
			}
		}
	}
	return w.Parts
}

func TestChangeWeighting(t *testing.T) {
	tests := []struct {
		name    string
		by      market.Actor
		parts   []market.Weight
		version int64
		reason  string
		want    market.Kind
		field   string // named in the error
	}{
		{"visitor", market.Actor{}, parts(""), 1, "试", market.Unauthenticated, ""},
		{"officer reads only", clerk, parts("text=40 field=18"), 1, "试", market.Denied, ""},
		{"stale", chief, parts("text=40 field=18"), 7, "试", market.Stale, ""},
		{"too much", chief, parts("field=18"), 1, "试", market.Invalid, "parts"},
		{"too little", chief, parts("text=40"), 1, "试", market.Invalid, "parts"},
		{"a part left out", chief, parts("")[1:], 1, "试", market.Invalid, "text"},
		{"a part twice", chief, append(parts(""), market.Weight{Part: "mode", Max: 4}), 1, "试", market.Invalid, "mode"},
		{"an unknown part", chief, append(parts(""), market.Weight{Part: "luck", Max: 0}), 1, "试", market.Invalid, "parts"},
		{"over a hundred", chief, parts("text=150"), 1, "试", market.Invalid, "text"},
		{"no words", chief, parts("text=0 field=58"), 1, "试", market.Invalid, "text"},
		{"no reason", chief, parts("text=40 field=18"), 1, "  ", market.Invalid, "note"},
		{"long reason", chief, parts("text=40 field=18"), 1, strings.Repeat("长", 501), market.Invalid, "note"},
	}
	s := openScales(t)
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := s.Change(t.Context(), tt.by, tt.parts, tt.version, tt.reason)
			if !market.Is(err, tt.want) || !strings.Contains(err.Error(), "["+tt.field) && tt.field != "" {
				t.Errorf("Change = %v, want kind %v at %q", err, tt.want, tt.field)
			}
		})
	}
	if w, err := s.Get(t.Context(), clerk); err != nil || w.Version != 1 || len(w.History) != 1 {
		t.Fatalf("after refusals: %+v, %v", w, err)
	}
	w, err := s.Change(t.Context(), chief, parts("text=40 field=18"), 1, "更看重领域")
	if err != nil || w.Version != 2 || w.Max("field") != 18 {
		t.Fatalf("Change = %+v, %v", w, err)
	}
	last := w.History[len(w.History)-1]
	if last.By != "admin" || last.From != "50/12/8/4/8/6/4/4/2/2" || last.To != "40/12/18/4/8/6/4/4/2/2" || last.Note != "更看重领域（内容 50 改为 40；技术领域 8 改为 18）" {
		t.Errorf("history says %+v", last)
	}
	if same, err := s.Change(t.Context(), chief, w.Parts, 2, "再来"); err != nil || same.Version != 2 {
		t.Errorf("the same again: %+v, %v", same, err)
	}
	if _, err := s.Change(t.Context(), chief, parts(""), 1, "恢复"); !market.Is(err, market.Stale) {
		t.Errorf("an old version: %v", err)
	}
}

func TestCurrentWeighting(t *testing.T) {
	s := openScales(t)
	if w := s.Current(t.Context()); !w.Same(market.DefaultWeighting()) {
		t.Errorf("nothing stored: %s", w.Short())
	}
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := NewWeightings(s.docs, func() time.Time { return s.at }) // another machine
	other.Current(t.Context())
	if _, err := s.Change(t.Context(), chief, parts("text=40 field=18"), 1, "试"); err != nil {
		t.Fatal(err)
	}
	if w := s.Current(t.Context()); w.Max("text") != 40 {
		t.Errorf("where it was changed: %s", w.Short())
	}
	if w := other.Current(t.Context()); w.Max("text") != 50 {
		t.Errorf("elsewhere it is not read again at once, but %s", w.Short())
	}
	s.at = s.at.Add(fresh)
	if w := other.Current(t.Context()); w.Max("text") != 40 {
		t.Errorf("elsewhere, two seconds later: %s", w.Short())
	}
}

// What nobody chose follows the code; what somebody chose stays.
func TestSeedWeighting(t *testing.T) {
	s := openScales(t)
	old := market.Weighting{Meta: market.Meta{ID: market.WeightingID}, Parts: parts("text=60 requirements=2")}
	old.History = []market.Event{market.NextEvent(nil, market.System, s.at, market.ActSetWeighting, "", old.Short(), "出厂权重")}
	if err := s.docs.Insert(t.Context(), &old); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Seed(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	w, err := s.Get(t.Context(), chief)
	if err != nil || !w.Same(market.DefaultWeighting()) || len(w.History) != 2 {
		t.Fatalf("of an older release: %+v, %v", w, err)
	}
	if _, err := s.Change(t.Context(), chief, parts("text=40 field=18"), w.Version, "试"); err != nil {
		t.Fatal(err)
	}
	if err := s.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if w, err = s.Get(t.Context(), chief); err != nil || w.Max("text") != 40 {
		t.Errorf("a chosen one was replaced: %+v, %v", w, err)
	}
}

func TestMatch(t *testing.T) {
	h := openHall(t)
	h.furnish(t)
	h.offer(t, "draft", "高导热镁合金压铸件", "未发布。", func(a *market.Achievement) { a.State = market.StateDraft })
	m, err := h.Match(t.Context(), visitor, market.PairID("d2", "a4"))
	if err != nil || m.Score == 0 || m.Demand == nil || m.Achievement == nil {
		t.Fatalf("Match = %+v, %v", m, err)
	}
	if m.Demand.Demander != "" || m.Demand.Detail != "" || m.Achievement.Detail != "" || m.Achievement.Contact != (market.Contact{}) {
		t.Errorf("the card gives away %+v %+v", m.Demand, m.Achievement)
	}
	for _, pair := range []market.ID{market.PairID("d1", "draft"), market.PairID("d1", "nobody"), market.PairID("nobody", "a1"), "d1", ""} {
		if _, err := h.Match(t.Context(), visitor, pair); !market.Is(err, market.NotFound) {
			t.Errorf("Match(%s) = %v, want NotFound", pair, err)
		}
	}
	owner := market.Actor{User: "u", Org: "university", Roles: []market.Role{market.RoleSupplier}}
	if _, err := h.Match(t.Context(), owner, market.PairID("d1", "draft")); err != nil {
		t.Errorf("the owner of a draft: %v", err)
	}
}
