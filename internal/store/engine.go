package store

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"

	"jishi/internal/market"
)

// Engine is a database: what a driver implements.
type Engine interface {
	// Table makes the collection of spec with its keys and indexes if it is not
	// there yet, and opens it.
	Table(ctx context.Context, spec Spec) (Table, error)
	// Ping returns Unavailable when the database does not answer.
	Ping(ctx context.Context) error
	Close() error
}

// Table is one collection in raw documents. Errors are *market.Error: Conflict
// with code "taken" and the field in Fields when an id or unique key is taken,
// NotFound, Stale, and Unavailable when the database is away or ctx ended.
type Table interface {
	// Insert adds rec and sets its Version to 1 and its times.
	Insert(ctx context.Context, rec *Record) error
	// Update replaces the stored document iff its version is rec.Version, else
	// Stale; NotFound when there is none. It bumps rec.Version and sets rec.ChangedAt.
	Update(ctx context.Context, rec *Record) error
	// Get returns the documents that exist, in any order. At most MaxLimit ids.
	Get(ctx context.Context, ids []market.ID) ([]Record, error)
	// Find returns at most q.Limit documents after pos in the order of (q.Sort, id).
	Find(ctx context.Context, q Query, pos *Position) ([]Record, error)
	// Changes returns documents changed after since, oldest change first, and the
	// cursor to go on from. A document may come again; none is ever missed, also
	// when its write began before and ended after a call. An empty answer still
	// returns a cursor.
	Changes(ctx context.Context, since string, limit int) ([]Record, string, error)
}

// Checker is a Table that keeps values of indexed fields beside the documents,
// where somebody with the database in their hands can change them alone.
type Checker interface {
	// Differs returns the first document, in the order of ids, beside which
	// something else is kept than it says, and the field path; empty when there
	// is none. It reads the whole table.
	Differs(ctx context.Context) (market.ID, string, error)
}

// Record is one document as engines see it: its Meta and the BSON of the rest.
type Record struct {
	market.Meta
	Body bson.Raw
}

// Value returns the value at a field path: a field of Meta or of the body.
func (r Record) Value(path string) (bson.RawValue, error) {
	switch path {
	case FieldID:
		return rawValue(string(r.ID))
	case FieldVersion:
		return rawValue(r.Version)
	case FieldCreated:
		return rawValue(primitive.NewDateTimeFromTime(r.CreatedAt))
	case FieldChanged:
		return rawValue(primitive.NewDateTimeFromTime(r.ChangedAt))
	}
	value, err := r.Body.LookupErr(strings.Split(path, ".")...)
	if err != nil {
		return bson.RawValue{}, fmt.Errorf("indexed field %s: %w", path, err)
	}
	return value, nil
}

func rawValue(v any) (bson.RawValue, error) {
	t, data, err := bson.MarshalValue(v)
	return bson.RawValue{Type: t, Value: data}, err
}

// Taken is the error of an insert whose id or unique key is in use. field is
// FieldID or the path of the key.
func Taken(field string) error {
	return &market.Error{Kind: market.Conflict, Code: "taken", Message: "已经存在同样的记录。",
		Fields: []market.FieldError{{Field: field, Reason: "已被使用"}}}
}

// IsTaken reports whether err says that an id or unique key is in use.
func IsTaken(err error) bool { return code(err) == "taken" }
