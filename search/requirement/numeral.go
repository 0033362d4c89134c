package requirement

// numeralDigits and numeralTens are what Chinese numerals are made of.
var (
	numeralDigits = map[rune]float64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	numeralTens   = map[rune]float64{'十': 10, '百': 100, '千': 1000}
)

// maxNumeral bounds a Chinese numeral, in characters.
const maxNumeral = 12

// numeral reads a number in Chinese: 三, 十五, 一百二十, 三点五, 半, 两万. What
// begins with a bare 百, 千 or 万 (万吨级) says no number.
func (s *source) numeral(i int) (number, bool) {
	if s.rune(i) == '半' {
		return number{value: 0.5, end: i + 1, han: true}, true
	}
	if _, ok := numeralDigits[s.rune(i)]; !ok && s.rune(i) != '十' {
		return number{end: i}, false
	}
	value, end, ok := s.below(i)
	if !ok {
		return number{end: end}, false
	}
	n := number{value: value, end: end, han: true}
	if s.rune(end) == '点' {
		fraction, place := 0.0, 0.1
		for j := end + 1; j-end < 6; j++ {
			d, ok := numeralDigits[s.rune(j)]
			if !ok {
				break
			}
			fraction, place, n.end = fraction+d*place, place/10, j+1
		}
		n.value += fraction
	}
	return s.multiplied(n), true
}

// below reads a numeral below ten thousand. Digits that merely follow each
// other (二〇二〇) are a year or a code.
func (s *source) below(i int) (value float64, end int, ok bool) {
	current, last := 0.0, false
	for end = i; end-i < maxNumeral; end++ {
		r := s.rune(end)
		if d, is := numeralDigits[r]; is {
			if last && current > 0 {
				return 0, end, false
			}
			current, last = d, true
			continue
		}
		ten, is := numeralTens[r]
		if !is || r == '千' && s.beginsUnit(end) {
			break
		}
		if !last {
			current = 1
		}
		value, current, last = value+current*ten, 0, false
	}
	return value + current, end, true
}

// beginsUnit reports whether a unit stands at i: 千 of 千瓦 is no numeral.
func (s *source) beginsUnit(i int) bool {
	_, _, ok := s.unit(i)
	return ok
}
