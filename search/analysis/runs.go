package analysis

import "unicode/utf8"

// Run is what terms are made of: an unbroken stretch of ideographs, or one
// word or number of another script in lower case.
type Run struct {
	Text string
	Han  bool // ideographs or kana, at least one
}

// Runs returns the runs of text in order. Terms(text) are their Pairs: it
// does the same without looking for the places in text, for indexing.
func Runs(text string) []Run {
	c := cutter{source: fold(text), runs: make([]Run, 0, len(text)/32+1), onlyRuns: true, found: [][]byte{}, types: []int{}}
	c.cut()
	return c.runs
}

// Pairs calls yield with the terms of a run in order: of ideographs their
// overlapping pairs, or the one that stands alone; else the word.
func (r Run) Pairs(yield func(string)) {
	_, size := utf8.DecodeRuneInString(r.Text)
	if !r.Han || size == len(r.Text) {
		yield(r.Text)
		return
	}
	for start, mid := 0, size; mid < len(r.Text); {
		_, size := utf8.DecodeRuneInString(r.Text[mid:])
		yield(r.Text[start : mid+size])
		start, mid = mid, mid+size
	}
}

// Words calls yield with the words of a run in order: of ideographs those that
// the dictionary makes most probable, none of its characters lost.
func (r Run) Words(yield func(string)) {
	if !r.Han {
		yield(r.Text)
		return
	}
	segmentWords(r.Text, yield)
}
