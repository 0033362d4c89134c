package requirement

import (
	"math"
	"strings"
)

// reading is a quantity with the places in runes it was read at.
type reading struct {
	Quantity
	nameEnd int  // where the name before the condition ends
	from    int  // where the condition begins
	to      int  // where it ends, with number and unit
	number  int  // where the number begins
	sign    bool // the condition is a sign: ≥, <
}

// quantity reads the quantity whose number begins at i, with its sign. next is
// where reading goes on.
func (s *source) quantity(i int) (q reading, next int, ok bool) {
	switch r := s.runes[i]; {
	case letter(r):
		return q, s.wordEnd(i), false // AZ91D, PM2.5, GB/T 1234-2020, ZL2017…
	case r == '±' || s.has(i, "+/-"):
		return s.tolerance(i)
	case s.has(i, "百分之"), s.has(i, "千分之"):
		return s.hundredth(i)
	case !digit(r) && numeralDigits[r] == 0 && r != '十' && r != '半' && r != '零':
		return q, i + 1, false
	}
	n, ok := s.number(i)
	if !ok {
		return q, max(n.end, i+1), false
	}
	if s.rejected(i, n) {
		return q, n.end, false
	}
	start, value := i, n.value
	switch {
	case s.negative(i):
		start, value = i-1, -value
	case s.endsWith(i, "零下"):
		start, value = i-2, -value
	}
	return s.measured(start, i, value, n)
}

// measured reads what follows a number: a range, a tolerance, or its unit.
func (s *source) measured(start, i int, value float64, n number) (reading, int, bool) {
	q := reading{number: start}
	end := n.end
	unit, after, has := s.unit(s.blank(end))
	if has {
		unit, end = n.scaled(unit), after
	}
	if high, to, u, ok := s.upTo(end, n, unit, has); ok {
		if !has && n.scale > 0 {
			value *= n.scale / max(u.factor/u.plain, 1)
		}
		q.Low, q.High, q.Relation, unit, end, has = min(value, high), max(value, high), Between, u, to, true
		return s.conditioned(q, unit, end, n, true)
	}
	if half, to, u, ok := s.plusMinus(end, unit, has); ok {
		q.Low, q.High, q.Relation = value-half, value+half, Between
		return s.conditioned(q, u, to, n, true)
	}
	q.Low, q.High = value, value
	if !has {
		if n.scale > 0 || n.han || n.year && n.value >= 1900 {
			return q, n.end, false
		}
		if letter(s.rune(s.blank(n.end))) {
			return q, n.end, false // a unit we do not know
		}
		unit, end = bare, n.end
	}
	return s.conditioned(q, unit, end, n, false)
}

// conditioned adds the condition around a number and decides whether it says
// anything at all.
func (s *source) conditioned(q reading, unit Unit, end int, n number, wide bool) (reading, int, bool) {
	c := s.before(q.number)
	to := s.after(end, &c)
	bareWord := !c.explicit && !wide
	switch {
	case n.year && strings.HasPrefix(unit.Symbol, "年"), n.han && (!unit.numeral || unit.Symbol == "元"):
		return q, end, false
	case bareWord && (unit.weak || unit.Symbol == "" && (s.headEnding(c.name) == 0 || q.Low == math.Trunc(q.Low))):
		return q, end, false // 方法 3; but 摩擦系数 0.05
	case s.leaves(end):
		return q, end, false // 由 85 % 提高到 97 %: where it began
	}
	q.Unit, q.Strict, q.Change, q.explicit = unit, c.strict, c.change, c.explicit
	if !wide {
		q.Relation = c.relation
		if q.Relation == Between {
			q.Relation = Exact
		}
	}
	q.from, q.to, q.nameEnd = c.start, to, c.name
	q.sign = strings.ContainsRune("≥≤<>", s.rune(c.start))
	if s.opened(q.from, to) {
		q.from--
	}
	return q, to, true
}

// opened reports whether a bracket that closes within a stretch opens right
// before it.
func (s *source) opened(from, to int) bool {
	within := s.slice(from, to)
	return from > 0 && s.rune(from-1) == '(' && strings.Contains(within, ")") && !strings.Contains(within, "(")
}

// leaves reports whether what follows says that the quantity went elsewhere
// from here.
func (s *source) leaves(end int) bool {
	i := s.blank(end)
	for _, r := range []string{"大幅", "显著", "进一步", "左右"} {
		if s.has(i, r) {
			i += len([]rune(r))
		}
	}
	for _, v := range verbStarts[s.rune(i)] {
		if s.has(i, v.text) {
			next := i + len([]rune(v.text))
			return strings.ContainsRune("到至为", s.rune(next)) && s.rune(next) != 0
		}
	}
	return false
}

// wordEnd returns where the word of letters, digits, points and strokes that
// begins at i ends. A blank or a stroke and a number behind capitals belong to
// it: ISO 9001, GB/T 1234-2020.
func (s *source) wordEnd(i int) int {
	end, capitals := i, true
	for ; letter(s.rune(end)) || digit(s.rune(end)) || strings.ContainsRune("._/-", s.rune(end)) && (letter(s.rune(end+1)) || digit(s.rune(end+1))) && s.rune(end) != 0; end++ {
		capitals = capitals && (s.rune(end) >= 'A' && s.rune(end) <= 'Z' || strings.ContainsRune("/-", s.rune(end)))
	}
	if capitals && end-i >= 2 && s.rune(end) == ' ' && digit(s.rune(end+1)) {
		if j := s.codeEnd(end + 1); j > 0 {
			return j
		}
	}
	return end
}

// codeEnd returns where the number of a standard ends: 1234-2020, 1804.1-2000,
// 9001:2015; 0 when what begins at i is none.
func (s *source) codeEnd(i int) int {
	_, end := s.digits(i)
	if (s.rune(end) == '-' || s.rune(end) == ':') && digit(s.rune(end+1)) && digit(s.rune(end+2)) && digit(s.rune(end+3)) && digit(s.rune(end+4)) && !digit(s.rune(end+5)) {
		return end + 5
	}
	return 0
}

// rejected reports whether a number is one of a kind that is never a quantity.
func (s *source) rejected(i int, n number) bool {
	return s.rune(i) == '0' && digit(s.rune(i+1)) || // 023-…, 007
		i > 0 && s.numbered(i, n) || s.partOfMore(i, n)
}

// numbered reports whether what stands before a number makes it a name: 图 3,
// CO2, 数百.
func (s *source) numbered(i int, n number) bool {
	last, solid := s.rune(i-1), s.back1(i)
	switch {
	case letter(last), last == '_', last == '.', last == '/' && digit(s.rune(i-2)), last == '-' && (letter(s.rune(i-2)) || digit(s.rune(i-2))):
		return true // CO2, 3-1, 1/3
	case strings.ContainsRune("第图表式节章型号[#№×*", solid):
		return true
	}
	return n.han && (numeralTens[last] != 0 || strings.ContainsRune("数几万亿其", last))
}

// partOfMore reports whether what follows a number makes it part of something
// else: 100×50×20 mm, 1:3, 316L, (44A) of a patent's drawing.
func (s *source) partOfMore(i int, n number) bool {
	next := s.rune(n.end)
	switch {
	case next == '×' || next == '*':
		return digit(s.rune(s.blank(n.end + 1)))
	case next == '/' || next == ':':
		return digit(s.rune(n.end + 1))
	}
	return letter(next) && (s.steel(i, n) || s.rune(i-1) == '(' && s.rune(n.end+1) == ')')
}

// back1 is the rune before i, blanks left out.
func (s *source) back1(i int) rune {
	if r := s.rune(s.back(i) - 1); r != 0 {
		return r
	}
	return ' '
}

// steel reports whether a number and L are the name of a stainless steel.
func (s *source) steel(i int, n number) bool {
	return n.end-i == 3 && s.rune(i) == '3' && s.rune(n.end) == 'L' && (n.value == 304 || n.value == 316 || n.value == 317 || n.value == 347)
}

// negative reports whether a minus before i is the number's sign.
func (s *source) negative(i int) bool {
	if s.rune(i-1) != '-' || i == 0 {
		return false
	}
	before := s.rune(i - 2)
	return !letter(before) && !digit(before) && before != '℃' && before != '%' && before != ')'
}
