package store

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
)

// Document is a type that a collection can hold: a pointer to a struct which
// embeds market.Meta.
type Document interface{ Head() *market.Meta }

// Reader reads a collection of T.
type Reader[T any] interface {
	// Get returns NotFound when there is no such document.
	Get(ctx context.Context, id market.ID) (*T, error)
	// GetMany returns the documents in the order asked; missing ones are left
	// out. At most MaxLimit ids.
	GetMany(ctx context.Context, ids []market.ID) ([]*T, error)
	// Find returns one page. A query that no index serves is an Internal error.
	Find(ctx context.Context, q Query) (Page[T], error)
	// Changes returns documents changed after the cursor since (empty = from the
	// beginning), oldest first, and the cursor to go on from. limit is
	// 1–MaxLimit. See Table.Changes.
	Changes(ctx context.Context, since string, limit int) ([]*T, string, error)
}

// Writer writes a collection of T.
type Writer[T any] interface {
	// Insert returns Conflict (see IsTaken) when the id or a unique key is taken.
	// The document must have an id. On success its Meta is filled.
	Insert(ctx context.Context, doc *T) error
	// Update replaces the document iff the stored version is doc's, else Stale.
	// On success doc's Version and ChangedAt are the stored ones.
	Update(ctx context.Context, doc *T) error
}

// Collection is a collection of T.
type Collection[T any] interface {
	Reader[T]
	Writer[T]
}

// collection is a Table with a codec.
type collection[T any, P interface {
	*T
	Document
}] struct {
	spec  Spec
	table Table
}

// Open opens the collection of spec on an engine, making it if need be.
func Open[T any, P interface {
	*T
	Document
}](ctx context.Context, engine Engine, spec Spec) (Collection[T], error) {
	table, err := engine.Table(ctx, spec)
	if err != nil {
		return nil, fmt.Errorf("open collection %s: %w", spec.Name, err)
	}
	return &collection[T, P]{spec: spec, table: table}, nil
}

func (c *collection[T, P]) Insert(ctx context.Context, doc *T) error {
	rec, err := c.encode(doc)
	if err != nil {
		return err
	}
	if rec.ID == "" {
		return market.E(market.Internal, "no_id", "记录缺少编号。")
	}
	if err := c.table.Insert(ctx, rec); err != nil {
		return err
	}
	*P(doc).Head() = rec.Meta
	return nil
}

func (c *collection[T, P]) Update(ctx context.Context, doc *T) error {
	rec, err := c.encode(doc)
	if err != nil {
		return err
	}
	if err := c.table.Update(ctx, rec); err != nil {
		return err
	}
	*P(doc).Head() = rec.Meta
	return nil
}

func (c *collection[T, P]) Get(ctx context.Context, id market.ID) (*T, error) {
	docs, err := c.GetMany(ctx, []market.ID{id})
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。")
	}
	return docs[0], nil
}

func (c *collection[T, P]) GetMany(ctx context.Context, ids []market.ID) ([]*T, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > MaxLimit {
		return nil, market.E(market.Internal, "too_many_ids", "一次最多读取 1000 条。")
	}
	records, err := c.table.Get(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[market.ID]*T, len(records))
	for _, rec := range records {
		doc, err := c.decode(rec)
		if err != nil {
			return nil, err
		}
		byID[rec.ID] = doc
	}
	docs := make([]*T, 0, len(records))
	for _, id := range ids {
		if doc, ok := byID[id]; ok {
			docs = append(docs, doc)
			delete(byID, id)
		}
	}
	return docs, nil
}

func (c *collection[T, P]) Find(ctx context.Context, q Query) (Page[T], error) {
	if err := q.check(c.spec); err != nil {
		return Page[T]{}, fmt.Errorf("find in %s: %w", c.spec.Name, err)
	}
	pos, err := DecodeCursor(q.After)
	if err != nil {
		return Page[T]{}, err
	}
	if err := pos.fits(q.Sort); err != nil {
		return Page[T]{}, err
	}
	limit := q.Limit
	q.Limit++ // one more tells whether there is a next page
	records, err := c.table.Find(ctx, q, pos)
	if err != nil {
		return Page[T]{}, err
	}
	next := ""
	if len(records) > limit {
		records = records[:limit]
		if next, err = encodeCursor(records[limit-1], q.Sort); err != nil {
			return Page[T]{}, err
		}
	}
	items, err := c.decodeAll(records)
	return Page[T]{Items: items, Next: next}, err
}

func (c *collection[T, P]) Changes(ctx context.Context, since string, limit int) ([]*T, string, error) {
	if err := checkLimit(limit); err != nil {
		return nil, "", err
	}
	records, next, err := c.table.Changes(ctx, since, limit)
	if err != nil {
		return nil, "", err
	}
	docs, err := c.decodeAll(records)
	return docs, next, err
}

// Differs implements Checker; nothing differs where the table keeps nothing
// beside its documents.
func (c *collection[T, P]) Differs(ctx context.Context) (market.ID, string, error) {
	if table, ok := c.table.(Checker); ok {
		return table.Differs(ctx)
	}
	return "", "", nil
}

func (c *collection[T, P]) encode(doc *T) (*Record, error) {
	body, err := bson.Marshal(doc)
	if err != nil {
		return nil, market.Wrap(market.Internal, err, "encode", "保存失败，请稍后再试。")
	}
	return &Record{Meta: *P(doc).Head(), Body: body}, nil
}

func (c *collection[T, P]) decode(rec Record) (*T, error) {
	doc := new(T)
	if err := bson.Unmarshal(rec.Body, doc); err != nil {
		return nil, market.Wrap(market.Internal, err, "decode", "读取失败，请联系管理员。")
	}
	*P(doc).Head() = rec.Meta
	return doc, nil
}

func (c *collection[T, P]) decodeAll(records []Record) ([]*T, error) {
	docs := make([]*T, len(records))
	for i, rec := range records {
		doc, err := c.decode(rec)
		if err != nil {
			return nil, err
		}
		docs[i] = doc
	}
	return docs, nil
}

func code(err error) string {
	var e *market.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
