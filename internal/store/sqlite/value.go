package sqlite

import (
	"fmt"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// columnValue returns what the column of a field holds for a document: nil when
// the field is missing or null.
func columnValue(body bson.Raw, path string) (any, error) {
	raw, err := store.Record{Body: body}.Value(path)
	if err != nil {
		return nil, nil // no such field
	}
	value, err := scalar(raw)
	if err != nil {
		return nil, market.Wrap(market.Internal, err, "bad_field", "记录的索引内容有误，请联系管理员。")
	}
	return value, nil
}

// scalar turns a BSON scalar into a column value. All integers are one type, a
// bool is 0 or 1 and a time is milliseconds.
func scalar(raw bson.RawValue) (any, error) {
	switch raw.Type {
	case bson.TypeString:
		return raw.StringValue(), nil
	case bson.TypeInt32:
		return int64(raw.Int32()), nil
	case bson.TypeInt64:
		return raw.Int64(), nil
	case bson.TypeDouble:
		return raw.Double(), nil
	case bson.TypeBoolean:
		return number(raw.Boolean()), nil
	case bson.TypeDateTime:
		return raw.DateTime(), nil
	case bson.TypeNull:
		return nil, nil
	}
	return nil, fmt.Errorf("a %s cannot be indexed", raw.Type)
}

// queryValue turns a value of a query into a column value. Named types such as
// market.ID count as what they are made of.
func queryValue(v any) (any, error) {
	if t, ok := v.(time.Time); ok {
		return t.UnixMilli(), nil
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return r.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return r.Int(), nil
	case reflect.Bool:
		return number(r.Bool()), nil
	}
	return nil, market.Wrap(market.Internal, fmt.Errorf("query value of type %T", v), "bad_value", "查询有误。")
}

func number(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
