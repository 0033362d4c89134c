package requirement

import (
	"math"
	"slices"
	"strings"
)

// joints stand between a quantity that another holds under and that one.
var joints = []string{"条件下", "后的", "时的", "下的", "以后", "之后", "龄期", "循环后", "循环", "后", "时", "下", "内", "的", ""}

// underneath marks the quantity just before one as what that one holds under:
// 28 天抗压强度 50 MPa, 25 ℃ 下电导率 1 mS/cm, 循环 500 次后保持率 90 %. It is
// asked for no more than it is stated, and is the same or says nothing.
func (s *source) underneath(q *reading, found []Quantity) {
	if len(found) == 0 || q.NameStart >= q.Start {
		return
	}
	last := &found[len(found)-1]
	if last.End > q.NameStart || q.NameStart-last.End > len("条件下的")+2 {
		return
	}
	joint := strings.Trim(s.text[last.End:q.NameStart], " ")
	named := last.NameStart < last.Start
	if named && joint == "" || joint != "" && !slices.Contains(joints, joint) {
		return
	}
	if named && known(last.Name) && joint == "的" {
		return
	}
	last.aside = true
	if !named {
		last.Name = ""
	}
	q.under = circumstance{text: last.said(*last), value: last.Unit.base(last.High, false), dimension: last.Unit.Dimension}
}

// circumstance is what a quantity holds under: 28 天 of 28 天抗压强度, 25 ℃ of
// 25 ℃ 下电导率. It is empty when the text does not say.
type circumstance struct {
	text      string
	value     float64 // in base units
	dimension Dimension
}

// same reports whether both are one, or both not said.
func (c circumstance) same(other circumstance) bool {
	return c.dimension == other.dimension && math.Abs(c.value-other.value) <= tiny*math.Abs(c.value)
}

// unlike says how another one is not the one asked for.
func (c circumstance) unlike(other circumstance) string {
	if other.text != "" && other.dimension == c.dimension {
		return "，但条件是 " + other.text + "，不是 " + c.text
	}
	return "，没有写明是不是在 " + c.text + " 的条件下"
}

// plans is what says of a clause that its numbers are not reached yet.
var plans = []string{"预期", "预计", "有望", "力争", "拟达", "拟将", "下一步", "理论上", "理论值", "设计目标", "目标为", "目标是", "目标值", "计划达", "计划将", "计划在", "对比例", "同类产品", "行业平均"}

// denials is what says just before a number that it is not reached.
var denials = []string{"无法", "不能", "难以", "未能", "达不到", "未达", "没有达到", "尚未", "不可能"}

// denied reports whether a clause says that a number in it is not so, or not
// so yet.
func (s *source) denied(from int, q *reading) bool {
	return containsOne(s.slice(from, q.from), plans) || containsOne(s.slice(max(from, q.from-6), max(q.from, q.number)), denials)
}

// relation is how a quantity relates to its number in truth: 精度不低于 0.01 mm
// asks for no more than that, as less is better.
func (q Quantity) relation() Relation {
	if q.Relation != AtLeast || q.goes() >= 0 {
		return q.Relation
	}
	word, _ := split(q.Name)
	if strings.HasSuffix(word, "精度") || heads[word].name == "分辨率" {
		return AtMost
	}
	return AtLeast
}

// beyond reports whether what is offered lies outside a range, or beside a
// value, on the side that is better.
func (q Quantity) beyond(asked, offered window) bool {
	if q.Relation != Between || q.covers() {
		return false
	}
	return q.goes() > 0 && offered.low >= asked.high || q.goes() < 0 && offered.high <= asked.low
}

// worn reports whether one counts the life of a thing in hours of running and
// the other in years of service, which cannot be held against each other.
func (q Quantity) worn(o Quantity) bool {
	word, _ := split(q.Name)
	if heads[word] == nil || heads[word].name != "寿命" || q.Unit.Dimension != duration {
		return false
	}
	return (q.Unit.plain <= 3600) != (o.Unit.plain <= 3600)
}
