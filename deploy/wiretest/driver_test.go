package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
)

// counter is a document changed only by version-checked replacement, as the product does it.
type counter struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`
	Count   int64  `bson:"count"`
}

// increment adds one to the counter id and returns how many attempts it took.
func increment(ctx context.Context, c *mongo.Collection, id string) (attempts int, err error) {
	for {
		attempts++
		var old counter
		if err := c.FindOne(ctx, bson.M{"_id": id}).Decode(&old); err != nil {
			return attempts, err
		}
		next := counter{ID: id, Version: old.Version + 1, Count: old.Count + 1}
		result, err := c.ReplaceOne(ctx, bson.M{"_id": id, "version": old.Version}, next)
		if err != nil {
			return attempts, err
		}
		if result.MatchedCount == 1 {
			return attempts, nil
		}
	}
}

func TestLosesNoUpdate(t *testing.T) {
	const writers, rounds = 16, 20
	c := start(t).connect(t).Database("t").Collection("counters")
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if _, err := c.InsertOne(ctx, counter{ID: "one"}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	attempts := make([]int, writers)
	for w := range writers {
		all.Go(func() {
			for range rounds {
				n, err := increment(ctx, c, "one")
				attempts[w] += n
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
			}
		})
	}
	all.Wait()
	var got counter
	if err := c.FindOne(ctx, bson.M{"_id": "one"}).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if want := int64(writers * rounds); got.Count != want || got.Version != want {
		t.Errorf("count %d, version %d, want %d each", got.Count, got.Version, want)
	}
	sum := 0
	for _, n := range attempts {
		sum += n
	}
	t.Logf("%d increments in %d attempts", writers*rounds, sum)
}

func TestReportsDuplicateKeys(t *testing.T) {
	ctx := t.Context()
	c := start(t).connect(t).Database("t").Collection("people")
	index := mongo.IndexModel{Keys: bson.D{{Key: "login", Value: 1}}, Options: options.Index().SetUnique(true)}
	if _, err := c.Indexes().CreateOne(ctx, index); err != nil {
		t.Fatal(err)
	}
	if _, err := c.InsertOne(ctx, bson.M{"_id": "a", "login": "wang"}); err != nil {
		t.Fatal(err)
	}
	for _, doc := range []bson.M{{"_id": "b", "login": "wang"}, {"_id": "a", "login": "li"}} {
		if _, err := c.InsertOne(ctx, doc); !mongo.IsDuplicateKeyError(err) {
			t.Errorf("insert %v: %v, want a duplicate key", doc, err)
		}
	}
	if n, err := c.CountDocuments(ctx, bson.M{}); n != 1 || err != nil {
		t.Errorf("%d documents, %v; want 1", n, err)
	}
}

func TestFinds(t *testing.T) {
	ctx := t.Context()
	c := start(t).connect(t).Database("t").Collection("rows")
	var docs []any
	for i := range 300 { // more than FerretDB gives in the first batch, so that getMore is used too
		docs = append(docs, bson.M{"_id": fmt.Sprintf("r%03d", i), "n": i, "even": i%2 == 0})
	}
	if _, err := c.InsertMany(ctx, docs); err != nil {
		t.Fatal(err)
	}
	find := func(filter any, o *options.FindOptions) (rows []struct{ N int }) {
		t.Helper()
		cursor, err := c.Find(ctx, filter, o)
		if err != nil {
			t.Fatal(err)
		}
		if err := cursor.All(ctx, &rows); err != nil {
			t.Fatal(err)
		}
		return rows
	}
	down := options.Find().SetSort(bson.D{{Key: "n", Value: -1}})
	got := find(bson.M{"even": true, "n": bson.M{"$lt": 100}}, down.SetLimit(3))
	if len(got) != 3 || got[0].N != 98 || got[1].N != 96 || got[2].N != 94 {
		t.Errorf("sorted and limited: %v", got)
	}
	if got := find(bson.M{}, nil); len(got) != 300 {
		t.Errorf("all: %d rows, want 300", len(got))
	}
}

func TestUnacknowledgedWriteKeepsConnection(t *testing.T) {
	ctx := t.Context()
	db := start(t).connect(t, "maxPoolSize=1").Database("t")
	silent := db.Collection("c", options.Collection().SetWriteConcern(writeconcern.Unacknowledged()))
	for i := range 5 {
		if _, err := silent.InsertOne(ctx, bson.M{"_id": i}); err != nil && err != mongo.ErrUnacknowledgedWrite {
			t.Fatal(err)
		}
		// Had the gate forwarded the unexpected reply, this command would read it as its own.
		if err := db.RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err(); err != nil {
			t.Fatal(err)
		}
	}
	n, err := db.Collection("c").CountDocuments(ctx, bson.M{})
	for deadline := time.Now().Add(5 * time.Second); n < 5 && err == nil && time.Now().Before(deadline); {
		n, err = db.Collection("c").CountDocuments(ctx, bson.M{})
	}
	if n != 5 || err != nil {
		t.Errorf("%d documents, %v; want 5", n, err)
	}
}
