package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// Bounds of what is kept for suggestions and of one answer.
const (
	maxSuggestTitles = 200_000 // the newest published; about 75 MB
	maxSuggestTerms  = 200_000 // about 40 MB
	maxSuggestText   = 40      // characters read of what is typed
	maxFound         = 200     // texts looked at of each way to find them
)

// Suggester completes what is typed into a search box with titles of published
// listings, terms they are tagged with, and names of organizations. It lives in
// memory and is filled by followers from the beginning. Safe for concurrent use.
type Suggester struct {
	mu            sync.RWMutex
	titles        *rack
	terms         *rack
	organizations *rack
	synonyms      atomic.Pointer[synonyms]
}

// NewSuggester returns an empty one.
func NewSuggester() *Suggester {
	return &Suggester{titles: newRack(maxSuggestTitles), terms: newRack(0), organizations: newRack(0)}
}

// SetSynonyms replaces the table of terms that mean the same, one group each.
func (s *Suggester) SetSynonyms(groups [][]string) { s.synonyms.Store(newSynonyms(groups)) }

// Suggest returns at most limit (0 = 8, at most 20) completions of what is
// typed: terms first, then organizations, then titles; each text once. What is
// typed may be the beginning or the middle of a text in any width, case or
// traditional characters, its pinyin with or without spaces, its initials, or
// pinyin and characters mixed; only the first 40 characters are read. Nothing
// typed is completed to nothing.
func (s *Suggester) Suggest(_ context.Context, typed string, limit int) []market.Suggestion {
	if limit <= 0 {
		limit = 8
	}
	limit = min(limit, 20)
	suggestions := []market.Suggestion{}
	queries := s.readings(typed)
	if len(queries) == 0 {
		return suggestions
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	room := map[string]int{market.SuggestTerm: (limit + 1) / 2, market.SuggestOrganization: (limit + 3) / 4, market.SuggestTitle: limit}
	seen := map[string]bool{}
	for _, source := range []struct {
		kind string
		rack *rack
	}{{market.SuggestTerm, s.terms}, {market.SuggestOrganization, s.organizations}, {market.SuggestTitle, s.titles}} {
		left := min(room[source.kind], limit-len(suggestions))
		for _, f := range source.rack.best(queries) {
			if left == 0 {
				break
			}
			if key := foldLower(f.item.text); !seen[key] {
				seen[key] = true
				left--
				suggestions = append(suggestions, source.rack.suggestion(f, source.kind))
			}
		}
	}
	return suggestions
}

// readings is what is typed, folded, and the same with words of the table of
// synonyms replaced by others of their groups.
func (s *Suggester) readings(typed string) []string {
	typed = foldLower(head(typed, maxSuggestText))
	if !strings.ContainsFunc(typed, speaks) {
		return nil
	}
	queries := []string{typed}
	const most = 3
	for _, substitute := range s.synonyms.Load().of(typed) {
		if len(queries) <= most {
			queries = append(queries, strings.Replace(typed, foldLower(substitute.For), foldLower(substitute.Word), 1))
		}
	}
	return queries
}

// speaks reports whether a character says anything.
func speaks(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x2e80 && r != utf8.RuneError
}

// best returns what queries complete to, the best first.
func (s *rack) best(queries []string) []found {
	var all []found
	taken := map[int]bool{}
	for i, query := range queries {
		for _, f := range s.find(query) {
			if f.item.weight > 0 && !taken[f.slot] {
				f.rank = f.class
				if i > 0 { // by a word of the same meaning: after what was typed, before what only sounds like it
					if f.class > byPlace {
						continue // GaN for 氮化镓 is no pinyin of 柑
					}
					f.rank = byPlace
				}
				taken[f.slot] = true
				all = append(all, f)
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.item.weight, a.item.weight),
			cmp.Compare(len(a.item.text), len(b.item.text)), cmp.Compare(b.slot, a.slot))
	})
	return all
}

func (s *rack) suggestion(f found, kind string) market.Suggestion {
	start, end := s.stretch(f)
	suggestion := market.Suggestion{Kind: kind, Text: f.item.text, Marks: runeSpan(f.item.text, start, end)}
	if listing, id, ok := strings.Cut(f.item.id, ":"); ok {
		suggestion.ID = market.ID(id)
		if kind == market.SuggestTitle {
			suggestion.Kind = map[string]string{"a": string(market.KindAchievement), "d": string(market.KindDemand)}[listing]
		}
	}
	return suggestion
}

// runeSpan returns where characters start ≤ i < end of the folded text stand in
// the text; folding drops characters but makes none.
func runeSpan(text string, start, end int) []market.Span {
	span, n := market.Span{Start: -1}, 0
	leading := len(text) - len(strings.TrimLeft(text, " \t\n\u3000\u00a0"))
	for i, r := range text[leading:] {
		if analysis.Fold(string(r)) == "" {
			continue
		}
		if n == start {
			span.Start = leading + i
		}
		if n++; n == end {
			span.End = leading + i + utf8.RuneLen(r)
			break
		}
	}
	if span.Start < 0 || span.End <= span.Start {
		return []market.Span{}
	}
	return []market.Span{span}
}
