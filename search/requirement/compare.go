package requirement

import (
	"math"
	"strings"

	"jishi/internal/market"
)

// Finding is how a requirement stands against what a text states.
type Finding struct {
	Outcome string // code of market.Outcomes
	At      int    // number of the quantity it rests on, −1 when there is none
	Reason  string // Chinese
}

// slack is how far 约 reaches, and a bare number where neither more nor less
// is better.
const slack = 0.05

// Compare holds what one text asks for against the quantities another states.
// Of several that speak of it the kindest counts. What is contradicted has a
// name that surely means the same, and a number that is surely outside;
// everything else is not stated.
func Compare(asked Quantity, offered []Quantity) Finding {
	best := Finding{Outcome: market.OutcomeNotStated, At: -1, Reason: "成果没有说到这个指标"}
	rank := 0
	for i, o := range offered {
		same := asked.same(o)
		if same == foreign {
			continue
		}
		f := Finding{At: i}
		f.Outcome, f.Reason = asked.judge(o, same)
		if r := worth(f.Outcome, same); r > rank {
			best, rank = f, r
		}
	}
	return best
}

// worth orders findings: met before contradicted before not stated, and of
// those the surer name.
func worth(outcome string, same agreement) int {
	switch outcome {
	case market.OutcomeMet:
		return 10 + int(same)
	case market.OutcomeContradicted:
		return 6
	}
	return int(same)
}

// Same reports whether two quantities of one text speak of the same thing.
func (q Quantity) Same(o Quantity) bool {
	return q.Name != "" && q.Change == o.Change && q.dimension() == o.dimension() && agree(q.Name, o.Name) == sure
}

// same is how surely another quantity is the one asked for.
func (q Quantity) same(o Quantity) agreement {
	if o.Elsewhere || o.Denied || o.aside || q.Change != o.Change || q.dimension() != o.dimension() {
		return foreign
	}
	if q.Name == "" && q.Unit.Dimension.Kind != "number" {
		if share(q.context, o.Name+"\x00"+o.context) {
			return possible
		}
		return foreign
	}
	same := agree(q.Name, o.Name)
	if same == sure && (!q.under.same(o.under) || q.worn(o)) {
		return possible
	}
	return same
}

// dimension is the unit's, with the time in the name of 年产 200 吨.
func (q Quantity) dimension() Dimension {
	d := q.Unit.Dimension
	if span := q.span(); span > 0 && d.Time == 0 {
		d.Time = -1
	}
	if d.Kind == "dB(A)" && strings.HasSuffix(q.Name, "噪声") || d.Kind == "dB(A)" && strings.HasSuffix(q.Name, "噪音") {
		d.Kind = "dB" // people leave the weighting out
	}
	return d
}

// spans is the time in names, in seconds.
var spans = []struct {
	word    string
	seconds float64
}{{"年产", year}, {"年处理", year}, {"年加工", year}, {"年生产", year}, {"日产", 86400}, {"日处理", 86400}, {"月产", month}, {"时产", 3600}}

// span is how long the name says the number is for, 0 when it does not say.
func (q Quantity) span() float64 {
	if q.Unit.Dimension.Time != 0 || q.Unit.Dimension.Kind == ratio.Kind {
		return 0
	}
	for _, s := range spans {
		if len(q.Name) >= len(s.word) && containsOne(q.Name, []string{s.word}) {
			return s.seconds
		}
	}
	return 0
}

// interval is what a quantity says its value is, in base units.
func (q Quantity) interval() (low, high float64) {
	low, high = q.Unit.base(q.Low, q.differs()), q.Unit.base(q.High, q.differs())
	if span := q.span(); span > 0 {
		low, high = low/span, high/span
	}
	switch q.relation() {
	case AtLeast:
		return low, math.Inf(1)
	case AtMost:
		return math.Inf(-1), high
	case Better:
		if q.goes() > 0 {
			return low, math.Inf(1)
		}
		return math.Inf(-1), high
	}
	return low, high
}

// demand is what a quantity asks for: a lower bound, an upper bound, both, or
// a value to be near.
func (q Quantity) demand() (low, high float64, near bool) {
	low, high = q.interval()
	up, down := math.Inf(1), math.Inf(-1)
	switch {
	case q.Relation == Between, q.Relation == AtLeast, q.Relation == AtMost, q.Relation == Better:
		return low, high, false
	case q.Relation == Tolerance:
		return down, high, false
	case q.Change != 0, q.Relation == Reach && q.goes() >= 0:
		return low, up, false
	case q.Relation == Fall && q.goes() <= 0:
		return down, high, false
	case q.goes() > 0:
		return low, up, false
	case q.goes() < 0:
		return down, high, false
	}
	return low, high, true
}

// judge says whether what is offered meets what is asked.
func (q Quantity) judge(o Quantity, same agreement) (outcome, reason string) {
	low, high, near := q.demand()
	from, to := o.interval()
	inside, outside := q.weigh(o, window{low, high, near}, window{from, to, false})
	switch {
	case q.under.text != "" && !q.under.same(o.under):
		return market.OutcomeNotStated, "成果写到 " + o.In(q) + q.under.unlike(o.under)
	case outside && q.beyond(window{low, high, near}, window{from, to, false}):
		return market.OutcomeNotStated, "成果写明 " + o.In(q) + "，比要求的范围更好，是否合用请核对"
	case inside:
		return market.OutcomeMet, "成果写明 " + o.In(q) + "，在要求以内"
	case outside && same == sure && q.Relation == Between && q.covers():
		return market.OutcomeContradicted, "成果写明 " + o.In(q) + "，没有覆盖要求的全部范围"
	case outside && same == sure:
		return market.OutcomeContradicted, "成果写明 " + o.In(q) + "，达不到要求"
	case outside:
		return market.OutcomeNotStated, "成果写到 " + o.In(q) + "，但未必是同一指标"
	}
	return market.OutcomeNotStated, "成果写到 " + o.In(q) + "，看不出是否达到要求"
}

// window is a stretch of values.
type window struct {
	low, high float64
	near      bool
}

// weigh reports whether what is offered surely lies inside what is asked, and
// whether it surely lies outside.
func (q Quantity) weigh(o Quantity, asked, offered window) (inside, outside bool) {
	wide := offered
	if o.Relation == About {
		wide = offered.widened(slack)
	}
	if asked.near {
		band := asked.widened(slack)
		return offered.within(band), !wide.meets(band)
	}
	if q.Relation == Between && q.covers() {
		if o.Relation != Between {
			return false, false // one value says nothing of a range
		}
		return asked.within(offered), !asked.within(wide)
	}
	if q.Strict && (offered.low == asked.low && !math.IsInf(asked.low, -1) && !o.Strict || offered.high == asked.high && !math.IsInf(asked.high, 1) && !o.Strict) {
		return false, o.Relation == Exact && offered.low == offered.high
	}
	inside = offered.within(asked) || q.Relation == Between && o.Relation == Between && asked.within(offered)
	return inside, !inside && !wide.meets(asked)
}

// tiny is what rounding in conversions may change.
const tiny = 1e-9

// within reports whether w lies in other.
func (w window) within(other window) bool {
	return w.low >= other.low-tiny*math.Abs(other.low) && w.high <= other.high+tiny*math.Abs(other.high)
}

// meets reports whether w and other have a value in common.
func (w window) meets(other window) bool {
	return w.low <= other.high+tiny*math.Abs(other.high) && w.high >= other.low-tiny*math.Abs(other.low)
}

// widened is w with a share more on either side.
func (w window) widened(share float64) window {
	return window{w.low - share*math.Abs(w.low), w.high + share*math.Abs(w.high), w.near}
}
