package store

import (
	"encoding/base64"
	"encoding/binary"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
)

// MaxLimit bounds the documents one call returns.
const MaxLimit = 1000

// Query asks for documents through a declared index. Values are string,
// int64, bool or time.Time.
type Query struct {
	Equal []Equal // all must hold; at most one per field
	Range *Range  // on the sort field
	Sort  string  // field path, empty = by id
	Desc  bool
	After string // cursor of the page before, empty for the first page
	Limit int    // 1–MaxLimit; 0 = 50
}

// Equal asks that a field has a value.
type Equal struct {
	Field string
	Value any
}

// Range bounds the sort field: From ≤ field < To. A nil bound is open.
type Range struct {
	From, To any
}

// Page is what one Find returns.
type Page[T any] struct {
	Items []*T
	Next  string // cursor of the page after, empty at the end
}

// Position is a decoded cursor: the sort value and id of the last document of
// a page. For a query in id order Value is empty.
type Position struct {
	Value bson.RawValue
	ID    market.ID
}

type cursorBody struct {
	Value bson.RawValue `bson:"v,omitempty"`
	ID    market.ID     `bson:"i"`
}

// check returns Invalid when the query is out of bounds or no index of spec
// serves it; it fills in defaults.
func (q *Query) check(spec Spec) error {
	if q.Limit == 0 {
		q.Limit = 50
	}
	if err := checkLimit(q.Limit); err != nil {
		return err
	}
	if q.Range != nil && q.Sort == "" {
		return market.E(market.Internal, "range_without_sort", "查询有误。")
	}
	equal := make([]string, len(q.Equal))
	for i, e := range q.Equal {
		equal[i] = e.Field
	}
	if !spec.serves(equal, q.Sort) {
		return market.E(market.Internal, "no_index", "查询有误。")
	}
	return nil
}

// fits returns Invalid when the position is no place in the order of sort: a
// cursor comes from outside and may belong to another query or be made up.
func (p *Position) fits(sort string) error {
	if p == nil {
		return nil
	}
	switch p.Value.Type {
	case bson.TypeString, bson.TypeInt32, bson.TypeInt64, bson.TypeDouble, bson.TypeBoolean, bson.TypeDateTime:
		if sort != "" && sort != FieldID {
			return nil
		}
	case 0:
		if sort == "" || sort == FieldID {
			return nil
		}
	}
	return badCursor()
}

func badCursor() error {
	return market.E(market.Invalid, "bad_cursor", "翻页位置已失效，请从第一页重新开始。")
}

// checkLimit returns Invalid when a page size is out of bounds.
func checkLimit(limit int) error {
	if limit < 1 || limit > MaxLimit {
		return market.E(market.Invalid, "bad_limit", "每页最多 1000 条。")
	}
	return nil
}

// DecodeCursor reads a cursor made by Find; nil for the empty cursor.
func DecodeCursor(s string) (*Position, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(raw) < 5 || len(raw) > 4096 {
		return nil, badCursor()
	}
	if binary.LittleEndian.Uint32(raw) != uint32(len(raw)) {
		return nil, badCursor()
	}
	// Reading every value is the only sound check: Raw.Validate panics on some
	// documents and lets texts without an end pass.
	var all bson.D
	if bson.Unmarshal(raw, &all) != nil {
		return nil, badCursor()
	}
	var body cursorBody
	if err := bson.Unmarshal(raw, &body); err != nil || body.ID == "" {
		return nil, badCursor()
	}
	return &Position{Value: body.Value, ID: body.ID}, nil
}

// encodeCursor makes the cursor that continues after rec.
func encodeCursor(rec Record, sort string) (string, error) {
	body := cursorBody{ID: rec.ID}
	if sort != "" && sort != FieldID {
		value, err := rec.Value(sort)
		if err != nil {
			return "", err
		}
		body.Value = value
	}
	raw, err := bson.Marshal(body)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}
