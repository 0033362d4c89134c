package audit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
	"jishi/internal/store/mongodb"
)

// raw is what somebody with the database in their hands can do, past all of
// our code.
type raw interface {
	// put makes the collection hold these documents and no others.
	put(t testing.TB, name string, docs []stored)
	// all returns what it holds, by id.
	all(t testing.TB, name string) []stored
}

// stored is a document as the database has it.
type stored struct {
	meta market.Meta
	body bson.Raw
}

func store1[T any](t testing.TB, id market.ID, doc *T) stored {
	t.Helper()
	body, err := bson.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return stored{market.Meta{ID: id, Version: 1, CreatedAt: testStart, ChangedAt: testStart}, body}
}

func load[T any](t testing.TB, s stored) *T {
	t.Helper()
	doc := new(T)
	if err := bson.Unmarshal(s.body, doc); err != nil {
		t.Fatal(err)
	}
	*headOf(doc) = s.meta
	return doc
}

// rawSQL is the SQLite file, opened past the engine.
type rawSQL struct{ db *sql.DB }

func openSQL(t testing.TB, path string) rawSQL {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(OFF)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return rawSQL{db}
}

func (r rawSQL) put(t testing.TB, name string, docs []stored) {
	t.Helper()
	tx, err := r.db.Begin()
	must(t, err)
	defer tx.Rollback()
	_, err = tx.Exec("DELETE FROM " + name)
	must(t, err)
	for _, d := range docs {
		_, err = tx.Exec("INSERT INTO "+name+" (id, version, created, changed, body) VALUES (?,?,?,?,?)",
			string(d.meta.ID), d.meta.Version, d.meta.CreatedAt.UnixMilli(), d.meta.ChangedAt.UnixMilli(), []byte(d.body))
		must(t, err)
		if name == LineSpec.Name {
			sets, args := columns(d.body)
			_, err = tx.Exec("UPDATE audit SET "+sets+" WHERE id=?", append(args, string(d.meta.ID))...)
			must(t, err)
		}
	}
	must(t, tx.Commit())
}

// columns are what the engine keeps beside a line.
func columns(body bson.Raw) (string, []any) {
	var sets []string
	var args []any
	for _, path := range LineSpec.Fields() {
		value := body.Lookup(strings.Split(path, ".")...)
		sets = append(sets, `"f_`+path+`"=?`)
		switch value.Type {
		case bson.TypeBoolean:
			args = append(args, value.Boolean())
		case bson.TypeDateTime:
			args = append(args, value.DateTime())
		default:
			args = append(args, value.StringValue())
		}
	}
	return strings.Join(sets, ","), args
}

func (r rawSQL) all(t testing.TB, name string) []stored {
	t.Helper()
	rows, err := r.db.Query("SELECT id, version, created, changed, body FROM " + name + " ORDER BY id")
	must(t, err)
	defer rows.Close()
	var docs []stored
	for rows.Next() {
		var d stored
		var created, changed int64
		var body []byte
		must(t, rows.Scan(&d.meta.ID, &d.meta.Version, &created, &changed, &body))
		d.meta.CreatedAt, d.meta.ChangedAt, d.body = time.UnixMilli(created).UTC(), time.UnixMilli(changed).UTC(), body
		docs = append(docs, d)
	}
	must(t, rows.Err())
	return docs
}

// rawMongo is the MongoDB database, opened past the engine.
type rawMongo struct{ db *mongo.Database }

func (r rawMongo) put(t testing.TB, name string, docs []stored) {
	t.Helper()
	ctx := context.Background()
	_, err := r.db.Collection(name).DeleteMany(ctx, bson.D{})
	must(t, err)
	if len(docs) == 0 {
		return
	}
	all := make([]any, len(docs))
	for i, d := range docs {
		doc := bson.D{{Key: "_id", Value: string(d.meta.ID)}, {Key: "version", Value: d.meta.Version},
			{Key: "created_at", Value: d.meta.CreatedAt}, {Key: "changed_at", Value: d.meta.ChangedAt}}
		var body bson.D
		must(t, bson.Unmarshal(d.body, &body))
		all[i] = append(doc, body...)
	}
	_, err = r.db.Collection(name).InsertMany(ctx, all)
	must(t, err)
}

func (r rawMongo) all(t testing.TB, name string) []stored {
	t.Helper()
	ctx := context.Background()
	cursor, err := r.db.Collection(name).Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
	must(t, err)
	var docs []stored
	for cursor.Next(ctx) {
		var head struct {
			ID      string    `bson:"_id"`
			Version int64     `bson:"version"`
			Created time.Time `bson:"created_at"`
			Changed time.Time `bson:"changed_at"`
		}
		must(t, cursor.Decode(&head))
		var all, body bson.D
		must(t, cursor.Decode(&all))
		for _, e := range all {
			if e.Key != "_id" && e.Key != "version" && e.Key != "created_at" && e.Key != "changed_at" {
				body = append(body, e)
			}
		}
		raw, err := bson.Marshal(body)
		must(t, err)
		docs = append(docs, stored{market.Meta{ID: market.ID(head.ID), Version: head.Version, CreatedAt: head.Created.UTC(), ChangedAt: head.Changed.UTC()}, raw})
	}
	must(t, cursor.Err())
	return docs
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// onMongoDB is a world on a database of its own on the server that
// JISHI_TEST_MONGODB names, dropped at the end. Without that variable the test
// is skipped; the checks always set it.
func onMongoDB(t *testing.T) (*world, raw) {
	t.Helper()
	uri := os.Getenv("JISHI_TEST_MONGODB")
	if uri == "" {
		t.Skip("JISHI_TEST_MONGODB names no server: start the one in deploy/wiretest, or a MongoDB")
	}
	address, err := url.Parse(uri)
	must(t, err)
	database := "jishi_test_" + strings.ToLower(rand.Text()[:12])
	address.Path = "/" + database
	client, err := mongo.Connect(t.Context(), options.Client().ApplyURI(uri))
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		must(t, client.Database(database).Drop(ctx))
		must(t, client.Disconnect(ctx))
	})
	engine, err := mongodb.Open(t.Context(), address.String(), time.Now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	w := &world{t: t}
	w.clock.Store(testStart.UnixMilli())
	w.on(engine)
	return w, rawMongo{client.Database(database)}
}

func onSQLite(t testing.TB) (*world, raw) {
	t.Helper()
	w := newWorld(t)
	return w, openSQL(t, w.path)
}
