package exchange

import (
	"regexp"
	"strings"

	"jishi/internal/market"
)

// criteria is a column of indicators: 抗拉强度≥350MPa；密度≤1.80g/cm³.
func criteria[T Importable](h head, at func(*T) *[]market.Criterion) column[T] {
	return column[T]{
		head: h,
		Set:  func(doc *T, v value) (err error) { *at(doc), err = readCriteria(v.Text); return err },
		Get: func(doc *T) string {
			items := make([]string, len(*at(doc)))
			for i, c := range *at(doc) {
				items[i] = writeCriterion(c)
			}
			return strings.Join(items, "；")
		},
	}
}

// operators maps the words for a comparison to market.CriterionOps, longest
// first where one begins another. Strict comparisons are taken as their
// inclusive ones: in practice nobody means the difference.
var operators = []struct{ word, code string }{
	{"大于等于", "ge"}, {"不低于", "ge"}, {"不小于", "ge"}, {"不少于", "ge"}, {"大于", "ge"}, {"高于", "ge"},
	{"≥", "ge"}, {"≧", "ge"}, {">=", "ge"}, {"＞＝", "ge"}, {">", "ge"}, {"＞", "ge"},
	{"小于等于", "le"}, {"不高于", "le"}, {"不大于", "le"}, {"不超过", "le"}, {"小于", "le"}, {"低于", "le"},
	{"≤", "le"}, {"≦", "le"}, {"<=", "le"}, {"＜＝", "le"}, {"<", "le"}, {"＜", "le"},
	{"介于", "between"}, {"等于", "eq"}, {"==", "eq"}, {"=", "eq"}, {"＝", "eq"},
}

const number = `[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?`

var (
	measure = regexp.MustCompile(`^(` + number + `)\s*(?:(?:~|～|至|到|-|–|—)\s*(` + number + `))?\s*([^\d×*/±^.].*)?$`)
	bounded = regexp.MustCompile(`^(.*?[^\d.,+~～-])\s*(` + number + `)\s*(\D*?)(以上|以下|以内)$`)
)

// readCriteria reads indicators divided by ； or line breaks.
func readCriteria(text string) ([]market.Criterion, error) {
	var all []market.Criterion
	for _, p := range cut(text, recordSeparators) {
		c, ok := readCriterion(text[p.from:p.to])
		if !ok {
			return nil, badCell("“" + market.Clip(text[p.from:p.to], 20) + "”读不懂，请写成 抗拉强度≥350MPa 的样子，多项用；分开")
		}
		all = append(all, c)
	}
	return all, nil
}

// readCriterion reads one indicator, or one written out in full: name|op|value|unit.
func readCriterion(item string) (market.Criterion, bool) {
	if fields := splitFields(item); len(fields) == 4 {
		if op, ok := market.CriterionOps.Find(fields[1]); ok {
			return market.Criterion{Name: fields[0], Op: op, Value: fields[2], Unit: fields[3]}, true
		}
	}
	item = unescape(item)
	at, word, op := firstOperator(item)
	if at < 0 {
		m := bounded.FindStringSubmatch(item)
		if m == nil {
			return market.Criterion{}, false
		}
		op = map[string]string{"以上": "ge", "以下": "le", "以内": "le"}[m[4]]
		return market.Criterion{Name: strings.TrimSpace(m[1]), Op: op, Value: bare(m[2]), Unit: strings.TrimSpace(m[3])}, true
	}
	name, rest := strings.TrimSpace(item[:at]), strings.TrimSpace(item[at+len(word):])
	if name == "" || rest == "" {
		return market.Criterion{}, false
	}
	return measured(market.Criterion{Name: name, Op: op}, rest), true
}

// measured splits what follows the comparison into value and unit. What is no
// plain number (10-6, ±0.05, 良好) stays whole as the value.
func measured(c market.Criterion, rest string) market.Criterion {
	c.Value = rest
	m := measure.FindStringSubmatch(rest)
	if m == nil {
		return c
	}
	switch {
	case m[2] != "" && (c.Op == "eq" || c.Op == "between"):
		c.Op, c.Value, c.Unit = "between", bare(m[1])+"~"+bare(m[2]), strings.TrimSpace(m[3])
	case m[2] == "":
		c.Value, c.Unit = bare(m[1]), strings.TrimSpace(m[3])
	}
	return c
}

func bare(number string) string { return strings.ReplaceAll(number, ",", "") }

// firstOperator finds the comparison that stands first.
func firstOperator(item string) (at int, word, code string) {
	at = -1
	for _, op := range operators {
		if i := strings.Index(item, op.word); i >= 0 && (at < 0 || i < at) {
			at, word, code = i, op.word, op.code
		}
	}
	return at, word, code
}

// writeCriterion writes an indicator as people do, in full where that could
// not be read back.
func writeCriterion(c market.Criterion) string {
	plain := c.Name + market.CriterionOps.Name(c.Op) + c.Value + c.Unit
	back, err := readCriteria(plain)
	if err == nil && len(back) == 1 && back[0] == c && !strings.Contains(plain, `\`) {
		return plain
	}
	return joinFields(c.Name, market.CriterionOps.Name(c.Op), c.Value, c.Unit)
}
