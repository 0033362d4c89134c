package mongodb

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Find implements store.Table.
func (t *table) Find(ctx context.Context, q store.Query, pos *store.Position) ([]store.Record, error) {
	if q.Sort == "" {
		q.Sort = store.FieldID
	}
	filter, err := filterOf(q, pos)
	if err != nil {
		return nil, err
	}
	return t.read(ctx, filter, page(q.Sort, q.Desc, q.Limit))
}

// page asks for the first documents in the order of (sort, id).
func page(sort string, desc bool, limit int) *options.FindOptions {
	direction := 1
	if desc {
		direction = -1
	}
	order := bson.D{{Key: sort, Value: direction}}
	if sort != store.FieldID {
		order = append(order, bson.E{Key: store.FieldID, Value: direction})
	}
	return atOnce(limit).SetSort(order).SetLimit(int64(limit))
}

// atOnce asks for at most n documents in one answer, if it can hold them. The
// batch has room for one more, by which every server sees that this was all and
// keeps no cursor: a cursor costs a second question and can get lost.
func atOnce(n int) *options.FindOptions { return options.Find().SetBatchSize(int32(n) + 1) }

// filterOf writes the conditions of a query whose Sort is set.
func filterOf(q store.Query, pos *store.Position) (bson.D, error) {
	var all bson.A
	for _, e := range q.Equal {
		value, err := queryValue(e.Value)
		if err != nil {
			return nil, err
		}
		all = append(all, bson.D{{Key: e.Field, Value: value}})
	}
	if q.Range != nil {
		for _, bound := range []struct {
			op    string
			value any
		}{{"$gte", q.Range.From}, {"$lt", q.Range.To}} {
			if bound.value == nil {
				continue
			}
			value, err := queryValue(bound.value)
			if err != nil {
				return nil, err
			}
			all = append(all, bson.D{{Key: q.Sort, Value: bson.D{{Key: bound.op, Value: value}}}})
		}
	}
	if pos != nil {
		all = append(all, behind(q.Sort, q.Desc, pos.Value, pos.ID)...)
	}
	if len(all) == 0 {
		return bson.D{}, nil
	}
	return bson.D{{Key: "$and", Value: all}}, nil
}

// behind returns the conditions that continue after (value, id) in the order of
// (sort, id). The first of them says less than the second; it is what lets the
// server enter its index at value whatever it makes of the second.
func behind(sort string, desc bool, value any, id market.ID) bson.A {
	beyond, from := "$gt", "$gte"
	if desc {
		beyond, from = "$lt", "$lte"
	}
	later := bson.D{{Key: store.FieldID, Value: bson.D{{Key: beyond, Value: id}}}}
	if sort == store.FieldID {
		return bson.A{later}
	}
	return bson.A{
		bson.D{{Key: sort, Value: bson.D{{Key: from, Value: value}}}},
		bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: sort, Value: bson.D{{Key: beyond, Value: value}}}},
			append(bson.D{{Key: sort, Value: value}}, later...),
		}}},
	}
}

// queryValue turns a value of a query into one of BSON. Named types such as
// market.ID count as what they are made of; nothing that could be read as an
// operator passes.
func queryValue(v any) (any, error) {
	if t, ok := v.(time.Time); ok {
		return primitive.NewDateTimeFromTime(t), nil
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return r.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Bool:
		return r.Bool(), nil
	}
	return nil, market.Wrap(market.Internal, fmt.Errorf("query value of type %T", v), "bad_value", "查询有误。")
}
