package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// card is a document whose spec grows from test to test.
type card struct {
	market.Meta `bson:"-"`
	Number      string    `bson:"number"`
	Serial      string    `bson:"serial"`
	Open        bool      `bson:"open"`
	Rank        int       `bson:"rank"`
	Due         time.Time `bson:"due"`
	Owner       struct {
		ID string `bson:"id"`
	} `bson:"owner"`
}

func newCard(i int) *card {
	c := &card{Meta: market.Meta{ID: market.ID(fmt.Sprintf("卡%04d", i))}, Number: fmt.Sprint("n", i), Serial: fmt.Sprint("s", i),
		Open: i%2 == 0, Rank: i % 5, Due: time.UnixMilli(int64(i) * 1000).UTC()}
	c.Owner.ID = fmt.Sprint("u", i%3)
	return c
}

// fileWithCards makes a file with cards 0 … n-1 under spec.
func fileWithCards(t *testing.T, spec store.Spec, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	engine := open(t, path)
	cards := openCards(t, engine, spec)
	for i := range n {
		if err := cards.Insert(t.Context(), newCard(i)); err != nil {
			t.Fatalf("Insert = %v", err)
		}
	}
	if err := engine.Close(); err != nil {
		t.Fatalf("Close = %v", err)
	}
	return path
}

func openCards(t *testing.T, engine store.Engine, spec store.Spec) store.Collection[card] {
	t.Helper()
	spec.Name = "cards"
	cards, err := store.Open[card](t.Context(), engine, spec)
	if err != nil {
		t.Fatalf("open cards: %v", err)
	}
	return cards
}

// count returns how many cards one page of a query has.
func count(t *testing.T, cards store.Reader[card], q store.Query) int {
	t.Helper()
	q.Limit = store.MaxLimit
	page, err := cards.Find(t.Context(), q)
	if err != nil {
		t.Fatalf("Find(%+v) = %v", q, err)
	}
	return len(page.Items)
}

// TestSpecGrows opens a file with a spec that has more fields, indexes and keys
// than the one it was made with: the documents that are there are found by them.
func TestSpecGrows(t *testing.T) {
	path := fileWithCards(t, store.Spec{Unique: []string{"number"}}, 600)
	grown := store.Spec{Unique: []string{"serial", "number"}, Indexes: []store.Index{{"open", "due"}, {"owner.id", "rank"}}}
	for range 2 { // the second time there is nothing left to do
		engine := open(t, path)
		cards := openCards(t, engine, grown)
		for _, tt := range []struct {
			name  string
			query store.Query
			want  int
		}{
			{"bool", store.Query{Equal: []store.Equal{{Field: "open", Value: true}}, Sort: "due"}, 300},
			{"range of times", store.Query{Equal: []store.Equal{{Field: "open", Value: false}}, Sort: "due", Range: &store.Range{From: time.UnixMilli(500_000)}}, 50},
			{"nested field and integer", store.Query{Equal: []store.Equal{{Field: "owner.id", Value: "u1"}, {Field: "rank", Value: 4}}}, 40},
			{"new key", store.Query{Equal: []store.Equal{{Field: "serial", Value: "s77"}}}, 1},
			{"old key", store.Query{Equal: []store.Equal{{Field: "number", Value: "n77"}}}, 1},
		} {
			t.Run(tt.name, func(t *testing.T) {
				if got := count(t, cards, tt.query); got != tt.want {
					t.Errorf("%d cards, want %d", got, tt.want)
				}
			})
		}
		same := newCard(10_000)
		same.Serial = "s5"
		if err := cards.Insert(t.Context(), same); !store.IsTaken(err) {
			t.Errorf("Insert with a serial in use = %v, want taken", err)
		}
		if err := engine.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSpecShrinks drops a key with its declaration and keeps the columns whole,
// so that a field can come back.
func TestSpecShrinks(t *testing.T) {
	full := store.Spec{Unique: []string{"number", "serial"}, Indexes: []store.Index{{"rank"}}}
	path := fileWithCards(t, full, 10)

	engine := open(t, path)
	cards := openCards(t, engine, store.Spec{Unique: []string{"number"}})
	late := newCard(10)
	late.Rank = 77
	if err := cards.Insert(t.Context(), late); err != nil {
		t.Fatalf("Insert = %v", err)
	}
	double := newCard(11)
	double.Serial = newCard(3).Serial
	if err := cards.Insert(t.Context(), double); err != nil {
		t.Errorf("Insert with a serial that is a key no more = %v", err)
	}
	engine.Close()

	engine = open(t, path)
	cards = openCards(t, engine, store.Spec{Unique: []string{"number"}, Indexes: []store.Index{{"rank"}}})
	if got := count(t, cards, store.Query{Equal: []store.Equal{{Field: "rank", Value: 77}}}); got != 1 {
		t.Errorf("%d cards written between two declarations, want 1", got)
	}
	engine.Close()

	engine = open(t, path)
	full.Name = "cards"
	if _, err := engine.Table(t.Context(), full); !market.Is(err, market.Conflict) {
		t.Errorf("Table with a key that has duplicates = %v, want Conflict", err)
	}
	cards = openCards(t, engine, store.Spec{Unique: []string{"number"}})
	if got := count(t, cards, store.Query{}); got != 12 {
		t.Errorf("%d cards after a refused declaration, want 12", got)
	}
}

// TestUnfitDocuments refuses documents that cannot be indexed as declared.
func TestUnfitDocuments(t *testing.T) {
	engine := open(t, filepath.Join(t.TempDir(), "store.db"))
	table, err := engine.Table(t.Context(), store.Spec{Name: "cards", Unique: []string{"number"}, Indexes: []store.Index{{"rank"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		id   market.ID
		doc  bson.M
		kind market.Kind
	}{
		{"key missing", "a", bson.M{"rank": 1}, market.Internal},
		{"key null", "a", bson.M{"rank": 1, "number": nil}, market.Internal},
		{"list in an index", "a", bson.M{"rank": bson.A{1}, "number": "1"}, market.Internal},
		{"zero byte in the id", "a\x00b", bson.M{"rank": 1, "number": "1"}, market.Invalid},
		{"id is no UTF-8", "a\xffb", bson.M{"rank": 1, "number": "1"}, market.Invalid},
		{"17 MiB", "a", bson.M{"rank": 1, "number": "1", "blob": make([]byte, 17<<20)}, market.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			raw, err := bson.Marshal(tt.doc)
			if err != nil {
				t.Fatal(err)
			}
			rec := &store.Record{Meta: market.Meta{ID: tt.id, Version: 1}, Body: raw}
			if err := table.Insert(t.Context(), rec); !market.Is(err, tt.kind) {
				t.Errorf("Insert = %v, want kind %d", err, tt.kind)
			}
			if err := table.Update(t.Context(), rec); !market.Is(err, tt.kind) {
				t.Errorf("Update = %v, want kind %d", err, tt.kind)
			}
		})
	}
	if _, err := table.Find(t.Context(), store.Query{Equal: []store.Equal{{Field: "rank", Value: 1.5}}, Limit: 1}, nil); !market.Is(err, market.Internal) {
		t.Errorf("Find by a float = %v, want Internal", err)
	}
	if _, err := table.Find(t.Context(), store.Query{Sort: "rank", Range: &store.Range{To: []int{1}}, Limit: 1}, nil); !market.Is(err, market.Internal) {
		t.Errorf("Find up to a list = %v, want Internal", err)
	}
}

// TestUpdateIntoTakenKey refuses an update that takes another document's key.
func TestUpdateIntoTakenKey(t *testing.T) {
	engine := open(t, filepath.Join(t.TempDir(), "store.db"))
	cards := openCards(t, engine, store.Spec{Unique: []string{"number", "serial"}})
	one, two := newCard(1), newCard(2)
	for _, c := range []*card{one, two} {
		if err := cards.Insert(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	two.Serial = one.Serial
	if err := cards.Update(t.Context(), two); !store.IsTaken(err) {
		t.Errorf("Update = %v, want taken", err)
	}
	if got, err := cards.Get(t.Context(), two.ID); err != nil || got.Version != 1 || got.Serial != "s2" {
		t.Errorf("Get = %+v, %v; want the document as it was", got, err)
	}
}

// TestBadSpecs refuses names that are no collection's and two declarations of one.
func TestBadSpecs(t *testing.T) {
	engine := open(t, filepath.Join(t.TempDir(), "store.db"))
	for _, name := range []string{"", "_meta", "Cards", `a"b`, "卡", "a b"} {
		if _, err := engine.Table(t.Context(), store.Spec{Name: name}); !market.Is(err, market.Internal) {
			t.Errorf("Table(%q) = %v, want Internal", name, err)
		}
	}
	if _, err := engine.Table(t.Context(), store.Spec{Name: "cards"}); err != nil {
		t.Fatal(err)
	}
	if _, err := engine.Table(t.Context(), store.Spec{Name: "cards", Unique: []string{"number"}}); !market.Is(err, market.Internal) {
		t.Errorf("Table declared twice = %v, want Internal", err)
	}
}

// TestFile checks the file itself: any name, for its owner only, alone after Close.
func TestFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "数据 ?mode=memory#%41&x=1.db")
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	cards := openCards(t, engine, store.Spec{})
	if err := cards.Insert(t.Context(), newCard(1)); err != nil {
		t.Fatal(err)
	}
	if got := count(t, cards, store.Query{}); got != 1 {
		t.Fatalf("%d cards, want 1", got)
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode of %s: %v, %v; want 0600", suffix, info, err)
		}
	}
	for range 2 {
		if err := engine.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	}
	if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
		t.Errorf("after Close: %v, %v; want the file alone", entries, err)
	}
	if _, err := cards.Get(context.Background(), "x"); !market.Is(err, market.Unavailable) {
		t.Errorf("Get after Close = %v, want Unavailable", err)
	}
}
