// Package minhash finds texts that say nearly the same among very many. A text
// is the set of its shingles, overlapping pairs of words (A. Broder, "On the
// resemblance and containment of documents", 1997); the resemblance of two
// texts is the Jaccard similarity of their sets. A signature of a fixed size
// estimates it, and banding finds similar signatures without comparing all of
// them (J. Leskovec, A. Rajaraman, J. Ullman, Mining of Massive Datasets,
// chapter 3).
package minhash

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"jishi/search/analysis"
)

// width is how many neighbouring words make a shingle. Two: with three, a copy
// in which every tenth character was changed keeps 0.57 of its resemblance, with
// two it keeps 0.68, and unrelated texts of one trade still share only a twentieth.
const width = 2

// MaxRunes is how much of a text is read; the rest is left out.
const MaxRunes = 20_000

// Set is the shingles of a text as hashes: ascending, each once.
type Set []uint64

// Shingles returns the set of a text, folded as the index folds it and in lower
// case. A Han character is a word, and so is a run of other letters or digits;
// what stands between words does not count. A text of one word is one shingle,
// one of none the empty set. The time is linear in the length of text but for
// the sorting of the set.
func Shingles(text string) Set {
	words := wordHashes(clip(text))
	if len(words) == 0 {
		return nil
	}
	set := make(Set, 0, len(words))
	for i := range max(1, len(words)-width+1) {
		h := uint64(offset)
		for _, word := range words[i:min(i+width, len(words))] {
			h = mix(h ^ word)
		}
		set = append(set, h)
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// clip returns the first MaxRunes characters.
func clip(text string) string {
	n := 0
	for i := range text {
		if n++; n > MaxRunes {
			return text[:i]
		}
	}
	return text
}

// wordHashes returns a hash for each word of a text, in order.
func wordHashes(text string) []uint64 {
	words := make([]uint64, 0, len(text)/3+1)
	open := false // a word of letters or digits goes on
	for _, r := range strings.ToLower(analysis.Fold(text)) {
		switch {
		case unicode.Is(unicode.Han, r):
			words, open = append(words, character(offset, r)), false
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			open = false
		case open:
			words[len(words)-1] = character(words[len(words)-1], r)
		default:
			words, open = append(words, character(offset, r)), true
		}
	}
	return words
}

// offset and prime are those of the 64-bit FNV-1a hash.
const (
	offset = 14695981039346656037
	prime  = 1099511628211
)

// character adds a character to the hash of a word.
func character(h uint64, r rune) uint64 { return (h ^ uint64(r)) * prime }

// mix spreads every bit of h over all bits of the result: the finalizer of
// SplitMix64 (G. Steele et al. 2014). It maps no two values to one.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// Jaccard returns the size of the intersection over that of the union, 0–1;
// 0 when both are empty.
func Jaccard(a, b Set) float64 {
	both := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch cmp.Compare(a[i], b[j]) {
		case -1:
			i++
		case 1:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
