package search

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"

	"jishi/internal/market"
)

// place is where a document stands in an order: higher keys come first, among
// equal keys lower ties.
type place struct {
	key    int64
	tie    uint64
	number int // of the document in the view
}

func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(o.key, p.key), cmp.Compare(p.tie, o.tie))
}

// score is the way back from key, in the order of relevance.
func (p place) score() float64 { return float64(math.Float32frombits(uint32(p.key))) }

// key places a document in an order. A score is positive, and positive floats
// compare as their bits do.
func key(sort market.SearchSort, r *row, score float32) int64 {
	switch sort {
	case market.SortPriceUp:
		if r.negotiable() {
			return math.MinInt64
		}
		return -r.low
	case market.SortPriceDown:
		if r.negotiable() {
			return -1
		}
		return r.high
	case market.SortNewest:
		return r.published
	default:
		return int64(math.Float32bits(score))
	}
}

// top keeps the first few of the places it is shown.
type top struct {
	limit  int
	after  *place // places up to this one are on pages before
	places []place
}

func (t *top) show(p place) {
	if t.after != nil && p.compare(*t.after) <= 0 {
		return
	}
	if len(t.places) == t.limit {
		if p.compare(t.places[t.limit-1]) >= 0 {
			return
		}
		t.places = t.places[:t.limit-1]
	}
	at, _ := slices.BinarySearchFunc(t.places, p, place.compare)
	t.places = slices.Insert(t.places, at, p)
}

// swap is show for places that may be pushed out again: it returns the place
// that has no room, if any.
func (t *top) swap(p place) (out place, full bool) {
	if len(t.places) < t.limit {
		t.show(p)
		return place{}, false
	}
	if t.limit == 0 {
		return p, true
	}
	if out = t.places[t.limit-1]; p.compare(out) >= 0 {
		return p, true
	}
	t.show(p)
	return out, true
}

// A cursor is the order's number, the key and the tie of a page's last hit.
const cursorBytes = 1 + 8 + 8

func encodeCursor(sort market.SearchSort, p place) string {
	raw := []byte{byte(slices.IndexFunc(market.SearchSorts, func(c market.Code) bool { return c.Code == string(sort) }))}
	raw = binary.BigEndian.AppendUint64(raw, uint64(p.key))
	raw = binary.BigEndian.AppendUint64(raw, p.tie)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// decodeCursor returns nil for the empty cursor and Invalid for one that was
// not made for this order.
func decodeCursor(sort market.SearchSort, cursor string) (*place, error) {
	if cursor == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(raw) != cursorBytes || int(raw[0]) >= len(market.SearchSorts) ||
		market.SearchSorts[raw[0]].Code != string(sort) {
		return nil, market.E(market.Invalid, "bad_cursor", "翻页位置已失效，请从第一页重新开始。")
	}
	return &place{key: int64(binary.BigEndian.Uint64(raw[1:])), tie: binary.BigEndian.Uint64(raw[9:])}, nil
}
