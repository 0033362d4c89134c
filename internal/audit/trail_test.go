package audit

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/follow"
	"jishi/internal/market"
)

func TestAppend(t *testing.T) {
	w := newWorld(t)
	w.append(5)
	w.settled()
	w.whole(5, 0)
	e := w.signIn()
	e.Detail, e.Request, e.Result = strings.Repeat("长", 2000), "坏\xff", ""
	w.must(w.trail.Append(t.Context(), e))
	line, err := w.trail.lastLine(t.Context())
	w.must(err)
	if got := line.Body; len([]rune(got.Detail)) > market.MaxNote+1 || got.Request != "坏\uFFFD" || got.Result != market.ResultOK || line.Seq != 6 {
		t.Errorf("stored %+v", got)
	}
	w.must(w.trail.Append(t.Context(), market.Entry{Action: market.ActSignIn}))
	if line, _ = w.trail.lastLine(t.Context()); !line.At.Equal(w.now()) {
		t.Errorf("an entry without a time is of %v", line.At)
	}
	w.whole(7, 0)
}

// A source is kept once, whoever appends it again.
func TestAppendSourceOnce(t *testing.T) {
	w := newWorld(t)
	e := w.signIn()
	e.Source = "session/s1/1"
	other := w.begin(testKeys(t, "a"))
	for range 3 {
		w.must(w.trail.Append(t.Context(), e))
		w.must(other.Append(t.Context(), e))
	}
	w.whole(1, 0)
}

// Several processes share one chain; none loses an entry or breaks it.
func TestAppendByMany(t *testing.T) {
	w := newWorld(t)
	const trails, each = 4, 40
	var wait sync.WaitGroup
	for i := range trails {
		trail := w.begin(testKeys(t, "a"))
		for range 2 {
			wait.Go(func() {
				for range each / 2 {
					if err := trail.Append(context.Background(), w.signIn()); err != nil {
						t.Errorf("trail %d: %v", i, err)
					}
				}
			})
		}
	}
	wait.Wait()
	w.settled()
	w.whole(trails*each, 0)
}

func TestClosed(t *testing.T) {
	w := newWorld(t)
	w.append(3)
	w.trail.Close()
	w.trail.Close()
	if err := w.trail.Append(t.Context(), w.signIn()); !market.Is(err, market.Unavailable) {
		t.Errorf("Append on a closed trail = %v", err)
	}
	head, err := w.trail.head(t.Context())
	if err != nil || head.Seq != 3 {
		t.Errorf("head after Close: %+v, %v", head, err)
	}
}

// What cannot be stored is an error, and the next entry goes on from there.
func TestAppendToBrokenStore(t *testing.T) {
	w := newWorld(t)
	w.append(1)
	w.must(w.engine.Close())
	if err := w.trail.Append(t.Context(), w.signIn()); !market.Is(err, market.Unavailable) {
		t.Errorf("Append to a closed store = %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.trail.Append(ctx, w.signIn()); !market.Is(err, market.Unavailable) {
		t.Errorf("Append under an ended context = %v", err)
	}
}

// TestFollow copies what happens to documents, once, in order, from where the
// last process was.
func TestFollow(t *testing.T) {
	w := newWorld(t)
	first := w.target(2)
	w.target(1)
	followOnce(w, w.trail)
	w.whole(3, 3)
	w.grow(first, 2)
	w.must(w.targets.Update(t.Context(), first))
	restarted := w.begin(testKeys(t, "a"))
	followOnce(w, restarted)
	followOnce(w, w.trail) // another process sees the same
	w.whole(5, 5)
	page, err := w.trail.Find(t.Context(), officer, Filter{Subject: first.ID})
	w.must(err)
	var sources []string
	for _, row := range page.Rows {
		sources = append(sources, row.Source)
	}
	want := fmt.Sprintf("[target/%[1]s/4 target/%[1]s/3 target/%[1]s/2 target/%[1]s/1]", first.ID)
	if fmt.Sprint(sources) != want {
		t.Errorf("lines %v, want %v", sources, want)
	}
	if e := page.Rows[0].Entry; e.User != officer.User || e.Address != "192.0.2.8" || e.From != "3" || e.To != "50 亿元" || e.Request != "req" {
		t.Errorf("entry %+v", e)
	}
	w.must(w.stores.Positions.Update(t.Context(), &Position{Meta: position(w).Meta})) // as if it had been lost
	followOnce(w, w.begin(testKeys(t, "a")))
	w.whole(5, 5)
}

func position(w *world) *Position {
	p, err := w.stores.Positions.Get(context.Background(), "target")
	w.must(err)
	return p
}

func followOnce(w *world, trail *Trail) {
	w.t.Helper()
	f := follow.Follower[market.Target]{Name: "trail", Source: w.targets, Sink: NewSink(trail, "target", history)}
	w.must(f.CatchUp(context.Background()))
}

// Somebody who waits does not wait for the followers to be done.
func TestUrgentGoesFirst(t *testing.T) {
	w := newWorld(t)
	entries := make([]market.Entry, 2000)
	for i := range entries {
		entries[i] = w.signIn()
		entries[i].Source = fmt.Sprintf("target/x/%d", i+1)
	}
	done := make(chan error, 1)
	go func() { done <- w.trail.copy(context.Background(), entries) }()
	for range 5 {
		time.Sleep(2 * time.Millisecond)
		w.must(w.trail.Append(t.Context(), w.signIn()))
	}
	last, err := w.trail.lastLine(t.Context())
	w.must(err)
	if last.Seq > 1000 {
		t.Errorf("five urgent entries were in after %d others", last.Seq)
	}
	w.must(<-done)
	if line, err := w.trail.lastLine(t.Context()); err != nil || line.Seq != 2005 {
		t.Errorf("last line %+v, %v", line, err)
	}
}

// Followers stop where their context ends, and go on from there.
func TestCopyStops(t *testing.T) {
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	entries := make([]market.Entry, 500)
	for i := range entries {
		entries[i] = w.signIn()
		entries[i].Source = fmt.Sprintf("target/x/%d", i+1)
	}
	stopped := make(chan error, 1)
	go func() { stopped <- w.trail.copy(ctx, entries) }()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
		if last, err := w.trail.lastLine(t.Context()); err == nil && last != nil {
			break
		}
	}
	cancel()
	if err := <-stopped; err == nil {
		t.Error("copying goes on after its context ended")
	}
	w.must(w.trail.copy(t.Context(), entries))
	last, err := w.trail.lastLine(t.Context())
	if err != nil || last.Seq != 500 {
		t.Errorf("last line %+v, %v", last, err)
	}
}

// Every field of an entry is part of what is hashed.
func TestCanonicalCoversEveryField(t *testing.T) {
	base := market.Entry{At: testStart}
	seen := map[string]string{string(canonical(base)): "nothing"}
	v := reflect.ValueOf(&base).Elem()
	for i := range v.NumField() {
		e := base
		f := reflect.ValueOf(&e).Elem().Field(i)
		if f.Kind() == reflect.String {
			f.SetString("x")
		} else {
			e.At = e.At.Add(time.Millisecond)
		}
		key, name := string(canonical(e)), v.Type().Field(i).Name
		if other, same := seen[key]; same {
			t.Errorf("%s is hashed as %s", name, other)
		}
		seen[key] = name
	}
}

// A text cannot be moved from one field into the next unseen.
func TestCanonicalKeepsFieldsApart(t *testing.T) {
	for _, pair := range [][2]market.Entry{
		{{User: "ab"}, {User: "a", Org: "b"}}, {{From: "a", To: "b"}, {From: "b", To: "a"}}, {{Detail: "x\x07addressy"}, {Detail: "x", Address: "y"}},
	} {
		if string(canonical(pair[0])) == string(canonical(pair[1])) {
			t.Errorf("%+v and %+v are hashed alike", pair[0], pair[1])
		}
	}
}

func TestNewKey(t *testing.T) {
	if _, err := NewKey([]byte("short")); err == nil {
		t.Error("a short secret makes a key")
	}
	a, b := testKeys(t, "a").Now, testKeys(t, "b").Now
	if a.id == b.id || a.id != testKeys(t, "a").Now.id || len(a.id) != 12 {
		t.Errorf("key ids %s and %s", a.id, b.id)
	}
}
