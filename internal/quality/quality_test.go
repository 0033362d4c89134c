package quality

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// bench is a market whose matches are measured.
type bench struct {
	*Service
	demands      store.Collection[market.Demand]
	achievements store.Collection[market.Achievement]
	verdicts     store.Collection[market.Verdict]
	ranked       map[market.ID][]market.ID
	now          time.Time
	asked        atomic.Int64 // rankings asked for
	slow         chan struct{}
}

func openBench(t *testing.T) *bench {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	b := &bench{ranked: map[market.ID][]market.ID{}, now: time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)}
	listed := []store.Index{{"state", "published"}}
	b.demands = openDocs[market.Demand](t, engine, store.Spec{Name: "demands", Indexes: listed})
	b.achievements = openDocs[market.Achievement](t, engine, store.Spec{Name: "achievements"})
	b.verdicts = openDocs[market.Verdict](t, engine, store.Spec{Name: "verdicts", Indexes: []store.Index{{"state"}}})
	b.Service = New(Parts{
		Snapshots: openDocs[market.Quality](t, engine, Spec), Verdicts: b.verdicts, Demands: b.demands, Achievements: b.achievements,
		Ranking: b, Interval: plain, Ready: func() bool { return true }, Release: "v1", Log: slog.New(slog.DiscardHandler),
	}, func() time.Time { return b.now })
	return b
}

func openDocs[T any, P interface {
	*T
	store.Document
}](t *testing.T, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	docs, err := store.Open[T, P](t.Context(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// plain is the mean without an interval of its own.
func plain(values []float64) market.Estimate {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	mean := sum / float64(len(values))
	return market.Estimate{Mean: mean, Low: mean, High: mean}
}

func (b *bench) Ranked(_ context.Context, demand market.ID, limit int) ([]market.ID, error) {
	b.asked.Add(1)
	if b.slow != nil {
		<-b.slow
	}
	list := b.ranked[demand]
	return list[:min(len(list), limit)], nil
}

// list publishes a demand of an industry with its suggestions: one letter each,
// F N O judged fits, near, no, and . for those nobody judged.
func (b *bench) list(t *testing.T, id market.ID, industry, judged string) {
	t.Helper()
	d := &market.Demand{Meta: market.Meta{ID: id}, Listing: market.Listing{Title: string(id), Class: market.Class{Industry: industry}, State: market.StatePublished, Published: b.now}}
	if err := b.demands.Insert(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for i, letter := range judged {
		a := &market.Achievement{Meta: market.Meta{ID: market.ID(fmt.Sprintf("%s-a%02d", id, i))}, Listing: market.Listing{Title: "成果", State: market.StatePublished}}
		if err := b.achievements.Insert(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		b.ranked[id] = append(b.ranked[id], a.ID)
		if letter != '.' {
			b.say(t, "u1", d, a, map[rune]market.Judgement{'F': market.JudgedFits, 'N': market.JudgedNear, 'O': market.JudgedNo}[letter])
		}
	}
}

func (b *bench) say(t *testing.T, user market.ID, d *market.Demand, a *market.Achievement, j market.Judgement) {
	t.Helper()
	pair := market.PairID(d.ID, a.ID)
	v := &market.Verdict{Meta: market.Meta{ID: market.VerdictID(user, "o", pair)}, Pair: pair, Demand: d.ID, Achievement: a.ID, User: user, Org: "o-secret",
		State: market.VerdictGiven, Judgement: j, DemandDigest: d.Digest(), AchievementDigest: a.Digest()}
	if err := b.verdicts.Insert(t.Context(), v); err != nil {
		t.Fatal(err)
	}
}

var admin = market.Actor{User: "root", Org: "bureau", Roles: []market.Role{market.RoleAdmin}, Verified: true}

func (b *bench) measured(t *testing.T) *market.Quality {
	t.Helper()
	if err := b.Measure(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	b.Wait(t.Context())
	shown, err := b.Show(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return shown.Latest
}

func near1(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestNothingJudgedYet(t *testing.T) {
	b := openBench(t)
	shown, err := b.Show(t.Context())
	if err != nil || shown.Latest != nil || len(shown.History) != 0 {
		t.Fatalf("Show = %+v, %v", shown, err)
	}
	b.list(t, "d1", "C", "..")
	b.list(t, "d2", "C", "")
	q := b.measured(t)
	if q.Verdicts != 0 || q.Rates.Lists != 0 || q.Rates.P5 != (market.Estimate{}) || !near1(q.Rates.Coverage.Mean, 0.5) || q.Rates.Judged.Mean != 0 || len(q.Industries) != 0 {
		t.Errorf("%+v", q)
	}
}

func TestRates(t *testing.T) {
	second := 1 / math.Log2(3)
	tests := []struct {
		name             string
		judged           string
		precision, ndcg  float64
		judgedOfTheFirst float64
	}{
		{"best", "FNO", 1.0 / 3, 1, 1},
		{"wrong way round", "OF", 0.5, second, 1},
		{"near is not a fit", "NN", 0, 1, 1},
		{"nobody judged the first", ".F", 1, 1, 0.5},
		{"nothing fits", "OO", 0, 0, 1},
		{"only the first five judged count", "FFFFFOOOO", 1, 1, 1},
		{"only the first ten count", "O.........F", 0, 0, 0.1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := openBench(t)
			b.list(t, "d1", "C", tt.judged)
			r := b.measured(t).Rates
			if r.Lists != 1 || !near1(r.P5.Mean, tt.precision) || !near1(r.NDCG10.Mean, tt.ndcg) || !near1(r.Judged.Mean, tt.judgedOfTheFirst) || r.Coverage.Mean != 1 {
				t.Errorf("rates %+v, want P@5 %v, nDCG %v, judged %v", r, tt.precision, tt.ndcg, tt.judgedOfTheFirst)
			}
		})
	}
}

func TestJudgesAreAveraged(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "F")
	d, _ := b.demands.Get(t.Context(), "d1")
	a, _ := b.achievements.Get(t.Context(), "d1-a00")
	b.say(t, "u2", d, a, market.JudgedNo) // 2 and 0: near
	if q := b.measured(t); q.Verdicts != 2 || q.Rates.Judgements != 1 || q.Rates.P5.Mean != 0 {
		t.Errorf("%+v", q)
	}
	b.say(t, "u3", d, a, market.JudgedFits)
	if q := b.measured(t); q.Rates.P5.Mean != 1 || len(q.History) != 2 {
		t.Errorf("two of three say it fits: %+v", q)
	}
}

func TestChangedTextsDoNotCount(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "FO")
	b.list(t, "d2", "C", "F")
	d, _ := b.demands.Get(t.Context(), "d1")
	d.Summary = "改过"
	if err := b.demands.Update(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	a, _ := b.achievements.Get(t.Context(), "d2-a00")
	a.State = market.StateWithdrawn
	if err := b.achievements.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if q := b.measured(t); q.Verdicts != 0 || q.Outdated != 3 || q.Rates.Judgements != 0 {
		t.Errorf("%+v", q)
	}
}

func TestFewJudgementsAreNotBrokenOut(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "FFOO")
	b.list(t, "d2", "A", "FFOON")
	b.list(t, "d3", "", "FFOONN")
	q := b.measured(t)
	if len(q.Industries) != 2 || q.Industries[0].Industry != "A" || q.Industries[1].Industry != "" || q.Rates.Judgements != 15 {
		t.Errorf("%+v", q.Industries)
	}
	raw, err := json.Marshal(q)
	if err != nil || strings.Contains(string(raw), "u1") || strings.Contains(string(raw), "o-secret") || strings.Contains(string(raw), "root") {
		t.Errorf("names somebody: %s, %v", raw, err)
	}
}

func TestOneSnapshotADayAndRelease(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "F")
	b.measured(t)
	b.measured(t)
	b.now = b.now.AddDate(0, 0, 1)
	b.measured(t)
	b.parts.Release = "v2"
	if due, err := b.Due(t.Context()); err != nil || !due {
		t.Errorf("a new release is due: %v, %v", due, err)
	}
	b.now = b.now.Add(time.Minute)
	b.measured(t)
	if due, err := b.Due(t.Context()); err != nil || due {
		t.Errorf("measured and due: %v, %v", due, err)
	}
	shown, err := b.Show(t.Context())
	if err != nil || len(shown.History) != 3 || shown.Latest.Release != "v2" {
		t.Errorf("%d snapshots, latest %+v, %v", len(shown.History), shown.Latest, err)
	}
}

func TestWhoMayMeasure(t *testing.T) {
	b := openBench(t)
	for _, by := range []market.Actor{{}, {User: "u", Roles: []market.Role{market.RoleOfficer, market.RoleBroker}}} {
		if err := b.Measure(t.Context(), by); !market.Is(err, market.Denied) && !market.Is(err, market.Unauthenticated) {
			t.Errorf("Measure by %v = %v", by.Roles, err)
		}
	}
	b.parts.Ready = func() bool { return false }
	if err := b.Measure(t.Context(), admin); !market.Is(err, market.Conflict) {
		t.Errorf("Measure with an index behind = %v, want Conflict", err)
	}
}

// TestMeasuresBehindWhoAsks has a measurement that takes its time: who asks is
// answered, and asking twice measures once.
func TestMeasuresBehindWhoAsks(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "F")
	b.slow = make(chan struct{})
	start := time.Now()
	for range 2 {
		if err := b.Measure(t.Context(), admin); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(start); took > 10*time.Second || !b.Running() {
		t.Errorf("answered after %v, running %v", took, b.Running())
	}
	close(b.slow)
	b.Wait(t.Context())
	if b.Running() || b.asked.Load() != 1 {
		t.Errorf("running %v, ranked %d times", b.Running(), b.asked.Load())
	}
}

func TestRunMeasuresOnceReady(t *testing.T) {
	b := openBench(t)
	b.list(t, "d1", "C", "F")
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { b.Run(ctx); close(done) }()
	deadline := time.Now().Add(20 * time.Second)
	for {
		if due, err := b.Due(t.Context()); err == nil && !due {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("not measured")
		}
		time.Sleep(10 * time.Millisecond)
	}
	stop()
	<-done
}
