package turnover

import (
	"maps"
	"slices"

	"jishi/internal/market"
)

// answer turns the groups into rows in the order of their keys.
func (p *plan) answer(q market.TurnoverQuery) (market.Turnover, error) {
	n := 0
	p.each(func(int, int) { n++ })
	t := market.Turnover{By: q.By, Basis: q.Basis, Rows: make([]market.TurnoverRow, 0, n)}
	keys, signs := make([]string, n*p.used), p.groups.signs
	p.each(func(group, at int) {
		row := market.TurnoverRow{Keys: keys[:p.used:p.used], Count: int(p.groups.tallies[at]), Fen: p.groups.sums[at]}
		keys = keys[p.used:]
		p.name(row.Keys, group)
		t.Rows = append(t.Rows, row)
		t.Count += row.Count
		t.Fen += row.Fen
		signs |= t.Fen
	})
	if signs < 0 {
		return market.Turnover{}, market.E(market.Internal, "sum_too_large", "合计超出可表示的范围，请缩小统计范围，并检查是否有金额录错。")
	}
	return t, nil
}

// each visits the groups that have a contract, in order, with their place.
func (p *plan) each(visit func(group, at int)) {
	if p.groups.index == nil {
		for at, tally := range p.groups.tallies {
			if tally > 0 {
				visit(at, at)
			}
		}
		return
	}
	for _, group := range slices.Sorted(maps.Keys(p.groups.index)) {
		visit(group, p.groups.index[group])
	}
}

// name fills in the keys of a group, one for each dimension asked for.
func (p *plan) name(keys []string, group int) {
	for i := p.used - 1; i >= 0; i-- {
		n := len(p.axes[i].keys)
		keys[i] = p.axes[i].keys[group%n]
		group /= n
	}
}
