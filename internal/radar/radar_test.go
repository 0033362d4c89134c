package radar

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

var (
	officer  = market.Actor{User: "o1", Org: "bureau", Roles: []market.Role{market.RoleOfficer}, Verified: true}
	supplier = market.Actor{User: "u1", Org: "uni", Roles: []market.Role{market.RoleSupplier}, Verified: true}
)

// answers says what fits what, by id.
type answers struct {
	fits    map[market.ID]bool
	nearest map[market.ID]*market.Match
	fails   error
}

func (a *answers) of(id market.ID) (market.Answer, error) {
	answer := market.Answer{Threshold: 40, Nearest: a.nearest[id], Lacks: "text"}
	if a.fits[id] {
		answer.Matches = []market.Match{{Score: 70}}
	}
	return answer, a.fails
}

func (a *answers) ForDemand(_ context.Context, _ market.Actor, id market.ID, _ int) (market.Answer, error) {
	return a.of(id)
}

func (a *answers) ForAchievement(_ context.Context, _ market.Actor, id market.ID, _ int) (market.Answer, error) {
	return a.of(id)
}

type world struct {
	*testing.T
	*Service
	*answers
	demands      store.Collection[market.Demand]
	achievements store.Collection[market.Achievement]
	now          time.Time
}

var indexed = []store.Index{{"state", "published"}}

func newWorld(t *testing.T) *world {
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	w := &world{T: t, answers: &answers{fits: map[market.ID]bool{}, nearest: map[market.ID]*market.Match{}}, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	radars, err := store.Open[market.Radar](t.Context(), engine, Spec)
	w.must(err)
	w.demands, err = store.Open[market.Demand](t.Context(), engine, store.Spec{Name: "demands", Indexes: indexed})
	w.must(err)
	w.achievements, err = store.Open[market.Achievement](t.Context(), engine, store.Spec{Name: "achievements", Indexes: indexed})
	w.must(err)
	w.Service = New(Stores{radars, w.demands, w.achievements}, w.answers, strings.Fields, func() time.Time { return w.now }, slog.New(slog.DiscardHandler))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) demand(id market.ID, chain, text string, change ...func(*market.Demand)) {
	d := &market.Demand{Meta: market.Meta{ID: id}, Demander: "示例企业", Listing: market.Listing{
		Title: text, Summary: text, State: market.StatePublished, Published: w.now, Class: market.Class{Chain: chain, Division: "500155"}}}
	for _, f := range change {
		f(d)
	}
	w.must(w.demands.Insert(w.Context(), d))
}

func (w *world) achievement(id market.ID, holder, chain string) {
	w.must(w.achievements.Insert(w.Context(), &market.Achievement{Meta: market.Meta{ID: id}, Holder: holder, Listing: market.Listing{
		Title: "成果 " + string(id), State: market.StatePublished, Published: w.now, Class: market.Class{Chain: chain, Division: "510000"}}}))
}

// computed computes once, as Run does when it is asked.
func (w *world) computed() *market.Radar {
	w.Helper()
	w.must(w.compute(w.Context(), officer.User))
	seen, run, err := w.Show(w.Context(), officer, Filter{})
	w.must(err)
	if run.Running || run.Failed != "" {
		w.Fatalf("run %+v", run)
	}
	return seen
}

func TestRadar(t *testing.T) {
	w := newWorld(t)
	if seen, run, err := w.Show(t.Context(), officer, Filter{}); err != nil || seen != nil || run.Running {
		t.Errorf("before the first: %v, %v, %v", seen, run, err)
	}
	w.demand("d1", "material", "镁合金 型材 挤压 开裂")
	w.demand("d2", "material", "镁合金 型材 挤压 速度")
	w.demand("d3", "food", "榨菜 加工 脱盐")
	w.demand("d4", "material", "镁合金 型材 挤压 表面", func(d *market.Demand) { d.Anonymous = true })
	w.demand("d5", "material", "镁合金 型材 挤压 已有答案")
	w.demand("d6", "food", "镁合金 型材 挤压 另一条链")
	w.demand("d7", "material", "未公开", func(d *market.Demand) { d.State = market.StateDraft })
	w.fits["d5"] = true
	w.nearest["d1"] = &market.Match{Score: 31, Achievement: &market.Achievement{Meta: market.Meta{ID: "a1"}, Holder: "示例大学", Listing: market.Listing{Title: "镁合金铸造"}}}
	w.achievement("a1", "示例大学", "material")
	w.achievement("a2", "示例大学", "material")
	w.achievement("a3", "示例研究院", "food")
	w.achievement("a4", "示例研究院", "food")
	w.fits["a4"] = true
	w.nearest["a3"] = &market.Match{Score: 22, Demand: &market.Demand{Meta: market.Meta{ID: "d4"}, Demander: "示例企业", Anonymous: true, Listing: market.Listing{Title: "镁合金"}}}

	seen := w.computed()
	if seen.Demands != 6 || seen.Offers != 4 || seen.By != officer.User || len(seen.Gaps) != 3 {
		t.Fatalf("radar %+v", seen)
	}
	gap := seen.Gaps[0]
	if gap.Chain != "material" || len(gap.Demands) != 3 || gap.Demands[0].ID != "d1" || gap.Demands[2].Who != "" || gap.Demands[1].Who != "示例企业" || !reflect.DeepEqual(gap.Terms[:2], []string{"型材", "挤压"}) && len(gap.Terms) < 2 {
		t.Errorf("gap %+v", gap)
	}
	if near := gap.Demands[0].Nearest; near == nil || near.ID != "a1" || near.Score != 31 || near.Lacking() != "内容不够接近" || near.Who != "示例大学" || gap.Demands[0].Threshold != 40 {
		t.Errorf("nearest %+v", near)
	}
	if len(seen.Idle) != 2 || seen.Idle[0].Holder != "示例大学" || len(seen.Idle[0].Achievements) != 2 || len(seen.Idle[1].Achievements) != 1 || seen.Idle[1].Achievements[0].Nearest.Who != "" {
		t.Errorf("idle %+v", seen.Idle)
	}
	w.fits["d3"] = true
	if again := w.computed(); again.Version != 2 || len(again.Gaps) != 2 {
		t.Errorf("computed again: %+v", again)
	}
}

func TestFilter(t *testing.T) {
	w := newWorld(t)
	w.demand("d1", "material", "镁合金 挤压")
	w.demand("d2", "", "榨菜 脱盐", func(d *market.Demand) { d.Class.Division = "510000" })
	w.achievement("a1", "示例大学", "material")
	w.computed()
	for _, tt := range []struct {
		name        string
		filter      Filter
		gaps, units int
		ok          bool
	}{
		{"all", Filter{}, 2, 1, true},
		{"one chain", Filter{Chain: "material"}, 1, 1, true},
		{"no chain stated", Filter{Chain: Unstated}, 1, 0, true},
		{"a district", Filter{Division: "500155"}, 1, 0, true},
		{"the district's province", Filter{Division: "500000"}, 1, 0, true},
		{"a province", Filter{Division: "510000"}, 1, 1, true},
		{"nothing there", Filter{Chain: "food"}, 0, 0, true},
		{"no chain", Filter{Chain: "x"}, 0, 0, false},
		{"no place", Filter{Division: "x"}, 0, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			seen, _, err := w.Show(t.Context(), officer, tt.filter)
			if !tt.ok {
				if !market.Is(err, market.Invalid) {
					t.Errorf("Show = %v", err)
				}
				return
			}
			w.must(err)
			if len(seen.Gaps) != tt.gaps || len(seen.Idle) != tt.units {
				t.Errorf("%d gaps, %d units", len(seen.Gaps), len(seen.Idle))
			}
		})
	}
}

func TestWhoMay(t *testing.T) {
	w := newWorld(t)
	for _, by := range []market.Actor{{}, supplier} {
		if _, _, err := w.Show(t.Context(), by, Filter{}); err == nil {
			t.Errorf("%s reads the radar", by.User)
		}
		if _, err := w.Refresh(t.Context(), by); err == nil {
			t.Errorf("%s refreshes the radar", by.User)
		}
	}
	if run, err := w.Refresh(t.Context(), officer); err != nil || !run.Running {
		t.Errorf("Refresh = %+v, %v", run, err)
	}
	if run, err := w.Refresh(t.Context(), officer); err != nil || !run.Running || len(w.ask) != 1 {
		t.Errorf("asked twice: %+v, %v, %d waiting", run, err, len(w.ask))
	}
}

// TestRun computes what is asked for, says when it fails and goes on.
func TestRun(t *testing.T) {
	w := newWorld(t)
	w.demand("d1", "material", "镁合金")
	w.fails = market.E(market.Unavailable, "index_away", "索引暂时不可用。")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); w.Service.Run(ctx) }()
	wait := func(what string, until func(*market.Radar, market.RadarRun) bool) {
		for range 500 {
			if seen, run, err := w.Show(ctx, officer, Filter{}); err == nil && until(seen, run) {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
		t.Errorf("waited in vain for %s", what)
	}
	wait("the failure of what nobody asked for", func(_ *market.Radar, run market.RadarRun) bool { return run.Failed == "索引暂时不可用。" })
	stop()
	<-done
	w.fails = nil
	ctx, stop = context.WithCancel(t.Context())
	done = make(chan struct{})
	go func() { defer close(done); w.Service.Run(ctx) }()
	wait("a radar", func(seen *market.Radar, run market.RadarRun) bool {
		return seen != nil && run.Failed == "" && run.Done == 1
	})
	stop()
	<-done
	if w.stale(t.Context()) {
		t.Error("a fresh radar is computed again")
	}
	if w.now = w.now.Add(25 * time.Hour); !w.stale(t.Context()) {
		t.Error("a radar of yesterday is not computed again")
	}
}

// TestGapsAreDeterministic groups demands in any order: each is in one group of
// its chain, and the groups are the same.
func TestGapsAreDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := some(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 80).Draw(t, "n"))
		want := gaps(append([]unmet{}, all...))
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := gaps(append([]unmet{}, all...)); !reflect.DeepEqual(got, want) {
			t.Fatalf("another order gives\n%+v\nnot\n%+v", got, want)
		}
		seen := map[market.ID]string{}
		for _, gap := range want {
			for _, d := range gap.Demands {
				if _, twice := seen[d.ID]; twice {
					t.Fatalf("%s is in two gaps", d.ID)
				}
				seen[d.ID] = gap.Chain
			}
		}
		for _, one := range all {
			if chain, there := seen[one.ID]; !there || chain != one.chain {
				t.Fatalf("%s of %q is in a gap of %q (%v)", one.ID, one.chain, chain, there)
			}
		}
	})
}

// some makes demands of a few topics with words of their own.
func some(seed uint64, n int) []unmet {
	random := rand.New(rand.NewPCG(seed, 3))
	all := make([]unmet, n)
	topics := max(1, n/12)
	for i := range all {
		topic := random.IntN(topics)
		words := []string{}
		for range 40 {
			words = append(words, fmt.Sprintf("题%d词%d", topic, random.IntN(30)), fmt.Sprintf("词%d", random.IntN(3000)))
		}
		all[i] = unmet{UnmetDemand: market.UnmetDemand{ID: market.ID(fmt.Sprintf("d%05d", i))}, chain: market.Chains[topic%len(market.Chains)].Code, words: words, keywords: words[:2]}
	}
	return all
}

// TestCostOfGrouping groups 1,500 demands of 125 topics; with JISHI_CORPUS=all
// as many as one run looks at, of some 830.
func TestCostOfGrouping(t *testing.T) {
	n := 1500
	if os.Getenv("JISHI_CORPUS") == "all" {
		n = looked
	}
	all := some(7, n)
	began := time.Now()
	found := gaps(all)
	took := time.Since(began)
	t.Logf("%d demands in %d gaps in %v", len(all), len(found), took)
	if len(found) < n/14 || len(found) > n/10 || took > 5*time.Minute {
		t.Errorf("%d gaps in %v", len(found), took)
	}
}
