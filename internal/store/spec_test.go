package store

import (
	"slices"
	"testing"

	"jishi/internal/market"
)

var listed = Spec{Name: "listed", Unique: []string{"number", "owner.code"}, Indexes: []Index{
	{"state"}, {"state", "rank"}, {"owner.id", "state", FieldChanged}, {"rank", FieldID}, {FieldCreated},
}}

func TestFields(t *testing.T) {
	want := []string{"number", "owner.code", "state", "rank", "owner.id"}
	if got := listed.Fields(); !slices.Equal(got, want) {
		t.Errorf("Fields() = %v, want %v", got, want)
	}
	if got := (Spec{Name: "plain"}).Fields(); got != nil {
		t.Errorf("Fields() = %v, want none", got)
	}
}

func TestServes(t *testing.T) {
	for _, tt := range []struct {
		name  string
		equal []string
		sort  string
		want  bool
	}{
		{"all", nil, "", true},
		{"all by _id", nil, FieldID, true},
		{"all by change", nil, FieldChanged, true},
		{"all by creation, declared", nil, FieldCreated, true},
		{"all by version", nil, FieldVersion, false},
		{"all by a field that only ends an index", nil, "rank", false},
		{"all by a field that is an index", nil, "state", true},
		{"unique key", []string{"number"}, "", true},
		{"nested unique key", []string{"owner.code"}, "", true},
		{"unique key, sorted", []string{"number"}, "rank", false},
		{"two unique keys", []string{"number", "owner.code"}, "", false},
		{"one field", []string{"state"}, "", true},
		{"whole index by id", []string{"state", "rank"}, "", true},
		{"whole index in another order", []string{"rank", "state"}, "", true},
		{"head and tail", []string{"state"}, "rank", true},
		{"head of three in another order", []string{"state", "owner.id"}, FieldChanged, true},
		{"half a head", []string{"owner.id"}, FieldChanged, false},
		{"head of an index by id", []string{"owner.id", "state"}, "", false},
		{"equality by id, declared", []string{"rank"}, FieldID, true},
		{"same field twice", []string{"state", "state"}, "", false},
		{"no such field", []string{"city"}, "", false},
		{"by no such field", []string{"state"}, "city", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := listed.serves(tt.equal, tt.sort); got != tt.want {
				t.Errorf("serves(%v, %q) = %t, want %t", tt.equal, tt.sort, got, tt.want)
			}
		})
	}
}

func TestQueryCheck(t *testing.T) {
	for _, tt := range []struct {
		name  string
		query Query
		kind  market.Kind
		limit int // 0 = refused
	}{
		{"default limit", Query{}, 0, 50},
		{"least", Query{Limit: 1}, 0, 1},
		{"most", Query{Limit: MaxLimit}, 0, MaxLimit},
		{"negative", Query{Limit: -1}, market.Invalid, 0},
		{"too many", Query{Limit: MaxLimit + 1}, market.Invalid, 0},
		{"range without order", Query{Range: &Range{From: 1}}, market.Internal, 0},
		{"range in order", Query{Sort: FieldChanged, Range: &Range{From: 1}}, 0, 50},
		{"no index", Query{Sort: "city"}, market.Internal, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.query.check(listed)
			if tt.limit == 0 {
				if !market.Is(err, tt.kind) {
					t.Errorf("check = %v, want kind %d", err, tt.kind)
				}
				return
			}
			if err != nil || tt.query.Limit != tt.limit {
				t.Errorf("check = %v, limit %d, want %d", err, tt.query.Limit, tt.limit)
			}
		})
	}
}
