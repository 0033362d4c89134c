package analysis

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mark is a term that counts and where it stands in a text.
type Mark struct {
	Term
	Weight float64 // > 0
}

// Range is a stretch of a text, half-open, in bytes on rune boundaries.
type Range struct {
	Start, End int
}

// secondShare is the least a further passage must add, as a share of what the
// best one carries: a passage that says nearly nothing new only costs reading.
const secondShare = 0.3

// Marked is a text with its marks, which are in the order of the text.
type Marked struct {
	Text  string
	Marks []Mark
}

// Passage is a stretch of one of several texts.
type Passage struct {
	In int // number of the text
	Range
}

// Passages returns at most count stretches of the texts, of at most maxRunes
// characters each, that carry most weight, in the order of the texts and
// without overlap. A term counts once however often it stands. Passages begin
// and end where sentences do, or clauses when sentences are too long. Without
// marks, and for maxRunes below 1, there are none.
func Passages(texts []Marked, maxRunes, count int) []Passage {
	if maxRunes < 1 {
		return nil
	}
	p := picker{max: maxRunes, known: map[string]bool{}}
	for i, text := range texts {
		p.add(i, text)
	}
	var picked []window
	for len(picked) < count {
		best := p.best(picked)
		if best.weight == 0 || len(picked) > 0 && best.weight < secondShare*picked[0].weight {
			break
		}
		picked = append(picked, best)
		p.learn(best)
	}
	slices.SortFunc(picked, func(a, b window) int { return cmp.Compare(a.from, b.from) })
	var passages []Passage
	for _, w := range picked {
		passages = append(passages, p.trim(w))
	}
	return passages
}

// unit is a sentence or clause.
type unit struct {
	Passage
	gap   int // characters of white space between the unit before and this one
	runes int
	marks []Mark
}

// window is units from ≤ i < to.
type window struct {
	from, to int
	weight   float64
}

type picker struct {
	units []unit
	max   int
	known map[string]bool // terms in passages picked already
}

// add cuts a text into units and gives each mark to the unit it lies in; one
// across a border is left out.
func (p *picker) add(in int, text Marked) {
	cut := units(in, text.Text, p.max)
	i := 0
	for _, m := range text.Marks {
		for i < len(cut) && cut[i].End <= m.Start {
			i++
		}
		if i < len(cut) && m.Start >= cut[i].Start && m.End <= cut[i].End {
			cut[i].marks = append(cut[i].marks, m)
		}
	}
	p.units = append(p.units, cut...)
}

// best returns the window that adds most, the first of equals.
func (p *picker) best(picked []window) window {
	var best window
	for from := range p.units {
		if len(p.units[from].marks) == 0 {
			continue
		}
		if w := p.grow(from, picked); w.weight > best.weight {
			best = w
		}
	}
	return best
}

// grow makes the widest window from a unit on that fits and overlaps nothing picked.
func (p *picker) grow(from int, picked []window) window {
	w, runes, seen := window{from: from, to: from}, 0, map[string]bool{}
	for i := from; i < len(p.units); i++ {
		runes += p.units[i].runes
		if i > from {
			runes += p.units[i].gap
		}
		if runes > p.max || taken(picked, i) || p.units[i].In != p.units[from].In {
			break
		}
		w.to = i + 1
		for _, m := range p.units[i].marks {
			if !seen[m.Text] && !p.known[m.Text] {
				seen[m.Text] = true
				w.weight += m.Weight
			}
		}
	}
	return w
}

func taken(picked []window, i int) bool {
	for _, w := range picked {
		if i >= w.from && i < w.to {
			return true
		}
	}
	return false
}

func (p *picker) learn(w window) {
	for _, u := range p.units[w.from:w.to] {
		for _, m := range u.marks {
			p.known[m.Text] = true
		}
	}
}

// trim drops trailing units without a mark.
func (p *picker) trim(w window) Passage {
	for w.to > w.from+1 && len(p.units[w.to-1].marks) == 0 {
		w.to--
	}
	return Passage{p.units[w.from].In, Range{p.units[w.from].Start, p.units[w.to-1].End}}
}

// units cuts text into sentences; those of more than max characters into
// clauses, and clauses still too long after max characters.
func units(in int, text string, max int) []unit {
	var all []unit
	last := 0 // where the unit before ended
	for start := 0; start < len(text); {
		end := start + unitLen(text[start:], max)
		piece := strings.TrimSpace(text[start:end])
		from := start + strings.Index(text[start:end], piece)
		if piece != "" {
			all = append(all, unit{Passage: Passage{in, Range{from, from + len(piece)}},
				gap: utf8.RuneCountInString(text[last:from]), runes: utf8.RuneCountInString(piece)})
			last = from + len(piece)
		}
		start = end
	}
	return all
}

// unitLen returns the bytes of the first unit of text.
func unitLen(text string, max int) int {
	clause, n := 0, 0
	for i, r := range text {
		if n == max {
			if clause > 0 {
				return clause
			}
			return i
		}
		n++
		end := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size := utf8.DecodeRuneInString(text[i:])
			end = i + size
		}
		switch {
		case endsSentence(r, text[end:]):
			return end
		case strings.ContainsRune("，,、：:）)", r):
			clause = end
		}
	}
	return len(text)
}

// endsSentence reports whether r closes a sentence; a point does only where no
// digit or letter follows it, as papers set 1.5 and e.g. so.
func endsSentence(r rune, rest string) bool {
	if r != '.' && r != '．' {
		return strings.ContainsRune("。！？；!?;\n", r)
	}
	next, _ := utf8.DecodeRuneInString(rest)
	return next >= utf8.RuneSelf || next == ' ' || next == '\n'
}
