package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

type ticket struct {
	market.Meta `bson:"-"`
	Number      string `bson:"number"`
	Rank        int64  `bson:"rank"`
}

var ticketSpec = store.Spec{Name: "tickets", Unique: []string{"number"}, Indexes: []store.Index{{"rank"}}}

func openEngine(t *testing.T) store.Engine {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

func openTickets(t *testing.T, engine store.Engine) store.Collection[ticket] {
	t.Helper()
	tickets, err := store.Open[ticket](t.Context(), engine, ticketSpec)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	return tickets
}

// insertRaw stores a body as another build might have written it.
func insertRaw(t *testing.T, engine store.Engine, id market.ID, doc bson.M) {
	t.Helper()
	table, err := engine.Table(t.Context(), ticketSpec)
	if err != nil {
		t.Fatal(err)
	}
	body, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Insert(t.Context(), &store.Record{Meta: market.Meta{ID: id}, Body: body}); err != nil {
		t.Fatalf("Insert = %v", err)
	}
}

// TestUnreadable tells of documents that do not fit their type, and is not
// stopped by fields that the type does not know.
func TestUnreadable(t *testing.T) {
	engine := openEngine(t)
	tickets := openTickets(t, engine)
	insertRaw(t, engine, "newer", bson.M{"number": "1", "rank": 1, "later": "unknown field"})
	if got, err := tickets.Get(t.Context(), "newer"); err != nil || got.Number != "1" {
		t.Errorf("Get with an unknown field = %+v, %v", got, err)
	}
	insertRaw(t, engine, "broken", bson.M{"number": "2", "rank": "first"})
	for name, read := range map[string]func() error{
		"Get":     func() error { _, err := tickets.Get(t.Context(), "broken"); return err },
		"GetMany": func() error { _, err := tickets.GetMany(t.Context(), []market.ID{"newer", "broken"}); return err },
		"Find":    func() error { _, err := tickets.Find(t.Context(), store.Query{}); return err },
		"Changes": func() error { _, _, err := tickets.Changes(t.Context(), "", 10); return err },
	} {
		if err := read(); !market.Is(err, market.Internal) {
			t.Errorf("%s of a broken document = %v, want Internal", name, err)
		}
	}
}

// TestMissingSortField refuses to make a cursor out of nothing.
func TestMissingSortField(t *testing.T) {
	engine := openEngine(t)
	tickets := openTickets(t, engine)
	insertRaw(t, engine, "a", bson.M{"number": "1"})
	insertRaw(t, engine, "b", bson.M{"number": "2"})
	if _, err := tickets.Find(t.Context(), store.Query{Sort: "rank", Limit: 1}); !market.Is(err, market.Internal) {
		t.Errorf("Find past a document without the field = %v, want Internal", err)
	}
}

// TestUnwritable refuses documents that BSON cannot hold.
func TestUnwritable(t *testing.T) {
	type odd struct {
		market.Meta `bson:"-"`
		Channel     chan int `bson:"channel"`
	}
	odds, err := store.Open[odd](t.Context(), openEngine(t), store.Spec{Name: "odds"})
	if err != nil {
		t.Fatal(err)
	}
	doc := &odd{Meta: market.Meta{ID: "a", Version: 1}, Channel: make(chan int)}
	if err := odds.Insert(t.Context(), doc); !market.Is(err, market.Internal) {
		t.Errorf("Insert = %v, want Internal", err)
	}
	if err := odds.Update(t.Context(), doc); !market.Is(err, market.Internal) {
		t.Errorf("Update = %v, want Internal", err)
	}
}

// TestOpenFails names the collection that could not be opened.
func TestOpenFails(t *testing.T) {
	engine := openEngine(t)
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open[ticket](t.Context(), engine, ticketSpec); !market.Is(err, market.Unavailable) {
		t.Errorf("Open on a closed engine = %v, want Unavailable", err)
	}
}

func TestIsTaken(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"taken", store.Taken("number"), true},
		{"wrapped", errors.Join(errors.New("x"), store.Taken(store.FieldID)), true},
		{"another conflict", market.E(market.Conflict, "wrong_state", ""), false},
		{"foreign", errors.New("taken"), false},
		{"none", nil, false},
	} {
		if got := store.IsTaken(tt.err); got != tt.want {
			t.Errorf("IsTaken(%s) = %t, want %t", tt.name, got, tt.want)
		}
	}
}

// TestTakeUnderFire covers what two honest takers rarely show: losing every
// round, and failures on the way.
func TestTakeUnderFire(t *testing.T) {
	ctx := t.Context()
	engine := openEngine(t)
	claims, err := store.Open[market.Claim](ctx, engine, store.ClaimSpec)
	if err != nil {
		t.Fatal(err)
	}
	alive := func(context.Context, market.ID) (bool, error) { return true, nil }
	if holder, err := store.Take(ctx, claims, "name", "first", alive); err != nil || holder != "first" {
		t.Fatalf("Take = %q, %v", holder, err)
	}
	broken := errors.New("cannot tell")
	_, err = store.Take(ctx, claims, "name", "second", func(context.Context, market.ID) (bool, error) { return false, broken })
	if !errors.Is(err, broken) {
		t.Errorf("Take with a failing alive = %v, want %v", err, broken)
	}
	thief := func(ctx context.Context, _ market.ID) (bool, error) { // takes the name while it is being judged
		claim, err := claims.Get(ctx, "name")
		if err != nil {
			return false, err
		}
		claim.Holder = "thief"
		return false, claims.Update(ctx, claim)
	}
	if _, err = store.Take(ctx, claims, "name", "second", thief); !market.Is(err, market.Conflict) {
		t.Errorf("Take that loses every round = %v, want Conflict", err)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err = store.Take(ctx, claims, "name", "second", alive); !market.Is(err, market.Unavailable) {
		t.Errorf("Take on a closed store = %v, want Unavailable", err)
	}
}
