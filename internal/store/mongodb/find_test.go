package mongodb

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// text shows a filter in MongoDB's own notation.
func text(t *testing.T, v any) string {
	t.Helper()
	json, err := bson.MarshalExtJSON(v, false, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(json)
}

func position(t *testing.T, value any, id market.ID) *store.Position {
	t.Helper()
	kind, data, err := bson.MarshalValue(value)
	if err != nil {
		t.Fatal(err)
	}
	return &store.Position{Value: bson.RawValue{Type: kind, Value: data}, ID: id}
}

func TestFilter(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 123_999_999, time.UTC)
	for _, tt := range []struct {
		name  string
		query store.Query
		pos   *store.Position
		want  string
	}{
		{"everything", store.Query{Sort: "_id"}, nil, `{}`},
		{"by id, after", store.Query{Sort: "_id"}, &store.Position{ID: "a"}, `{"$and":[{"_id":{"$gt":"a"}}]}`},
		{"by id backwards, after", store.Query{Sort: "_id", Desc: true}, &store.Position{ID: "a"}, `{"$and":[{"_id":{"$lt":"a"}}]}`},
		{"kinds of values", store.Query{Sort: "_id", Equal: []store.Equal{{Field: "state", Value: market.ID("发布")}, {Field: "rank", Value: 7}, {Field: "open", Value: true}, {Field: "due", Value: at}}}, nil,
			`{"$and":[{"state":"发布"},{"rank":7},{"open":true},{"due":{"$date":"2026-05-01T00:00:00.123Z"}}]}`},
		{"range", store.Query{Sort: "rank", Range: &store.Range{From: int64(1), To: int64(9)}}, nil, `{"$and":[{"rank":{"$gte":1}},{"rank":{"$lt":9}}]}`},
		{"open range", store.Query{Sort: "rank", Range: &store.Range{To: int64(9)}}, nil, `{"$and":[{"rank":{"$lt":9}}]}`},
		{"sorted, after", store.Query{Sort: "sellers.0.org"}, position(t, "o1", "a"),
			`{"$and":[{"sellers.0.org":{"$gte":"o1"}},{"$or":[{"sellers.0.org":{"$gt":"o1"}},{"sellers.0.org":"o1","_id":{"$gt":"a"}}]}]}`},
		{"all at once", store.Query{Sort: "rank", Desc: true, Equal: []store.Equal{{Field: "state", Value: "x"}}, Range: &store.Range{From: int64(1)}}, position(t, int64(5), "a"),
			`{"$and":[{"state":"x"},{"rank":{"$gte":1}},{"rank":{"$lte":5}},{"$or":[{"rank":{"$lt":5}},{"rank":5,"_id":{"$lt":"a"}}]}]}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := filterOf(tt.query, tt.pos)
			if err != nil || text(t, got) != tt.want {
				t.Errorf("filter = %s, %v; want %s", text(t, got), err, tt.want)
			}
		})
	}
}

// TestFilterTakesNoOperators: a value is a value, never a condition.
func TestFilterTakesNoOperators(t *testing.T) {
	for _, value := range []any{bson.D{{Key: "$gt", Value: ""}}, bson.M{"$ne": 1}, map[string]any{}, []string{"a"}, nil, 1.5, &struct{}{}} {
		for _, query := range []store.Query{
			{Sort: "_id", Equal: []store.Equal{{Field: "state", Value: value}}},
			{Sort: "rank", Range: &store.Range{From: value, To: "x"}},
			{Sort: "rank", Range: &store.Range{From: "x", To: value}},
		} {
			if query.Range != nil && value == nil {
				continue // an open bound
			}
			if got, err := filterOf(query, nil); !market.Is(err, market.Internal) {
				t.Errorf("filter of %T = %v, %v; want Internal", value, got, err)
			}
		}
	}
}

func TestPage(t *testing.T) {
	for _, tt := range []struct {
		sort string
		desc bool
		want string
	}{
		{"_id", false, `{"_id":1}`}, {"_id", true, `{"_id":-1}`},
		{"rank", false, `{"rank":1,"_id":1}`}, {"rank", true, `{"rank":-1,"_id":-1}`},
	} {
		o := page(tt.sort, tt.desc, 51)
		if got := text(t, o.Sort); got != tt.want || *o.Limit != 51 || *o.BatchSize != 52 {
			t.Errorf("page(%s, %t) sorts %s, limit %d, batch %d; want %s", tt.sort, tt.desc, got, *o.Limit, *o.BatchSize, tt.want)
		}
	}
}
