// Package requirement finds numbers with units and conditions in Chinese
// sci-tech text (纯度不低于 99.9 %, −40 ℃ 至 85 ℃, 年产 200 吨, 成本 ≤ 3 元/kg) and
// holds what one text asks for against what another states. It is pure and
// takes time linear in the length of the text.
//
// It would rather overlook a number than take one for a requirement that is
// none: numbers of standards, patents and chapters, dates, names of models and
// of materials have no unit, or stand in a word, and are left alone. And it
// would rather say that nothing is stated than that something is contradicted.
package requirement

// Relation is how a quantity relates to its number.
type Relation int

// The relations.
const (
	Exact     Relation = iota // 为 5, = 5, or nothing at all
	AtLeast                   // ≥ 5, 5 以上
	AtMost                    // ≤ 5, 5 以内
	About                     // 约 5, 5 左右
	Reach                     // 达到 5, 提高到 5
	Fall                      // 降到 5
	Between                   // 5～8
	Tolerance                 // ±5
	Better                    // 优于 5: more or less, as the quantity goes
)

// Quantity is a number with its unit and condition, and where it stands.
type Quantity struct {
	Name     string // what is measured, as written: 抗拉强度; empty when the text does not say
	Relation Relation
	Strict   bool // AtLeast, AtMost: the number itself is not enough
	Change   int  // +1 for 提高 20 %, −1 for 降低 20 %: by how much, not to what; else 0

	Low, High float64 // in Unit, Low ≤ High; equal for all relations but Between
	Unit      Unit

	// Bytes of the text, on rune boundaries: the condition with number and unit,
	// and the clause it stands in with the name.
	Start, End             int
	NameStart              int // of Name when it stands before the number, else Start
	ClauseStart, ClauseEnd int
	SentenceStart          int
	standing
	context  string // what else stands in the clause
	explicit bool   // the condition has words or signs of its own
	under    circumstance
}

// standing is what the clause says of a quantity besides its value.
type standing struct {
	Asks      bool // this is wanted
	Elsewhere bool // it speaks of how things are done today or by others
	Denied    bool // it is not so, or not so yet: 无法达到, 预计
	aside     bool // it is the circumstance of another quantity
}

// clauseRunes bounds how far around a number its clause and name are sought.
const clauseRunes = 40

// Find returns the quantities of a text in their order; none overlap. Bytes
// that are not UTF-8 are no part of any.
func Find(text string) []Quantity {
	s := read(text)
	var found []Quantity
	for i := 0; i < len(s.runes); {
		q, next, ok := s.quantity(i)
		if ok {
			s.finish(&q, found)
			if q.says() {
				s.underneath(&q, found)
				found = append(found, q.Quantity)
			}
		}
		i = next
	}
	return found
}

// says reports whether a bare number says anything: only of a quantity we
// know, or behind a sign.
func (q reading) says() bool {
	return q.Unit.Symbol != "" || known(q.Name) || q.Relation != Between && q.sign && q.Name != ""
}

// Asked returns those quantities of a text that it asks for: the clause says
// so, or the condition is one that states a demand (≥, 不低于, 以内); and it
// does not speak of how things are today.
func Asked(text string) []Quantity {
	var asked []Quantity
	for _, q := range Find(text) {
		if !q.Elsewhere && !q.aside && (q.Asks || q.demanding()) && q.telling() {
			asked = append(asked, q)
		}
	}
	return asked
}

// telling reports whether it can be told what is asked: a bare number needs a
// quantity we know, and so does a length of time, of which texts are full.
func (q Quantity) telling() bool {
	return known(q.Name) || q.explicit && q.Unit.Dimension != duration || q.Change != 0 || q.Relation == Between || q.Relation == Tolerance
}

// demanding reports whether a condition alone states a demand. 误报率低于 1 %
// does, for less is better there; 良率低于 80 % tells of a trouble.
func (q Quantity) demanding() bool {
	if !q.explicit || q.Name == "" {
		return false
	}
	switch q.Relation {
	case AtLeast:
		return !q.Strict || q.goes() > 0
	case AtMost:
		return !q.Strict || q.goes() < 0
	case Better, Tolerance:
		return known(q.Name)
	}
	return false
}
