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
		return q.said(q.Unit)
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

// In writes what a quantity says in another unit of its dimension: ≥ 70 %.
func (q Quantity) In(u Unit) string { return q.changing() + q.said(u) }

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
func (q Quantity) said(u Unit) string {
	low, high := q.converted(u)
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

// converted returns both ends in another unit. Where only one of the two says
// in its name for how long the number is (年产), it is left as it is.
func (q Quantity) converted(u Unit) (low, high float64) {
	if u.Dimension != q.Unit.Dimension && q.span() == 0 {
		low, high = q.Low*q.Unit.factor*year/u.factor, q.High*q.Unit.factor*year/u.factor
		return low, high
	}
	if u.Dimension != q.Unit.Dimension {
		return q.Low * q.Unit.factor / q.span() / u.factor, q.High * q.Unit.factor / q.span() / u.factor
	}
	return u.from(q.Unit.base(q.Low, q.differs()), q.differs()), u.from(q.Unit.base(q.High, q.differs()), q.differs())
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
