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
	after  *place // places up to this one are on other pages
	back   bool   // the order is turned round: the last few are kept
	places []place

	passed, shown int // places on other pages; places shown
}

// turn begins a page at a cursor.
func (t *top) turn(c cursor) { t.after, t.back = c.at, c.back }

func (t *top) compare(p, o place) int {
	if t.back {
		return o.compare(p)
	}
	return p.compare(o)
}

func (t *top) show(p place) {
	t.shown++
	if t.after != nil && t.compare(p, *t.after) <= 0 {
		t.passed++
		return
	}
	if len(t.places) == t.limit {
		if t.compare(p, t.places[t.limit-1]) >= 0 {
			return
		}
		t.places = t.places[:t.limit-1]
	}
	at, _ := slices.BinarySearchFunc(t.places, p, t.compare)
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

// page returns at most limit places in order, how many are before them, and
// whether there are some after.
func (t *top) page(limit int) (places []place, before int, more bool) {
	places = t.places[:min(len(t.places), limit)]
	before, more = t.passed, len(t.places) > limit
	if t.back {
		places = slices.Clone(places)
		slices.Reverse(places)
		before, more = t.shown-t.passed-len(places), t.after != nil
	}
	return places, before, more
}

// cursor is where a page lies: after the place of the last hit of the page
// before it, or turned round, before that of the first hit of the page after.
type cursor struct {
	at   *place // nil = the beginning, turned round the end
	back bool
}

// A cursor is written as the order's number, the key and the tie of its place.
const cursorBytes = 1 + 8 + 8

// turned is set in the number of the order where a cursor is turned round.
const turned = 0x80

func encodeCursor(sort market.SearchSort, p place, back bool) string {
	number := byte(slices.IndexFunc(market.SearchSorts, func(c market.Code) bool { return c.Code == string(sort) }))
	if back {
		number |= turned
	}
	raw := binary.BigEndian.AppendUint64([]byte{number}, uint64(p.key))
	raw = binary.BigEndian.AppendUint64(raw, p.tie)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// decodeCursor returns the first page for the empty cursor and Invalid for one
// that was not made for this order.
func decodeCursor(sort market.SearchSort, text string) (cursor, error) {
	switch text {
	case "":
		return cursor{}, nil
	case market.CursorLast:
		return cursor{back: true}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != cursorBytes || int(raw[0]&^turned) >= len(market.SearchSorts) ||
		market.SearchSorts[raw[0]&^turned].Code != string(sort) {
		return cursor{}, market.E(market.Invalid, "bad_cursor", "翻页位置已失效，请从第一页重新开始。")
	}
	at := &place{key: int64(binary.BigEndian.Uint64(raw[1:])), tie: binary.BigEndian.Uint64(raw[9:])}
	return cursor{at: at, back: raw[0]&turned != 0}, nil
}
