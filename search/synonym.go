package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// maxSubstitutes bounds the words that one search looks for besides its own: a
// whole demand may hold dozens of terms that have synonyms.
const maxSubstitutes = 16

// synonyms is a table of terms that mean the same, made for reading a text.
type synonyms struct {
	groups [][]string
	first  map[rune][]synonym // by the first character of the folded word, longest first
}

type synonym struct {
	word  string // folded, in lower case
	group int
	place int // in the group
}

// SetSynonyms replaces the table of terms that mean the same, one group each,
// for all searches that begin after. Of a word in two groups the first counts.
func (ix *Index) SetSynonyms(groups [][]string) { ix.synonyms.Store(newSynonyms(groups)) }

// Substitutes returns the words that a search for text looks for besides its
// own, at most 16, in the order the words they stand for occur.
func (ix *Index) Substitutes(text string) []market.Substitute {
	return ix.synonyms.Load().of(head(text, maxCandidateText))
}

func newSynonyms(groups [][]string) *synonyms {
	s := &synonyms{groups: groups, first: map[rune][]synonym{}}
	known := map[string]bool{}
	for i, group := range groups {
		for j, written := range group {
			word := foldLower(written)
			if word == "" || known[word] {
				continue
			}
			known[word] = true
			r, _ := utf8.DecodeRuneInString(word)
			s.first[r] = append(s.first[r], synonym{word, i, j})
		}
	}
	for _, list := range s.first {
		slices.SortStableFunc(list, func(a, b synonym) int { return cmp.Compare(len(b.word), len(a.word)) })
	}
	return s
}

// foldLower is how words of the table and texts are compared.
func foldLower(text string) string { return strings.ToLower(strings.TrimSpace(analysis.Fold(text))) }

// of finds the table's words in a text, the longest at each place, and returns
// the others of their groups but those the text has itself.
func (s *synonyms) of(text string) []market.Substitute {
	if s == nil || len(s.groups) == 0 {
		return nil
	}
	text = foldLower(text)
	var met []synonym
	seen := map[int]bool{}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if found, ok := s.at(text, i, r); ok {
			if !seen[found.group] {
				seen[found.group] = true
				met = append(met, found)
			}
			i += len(found.word)
			continue
		}
		i += size
	}
	var all []market.Substitute
	for _, found := range met {
		for place, word := range s.groups[found.group] {
			if place == found.place || holdsWord(text, foldLower(word)) {
				continue
			}
			if len(all) == maxSubstitutes {
				return all
			}
			all = append(all, market.Substitute{Word: word, For: s.groups[found.group][found.place]})
		}
	}
	return all
}

// at returns the longest word of the table that stands at a place in a text.
func (s *synonyms) at(text string, i int, r rune) (synonym, bool) {
	for _, candidate := range s.first[r] {
		if wordAt(text, candidate.word, i) {
			return candidate, true
		}
	}
	return synonym{}, false
}

// wordAt reports whether a word stands at a place in a text and is not a piece
// of a longer one: IC does not stand in SIC, 碳化硅 does in 用碳化硅做.
func wordAt(text, word string, i int) bool {
	if !strings.HasPrefix(text[i:], word) {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	first, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(word)
	after, _ := utf8.DecodeRuneInString(text[i+len(word):])
	return !(joins(before) && joins(first)) && !(joins(last) && joins(after))
}

// joins reports whether a character grows together with its like to one word.
func joins(r rune) bool {
	return r < 0x2e80 && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func holdsWord(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		if wordAt(text, word, from+i) {
			return true
		}
		from += i + len(word)
	}
}
