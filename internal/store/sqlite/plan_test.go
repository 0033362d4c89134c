package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// planSpec has indexes that begin alike, so that there is a wrong one to take.
var planSpec = store.Spec{Name: "offers", Unique: []string{"number"}, Indexes: []store.Index{
	{"state"}, {"state", "rank"}, {"state", "owner.id", "rank"}, {"rank"}, {"state", store.FieldChanged}, {"state", store.FieldCreated}, {"owner.id"},
}}

// TestPlans asks SQLite how it would run each shape of query: it must search an
// index by all that the query says, and never sort.
func TestPlans(t *testing.T) {
	engine := openEngine(t)
	opened, err := engine.Table(t.Context(), planSpec)
	if err != nil {
		t.Fatalf("Table = %v", err)
	}
	offers := opened.(*table)
	fillOffers(t, offers, 300)
	state, owner := store.Equal{Field: "state", Value: "draft"}, store.Equal{Field: "owner.id", Value: "u1"}
	day := time.UnixMilli(86_400_000)
	for i, tt := range []struct {
		query store.Query
		index string // "" = that of the ids
	}{
		{store.Query{}, ""},
		{store.Query{Sort: store.FieldID, Range: &store.Range{From: "a", To: "b"}}, ""},
		{store.Query{Sort: store.FieldChanged}, "index:changed,id"},
		{store.Query{Sort: store.FieldChanged, Range: &store.Range{From: day}}, "index:changed,id"},
		{store.Query{Equal: []store.Equal{{Field: "number", Value: "1"}}}, `key:"f_number"`},
		{store.Query{Equal: []store.Equal{state}}, `index:"f_state",id`},
		{store.Query{Equal: []store.Equal{owner}}, `index:"f_owner.id",id`},
		{store.Query{Equal: []store.Equal{state}, Sort: "rank"}, `index:"f_state","f_rank",id`},
		{store.Query{Equal: []store.Equal{state}, Sort: "rank", Range: &store.Range{From: 1, To: 9}}, `index:"f_state","f_rank",id`},
		{store.Query{Equal: []store.Equal{state}, Sort: "rank", Range: &store.Range{To: 9}}, `index:"f_state","f_rank",id`},
		{store.Query{Equal: []store.Equal{state, owner}, Sort: "rank"}, `index:"f_state","f_owner.id","f_rank",id`},
		{store.Query{Equal: []store.Equal{state, {Field: "rank", Value: 1}}}, `index:"f_state","f_rank",id`},
		{store.Query{Sort: "rank", Range: &store.Range{From: 1}}, `index:"f_rank",id`},
		{store.Query{Sort: "rank"}, `index:"f_rank",id`},
		{store.Query{Equal: []store.Equal{state}, Sort: store.FieldChanged}, `index:"f_state",changed,id`},
		{store.Query{Equal: []store.Equal{state}, Sort: store.FieldCreated, Range: &store.Range{From: day, To: day}}, `index:"f_state",created,id`},
	} {
		for _, desc := range []bool{false, true} {
			for _, pos := range []*store.Position{nil, position(t, tt.query.Sort)} {
				query := tt.query
				query.Desc, query.Limit = desc, 21
				t.Run(fmt.Sprintf("%d %s desc=%t cursor=%t", i, tt.index, desc, pos != nil), func(t *testing.T) {
					text, args, err := offers.findSQL(query, pos)
					if err != nil {
						t.Fatalf("findSQL = %v", err)
					}
					checkPlan(t, offers, text, args, tt.index, bounded(query, pos))
				})
			}
		}
	}
	t.Run("changes", func(t *testing.T) {
		checkPlan(t, offers, offers.changesSQL(), []any{int64(1), "a", 10}, "index:changed,id", []string{"(changed,id)>(?,?)"})
	})
	t.Run("ids", func(t *testing.T) {
		checkPlan(t, offers, "SELECT * FROM offers WHERE id IN (?,?,?)", []any{"a", "b", "c"}, "", []string{"id=?"})
	})
}

// bounded returns what must bound the search of an index: every equality, and
// the tightest bound on each side of the order.
func bounded(q store.Query, pos *store.Position) []string {
	var want []string
	for _, e := range q.Equal {
		want = append(want, column(e.Field)+"=?")
	}
	if len(q.Equal) == 1 && q.Equal[0].Field == "number" {
		return want // one document at most: the rest does not matter
	}
	name := "id"
	if q.Sort != "" {
		name = column(q.Sort)
	}
	begin, end := ">", "<"
	if q.Desc {
		begin, end = end, begin
	}
	first, last := any(nil), any(nil)
	if q.Range != nil {
		first, last = q.Range.From, q.Range.To
		if q.Desc {
			first, last = last, first
		}
	}
	switch {
	case pos != nil && name == "id":
		want = append(want, "id"+begin+"?")
	case pos != nil:
		want = append(want, "("+name+",id)"+begin+"(?,?)")
	case first != nil:
		want = append(want, name+begin+"?")
	}
	if last != nil {
		want = append(want, name+end+"?")
	}
	return want
}

// checkPlan fails the test unless the query searches the index by bounds and
// does nothing else. SQLite prints names of columns without quotes.
func checkPlan(t *testing.T, offers *table, text string, args []any, index string, bounds []string) {
	t.Helper()
	rows, err := offers.engine.readers.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+text, args...)
	if err != nil {
		t.Fatalf("EXPLAIN %s = %v", text, err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, detail)
	}
	name := "sqlite_autoindex_offers_1"
	if index != "" {
		name = "offers:" + index
	}
	want := "SEARCH offers USING INDEX " + name + " ("
	if len(bounds) == 0 {
		want = "SCAN offers USING INDEX " + name // the whole index in its order, until the page is full
	}
	if len(plan) != 1 || !strings.HasPrefix(plan[0], want) {
		t.Fatalf("%s\nplan %q\nwant %q", text, plan, want)
	}
	for _, bound := range bounds {
		if !strings.Contains(plan[0], strings.ReplaceAll(bound, `"`, "")) {
			t.Errorf("%s\nplan %q is not bounded by %q", text, plan, bound)
		}
	}
}

// position is a cursor in the order of sort.
func position(t *testing.T, sort string) *store.Position {
	t.Helper()
	if sort == "" || sort == store.FieldID {
		return &store.Position{ID: "a"}
	}
	kind, data, err := bson.MarshalValue(int64(5))
	if err != nil {
		t.Fatal(err)
	}
	return &store.Position{ID: "a", Value: bson.RawValue{Type: kind, Value: data}}
}

func openEngine(t *testing.T) *Engine {
	t.Helper()
	engine, err := Open(filepath.Join(t.TempDir(), "store.db"), time.Now)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

// body marshals a document.
func body(t *testing.T, doc any) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func fillOffers(t *testing.T, offers *table, n int) {
	t.Helper()
	for i := range n {
		rec := &store.Record{Meta: market.Meta{ID: market.ID(fmt.Sprint("id", i))}, Body: body(t, bson.M{
			"number": fmt.Sprint(i), "state": "draft", "rank": i % 7, "owner": bson.M{"id": "u1"},
		})}
		if err := offers.Insert(context.Background(), rec); err != nil {
			t.Fatalf("Insert = %v", err)
		}
	}
}
