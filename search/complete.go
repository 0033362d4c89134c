package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How a text was found, best first.
const (
	byBeginning       = iota // it begins with what is typed
	byPlace                  // what is typed stands in it
	bySoundsBeginning        // its pinyin begins with what is typed
	byInitials               // its initials begin with what is typed
	bySounds                 // what is typed is pinyin of a part of it
	byInitialsOfAPart        // or initials of a part
	byMixture                // characters as they are and others by sound
	classes
)

// found is a text that what is typed completes to.
type found struct {
	item   *completion
	slot   int
	class  int // how it was found: lower is better
	rank   int // its class, or that of what it takes the place of
	offset int // where it was found in the text as its class reads it, in bytes; of a mixture, in characters
	length int // of what was found there
}

// find returns texts that a query, folded and in lower case, completes to.
func (s *rack) find(query string) []found {
	c := completer{rack: s, seen: map[int]bool{}}
	c.search(&s.folded, query, byBeginning, byPlace, nil)
	latin := strings.Map(typable, query)
	switch {
	case latin == "":
	case strings.ContainsFunc(query, func(r rune) bool { return r >= utf8.RuneSelf }):
		c.mixed(query)
	default:
		c.search(&s.sounds, latin, bySoundsBeginning, bySounds, s.beginsSyllable)
		c.search(&s.initials, latin, byInitials, byInitialsOfAPart, nil)
	}
	return c.all
}

// typable keeps the letters and digits that sounds are written with.
func typable(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return -1
}

// completer collects what one query completes to.
type completer struct {
	*rack
	all  []found
	seen map[int]bool
}

// note adds a text once.
func (c *completer) note(f found) {
	if f.item = &c.items[f.slot]; f.item.weight > 0 && !c.seen[f.slot] {
		c.seen[f.slot] = true
		c.all = append(c.all, f)
	}
}

// search looks for a query at the beginning of texts, then in their middle
// where fits allows; nil allows all places.
func (c *completer) search(b *buffer, query string, beginning, middle int, fits func(place int) bool) {
	note := func(place, class int) {
		slot, offset := b.locate(place)
		c.note(found{slot: slot, class: class, offset: offset, length: len(query)})
	}
	most := len(c.all) + maxFound
	b.beginning(query, func(place int) bool {
		note(place, beginning)
		return len(c.all) < most
	})
	most = len(c.all) + maxFound
	if len(query) < 2 { // one letter is in the middle of everything
		return
	}
	b.scan(query, func(place int) (taken, more bool) {
		if fits != nil && !fits(place) {
			return false, true
		}
		note(place, middle)
		return true, len(c.all) < most
	})
}

// stretch returns the characters start ≤ i < end of the folded text in which a
// query was found.
func (s *rack) stretch(f found) (start, end int) {
	folded := s.folded.at(f.slot)
	switch f.class {
	case byBeginning, byPlace:
		start = utf8.RuneCount(folded[:f.offset])
		return start, start + utf8.RuneCount(folded[f.offset:f.offset+f.length])
	case byMixture:
		return f.offset, f.offset + f.length
	}
	spelt, at := spell(string(folded)), 0
	start = -1
	for i, sound := range spelt {
		if f.class == byInitials || f.class == byInitialsOfAPart {
			sound = sound[:min(len(sound), 1)]
		}
		if sound != "" && at == f.offset {
			start = i
		}
		if at += len(sound); at >= f.offset+f.length {
			return start, i + 1
		}
	}
	return start, len(spelt)
}

// mixed finds texts in which the characters of a query stand as they are and
// its letters are sounds of others: gao导热, 镁hejin. Candidates are those that
// have its longest stretch of characters.
func (c *completer) mixed(query string) {
	stretch := ""
	for _, one := range strings.FieldsFunc(query, func(r rune) bool { return r < utf8.RuneSelf }) {
		if len(one) > len(stretch) {
			stretch = one
		}
	}
	before := strings.Index(query, stretch)
	runes := []rune(strings.ReplaceAll(query, " ", ""))
	tries := maxTries
	c.folded.scan(stretch, func(place int) (taken, more bool) {
		tries--
		slot, offset := c.folded.locate(place)
		text := string(c.folded.at(slot))
		spelt, characters := spell(text), []rune(text)
		at := utf8.RuneCountInString(text[:offset])
		for start := at; start >= max(0, at-before); start-- {
			steps := maxSteps
			if end := sounding(runes, characters, spelt, start, &steps); end > 0 {
				c.note(found{slot: slot, class: byMixture, offset: start, length: end - start})
				return true, tries > 0
			}
		}
		return false, tries > 0
	})
}

// Bounds of reading mixtures.
const (
	maxTries = 1_000 // places looked at
	maxSteps = 200   // ways tried to read a query at one place
)

// sounding returns where a query ends that is read from a place of a text on,
// each character standing for itself or for a beginning of its sound; 0 when it
// cannot be read so.
func sounding(query, characters []rune, spelt []string, at int, steps *int) int {
	if *steps--; len(query) == 0 {
		return at
	}
	if at >= len(characters) || *steps < 0 {
		return 0
	}
	if query[0] == characters[at] {
		if end := sounding(query[1:], characters, spelt, at+1, steps); end > 0 {
			return end
		}
	}
	if !unicode.Is(unicode.Han, characters[at]) {
		return 0
	}
	common := 0
	for common < len(query) && common < len(spelt[at]) && query[common] == rune(spelt[at][common]) {
		common++
	}
	for ; common > 0; common-- {
		if end := sounding(query[common:], characters, spelt, at+1, steps); end > 0 {
			return end
		}
	}
	return 0
}
