package follow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// mirror is a sink that holds what it was given and can fail.
type mirror struct {
	mu       sync.Mutex
	versions map[market.ID]int64
	position string
	applied  int // documents, counting repeats
	fail     error
}

func (m *mirror) Position(context.Context) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.position, nil
}

func (m *mirror) Apply(_ context.Context, docs []*market.Claim, next string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	for _, doc := range docs {
		m.versions[doc.ID] = doc.Version
	}
	m.applied += len(docs)
	m.position = next
	return nil
}

func (m *mirror) version(id market.ID) int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.versions[id]
}

func newClaims(t *testing.T) store.Claims {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	claims, err := store.Open[market.Claim](context.Background(), engine, store.ClaimSpec)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func insert(t *testing.T, claims store.Claims, n int) {
	t.Helper()
	for i := range n {
		if err := claims.Insert(context.Background(), &market.Claim{Meta: market.Meta{ID: market.ID(fmt.Sprintf("c%03d", i))}}); err != nil {
			t.Fatal(err)
		}
	}
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestCatchUp(t *testing.T) {
	for _, batch := range []int{1, 3, 7, 500} {
		t.Run(fmt.Sprint("batch ", batch), func(t *testing.T) {
			claims, sink := newClaims(t), &mirror{versions: map[market.ID]int64{}}
			insert(t, claims, 7)
			f := &Follower[market.Claim]{Name: "claims", Source: claims, Sink: sink, Batch: batch, Log: quiet()}
			if err := f.CatchUp(context.Background()); err != nil {
				t.Fatal(err)
			}
			if len(sink.versions) != 7 || !f.CaughtUp() {
				t.Errorf("sink holds %d of 7", len(sink.versions))
			}
		})
	}
}

func TestRunFollowsWrites(t *testing.T) {
	claims, sink := newClaims(t), &mirror{versions: map[market.ID]int64{}}
	insert(t, claims, 2)
	ctx, stop := context.WithCancel(context.Background())
	f := &Follower[market.Claim]{Name: "claims", Source: claims, Sink: sink, Every: 5 * time.Millisecond, Log: quiet()}
	var done sync.WaitGroup
	done.Go(func() { f.Run(ctx) })
	doc, err := claims.Get(ctx, "c001")
	if err != nil {
		t.Fatal(err)
	}
	if err := claims.Update(ctx, doc); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(5 * time.Second)
	for sink.version("c001") != 2 && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	stop()
	done.Wait()
	if sink.version("c001") != 2 || sink.version("c000") != 1 {
		t.Errorf("sink holds %v", sink.versions)
	}
}

// A sink that fails keeps its position, so nothing is lost when it recovers.
func TestFailingSinkLosesNothing(t *testing.T) {
	claims, sink := newClaims(t), &mirror{versions: map[market.ID]int64{}, fail: errors.New("disk full")}
	insert(t, claims, 3)
	f := &Follower[market.Claim]{Name: "claims", Source: claims, Sink: sink, Log: quiet()}
	if err := f.CatchUp(context.Background()); err == nil {
		t.Fatal("a failing sink must be reported")
	}
	sink.fail = nil
	if err := f.CatchUp(context.Background()); err != nil || len(sink.versions) != 3 {
		t.Errorf("after recovery: %d of 3, %v", len(sink.versions), err)
	}
}

// repeating is a source that delivers everything again at each call, as a
// source with an overlap does.
type repeating struct{ docs []*market.Claim }

func (r repeating) Changes(context.Context, string, int) ([]*market.Claim, string, error) {
	return r.docs, "cursor", nil
}

func TestRepeatedDocumentsAreAppliedOnce(t *testing.T) {
	source := repeating{[]*market.Claim{{Meta: market.Meta{ID: "a", Version: 1}}, {Meta: market.Meta{ID: "b", Version: 1}}}}
	sink := &mirror{versions: map[market.ID]int64{}}
	f := &Follower[market.Claim]{Name: "claims", Source: source, Sink: sink, Log: quiet()}
	for range 5 {
		if err := f.CatchUp(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	source.docs[0].Version = 2
	if err := f.CatchUp(context.Background()); err != nil || sink.applied != 3 || sink.version("a") != 2 {
		t.Errorf("applied %d documents, a at %d; want 3 and 2", sink.applied, sink.version("a"))
	}
}

// goingBack is a source that comes to its end once and then goes back to its
// beginning, as a source with an overlap does. Its cursors are "lap:index".
type goingBack struct{ docs []*market.Claim }

func (g goingBack) Changes(_ context.Context, since string, limit int) ([]*market.Claim, string, error) {
	lap, from := 0, 0
	if since != "" {
		if _, err := fmt.Sscanf(since, "%d:%d", &lap, &from); err != nil {
			return nil, "", err
		}
	}
	end := min(from+limit, len(g.docs))
	page := g.docs[from:end]
	if len(page) < limit {
		lap, end = lap+1, 0
	}
	return page, fmt.Sprintf("%d:%d", lap, end), nil
}

func TestFullPagesOfRepeatsDoNotHoldUp(t *testing.T) {
	source, sink := &goingBack{}, &mirror{versions: map[market.ID]int64{}}
	add := func(id market.ID) {
		source.docs = append(source.docs, &market.Claim{Meta: market.Meta{ID: id, Version: 1}})
	}
	for i := range 7 {
		add(market.ID(fmt.Sprint("old ", i)))
	}
	f := &Follower[market.Claim]{Name: "claims", Source: source, Sink: sink, Batch: 2, Log: quiet()}
	for round := range 3 {
		steps := 0
		for ; len(sink.versions) < len(source.docs) && steps < 10; steps++ {
			if _, err := f.step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if len(sink.versions) < len(source.docs) || sink.applied > len(source.docs) {
			t.Errorf("round %d: after %d steps %d of %d, by %d applications", round, steps, len(sink.versions), len(source.docs), sink.applied)
		}
		add(market.ID(fmt.Sprint("new ", round)))
	}
}

// A sink that was rebuilt lacks what its predecessor was given meanwhile.
func TestRebuiltSinkIsGivenAgainWhatWasSeen(t *testing.T) {
	source := &goingBack{docs: []*market.Claim{{Meta: market.Meta{ID: "a", Version: 1}}, {Meta: market.Meta{ID: "b", Version: 1}}}}
	sink := &mirror{versions: map[market.ID]int64{}}
	f := &Follower[market.Claim]{Name: "claims", Source: source, Sink: sink, Log: quiet()}
	if err := f.CatchUp(context.Background()); err != nil || len(sink.versions) != 2 {
		t.Fatalf("%d of 2, %v", len(sink.versions), err)
	}
	sink.versions, sink.position = map[market.ID]int64{"a": 1}, "9:0"
	if err := f.CatchUp(context.Background()); err != nil || sink.version("b") != 1 {
		t.Errorf("after the rebuild: %v, %v", sink.versions, err)
	}
}

// waitingSink is told once that the part it needs is not there yet.
type waitingSink struct {
	mirror
	asked int
}

func (w *waitingSink) Apply(ctx context.Context, docs []*market.Claim, next string) error {
	if w.asked++; w.asked == 1 {
		return market.E(market.Unavailable, "index_filling", "请稍后再试。")
	}
	return w.mirror.Apply(ctx, docs, next)
}

// Waiting for another part is told, and is no error.
func TestWaitingIsNoError(t *testing.T) {
	var log bytes.Buffer
	claims := repeating{[]*market.Claim{{Meta: market.Meta{ID: "a", Version: 1}}}}
	sink := &waitingSink{mirror: mirror{versions: map[market.ID]int64{}}}
	f := &Follower[market.Claim]{Name: "claims", Source: claims, Sink: sink, Every: time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))}
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	done := make(chan struct{})
	go func() { f.Run(ctx); close(done) }()
	for sink.version("a") == 0 && ctx.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	if sink.version("a") != 1 || !strings.Contains(log.String(), "level=INFO") || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("a at %d, log %s", sink.version("a"), log.String())
	}
}
