package search

import (
	"math/bits"
	"testing"

	"jishi/internal/market"
)

func TestFacetsShareOneWord(t *testing.T) {
	used := uint64(0)
	codes := 0
	for _, f := range facets {
		for _, c := range f.list {
			bit := f.bit(c.Code)
			if bits.OnesCount64(bit) != 1 || used&bit != 0 || f.mask()&bit == 0 {
				t.Errorf("%s %s has bit %x, of its own within the facet", f.name, c.Code, bit)
			}
			used |= bit
			codes++
		}
		if f.bit("") != 0 || f.bit("?") != 0 {
			t.Errorf("%s has a bit for what is not stated", f.name)
		}
	}
	if codes > 64 {
		t.Errorf("%d codes do not fit 64 bits", codes)
	}
}

func TestRowComesBack(t *testing.T) {
	text := rowText{kind: "demand", field: "05", industry: "C", stage: "middle", modes: []string{"license", "self"},
		owner: "org1", low: 50_0000_00, high: 100_0000_00, published: 1_700_000_000_000, length: 321, trl: 6, version: 9}
	r, err := decodeRow("d:1", text.encode())
	if err != nil {
		t.Fatal(err)
	}
	want := row{owner: hash("org1"), tie: hash("d:1"), sum: markOf("d:1", 9), low: 50_0000_00, high: 100_0000_00, published: 1_700_000_000_000, length: 321, trl: 6}
	for facet, codes := range map[int][]string{facetKind: {"demand"}, facetField: {"05"}, facetIndustry: {"C"}, facetStage: {"middle"}, facetMode: {"license", "self"}} {
		for _, code := range codes {
			want.codes |= facets[facet].bit(code)
		}
	}
	if r != want || r.kind() != market.KindDemand {
		t.Errorf("row = %+v, want %+v", r, want)
	}
}

func TestBadRows(t *testing.T) {
	good := rowText{kind: "demand"}.encode()
	for _, text := range []string{"", "x", good + "\x1f1", good[:len(good)-1] + "x", good[:len(good)-1]} {
		if _, err := decodeRow("d:1", text); err == nil {
			t.Errorf("row %q was read", text)
		}
	}
}
