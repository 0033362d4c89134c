// Package analysis cuts text into the terms that search and matching count:
// pairs of neighbouring Han characters, and whole words and numbers of other
// scripts in lower case. It gives the terms of bleve's "cjk" analyzer, which
// the index is built with, several times faster and with offsets into the text
// as it is stored; a test holds the two together.
package analysis

import (
	"unicode/utf8"

	"github.com/blevesearch/segment"
)

// Term is one term and where it stands.
type Term struct {
	Text  string
	Start int // byte offsets into the text given to Terms, on rune boundaries
	End   int
}

// Terms returns the terms of text in order. They are those of bleve's cjk
// analyzer for Fold(text); bytes that are not UTF-8 separate terms.
// The time is linear in the length of text.
func Terms(text string) []Term {
	source := fold(text)
	c := cutter{source: source, terms: make([]Term, 0, len(source.text)/3+1), found: [][]byte{}, types: []int{}}
	c.cut()
	return c.terms
}

// cut cuts the whole source.
func (c *cutter) cut() {
	text := c.source.text
	rest := 0 // where the stretch begins that the word rules must cut
	for i, r := range text {
		if size := utf8.RuneLen(r); han(r) && alone(text[i+size:]) {
			c.words(rest, i)
			c.ideograph(text[i:i+size], i)
			rest = i + size
		}
	}
	c.words(rest, len(text))
	c.endRun()
}

// han reports whether r is in the two blocks that hold all Chinese text but rarities.
func han(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fd5 || r >= 0x3400 && r <= 0x4db5
}

// alone reports whether what follows a Han character surely does not combine
// with it. Such a character is a word of its own by UAX #29, and most Chinese
// text is of such characters: knowing them makes cutting four times faster.
func alone(rest string) bool {
	if rest == "" || rest[0] < utf8.RuneSelf {
		return true
	}
	r, _ := utf8.DecodeRuneInString(rest)
	return han(r) || r >= 0x3001 && r <= 0x3020
}

// cutter makes terms of words. A run is a stretch of ideographs without a gap:
// a run of one gives itself, a longer one its overlapping pairs.
type cutter struct {
	source folded
	terms  []Term

	runStart, runMid, runEnd int // of the last one or two ideographs in the run
	runLen                   int
	last                     string // the last ideograph

	onlyRuns bool // whether runs are wanted, not terms
	runs     []Run
	run      []byte // the ideographs of the run

	buffer []byte // of words, kept from call to call
	found  [][]byte
	types  []int
}

// words cuts a stretch of the folded text by the word rules of Unicode, UAX
// #29, as bleve does.
func (c *cutter) words(start, end int) {
	if start == end {
		return
	}
	// The scanner fails only on bytes that are no UTF-8; folding replaced those.
	c.buffer = append(c.buffer[:0], c.source.text[start:end]...)
	c.found, c.types, _, _ = segment.SegmentWordsDirect(c.buffer, c.found[:0], c.types[:0])
	for i, word := range c.found {
		switch c.types[i] {
		case segment.None:
		case segment.Ideo, segment.Kana:
			c.ideographs(word, start)
		default:
			c.endRun()
			c.word(word, start)
		}
		start += len(word)
	}
}

// ideographs adds the characters of a word that stands at a place in the
// folded text.
func (c *cutter) ideographs(word []byte, at int) {
	text := widen(word)
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		c.ideograph(text[i:i+size], at+i)
		i += size
	}
}

func (c *cutter) ideograph(char string, at int) {
	if c.runLen > 0 && at != c.runEnd {
		c.endRun()
	}
	end := at + len(char)
	if c.onlyRuns {
		c.run = append(c.run, char...)
	} else if c.runLen > 0 {
		c.add(c.pair(char, end), c.runMid, end)
	}
	if c.runLen == 0 {
		c.runStart = at
	}
	c.runMid, c.runEnd, c.last = at, end, char
	c.runLen++
}

// pair joins the last character with the next one, without copying where both
// stand in the text as they are.
func (c *cutter) pair(char string, end int) string {
	if end <= len(c.source.text) {
		if pair := c.source.text[c.runMid:end]; len(pair) == len(c.last)+len(char) &&
			pair[:len(c.last)] == c.last && pair[len(c.last):] == char {
			return pair
		}
	}
	return c.last + char
}

func (c *cutter) endRun() {
	if c.onlyRuns {
		if c.runLen > 0 {
			c.runs = append(c.runs, Run{Text: string(c.run), Han: true})
		}
		c.run = c.run[:0]
	} else if c.runLen == 1 {
		c.add(c.last, c.runStart, c.runEnd)
	}
	c.runLen = 0
}

func (c *cutter) word(word []byte, at int) {
	text := lower(c.source.text[at : at+len(word)])
	if c.onlyRuns {
		c.runs = append(c.runs, Run{Text: text})
		return
	}
	c.add(text, at, at+len(word))
}

func (c *cutter) add(text string, start, end int) {
	from, to := c.source.original(start, end)
	c.terms = append(c.terms, Term{Text: text, Start: from, End: to})
}
