package audit

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// world is a trail on a real store, with documents whose histories it repeats
// and a clock that tests set.
type world struct {
	t       testing.TB
	engine  store.Engine
	path    string // of the SQLite file
	stores  Stores
	targets store.Collection[market.Target]
	trail   *Trail
	clock   atomic.Int64 // milliseconds
	ids     atomic.Int64
}

var (
	testStart = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	officer   = market.Actor{User: "u-officer", Org: "o-bureau", Name: "王科长", Roles: []market.Role{market.RoleOfficer}, Verified: true}
	supplier  = market.Actor{User: "u-supplier", Org: "o-univ", Name: "周老师", Roles: []market.Role{market.RoleSupplier}, Verified: true}
)

func newWorld(t testing.TB) *world {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.db")
	w := &world{t: t, path: path}
	w.clock.Store(testStart.UnixMilli())
	engine, err := sqlite.Open(path, time.Now)
	w.must(err)
	t.Cleanup(func() { engine.Close() })
	w.on(engine)
	return w
}

// on opens the collections on an engine and begins a trail.
func (w *world) on(engine store.Engine) {
	w.t.Helper()
	w.engine = engine
	w.stores = openStores(w.t, engine)
	w.targets = open[market.Target](w.t, engine, store.Spec{Name: "targets"})
	w.trail = w.begin(testKeys(w.t, "a"))
	begun, err := w.trail.Begin(context.Background(), w.nouns()...)
	w.must(err)
	if !begun {
		w.t.Fatal("a new store has a chain")
	}
}

func openStores(t testing.TB, engine store.Engine) Stores {
	t.Helper()
	return Stores{
		Lines: open[Line](t, engine, LineSpec), Heads: open[Head](t, engine, HeadSpec),
		Positions: open[Position](t, engine, PositionSpec), Checks: open[Check](t, engine, CheckSpec),
	}
}

// begin starts a trail as a process of its own would.
func (w *world) begin(keys Keys) *Trail {
	w.t.Helper()
	trail, err := New(w.stores, Options{Keys: keys, Now: w.now, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	w.t.Cleanup(trail.Close)
	return trail
}

// testKeys returns keys, the first of which seals.
func testKeys(t testing.TB, names ...string) Keys {
	t.Helper()
	var keys Keys
	for i, name := range names {
		key, err := NewKey([]byte(fmt.Sprintf("%032s", name)))
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			keys.Now = key
		} else {
			keys.Before = append(keys.Before, key)
		}
	}
	return keys
}

func open[T any, P interface {
	*T
	store.Document
}](t testing.TB, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	docs, err := store.Open[T, P](context.Background(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) now() time.Time { return time.UnixMilli(w.clock.Load()).UTC() }

func (w *world) pass(d time.Duration) { w.clock.Add(d.Milliseconds()) }

func (w *world) newID() market.ID { return market.ID(fmt.Sprintf("id-%06d", w.ids.Add(1))) }

// append adds entries of sign-ins, a minute apart.
func (w *world) append(n int) {
	w.t.Helper()
	for range n {
		w.pass(time.Minute)
		w.must(w.trail.Append(context.Background(), w.signIn()))
	}
}

// signIn is the entry of a sign-in.
func (w *world) signIn() market.Entry {
	ctx := market.WithRequest(context.Background(), market.Request{ID: "req", Address: "192.0.2.7"})
	e := market.NewEntry(ctx, supplier, w.now(), market.ActSignIn, "session", w.newID())
	e.Detail = "password"
	return e
}

// target inserts a document with so many events.
func (w *world) target(events int) *market.Target {
	w.t.Helper()
	doc := &market.Target{Meta: market.Meta{ID: w.newID()}}
	w.grow(doc, events)
	w.must(w.targets.Insert(context.Background(), doc))
	return doc
}

// grow adds events to a document.
func (w *world) grow(doc *market.Target, events int) {
	by := officer
	by.Request = market.Request{ID: "req", Address: "192.0.2.8"}
	for range events {
		w.pass(time.Second)
		doc.History = append(doc.History, market.NextEvent(doc.History, by, w.now(), market.ActSetTarget, fmt.Sprint(len(doc.History)), "50 亿元", "理由"))
	}
}

func history(doc *market.Target) []market.Event { return doc.History }

func (w *world) nouns() []Noun { return []Noun{NewNoun("target", w.targets, history)} }

// verify returns what a verification finds, with the keys of a trail.
func (w *world) verify(anchors ...Anchor) *Report {
	w.t.Helper()
	v := NewVerifier(w.trail, w.nouns(), func() ([]Anchor, error) { return anchors, nil }, w.newID)
	var report Report
	w.must(v.verify(context.Background(), &report, func(int64, int64) {}))
	return &report
}

// whole fails unless everything is whole, with so many lines and events.
func (w *world) whole(lines, events int64) {
	w.t.Helper()
	r := w.verify()
	if r.Broken != nil || r.Lines != lines || r.Events != events {
		w.t.Fatalf("%d lines, %d events, broken: %v; want %d and %d, whole", r.Lines, r.Events, r.Broken, lines, events)
	}
}

// settled waits until the head has reached the end of the chain.
func (w *world) settled() {
	w.t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		head, err := w.trail.head(context.Background())
		w.must(err)
		last, err := w.trail.lastLine(context.Background())
		w.must(err)
		if last == nil || head != nil && head.Seq == last.Seq {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatal("the head does not reach the end")
		}
	}
}
