package turnover

import (
	"errors"
	"math"
	"slices"

	"jishi/internal/market"
)

// The columns that hold codes. The year is read off the month.
const (
	colMonth = iota // of registration; code 0, the empty month, does not count
	colType
	colField
	colIndustry
	colOrigin
	colSeller
	colBuyer
	codeColumns
)

// amountColumns is how many amounts a row has; see basisColumn.
const amountColumns = 3

// columnOf maps a dimension to its column.
var columnOf = map[market.Dimension]int{
	market.ByMonth: colMonth, market.ByYear: colMonth, market.ByType: colType, market.ByField: colField,
	market.ByIndustry: colIndustry, market.ByOrigin: colOrigin, market.BySeller: colSeller, market.ByBuyer: colBuyer,
}

// basisColumn maps a basis to its amount column.
var basisColumn = map[market.Basis]int{market.BasisTotal: 0, market.BasisTechnology: 1, market.BasisPaid: 2}

// blockRows is how many rows one block holds. Blocks never move, so that a
// growing cube copies nothing.
const blockRows = 4096

// block is blockRows rows, column by column: 42 bytes a row.
type block struct {
	codes    [codeColumns][blockRows]uint16
	amounts  [amountColumns][blockRows]market.Fen
	versions [blockRows]uint32 // of the contract, so that an old one never replaces a newer
}

// dictionary gives the codes of one column small numbers, in order of first
// sight. Number 0 is the empty code.
type dictionary struct {
	numbers map[string]uint16
	codes   []string
}

func newDictionary() dictionary {
	return dictionary{numbers: map[string]uint16{"": 0}, codes: []string{""}}
}

var errTooManyCodes = errors.New("turnover: more than 65,535 different codes in one dimension")

func (d *dictionary) number(code string) (uint16, error) {
	if n, ok := d.numbers[code]; ok {
		return n, nil
	}
	if len(d.codes) > math.MaxUint16 {
		return 0, errTooManyCodes
	}
	n := uint16(len(d.codes))
	d.numbers[code], d.codes = n, append(d.codes, code)
	return n, nil
}

// axis is one dimension of an answer: which column it reads, the number of
// each code's group, and the group's key.
type axis struct {
	column int
	groups []int    // by code number: rank of the key × stride
	keys   []string // by rank, ascending
}

// axis lays out a dimension of which each step in rank is stride groups apart.
// key turns a code into the key of its group.
func (d *dictionary) axis(column, stride int, key func(string) string) axis {
	a := axis{column: column, groups: make([]int, len(d.codes)), keys: make([]string, 0, len(d.codes))}
	for _, code := range d.codes {
		a.keys = append(a.keys, key(code))
	}
	slices.Sort(a.keys)
	a.keys = slices.Compact(a.keys)
	for n, code := range d.codes {
		rank, _ := slices.BinarySearch(a.keys, key(code))
		a.groups[n] = rank * stride
	}
	return a
}
