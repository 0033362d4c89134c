package synonym

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"jishi/internal/market"
)

// maxLines bounds the lines of one import.
const maxLines = market.MaxSynonyms

// Imported says what became of a list of groups.
type Imported struct {
	Added   int       // groups that are new
	Same    int       // groups that were there already
	Refused []Refusal // lines that are not groups, at most 20
}

// Refusal is a line of a list and why it was not taken.
type Refusal struct {
	Line   int // 1, 2, 3 …
	Reason string
}

// Import adds the groups of a list: one group on a line, words between 、 ， ,
// ； ; or tabs, as Export writes them and spreadsheets copy them. A line whose
// words are all in one group already changes nothing; one that would join two
// groups is refused and the rest goes on. TooLarge when there are too many lines.
func (b *Book) Import(ctx context.Context, by market.Actor, list string) (Imported, error) {
	var done Imported
	if err := market.Permit(by, market.ActAddSynonym); err != nil {
		return done, err
	}
	lines := strings.Split(strings.TrimPrefix(list, "\ufeff"), "\n")
	if len(lines) > maxLines {
		return done, market.E(market.TooLarge, "too_many_lines", "一次最多导入 "+strconv.Itoa(maxLines)+" 行，请分几次。")
	}
	held, err := b.held(ctx)
	if err != nil {
		return done, err
	}
	for i, line := range lines {
		s := &market.Synonym{Meta: market.Meta{ID: b.newID()}, Words: Words(line)}
		s.Tidy()
		if len(s.Words) == 0 || i == 0 && s.Words[0] == Heading {
			continue
		}
		if held.same(s) {
			done.Same++
			continue
		}
		err := s.Check()
		if err == nil {
			err = held.free(s)
		}
		if err != nil {
			done.refuse(i+1, err)
			continue
		}
		if err := b.insert(ctx, by, s, "批量导入"); err != nil {
			return done, err
		}
		held.add(s)
		done.Added++
	}
	return done, nil
}

// Heading is the first cell of the heading of an exported list.
const Heading = "同义词"

// Words splits a line at the marks people put between words.
func Words(line string) []string {
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("、，,；;\t\r\n", r) })
	for i, word := range words {
		words[i] = strings.Trim(strings.TrimSpace(word), `"'`)
	}
	return words
}

// same reports whether one group has all words of s.
func (h *held) same(s *market.Synonym) bool {
	first := h.by[market.SynonymKey(s.Words[0])]
	for _, word := range s.Words {
		if other := h.by[market.SynonymKey(word)]; other == nil || other != first {
			return false
		}
	}
	return true
}

func (d *Imported) refuse(line int, err error) {
	const most = 20
	reason := "无法识别"
	var known *market.Error
	if errors.As(err, &known) && len(known.Fields) > 0 {
		reason = known.Fields[0].Reason
	}
	if len(d.Refused) < most {
		d.Refused = append(d.Refused, Refusal{line, reason})
	}
}
