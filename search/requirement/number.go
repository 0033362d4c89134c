package requirement

import (
	"math"
	"strconv"
	"strings"
)

// number is a value and where it ends.
type number struct {
	value float64
	end   int
	year  bool    // four bare digits that may be a year
	han   bool    // written in Chinese numerals
	scale float64 // of 万 or 亿 behind it, which then belong to the unit; else 0
	word  string  // 万 or 亿
}

// maxDigits bounds a number: what is longer is a code.
const maxDigits = 15

// number reads a number that begins at i, without a sign. A number that is
// part of a word is none; end is then where the word ends.
func (s *source) number(i int) (number, bool) {
	if !digit(s.rune(i)) {
		return s.numeral(i)
	}
	text, end := s.digits(i)
	if strings.Count(text, ".") > 1 || len(text) > maxDigits {
		return number{end: end}, false
	}
	value, err := strconv.ParseFloat(text, 64)
	n := number{value: value, end: end, year: err == nil && len(text) == 4 && value >= 1000 && value <= 2100}
	if err != nil {
		return n, false
	}
	if exponent, at, ok := s.power(end); ok && text == "10" {
		n.value, n.end, n.year = math.Pow10(exponent), at, false
	} else if exponent, at, ok := s.scientific(end); ok {
		n.value, n.end, n.year = value*math.Pow10(exponent), at, false
	}
	return s.multiplied(n), true
}

// digits reads digits with thousands separators and points.
func (s *source) digits(i int) (string, int) {
	var b strings.Builder
	for ; ; i++ {
		r := s.rune(i)
		switch {
		case digit(r):
		case r == '.' && digit(s.rune(i+1)):
		case r == ',' && s.thousands(i, b.Len()):
			continue
		default:
			return b.String(), i
		}
		b.WriteRune(r)
	}
}

// thousands reports whether a comma at i parts groups of three digits.
func (s *source) thousands(i, before int) bool {
	return before >= 1 && before <= 9 && digit(s.rune(i+1)) && digit(s.rune(i+2)) && digit(s.rune(i+3)) && !digit(s.rune(i+4)) &&
		!digit(s.rune(i-4))
}

// scientific reads ×10^5, ×10⁵, ×105 (as papers lose their superscripts) and e5.
func (s *source) scientific(i int) (exponent, end int, ok bool) {
	if (s.rune(i) == 'e' || s.rune(i) == 'E') && (digit(s.rune(i+1)) || strings.ContainsRune("+-", s.rune(i+1)) && digit(s.rune(i+2))) {
		return s.integer(i + 1)
	}
	j := s.blank(i)
	if !strings.ContainsRune("×xX*·", s.rune(j)) || s.rune(j) == 0 {
		return 0, i, false
	}
	j = s.blank(j + 1)
	if !s.has(j, "10") {
		return 0, i, false
	}
	if exponent, end, ok = s.power(j + 2); ok {
		return exponent, end, true
	}
	if r := s.rune(j + 2); r >= '1' && r <= '9' || r == '-' && digit(s.rune(j+3)) {
		if exponent, end, ok = s.integer(j + 2); ok && exponent > -30 && exponent < 30 {
			return exponent, end, true
		}
	}
	return 0, i, false
}

// supers is the digits and signs that stand high.
var supers = map[rune]rune{
	'⁰': '0', '¹': '1', '²': '2', '³': '3', '⁴': '4', '⁵': '5', '⁶': '6', '⁷': '7', '⁸': '8', '⁹': '9', '⁻': '-', '⁺': '+', '¯': '-',
}

// power reads ^5, ^-6, ^{-6} or ⁻⁶ at i.
func (s *source) power(i int) (exponent, end int, ok bool) {
	if s.rune(i) == '^' {
		open := strings.ContainsRune("{(", s.rune(i+1))
		if open {
			i++
		}
		exponent, end, ok = s.integer(i + 1)
		if open && ok && strings.ContainsRune("})", s.rune(end)) {
			end++
		}
		return exponent, end, ok
	}
	sign, j := 1, i
	switch supers[s.rune(j)] {
	case '-':
		sign, j = -1, j+1
	case '+':
		j++
	}
	n, from := 0, j
	for ; j-from < 3 && supers[s.rune(j)] >= '0'; j++ {
		n = n*10 + int(supers[s.rune(j)]-'0')
	}
	return sign * n, j, j > from
}

// integer reads a signed whole number of at most three digits.
func (s *source) integer(i int) (n, end int, ok bool) {
	sign := 1
	switch s.rune(i) {
	case '-':
		sign, i = -1, i+1
	case '+':
		i++
	}
	from := i
	for ; i-from < 3 && digit(s.rune(i)); i++ {
		n = n*10 + int(s.rune(i)-'0')
	}
	return sign * n, i, i > from
}

// multiples is what numbers are counted in. 万 and 亿 stay with the unit, as
// people write them.
var multiples = []struct {
	word  string
	value float64
	scale string
}{
	{"万亿", 1e4, "亿"}, {"千万", 1e3, "万"}, {"百万", 1e2, "万"}, {"十万", 10, "万"}, {"十亿", 10, "亿"}, {"百亿", 1e2, "亿"}, {"千亿", 1e3, "亿"},
	{"亿", 1, "亿"}, {"万", 1, "万"}, {"千", 1e3, ""}, {"百", 1e2, ""},
}

var scales = map[string]float64{"万": 1e4, "亿": 1e8}

// multiplied reads 万, 亿 … behind a number, unless it begins a unit (千瓦).
func (s *source) multiplied(n number) number {
	i := s.blank(n.end)
	if _, _, ok := s.unit(i); ok {
		return n
	}
	for _, m := range multiples {
		if s.has(i, m.word) {
			n.value *= m.value
			n.end, n.year, n.word, n.scale = i+len([]rune(m.word)), false, m.scale, scales[m.scale]
			return n
		}
	}
	return n
}

// scaled is a unit with the 万 or 亿 of the number before it.
func (n number) scaled(u Unit) Unit {
	if n.scale > 0 {
		u.Symbol, u.factor = n.word+u.Symbol, u.factor*n.scale
	}
	return u
}
