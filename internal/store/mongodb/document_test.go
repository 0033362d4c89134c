package mongodb

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"pgregory.net/rapid"

	"jishi/internal/market"
	"jishi/internal/store"
)

func raw(t interface{ Fatal(...any) }, v any) bson.Raw {
	data, err := bson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var deepSpec = store.Spec{Name: "deep", Unique: []string{"key"}, Indexes: []store.Index{{"sellers.0.org", "place.at"}}}

// TestEncodeDecode: what goes in comes out, whatever it is.
func TestEncodeDecode(t *testing.T) {
	table := &table{spec: deepSpec}
	rapid.Check(t, func(t *rapid.T) {
		body := raw(t, bson.D{
			{Key: "key", Value: rapid.String().Draw(t, "key")},
			{Key: "sellers", Value: []bson.D{{{Key: "org", Value: rapid.Int64().Draw(t, "org")}}}},
			{Key: rapid.StringMatching(`[a-z]{2,8}x`).Draw(t, "name"), Value: rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")},
			{Key: "place", Value: bson.D{{Key: "version", Value: rapid.Float64().Draw(t, "number")}}},
		})
		at := time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "created")).UTC()
		want := market.Meta{ID: market.ID(rapid.StringMatching(`[^\x00]{1,40}`).Draw(t, "id")), Version: rapid.Int64().Draw(t, "version"), CreatedAt: at, ChangedAt: at.Add(time.Hour)}
		doc, err := table.encode(head{string(want.ID), want.Version, want.CreatedAt, want.ChangedAt}, body)
		if err != nil {
			t.Fatal(err)
		}
		if err := doc.Validate(); err != nil {
			t.Fatalf("encoded %v: %v", doc, err)
		}
		got, err := decode(doc)
		if err != nil || got.Meta != want || !bytes.Equal(got.Body, body) {
			t.Fatalf("decoded %+v, %v; want %+v, %v", got, err, want, body)
		}
	})
}

func TestEncodeRefuses(t *testing.T) {
	table := &table{spec: deepSpec}
	for _, tt := range []struct {
		name string
		id   string
		body bson.Raw
		kind market.Kind
	}{
		{"id that is no text", "a\xff", raw(t, bson.M{"key": "k"}), market.Invalid},
		{"id with a zero byte", "a\x00", raw(t, bson.M{"key": "k"}), market.Invalid},
		{"no body", "a", nil, market.Internal},
		{"broken body", "a", bson.Raw{5, 0, 0, 0, 1}, market.Internal},
		{"field of the store's own", "a", raw(t, bson.M{"key": "k", "changed_at": 1}), market.Internal},
		{"no key", "a", raw(t, bson.M{"other": "k"}), market.Internal},
		{"key is null", "a", raw(t, bson.M{"key": nil}), market.Internal},
		{"key is a list", "a", raw(t, bson.M{"key": bson.A{"a"}}), market.Internal},
		{"indexed field is a document", "a", raw(t, bson.M{"key": "k", "place": bson.M{"at": bson.M{}}}), market.Internal},
		{"too large", "a", raw(t, bson.M{"key": "k", "text": strings.Repeat("x", 16<<20)}), market.TooLarge},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if doc, err := table.encode(head{ID: tt.id}, tt.body); !market.Is(err, tt.kind) {
				t.Errorf("encode = %d bytes, %v; want kind %d", len(doc), err, tt.kind)
			}
		})
	}
	optional := raw(t, bson.M{"key": "k", "sellers": bson.A{}, "place": bson.M{"at": nil}})
	if _, err := table.encode(head{ID: "a"}, optional); err != nil {
		t.Errorf("indexed fields may be missing or null: %v", err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		doc  bson.Raw
	}{
		{"foreign document", raw(t, bson.M{"_id": "a", "text": "x"})},
		{"version of another type", raw(t, bson.D{{Key: "_id", Value: "a"}, {Key: "version", Value: "1"}})},
		{"broken", bson.Raw{9, 0, 0, 0, 1, 'a'}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if rec, err := decode(tt.doc); !market.Is(err, market.Internal) {
				t.Errorf("decode = %+v, %v; want Internal", rec, err)
			}
		})
	}
}

func TestIndexes(t *testing.T) {
	spec := store.Spec{Unique: []string{"number"}, Indexes: []store.Index{
		{"state"}, {"state", "sellers.0.org", "registration.at"}, {"number"}, {"state", store.FieldID}, {store.FieldChanged}}}
	want := []string{
		"changed_at_1__id_1", "number_1 unique", "state_1__id_1", "state_1_sellers.0.org_1_registration.at_1__id_1", "number_1__id_1",
	}
	var got []string
	for _, i := range indexes(spec) {
		model := i.model()
		name := *model.Options.Name
		if model.Options.Unique != nil && *model.Options.Unique {
			name += " unique"
		}
		got = append(got, name)
		back, err := readIndex(&mongo.IndexSpecification{KeysDocument: raw(t, model.Keys), Unique: model.Options.Unique})
		if err != nil || back.name() != i.name() || back.unique != i.unique {
			t.Errorf("read back %+v, %v; want %+v", back, err, i)
		}
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") {
		t.Errorf("indexes\n%q, want\n%q", got, want)
	}
}
