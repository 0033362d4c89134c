package mongodb

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readpref"

	"jishi/internal/market"
	"jishi/internal/store"
)

// callLimit bounds every call but the making of indexes.
const callLimit = 5 * time.Second

// Engine is one database. It is safe for use by many goroutines.
type Engine struct {
	client   *mongo.Client
	database *mongo.Database
	now      func() time.Time

	mu     sync.Mutex // guards tables and serializes the making of indexes
	tables map[string]*table
}

var _ store.Engine = (*Engine)(nil)

// Open connects to the database that uri names, "jishi" if it names none. now
// is the clock of CreatedAt and ChangedAt. It returns Invalid for an address
// that is none and Unavailable when the server does not answer.
//
// The uri has MongoDB's form and takes its options, as for TLS and sign-in;
// concerns, read preference and repeated writes are not for it to choose. As
// everywhere in MongoDB, a user is looked for in the database of the uri unless
// authSource names another.
func Open(ctx context.Context, uri string, now func() time.Time) (*Engine, error) {
	o, database, err := settings(uri)
	if err != nil {
		return nil, err
	}
	return connect(ctx, o, database, now)
}

func connect(ctx context.Context, o *options.ClientOptions, database string, now func() time.Time) (*Engine, error) {
	client, err := mongo.Connect(ctx, o)
	if err != nil {
		return nil, failure(ctx, err)
	}
	e := &Engine{client: client, database: client.Database(database), now: now, tables: make(map[string]*table)}
	if err := e.Ping(ctx); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// Table implements store.Engine. It makes the indexes that the collection
// lacks, which takes a while when it is large. Asking again with another spec
// of the same name is an Internal error.
func (e *Engine) Table(ctx context.Context, spec store.Spec) (store.Table, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if t, ok := e.tables[spec.Name]; ok {
		if !reflect.DeepEqual(t.spec, spec) {
			return nil, market.E(market.Internal, "spec_differs", "同一个集合有两种声明。")
		}
		return t, nil
	}
	t, err := e.openTable(ctx, spec)
	if err != nil {
		return nil, err
	}
	e.tables[spec.Name] = t
	return t, nil
}

// Ping implements store.Engine.
func (e *Engine) Ping(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return failure(ctx, e.client.Ping(ctx, readpref.Primary()))
}

// Close waits for the calls under way, at most callLimit, and refuses new ones
// as Unavailable. Closing twice is harmless.
func (e *Engine) Close() error {
	ctx, cancel := bounded(context.Background())
	defer cancel()
	err := e.client.Disconnect(ctx)
	if errors.Is(err, mongo.ErrClientDisconnected) {
		return nil
	}
	return failure(ctx, err)
}

// clock returns the time in UTC, to the millisecond as it is stored.
func (e *Engine) clock() time.Time { return e.now().UTC().Truncate(time.Millisecond) }

// bounded is ctx with the deadline of a call.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, callLimit)
}
