package search

import (
	"errors"
	"hash/fnv"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// rowText is what filters, facets and orders need of a listing, as it is
// stored in the index: by code, so that a code list may grow.
type rowText struct {
	kind, field, industry, stage string
	modes                        []string
	owner                        string
	low, high                    int64 // 分; both 0 = negotiable
	published                    int64 // Unix milliseconds
	length                       int   // terms in the text
	trl                          int   // 1–9; 0 = not assessed
	version                      int64 // of the listing in the store
}

const rowFields = 12

func (r rowText) encode() string {
	return strings.Join([]string{
		r.kind, r.field, r.industry, r.stage, strings.Join(r.modes, ","), r.owner,
		strconv.FormatInt(r.low, 10), strconv.FormatInt(r.high, 10),
		strconv.FormatInt(r.published, 10), strconv.Itoa(r.length), strconv.Itoa(r.trl), strconv.FormatInt(r.version, 10),
	}, "\x1f")
}

// row is a rowText in memory, 64 bytes a document.
type row struct {
	codes     uint64 // one bit per code, see facets
	owner     uint64 // hash of the owner's id
	tie       uint64 // hash of the document's id: orders what is otherwise equal
	sum       uint64 // of id and version, see Tally
	low, high int64
	published int64
	length    int32
	trl       int8
}

var errBadRow = errors.New("search: a stored row cannot be read")

func decodeRow(document, text string) (row, error) {
	parts := strings.Split(text, "\x1f")
	if len(parts) != rowFields {
		return row{}, errBadRow
	}
	numbers := [6]int64{}
	for i, part := range parts[rowFields-len(numbers):] {
		n, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return row{}, errBadRow
		}
		numbers[i] = n
	}
	r := row{owner: hash(parts[5]), tie: hash(document), sum: markOf(document, numbers[5]),
		low: numbers[0], high: numbers[1], published: numbers[2], length: int32(numbers[3]), trl: int8(numbers[4])}
	for i, part := range parts[:len(facets)-1] {
		r.codes |= facets[i].bit(part)
	}
	for _, mode := range strings.Split(parts[4], ",") {
		r.codes |= facets[facetMode].bit(mode)
	}
	return r, nil
}

// hash is the same in every process. Two of a million ids have the same with
// a chance of one in 37 million.
func hash(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s)) // never fails
	return h.Sum64()
}

func (r row) kind() market.ListingKind {
	if r.codes&facets[facetKind].bit(string(market.KindDemand)) != 0 {
		return market.KindDemand
	}
	return market.KindAchievement
}

func (r row) negotiable() bool { return r.low == 0 && r.high == 0 }
