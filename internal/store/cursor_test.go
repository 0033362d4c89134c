package store

import (
	"encoding/base64"
	"math"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"pgregory.net/rapid"

	"jishi/internal/market"
)

// sortable draws a value of any kind that an index may hold.
var sortable = rapid.OneOf(
	rapid.String().AsAny(), rapid.Int64().AsAny(), rapid.Int32().AsAny(), rapid.Bool().AsAny(), rapid.Float64().AsAny(),
	rapid.Map(rapid.Int64Range(math.MinInt32, math.MaxInt32), func(s int64) time.Time { return time.Unix(s, 0).UTC() }).AsAny(),
)

// TestCursorRoundTrip decodes what Find encodes, in the order it was made for.
func TestCursorRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body, err := bson.Marshal(bson.M{"place": bson.M{"城市": sortable.Draw(t, "value")}})
		if err != nil {
			t.Skip("not a value for BSON")
		}
		rec := Record{Meta: market.Meta{ID: market.ID(rapid.StringN(1, 50, 200).Draw(t, "id")), ChangedAt: time.UnixMilli(rapid.Int64Range(0, 1<<45).Draw(t, "changed"))}, Body: body}
		for _, sort := range []string{"", FieldID, FieldChanged, "place.城市"} {
			cursor, err := encodeCursor(rec, sort)
			if err != nil {
				t.Fatalf("encodeCursor by %q = %v", sort, err)
			}
			pos, err := DecodeCursor(cursor)
			if err != nil || pos.ID != rec.ID {
				t.Fatalf("DecodeCursor(%q) = %+v, %v", cursor, pos, err)
			}
			if err := pos.fits(sort); err != nil {
				t.Fatalf("a cursor by %q does not fit: %v", sort, err)
			}
			if sort == "" || sort == FieldID {
				continue
			}
			if want, _ := rec.Value(sort); !pos.Value.Equal(want) {
				t.Fatalf("by %q: value %v, want %v", sort, pos.Value, want)
			}
		}
	})
}

// TestFits refuses positions of another order.
func TestFits(t *testing.T) {
	number, err := rawValue(int64(7))
	if err != nil {
		t.Fatal(err)
	}
	list, err := rawValue(bson.A{1})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		pos  *Position
		sort string
		fits bool
	}{
		{"first page", nil, "rank", true},
		{"id for ids", &Position{ID: "a"}, "", true},
		{"id for _id", &Position{ID: "a"}, FieldID, true},
		{"id for a field", &Position{ID: "a"}, "rank", false},
		{"value for a field", &Position{ID: "a", Value: number}, "rank", true},
		{"value for ids", &Position{ID: "a", Value: number}, "", false},
		{"list for a field", &Position{ID: "a", Value: list}, "rank", false},
		{"null for a field", &Position{ID: "a", Value: bson.RawValue{Type: bson.TypeNull}}, "rank", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.pos.fits(tt.sort)
			if tt.fits != (err == nil) || err != nil && !market.Is(err, market.Invalid) {
				t.Errorf("fits(%q) = %v, want fit %t", tt.sort, err, tt.fits)
			}
		})
	}
}

// FuzzDecodeCursor decodes what anybody may send.
func FuzzDecodeCursor(f *testing.F) {
	for _, doc := range []bson.M{{"i": "a"}, {"i": "号", "v": int64(5)}, {"v": 1}, {"i": "a", "v": bson.M{"$gt": ""}}, {"i": 1}, {"i": ""}, {"i": "a", "v": nil}} {
		raw, err := bson.Marshal(doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(base64.RawURLEncoding.EncodeToString(raw))
	}
	// Texts without an end and a bool that is neither: Validate lets them pass.
	for _, raw := range []string{
		"\x16\x00\x00\x00\x02v\x00\x01\x00\x00\x00x\x02i\x00\x02\x00\x00\x00a\x00\x00",
		"\x16\x00\x00\x00\x02i\x00\x02\x00\x00\x00ax\x02v\x00\x01\x00\x00\x00\x00\x00",
		"\x12\x00\x00\x00\x08v\x00\x05\x02i\x00\x02\x00\x00\x00a\x00\x00",
	} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(raw)))
	}
	for _, text := range []string{"", "!", "AAAA", "BQAAAAA", "翻页", "____fwAAAAA"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tryCursor(t, text)
		tryCursor(t, base64.RawURLEncoding.EncodeToString([]byte(text))) // reach further
	})
}

func tryCursor(t *testing.T, text string) {
	pos, err := DecodeCursor(text)
	if err != nil {
		if !market.Is(err, market.Invalid) || pos != nil {
			t.Fatalf("DecodeCursor(%q) = %v, %v; want Invalid", text, pos, err)
		}
		return
	}
	if (pos == nil) != (text == "") {
		t.Fatalf("DecodeCursor(%q) = %v", text, pos)
	}
	if pos == nil {
		return
	}
	if pos.ID == "" {
		t.Fatalf("DecodeCursor(%q) has no id", text)
	}
	byID, byField := pos.fits(""), pos.fits("rank")
	if byID == nil && byField == nil {
		t.Fatalf("%q fits both orders", text)
	}
	if byField != nil {
		return
	}
	again, err := bson.Marshal(cursorBody{Value: pos.Value, ID: pos.ID})
	if err != nil {
		t.Fatalf("encode %q again: %v", text, err)
	}
	same, err := DecodeCursor(base64.RawURLEncoding.EncodeToString(again))
	if err != nil || same.ID != pos.ID || !same.Value.Equal(pos.Value) {
		t.Fatalf("%q decodes to %v, encoded again to %v, %v", text, pos, same, err)
	}
	var plain struct{ V any }
	if err := bson.Unmarshal(again, &plain); err != nil {
		t.Fatalf("%q holds a value that cannot be read: %v", text, err)
	}
}
