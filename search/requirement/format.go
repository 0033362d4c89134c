package requirement

import (
	"math"
	"strconv"
	"strings"
)

// Limit writes what is asked: ≥ 67 %, −40～85 ℃, 降低 ≥ 20 %.
func (q Quantity) Limit() string {
	low, high, near := q.demand()
	sign := "≈ "
	switch {
	case q.Relation == Between, q.Relation == Tolerance, q.Relation == Exact && near:
		return q.said(q)
	case math.IsInf(high, 1) && !math.IsInf(low, -1):
		sign = "≥ "
		if q.Strict {
			sign = "> "
		}
	case math.IsInf(low, -1):
		sign = "≤ "
		if q.Strict {
			sign = "< "
		}
	}
	return q.changing() + sign + withUnit(figure(q.Low), q.Unit.Symbol)
}

// In writes what a quantity says as another of its dimension would: in its
// unit, and for as long as its name says (年产): ≥ 70 %.
func (q Quantity) In(other Quantity) string { return q.changing() + q.said(other) }

func (q Quantity) changing() string {
	switch {
	case q.Change > 0:
		return "提高 "
	case q.Change < 0:
		return "降低 "
	}
	return ""
}

// said writes relation and number.
func (q Quantity) said(other Quantity) string {
	u := other.Unit
	low, high := q.converted(other)
	switch q.Relation {
	case Between:
		return withUnit(figure(low)+"～"+figure(high), u.Symbol)
	case Tolerance:
		return withUnit("±"+figure(high), u.Symbol)
	}
	sign := map[Relation]string{AtLeast: "≥ ", AtMost: "≤ ", About: "约 ", Better: "优于 "}[q.Relation]
	if q.Strict {
		sign = map[Relation]string{AtLeast: "> ", AtMost: "< "}[q.Relation]
	}
	return sign + withUnit(figure(low), u.Symbol)
}

// converted returns both ends as another quantity of the dimension has them.
func (q Quantity) converted(other Quantity) (low, high float64) {
	span := 1.0
	if s := other.span(); s > 0 {
		span = s
	}
	if s := q.span(); s > 0 {
		span /= s
	}
	u, difference := other.Unit, q.differs()
	return u.from(q.Unit.base(q.Low, difference)*span, difference), u.from(q.Unit.base(q.High, difference)*span, difference)
}

// withUnit puts a unit behind a number.
func withUnit(number, symbol string) string {
	if symbol == "" {
		return number
	}
	return number + " " + symbol
}

// figure writes a number as people do, to six figures: 1.8, −40, 0.000012, 1.5×10^9.
func figure(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return "0"
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if size := math.Abs(v); size >= 1e9 || size < 1e-5 {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
		n, _ := strconv.Atoi(exponent)
		text = mantissa + "×10^" + strconv.Itoa(n)
	}
	return strings.Replace(text, "-", "−", 1)
}
