package mongodb

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
	"jishi/internal/store"
)

// table implements store.Table.
type table struct {
	engine *Engine
	spec   store.Spec
	docs   *mongo.Collection
}

// Insert implements store.Table.
func (t *table) Insert(ctx context.Context, rec *store.Record) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	at := t.engine.clock() // after the deadline has begun to run: see cursor
	doc, err := t.encode(head{string(rec.ID), 1, at, at}, rec.Body)
	if err != nil {
		return err
	}
	_, err = t.docs.InsertOne(ctx, doc)
	if mongo.IsDuplicateKeyError(err) {
		return t.whichTaken(ctx, rec, append([]string{store.FieldID}, t.spec.Unique...), err)
	}
	if err != nil {
		return failure(ctx, err)
	}
	rec.Version, rec.CreatedAt, rec.ChangedAt = 1, at, at
	return nil
}

// Update implements store.Table. The time of creation is the stored one,
// whatever rec says: it is part of what the replacement checks, and read when
// that fails.
func (t *table) Update(ctx context.Context, rec *store.Record) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	next := *rec
	done, err := t.replace(ctx, &next)
	if err == nil && !done {
		if err = t.whyNotReplaced(ctx, &next); err == nil {
			done, err = t.replace(ctx, &next)
		}
	}
	if err != nil {
		return err
	}
	if !done {
		return stale()
	}
	*rec = next
	return nil
}

// replace replaces the document of rec's id, version and time of creation and
// reports whether there was one; rec then has its new version.
func (t *table) replace(ctx context.Context, rec *store.Record) (bool, error) {
	at := t.engine.clock()
	if at.Before(rec.ChangedAt) { // by another server's clock
		at = rec.ChangedAt.UTC().Truncate(time.Millisecond)
	}
	doc, err := t.encode(head{string(rec.ID), rec.Version + 1, rec.CreatedAt, at}, rec.Body)
	if err != nil {
		return false, err
	}
	old := bson.D{{Key: store.FieldID, Value: rec.ID}, {Key: store.FieldVersion, Value: rec.Version}, {Key: store.FieldCreated, Value: rec.CreatedAt}}
	result, err := t.docs.ReplaceOne(ctx, old, doc)
	if mongo.IsDuplicateKeyError(err) {
		return false, t.whichTaken(ctx, rec, t.spec.Unique, err)
	}
	if err != nil {
		return false, failure(ctx, err)
	}
	if result.MatchedCount == 0 {
		return false, nil
	}
	rec.Version, rec.ChangedAt = rec.Version+1, at
	return true, nil
}

// whyNotReplaced returns why a replacement met no document. It is nil when only
// rec's time of creation was wrong, and corrects that.
func (t *table) whyNotReplaced(ctx context.Context, rec *store.Record) error {
	var stored head
	only := options.FindOne().SetProjection(bson.D{{Key: store.FieldVersion, Value: 1}, {Key: store.FieldCreated, Value: 1}})
	err := t.docs.FindOne(ctx, bson.D{{Key: store.FieldID, Value: rec.ID}}, only).Decode(&stored)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。")
	}
	if err != nil {
		return failure(ctx, err)
	}
	if stored.Version != rec.Version || stored.CreatedAt.Equal(rec.CreatedAt) {
		return stale()
	}
	rec.CreatedAt = stored.CreatedAt.UTC()
	return nil
}

func stale() error {
	return market.E(market.Stale, "stale", "这条记录刚被别人改过，请刷新后再试。")
}

// Get implements store.Table.
func (t *table) Get(ctx context.Context, ids []market.ID) ([]store.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	filter := bson.D{{Key: store.FieldID, Value: bson.D{{Key: "$in", Value: ids}}}}
	if len(ids) == 1 {
		filter = bson.D{{Key: store.FieldID, Value: ids[0]}}
	}
	return t.read(ctx, filter, atOnce(len(ids)))
}

// read returns the documents that match.
func (t *table) read(ctx context.Context, filter bson.D, o *options.FindOptions) ([]store.Record, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	documents, err := t.docs.Find(ctx, filter, o)
	if err != nil {
		return nil, failure(ctx, err)
	}
	defer documents.Close(ctx)
	var records []store.Record
	for documents.Next(ctx) {
		rec, err := decode(documents.Current)
		if err != nil {
			return nil, err
		}
		records = append(records, rec)
	}
	return records, failure(ctx, documents.Err())
}
