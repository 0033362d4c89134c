package match

import (
	"fmt"
	"strconv"
	"strings"

	"jishi/internal/market"
	"jishi/search/requirement"
)

// maxRequirements bounds the requirements of one demand that are compared.
const maxRequirements = 20

// stated is one quantity and the text it stands in.
type stated struct {
	field
	requirement.Quantity
}

// wants returns what a demand asks for in numbers: its criteria, then what its
// texts ask for beyond them.
func wants(d *market.Demand) []stated {
	var all []stated
	for i, c := range d.Criteria {
		line := field{"criteria." + strconv.Itoa(i), c.Line()}
		// The name may hold numbers of its own: 28 天抗压强度 ≥ 15 MPa.
		for _, q := range requirement.Find(line.text) {
			if q.End > len(c.Name) {
				q.Name, q.NameStart, q.ClauseStart = c.Name, 0, 0
				all = append(all, stated{line, q})
				break
			}
		}
	}
	for _, f := range demandFields(d) {
		for _, q := range requirement.Asked(f.text) {
			if !said(all, q) {
				all = append(all, stated{f, q})
			}
		}
	}
	return all[:min(len(all), maxRequirements)]
}

// said reports whether a quantity is among those already asked for.
func said(all []stated, q requirement.Quantity) bool {
	for _, one := range all {
		if one.Same(q) {
			return true
		}
	}
	return false
}

// states returns what an achievement says in numbers.
func states(a *market.Achievement) []stated {
	var all []stated
	fields := append(achievementFields(a), field{"maturity.evidence", a.Maturity.Evidence})
	for _, f := range fields {
		for _, q := range requirement.Find(f.text) {
			all = append(all, stated{f, q})
		}
	}
	return all
}

// hold compares everything asked with everything stated.
func hold(wanted, given []stated) []market.Requirement {
	quantities := make([]requirement.Quantity, len(given))
	for i, one := range given {
		quantities[i] = one.Quantity
	}
	list := make([]market.Requirement, 0, len(wanted))
	for _, want := range wanted {
		finding := requirement.Compare(want.Quantity, quantities)
		r := market.Requirement{Name: want.Name, Outcome: finding.Outcome, Asked: want.quote(), Limit: want.Limit(), Reason: finding.Reason}
		if finding.At >= 0 {
			quote := given[finding.At].quote()
			r.Offered, r.Value = &quote, given[finding.At].In(want.Quantity)
		}
		list = append(list, r)
	}
	return list
}

// quote returns the clause a quantity stands in, the quantity with its name marked.
func (s stated) quote() market.Passage {
	start, end := min(s.ClauseStart, s.NameStart), s.ClauseEnd
	for _, r := range s.text[start:s.NameStart] { // leading blanks
		if r != ' ' && r != '\u3000' {
			break
		}
		start += len(string(r))
	}
	text := strings.TrimRight(s.text[start:end], " \u3000")
	from := s.Start
	if s.NameStart < s.Start {
		from = s.NameStart
	}
	return market.Passage{Field: s.name, Start: start, Text: text, Spans: []market.Span{{Start: from - start, End: s.End - start}}}
}

// requirementPoints gives each requirement that is met a whole share, each of
// which nothing is said half of one: silence is neither for nor against.
func requirementPoints(list []market.Requirement, max int) (int, string) {
	if len(list) == 0 {
		return half(max), "需求没有写明可以比较的数值指标，按一半计"
	}
	count := map[string]int{}
	for _, r := range list {
		count[r.Outcome]++
	}
	met, silent, against := count[market.OutcomeMet], count[market.OutcomeNotStated], count[market.OutcomeContradicted]
	points := max * (2*met + silent) / (2 * len(list))
	reason := fmt.Sprintf("%d 项数值要求：满足 %d 项，未说明 %d 项，不符 %d 项", len(list), met, silent, against)
	if silent > 0 {
		reason += "；未说明的按一半计"
	}
	return points, reason
}
