package storetest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// everything has a field of every kind that documents of the market are made of.
type everything struct {
	market.Meta `bson:"-"`
	Text        string           `bson:"text"`
	Named       market.Kind      `bson:"named"`
	Small       int32            `bson:"small"`
	Large       int64            `bson:"large"`
	Amount      market.Fen       `bson:"amount"`
	Ratio       float64          `bson:"ratio"`
	Yes         bool             `bson:"yes"`
	At          time.Time        `bson:"at"`
	Never       *time.Time       `bson:"never"`
	Bytes       []byte           `bson:"bytes"`
	Words       []string         `bson:"words"`
	Place       place            `bson:"place"`
	Other       *place           `bson:"other"`
	Places      []place          `bson:"places"`
	Counts      map[string]int64 `bson:"counts"`
	Events      []market.Event   `bson:"events"`
}

// roundTrip stores documents of every kind of value and reads them as they were.
func (s *suite) roundTrip(t *testing.T) {
	at := time.Date(2026, 3, 31, 15, 59, 59, 999_000_000, time.UTC)
	full := everything{
		Text: "镁合金“压铸”\n\t成型 — 𠮷 \u200b end", Named: market.Stale, Small: -1 << 31, Large: 1<<63 - 1, Amount: 5_000_000_000_00, Ratio: 0.1, Yes: true,
		At: at, Never: &at, Bytes: []byte{0, 1, 254, 255}, Words: []string{"", "新材料", "a.b"},
		Place: place{"重庆", "梁平区"}, Other: &place{City: "成都"}, Places: []place{{"甲", ""}, {"", "乙"}},
		Counts: map[string]int64{"技术开发": 3, "技术 转让": -1, "plain": 0},
		Events: []market.Event{{Seq: 1, At: at, By: "u1", Action: "submit", From: "draft", To: "submitted", Note: "材料齐全"}},
	}
	long := everything{Words: make([]string, 2000), Text: strings.Repeat("长", 5000)}
	for i := range long.Words {
		long.Words[i] = strings.Repeat("词", i%7)
	}
	docs := open[everything](t, s, store.Spec{})
	for _, tt := range []struct {
		name string
		id   market.ID
		doc  everything
	}{
		{"full", "full", full},
		{"zero values", "zero", everything{}},
		{"empty, not nil", "empty", everything{Bytes: []byte{}, Words: []string{}, Places: []place{}, Counts: map[string]int64{}}},
		{"long", "long", long},
		{"Chinese id", "需求：梁平/柚子 №1", full},
		{"id that looks like a number", "0042", full},
		{"id with quotes", `'"; --`, full},
		{"long id", market.ID(strings.Repeat("号", 100)), full},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc := tt.doc
			doc.ID = tt.id
			insert(t, docs, &doc)
			want := tt.doc
			want.Meta = doc.Meta
			if got := get(t, docs, tt.id); !reflect.DeepEqual(*got, want) {
				t.Errorf("after Insert:\ngot  %+v\nwant %+v", *got, want)
			}
			doc.Text += "改"
			doc.Counts = map[string]int64{"改": 1}
			want.Text, want.Counts = doc.Text, doc.Counts
			if err := docs.Update(t.Context(), &doc); err != nil {
				t.Fatalf("Update = %v", err)
			}
			want.Meta = doc.Meta
			if got := get(t, docs, tt.id); !reflect.DeepEqual(*got, want) {
				t.Errorf("after Update:\ngot  %+v\nwant %+v", *got, want)
			}
		})
	}
}

// times keeps times to the millisecond, in UTC, and cuts what is finer.
func (s *suite) times(t *testing.T) {
	docs := open[everything](t, s, store.Spec{Indexes: []store.Index{{"at"}}})
	for _, tt := range []struct {
		name     string
		at, want time.Time
	}{
		{"nanoseconds", time.Date(2026, 1, 2, 3, 4, 5, 678_999_999, time.UTC), time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)},
		{"Shanghai", time.Date(2026, 1, 1, 0, 0, 0, 1_000_000, market.Shanghai), time.Date(2025, 12, 31, 16, 0, 0, 1_000_000, time.UTC)},
		{"before 1970", time.Date(1949, 10, 1, 7, 0, 0, 1_000_000, time.UTC), time.Date(1949, 10, 1, 7, 0, 0, 1_000_000, time.UTC)},
		{"never", time.Time{}, time.Time{}},
		{"far", time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC), time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id := market.ID(tt.name)
			insert(t, docs, &everything{Meta: market.Meta{ID: id}, At: tt.at})
			got := get(t, docs, id).At
			if !got.Equal(tt.want) || got.Location() != time.UTC {
				t.Errorf("At = %v, want %v", got, tt.want)
			}
			page, err := docs.Find(t.Context(), store.Query{Equal: []store.Equal{{Field: "at", Value: tt.at}}})
			if err != nil || len(page.Items) != 1 || page.Items[0].ID != id {
				t.Errorf("Find(at = %v) = %d documents, %v; want 1", tt.at, len(page.Items), err)
			}
		})
	}
}

// oneMebibyte stores large documents whole.
func (s *suite) oneMebibyte(t *testing.T) {
	docs := s.parcels(t)
	text := strings.Repeat("科技成果转化！！\n", 1<<20/25+1)[:1<<20]
	doc := newParcel(1)
	doc.Text = strings.ToValidUTF8(text, "")
	insert(t, docs, doc)
	if got := get(t, docs, doc.ID); got.Text != doc.Text {
		t.Fatalf("read %d bytes of %d", len(got.Text), len(doc.Text))
	}
	doc.Text = "短" + doc.Text
	if err := docs.Update(t.Context(), doc); err != nil {
		t.Fatalf("Update = %v", err)
	}
	page, err := docs.Find(t.Context(), store.Query{Equal: []store.Equal{{Field: "state", Value: doc.State}}})
	if err != nil || len(page.Items) != 1 || page.Items[0].Text != doc.Text {
		t.Errorf("Find = %d documents, %v; want the whole document", len(page.Items), err)
	}
}

// metadata checks what the store keeps of each document by itself.
func (s *suite) metadata(t *testing.T) {
	docs := s.parcels(t)
	before := time.Now().Add(-time.Minute)
	doc := newParcel(1)
	doc.Version, doc.CreatedAt = 99, time.Unix(1, 0) // not the caller's to say
	insert(t, docs, doc)
	first := doc.Meta
	if first.Version != 1 || !first.CreatedAt.Equal(first.ChangedAt) || first.CreatedAt.Before(before) || first.CreatedAt.After(time.Now().Add(time.Minute)) {
		t.Errorf("after Insert: %+v", first)
	}
	if got := get(t, docs, doc.ID).Meta; !reflect.DeepEqual(got, first) {
		t.Errorf("Get = %+v, want %+v", got, first)
	}
	if err := docs.Update(t.Context(), doc); err != nil {
		t.Fatalf("Update = %v", err)
	}
	if doc.Version != 2 || !doc.CreatedAt.Equal(first.CreatedAt) || doc.ChangedAt.Before(first.ChangedAt) {
		t.Errorf("after Update: %+v, was %+v", doc.Meta, first)
	}
	got := get(t, docs, doc.ID).Meta
	if !reflect.DeepEqual(got, doc.Meta) {
		t.Errorf("Get = %+v, want %+v", got, doc.Meta)
	}
	for _, at := range []time.Time{got.CreatedAt, got.ChangedAt} {
		if at.Location() != time.UTC || !at.Equal(at.Truncate(time.Millisecond)) {
			t.Errorf("%v is not in UTC to the millisecond", at)
		}
	}
	wantKind(t, "Insert without id", docs.Insert(t.Context(), &parcel{Number: "无"}), market.Internal)
}

// openedAgain finds the documents of a collection that is opened again.
func (s *suite) openedAgain(t *testing.T) {
	spec := parcelSpec
	spec.Name = randomName()
	first, err := store.Open[parcel](t.Context(), s.engine, spec)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	insert(t, first, newParcel(1))
	second, err := store.Open[parcel](t.Context(), s.engine, spec)
	if err != nil {
		t.Fatalf("Open again = %v", err)
	}
	if got := get(t, second, newParcel(1).ID); got.Number != newParcel(1).Number {
		t.Errorf("Get = %+v", got)
	}
	wantTaken(t, "Insert through the second", second.Insert(t.Context(), newParcel(1)), store.FieldID)
	if err := s.engine.Ping(t.Context()); err != nil {
		t.Errorf("Ping = %v", err)
	}
}

// emptyCollection asks a collection without documents.
func (s *suite) emptyCollection(t *testing.T) {
	docs := s.parcels(t)
	page, err := docs.Find(t.Context(), store.Query{})
	if err != nil || len(page.Items) != 0 || page.Next != "" {
		t.Errorf("Find = %+v, %v; want an empty page", page, err)
	}
	_, err = docs.Get(t.Context(), "none")
	wantKind(t, "Get", err, market.NotFound)
	if many, err := docs.GetMany(t.Context(), []market.ID{"a", "b"}); err != nil || len(many) != 0 {
		t.Errorf("GetMany = %v, %v", many, err)
	}
	changed, next, err := docs.Changes(t.Context(), "", 10)
	if err != nil || len(changed) != 0 {
		t.Fatalf("Changes = %d documents, %v", len(changed), err)
	}
	insert(t, docs, newParcel(1))
	follow(t, docs, next, map[market.ID]int64{"包裹-0001": 1})
}
