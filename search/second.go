package search

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"unicode/utf8"
)

// matcher counts the terms of a question in bodies and weighs them: the second
// stage. It is not safe for concurrent use; give it back to matcherPool.
type matcher struct {
	ranking Ranking
	weight  []float32 // by term
	count   []float32 // by term, in the body at hand
	found   []int32   // terms counted in the body at hand

	chars   [lastHan - firstHan + 1]uint16 // ideograph → its number among those of the question + 1
	rare    map[rune]uint16                // the same for ideographs of the rare blocks
	asked   []rune                         // by number
	charOf  []int32                        // number → term − chars; -1 = none
	aloneOf []int32                        // number → term when it stands alone; -1 = none
	pairs   map[uint32]int32               // two numbers → term
	words   map[uint64]int32               // numbers of a word, hashed → term
	tokens  map[string]int32               // word of another script → term

	pairCount float64 // terms of the body at hand, the title as often as it counts
}

var matcherPool = sync.Pool{New: func() any { return new(matcher) }}

func newMatcher(q *question) *matcher {
	m := matcherPool.Get().(*matcher)
	for _, r := range m.asked {
		if r >= firstHan && r <= lastHan {
			m.chars[r-firstHan] = 0
		}
	}
	m.ranking, m.asked = q.ranking, m.asked[:0]
	m.weight, m.found = m.weight[:0], m.found[:0]
	m.charOf, m.aloneOf = m.charOf[:0], m.aloneOf[:0]
	m.rare, m.pairs, m.words, m.tokens = map[rune]uint16{}, map[uint32]int32{}, map[uint64]int32{}, map[string]int32{}
	for i, t := range q.terms {
		m.weight = append(m.weight, float32(t.weight))
		m.ask(t, int32(i), q)
	}
	m.count = append(m.count[:0], make([]float32, len(m.weight))...)
	return m
}

// ask enters a term by its kind.
func (m *matcher) ask(t weighted, term int32, q *question) {
	char, size := utf8.DecodeRuneInString(t.text)
	switch {
	case t.token:
		m.tokens[t.text] = term
	case q.field == fieldChars || int(term) >= q.chars:
		m.charOf[m.number(char)-1] = term
	case int(term) >= q.words:
		h := wordStart
		for _, r := range t.text {
			h = wordNext(h, m.number(r))
		}
		m.words[h] = term
	case size == len(t.text):
		m.aloneOf[m.number(char)-1] = term
	default:
		next, _ := utf8.DecodeRuneInString(t.text[size:])
		m.pairs[pairKey(m.number(char), m.number(next))] = term
	}
}

// number returns the number of an ideograph + 1, a new one when it has none.
func (m *matcher) number(r rune) uint16 {
	if n := m.known(r); n > 0 {
		return n
	}
	m.asked = append(m.asked, r)
	m.charOf, m.aloneOf = append(m.charOf, -1), append(m.aloneOf, -1)
	n := uint16(len(m.asked))
	if r >= firstHan && r <= lastHan {
		m.chars[r-firstHan] = n
	} else {
		m.rare[r] = n
	}
	return n
}

func (m *matcher) known(r rune) uint16 {
	if r >= firstHan && r <= lastHan {
		return m.chars[r-firstHan]
	}
	return m.rare[r]
}

const wordStart uint64 = 14695981039346656037

func wordNext(h uint64, number uint16) uint64 { return (h ^ uint64(number)) * 0x9E3779B97F4A7C15 }

func pairKey(a, b uint16) uint32 { return uint32(a)<<16 | uint32(b) }

// score weighs a body; mean is the terms of a usual one.
func (m *matcher) score(body []byte, mean float64) float32 {
	m.read(body)
	return m.sum(mean)
}

// sum weighs the body read last.
func (m *matcher) sum(mean float64) float32 {
	norm := float32(m.ranking.norm(m.pairCount / mean))
	gain, sum := float32(m.ranking.K1+1), float32(0)
	for _, term := range m.found {
		n := m.count[term]
		sum += m.weight[term] * n * gain / (n + norm)
		m.count[term] = 0
	}
	m.found = m.found[:0]
	return sum
}

// read counts the terms of the question in a body.
func (m *matcher) read(body []byte) {
	m.pairCount = 0
	times := float32(m.ranking.Title)
	reader := bodyReader{rest: body}
	before, run := uint16(0), 0 // the ideograph before, and how many stand in the run
	word, whole := wordStart, true
	for reader.next() {
		switch reader.kind {
		case bodyTitleEnd:
			times = 1
		case bodyLong:
			m.pairCount += float64(times)
			if term, ok := m.tokens[string(reader.word)]; ok {
				m.add(term, times)
			}
		case bodyGap:
			if run == 1 {
				m.alone(before, times)
			}
			before, run = 0, 0
		default:
			number := m.known(reader.char)
			if run++; run > 1 {
				m.pairCount += float64(times)
			}
			m.ideograph(before, number, times)
			before, whole = number, whole && number > 0
			if whole {
				word = wordNext(word, number)
			}
			if reader.last {
				m.word(word, whole, times)
				word, whole = wordStart, true
			}
		}
	}
}

func (m *matcher) ideograph(before, number uint16, times float32) {
	if number == 0 {
		return
	}
	if term := m.charOf[number-1]; term >= 0 {
		m.add(term, times)
	}
	if before > 0 {
		if term, ok := m.pairs[pairKey(before, number)]; ok {
			m.add(term, times)
		}
	}
}

func (m *matcher) alone(number uint16, times float32) {
	m.pairCount += float64(times)
	if number == 0 {
		return
	}
	if term := m.aloneOf[number-1]; term >= 0 {
		m.add(term, times)
	}
}

func (m *matcher) word(hash uint64, whole bool, times float32) {
	if !whole {
		return
	}
	if term, ok := m.words[hash]; ok {
		m.add(term, times)
	}
}

func (m *matcher) add(term int32, times float32) {
	if times == 0 {
		return
	}
	if m.count[term] == 0 {
		m.found = append(m.found, term)
	}
	m.count[term] += times
}

// settle scores the documents of the first stage's best places by their texts
// and gives each its final place: above all others.
func (v *view) settle(q *question, places []place, show func(place)) error {
	m := newMatcher(q)
	defer matcherPool.Put(m)
	segment := 0
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.number, b.number) })
	for _, p := range places {
		segment = v.segmentOf(p.number, segment)
		number := uint64(p.number - v.segments[segment].base)
		var score float32
		err := v.reader.Segments()[segment].VisitDocument(number, func(field string, _ byte, value []byte, _ []uint64) bool {
			if field == fieldBody {
				score = m.score(value, v.mean)
			}
			return field != fieldBody
		})
		if err != nil {
			return err
		}
		if score > 0 {
			p.key = settled | int64(math.Float32bits(score))
		}
		show(p)
	}
	return nil
}

// settled is set in the keys of places that the second stage gave.
const settled = 1 << 32
