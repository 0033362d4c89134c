package mongodb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
	"jishi/internal/store"
)

// whichTaken returns the verdict of a write of rec that met a duplicate key:
// which of fields it is. MongoDB names the key; where a server does not, it is
// looked for.
func (t *table) whichTaken(ctx context.Context, rec *store.Record, fields []string, cause error) error {
	if field := takenField(cause, t.spec.Unique); field != "" {
		return store.Taken(field)
	}
	for _, field := range fields {
		held, err := t.heldByOther(ctx, rec, field)
		if err != nil {
			return err
		}
		if held {
			return store.Taken(field)
		}
	}
	return market.Wrap(market.Unavailable, cause, "store_busy", "系统正忙，请稍后再试。")
}

// heldByOther reports whether another document has rec's value of field; of its
// id, whether any has.
func (t *table) heldByOther(ctx context.Context, rec *store.Record, field string) (bool, error) {
	value, err := rec.Value(field)
	if err != nil {
		return false, nil // checkFields lets no key be missing
	}
	filter := bson.D{{Key: field, Value: value}}
	if field != store.FieldID {
		filter = append(filter, bson.E{Key: store.FieldID, Value: bson.D{{Key: "$ne", Value: rec.ID}}})
	}
	only := options.FindOne().SetProjection(bson.D{{Key: store.FieldID, Value: 1}})
	err = t.docs.FindOne(ctx, filter, only).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, failure(ctx, err)
}

// takenField returns the field that a duplicate key error names: FieldID, one
// of keys, or "" when it names none.
func takenField(err error, keys []string) string {
	var exception mongo.WriteException
	if !errors.As(err, &exception) {
		return ""
	}
	for _, e := range exception.WriteErrors {
		name := indexName(e.Message)
		if name == "_id_" {
			return store.FieldID
		}
		if i := slices.IndexFunc(keys, func(path string) bool { return name == index{paths: []string{path}}.name() }); i >= 0 {
			return keys[i]
		}
	}
	return ""
}

// indexName returns the name of the index in the text of a duplicate key error:
//
//	E11000 duplicate key error collection: jishi.users index: login_1 dup key: { login: "wang" }
//
// Names of collections and indexes have no spaces, so what a user typed, which
// comes last, is never taken for one.
func indexName(message string) string {
	_, after, _ := strings.Cut(message, " index: ")
	name, _, _ := strings.Cut(after, " ")
	return name
}
