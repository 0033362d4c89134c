package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"jishi/internal/market"
)

func TestFailure(t *testing.T) {
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	command := func(code int32) error { return mongo.CommandError{Code: code, Message: "text of the server"} }
	for _, tt := range []struct {
		name string
		err  error
		kind market.Kind
		code string
	}{
		{"deadline", fmt.Errorf("read: %w", context.DeadlineExceeded), market.Unavailable, "store_timeout"},
		{"canceled", topology.WaitQueueTimeoutError{Wrapped: context.Canceled}, market.Unavailable, "store_interrupted"},
		{"no server to select", topology.ServerSelectionError{Wrapped: topology.ErrServerSelectionTimeout}, market.Unavailable, "store_timeout"},
		{"connection refused", topology.ConnectionError{Wrapped: refused}, market.Unavailable, "store_unreachable"},
		{"connection closed", mongo.CommandError{Message: "closed", Labels: []string{"NetworkError"}, Wrapped: io.EOF}, market.Unavailable, "store_unreachable"},
		{"pool cleared", errors.New("connection pool was cleared"), market.Unavailable, "store_unreachable"},
		{"engine closed", mongo.ErrClientDisconnected, market.Unavailable, "store_closed"},
		{"not the primary", command(10107), market.Unavailable, "store_away"},
		{"shutting down", command(91), market.Unavailable, "store_away"},
		{"cursor lost", command(43), market.Unavailable, "store_away"},
		{"server gave up", command(50), market.Unavailable, "store_timeout"},
		{"majority not in time", mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, market.Unavailable, "store_away"},
		{"unknown write concern error", mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 79}}, market.Unavailable, "store_away"},
		{"disk full", mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 14031}}}, market.Unavailable, "store_full"},
		{"wrong password", command(18), market.Internal, "store_denied"},
		{"no right", command(13), market.Internal, "store_denied"},
		{"document too large for the driver", driver.ErrDocumentTooLarge, market.TooLarge, "document_too_large"},
		{"document too large for the server", mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 10334}}}, market.TooLarge, "document_too_large"},
		{"bad command", command(9), market.Internal, "store"},
		{"not encodable", mongo.MarshalError{Err: errors.New("chan")}, market.Internal, "store"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := failure(t.Context(), tt.err)
			var e *market.Error
			if !errors.As(got, &e) || e.Kind != tt.kind || e.Code != tt.code {
				t.Fatalf("failure = %v, want kind %d, code %s", got, tt.kind, tt.code)
			}
			if errors.Unwrap(got).Error() != tt.err.Error() {
				t.Errorf("cause = %v, want %v", errors.Unwrap(got), tt.err)
			}
		})
	}
}

func TestFailureKeeps(t *testing.T) {
	if err := failure(t.Context(), nil); err != nil {
		t.Errorf("failure(nil) = %v", err)
	}
	own := fmt.Errorf("while reading: %w", stale())
	if got := failure(t.Context(), own); got != own {
		t.Errorf("failure(%v) = %v", own, got)
	}
}

// TestFailureNamesTheEndOfTheContext: whatever the driver makes of a context
// that ended, the caller finds its own reason.
func TestFailureNamesTheEndOfTheContext(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer stop()
	closed := mongo.CommandError{Labels: []string{"NetworkError"}, Wrapped: net.ErrClosed}
	for _, tt := range []struct {
		name  string
		ctx   context.Context
		cause error
	}{{"canceled", canceled, context.Canceled}, {"deadline", late, context.DeadlineExceeded}} {
		t.Run(tt.name, func(t *testing.T) {
			err := failure(tt.ctx, closed)
			if !market.Is(err, market.Unavailable) || !errors.Is(err, tt.cause) || !errors.Is(err, net.ErrClosed) {
				t.Errorf("failure = %v, want Unavailable with both causes", err)
			}
		})
	}
}

// The texts are MongoDB's own, of several releases, and FerretDB's.
func TestTakenField(t *testing.T) {
	keys := []string{"login", "place.code", "no"}
	for _, tt := range []struct {
		name, message, want string
	}{
		{"id", `E11000 duplicate key error collection: jishi.users index: _id_ dup key: { _id: "u1" }`, "_id"},
		{"key", `E11000 duplicate key error collection: jishi.users index: login_1 dup key: { login: "wang" }`, "login"},
		{"nested key", `E11000 duplicate key error collection: jishi.users index: place.code_1 dup key: { place.code: "50" }`, "place.code"},
		{"key that ends another", `E11000 duplicate key error collection: jishi.users index: no_1 dup key: { no: "1" }`, "no"},
		{"release 4.0", `E11000 duplicate key error collection: jishi.users index: login_1 dup key: { : "wang" }`, "login"},
		{"with collation", `E11000 duplicate key error collection: jishi.users index: login_1 collation: { locale: "zh" } dup key: { login: "0x" }`, "login"},
		{"value that looks like an index", `E11000 duplicate key error collection: jishi.users index: login_1 dup key: { login: "x index: _id_ dup key: " }`, "login"},
		{"another's index", `E11000 duplicate key error collection: jishi.users index: phone_1 dup key: { phone: "1" }`, ""},
		{"index of several fields", `E11000 duplicate key error collection: jishi.users index: login_1_no_1 dup key: { login: "a", no: "1" }`, ""},
		{"FerretDB", `E11000 duplicate key error collection: jishi.users`, ""},
		{"empty", ``, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := error(mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000, Message: tt.message}}, Raw: bson.Raw{}})
			if !mongo.IsDuplicateKeyError(err) {
				t.Fatal("not a duplicate key error to the driver")
			}
			if got := takenField(err, keys); got != tt.want {
				t.Errorf("takenField = %q, want %q", got, tt.want)
			}
		})
	}
	if got := takenField(io.EOF, keys); got != "" {
		t.Errorf("takenField of another error = %q", got)
	}
}
