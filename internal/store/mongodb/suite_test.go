package mongodb

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/store"
	"jishi/internal/store/storetest"
)

// server returns the address of a database of this test's own on the server
// that JISHI_TEST_MONGODB names, and drops the database at the end. Without
// that variable the test is skipped; the checks always set it.
func server(t *testing.T) string {
	t.Helper()
	uri := os.Getenv("JISHI_TEST_MONGODB")
	if uri == "" {
		t.Skip("JISHI_TEST_MONGODB names no server: start the one in deploy/wiretest, or a MongoDB")
	}
	address, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	database := "jishi_test_" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() { drop(t, uri, database) })
	address.Path = "/" + database
	return address.String()
}

func drop(t *testing.T, uri, database string) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	client, err := mongo.Connect(ctx, options.Client().ApplyURI(uri))
	if err != nil {
		t.Error(err)
		return
	}
	defer client.Disconnect(ctx)
	if err := client.Database(database).Drop(ctx); err != nil {
		t.Errorf("drop %s: %v", database, err)
	}
}

func openEngine(t *testing.T, uri string) *Engine {
	t.Helper()
	return openEngineAt(t, uri, time.Now)
}

func openEngineAt(t *testing.T, uri string, now func() time.Time) *Engine {
	t.Helper()
	engine, err := Open(t.Context(), uri, now)
	if err != nil {
		t.Fatalf("Open(%s) = %v", uri, err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return engine
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine { return openEngine(t, server(t)) }, storetest.Small)
}
