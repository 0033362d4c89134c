package requirement

// joins is what stands between the two ends of a range.
var joins = []string{"至", "到", "~", "--", "-", "to "}

// upTo reads the upper end of a range that begins before end: ～ 85 ℃. The
// lower end may have had a unit of its own.
func (s *source) upTo(end int, low number, unit Unit, has bool) (high float64, to int, u Unit, ok bool) {
	i := s.blank(end)
	_, n := s.oneOf(i, joins)
	if n == 0 {
		return 0, end, unit, false
	}
	i = s.blank(i + n)
	m, ok := s.signed(i)
	if !ok || m.han != low.han || low.year && m.year {
		return 0, end, unit, false
	}
	u, to, ok = s.unit(s.blank(m.end))
	if ok {
		u = m.scaled(u)
	}
	switch {
	case !ok && has:
		return 0, end, unit, false // 5 mm-3: whatever it is
	case !ok:
		u, to = bare, m.end
	case has && u.Dimension != unit.Dimension:
		return 0, end, unit, false
	case has && u.factor != unit.factor:
		// 0.5 mm 至 2 cm: the whole in the upper end's unit cannot be written
		// by the caller, so both must share one.
		m.value, u = unit.from(u.base(m.value, false), false), unit
	}
	if u.Symbol == "" && (m.year || low.year || m.value <= low.value) {
		return 0, end, unit, false
	}
	return m.value, to, u, true
}

// signed reads a number with a sign before it or without.
func (s *source) signed(i int) (number, bool) {
	minus := s.rune(i) == '-'
	if minus || s.rune(i) == '+' {
		i++
	}
	m, ok := s.number(i)
	if minus {
		m.value = -m.value
	}
	return m, ok
}

// plusMinus reads ±2 ℃ behind a number, or ±2) ℃ in brackets.
func (s *source) plusMinus(end int, unit Unit, has bool) (half float64, to int, u Unit, ok bool) {
	i := s.blank(end)
	if s.rune(i) != '±' {
		return 0, end, unit, false
	}
	m, ok := s.number(s.blank(i + 1))
	if !ok || m.han {
		return 0, end, unit, false
	}
	at := m.end
	if s.rune(at) == ')' {
		at++
	}
	u, to, ok = s.unit(s.blank(at))
	if !ok || has && u.Dimension != unit.Dimension {
		return 0, end, unit, false
	}
	if has {
		return m.value * u.factor / unit.factor, to, unit, true
	}
	return m.value, to, u, true
}

// tolerance reads ±0.01 mm that begins at i.
func (s *source) tolerance(i int) (q reading, next int, ok bool) {
	width := 1
	if s.runes[i] == '+' {
		width = 3
	}
	n, ok := s.number(s.blank(i + width))
	if !ok || n.han {
		return q, i + width, false
	}
	unit, end, ok := s.unit(s.blank(n.end))
	if !ok {
		return q, n.end, false
	}
	q = reading{number: i, Quantity: Quantity{Low: n.value, High: n.value}}
	q, next, ok = s.conditioned(q, unit, end, n, true)
	q.Relation, q.explicit = Tolerance, true
	return q, next, ok
}

// hundredth reads 百分之九十, 百分之 5, 千分之三.
func (s *source) hundredth(i int) (q reading, next int, ok bool) {
	n, ok := s.number(s.blank(i + 3))
	if !ok {
		return q, i + 3, false
	}
	unit := Unit{Symbol: "%", Dimension: ratio, factor: 0.01, numeral: true}
	if s.runes[i] == '千' {
		unit.Symbol, unit.factor = "‰", 0.001
	}
	q = reading{number: i, Quantity: Quantity{Low: n.value, High: n.value}}
	return s.conditioned(q, unit, n.end, n, false)
}
