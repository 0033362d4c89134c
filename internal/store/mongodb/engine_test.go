package mongodb

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"

	"jishi/internal/market"
	"jishi/internal/store"
)

func openNotes(t *testing.T, engine *Engine, spec store.Spec) store.Collection[note] {
	t.Helper()
	notes, err := store.Open[note](t.Context(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return notes
}

func insertNotes(t *testing.T, notes store.Collection[note], ids ...market.ID) {
	t.Helper()
	for _, id := range ids {
		if err := notes.Insert(t.Context(), &note{Meta: market.Meta{ID: id}, Key: "key of " + string(id), State: "open"}); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCommands looks at what goes to the server: the concerns that make an
// acknowledgement mean something, and no transaction number, which would say
// that the driver may repeat the write.
func TestCommands(t *testing.T) {
	o, database, err := settings(server(t))
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	commands := map[string]bson.Raw{}
	o.SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) {
		mu.Lock()
		defer mu.Unlock()
		commands[e.CommandName] = slices.Clone(e.Command)
	}})
	engine, err := connect(t.Context(), o, database, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	notes := openNotes(t, engine, noteSpec)
	insertNotes(t, notes, "a")
	a, err := notes.Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if err := notes.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	page, err := notes.Find(t.Context(), store.Query{Limit: 1})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("Find = %d documents, %v", len(page.Items), err)
	}
	if more := commands["getMore"]; more != nil {
		t.Errorf("a page took two questions: %v", more)
	}
	for name, want := range map[string]string{"insert": "writeConcern", "update": "writeConcern", "find": "readConcern"} {
		command := commands[name]
		if _, err := command.LookupErr("txnNumber"); err == nil || command == nil {
			t.Errorf("%s: %v, want it without txnNumber", name, command)
		}
		concern := command.Lookup(want).Document()
		if want == "writeConcern" && (concern.Lookup("w").StringValue() != "majority" || !concern.Lookup("j").Boolean()) {
			t.Errorf("%s: write concern %v", name, concern)
		}
		if want == "readConcern" && concern.Lookup("level").StringValue() != "majority" {
			t.Errorf("%s: read concern %v", name, concern)
		}
	}
}

// TestSpecChanges opens a collection with one spec after the other, as new
// releases do.
func TestSpecChanges(t *testing.T) {
	uri := server(t)
	spec := store.Spec{Name: "notes", Unique: []string{"key"}}
	insertNotes(t, openNotes(t, openEngine(t, uri), spec), "a", "b")

	second := store.Spec{Name: "notes", Indexes: []store.Index{{"state"}}}
	notes := openNotes(t, openEngine(t, uri), second)
	page, err := notes.Find(t.Context(), store.Query{Equal: []store.Equal{{Field: "state", Value: "open"}}})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("a new index finds %d of 2 older documents, %v", len(page.Items), err)
	}
	again := &note{Meta: market.Meta{ID: "c"}, Key: "key of a"}
	if err := notes.Insert(t.Context(), again); err != nil {
		t.Errorf("a key that is declared no more refuses: %v", err)
	}

	if _, err := store.Open[note](t.Context(), openEngine(t, uri), spec); err == nil {
		t.Error("a key that the documents break was made")
	}
	again.Key = "key of c"
	if err := notes.Update(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	third := openNotes(t, openEngine(t, uri), spec)
	err = third.Insert(t.Context(), &note{Meta: market.Meta{ID: "d"}, Key: "key of b"})
	if !store.IsTaken(err) {
		t.Errorf("a key that is declared again lets pass: %v", err)
	}
}

// TestManyOpenAtOnce: several servers of one release start together.
func TestManyOpenAtOnce(t *testing.T) {
	uri := server(t)
	var all sync.WaitGroup
	for range 6 {
		engine := openEngine(t, uri)
		all.Go(func() {
			if _, err := engine.Table(t.Context(), noteSpec); err != nil {
				t.Errorf("Table = %v", err)
			}
		})
	}
	all.Wait()
	engine := openEngine(t, uri)
	table, err := engine.openTable(t.Context(), noteSpec)
	if err != nil {
		t.Fatal(err)
	}
	present, err := table.presentIndexes(t.Context())
	if err != nil || len(present) != 3 { // changed_at, key, state
		t.Errorf("indexes %+v, %v; want 3", present, err)
	}
}

func TestTableRefuses(t *testing.T) {
	engine := openEngine(t, server(t))
	if _, err := engine.Table(t.Context(), noteSpec); err != nil {
		t.Fatal(err)
	}
	for _, spec := range []store.Spec{{Name: noteSpec.Name}, {Name: "Notes"}, {Name: "no.tes"}, {Name: ""}} {
		if _, err := engine.Table(t.Context(), spec); !market.Is(err, market.Internal) {
			t.Errorf("Table(%+v) = %v, want Internal", spec, err)
		}
	}
}

// deal is a document with indexed fields inside a list.
type deal struct {
	market.Meta `bson:"-"`
	Sellers     []side `bson:"sellers"`
}

type side struct {
	Org string `bson:"org"`
}

// TestIndexIntoList finds documents by the first entry of a list, and by no other.
func TestIndexIntoList(t *testing.T) {
	engine := openEngine(t, server(t))
	deals, err := store.Open[deal](t.Context(), engine, store.Spec{Name: "deals", Indexes: []store.Index{{"sellers.0.org", store.FieldChanged}, {"sellers.0.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	for id, sellers := range map[market.ID][]side{"a": {{"x"}, {"y"}}, "b": {{"y"}, {"x"}}, "c": {{"x"}}, "none": {}, "null": nil} {
		if err := deals.Insert(t.Context(), &deal{Meta: market.Meta{ID: id}, Sellers: sellers}); err != nil {
			t.Fatal(err)
		}
	}
	for org, want := range map[string][]market.ID{"x": {"a", "c"}, "y": {"b"}, "z": nil} {
		for _, sort := range []string{"", store.FieldChanged} {
			var got []market.ID
			query := store.Query{Equal: []store.Equal{{Field: "sellers.0.org", Value: org}}, Sort: sort, Limit: 1}
			for more := true; more; more = query.After != "" {
				page, err := deals.Find(t.Context(), query)
				if err != nil {
					t.Fatal(err)
				}
				for _, d := range page.Items {
					got = append(got, d.ID)
				}
				query.After = page.Next
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("first seller %s, sorted by %q: %v, want %v", org, sort, got, want)
			}
		}
	}
}

// TestClocksDiffer writes with a clock that is behind the reader's and the
// other writers'.
func TestClocksDiffer(t *testing.T) {
	uri := server(t)
	slow := func() time.Time { return time.Now().Add(-callLimit - clockSkew) } // as late as a write can become visible
	early := openNotes(t, openEngine(t, uri), noteSpec)
	late := openNotes(t, openEngineAt(t, uri, slow), noteSpec)
	insertNotes(t, early, "a", "b")
	_, since, err := early.Changes(t.Context(), "", 10)
	if err != nil {
		t.Fatal(err)
	}
	insertNotes(t, late, "c")
	docs, _, err := early.Changes(t.Context(), since, 10)
	if err != nil || len(docs) == 0 || docs[0].ID != "c" {
		t.Errorf("changes after a late write: %+v, %v; want it first", docs, err)
	}

	a, err := late.Get(t.Context(), "a")
	if err != nil {
		t.Fatal(err)
	}
	before := a.Meta
	a.CreatedAt = time.Time{} // not the caller's to say
	if err := late.Update(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	stored, err := early.Get(t.Context(), "a")
	if err != nil || stored.Meta != a.Meta || stored.CreatedAt != before.CreatedAt || stored.ChangedAt.Before(before.ChangedAt) || stored.Version != 2 {
		t.Errorf("stored %+v, %v; returned %+v, before %+v", stored.Meta, err, a.Meta, before)
	}
}

func TestClosed(t *testing.T) {
	engine, err := Open(t.Context(), server(t), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	notes := openNotes(t, engine, noteSpec)
	for range 2 {
		if err := engine.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
	err = notes.Insert(t.Context(), &note{Meta: market.Meta{ID: "a"}, Key: "a"})
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != market.Unavailable || e.Code != "store_closed" {
		t.Errorf("Insert after Close = %v, want Unavailable, store_closed", err)
	}
}

// TestNobodyThere opens an address that nobody listens at.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	start := time.Now()
	_, err = Open(t.Context(), "mongodb://"+address, time.Now)
	if took := time.Since(start); !market.Is(err, market.Unavailable) || took > 6*time.Second {
		t.Errorf("Open = %v after %v, want Unavailable within 6 s", err, took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start = time.Now()
	_, err = Open(ctx, "mongodb://"+address, time.Now)
	if took := time.Since(start); !market.Is(err, market.Unavailable) || !errors.Is(err, context.DeadlineExceeded) || took > time.Second {
		t.Errorf("Open = %v after %v, want Unavailable at the deadline", err, took)
	}
}
