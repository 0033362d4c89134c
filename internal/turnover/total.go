package turnover

import (
	"context"
	"slices"

	"jishi/internal/market"
)

const (
	maxDimensions = 3
	// denseGroups bounds the answers that are added up in a plain array, 12 MiB
	// at most; larger ones, of which nearly all groups are empty, in a map.
	denseGroups = 1 << 20
	// blocksBetweenLooks is how many blocks are read before the context is looked at.
	blocksBetweenLooks = 64
)

// Total adds up the registered contracts that stand, grouped by at most three
// dimensions; without dimensions everything is one group. Groups without a
// contract are left out. Invalid names an unknown dimension, basis or month.
func (c *Cube) Total(ctx context.Context, q market.TurnoverQuery) (market.Turnover, error) {
	if q.Basis == "" {
		q.Basis = market.BasisTotal
	}
	if q.By == nil {
		q.By = []market.Dimension{}
	}
	if err := checkQuery(q); err != nil {
		return market.Turnover{}, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	p := c.plan(q)
	if err := c.scan(ctx, p); err != nil {
		return market.Turnover{}, err
	}
	return p.answer(q)
}

func checkQuery(q market.TurnoverQuery) error {
	var p market.Problems
	p.Check(len(q.By) <= maxDimensions, "by", "最多按三个维度分组")
	for i, d := range q.By {
		p.Check(market.Dimensions.Has(string(d)), "by", "没有“"+market.Clip(string(d), 20)+"”这个统计维度")
		p.Check(!slices.Contains(q.By[:i], d), "by", "统计维度重复")
	}
	p.Check(market.Bases.Has(string(q.Basis)), "basis", "没有这个统计口径")
	p.Check(q.From == "" || q.From.Valid(), "from", "请写成 2026-03 的样子")
	p.Check(q.To == "" || q.To.Valid(), "to", "请写成 2026-03 的样子")
	p.Check(q.From == "" || q.To == "" || q.From <= q.To, "to", "结束月份不能早于开始月份")
	return p.Err()
}

// plan is how one query is computed. Unused axes read the month column and add
// nothing to a row's group.
type plan struct {
	axes   [maxDimensions]axis
	used   int
	counts []bool // by month number: whether the month is asked for
	amount int    // column
	groups groups
}

// groups adds up rows by group: in sums and tallies when dense, else at the
// place that index gives.
type groups struct {
	index   map[int]int // nil when dense
	sums    []market.Fen
	tallies []uint32
	signs   market.Fen // every sum there ever was, or-ed: negative after an overflow
}

func (c *Cube) plan(q market.TurnoverQuery) *plan {
	p := &plan{used: len(q.By), amount: basisColumn[q.Basis]}
	months := &c.dictionaries[colMonth]
	p.counts = make([]bool, len(months.codes))
	for n, code := range months.codes {
		month := market.Month(code)
		p.counts[n] = month != "" && (q.From == "" || month >= q.From) && (q.To == "" || month <= q.To)
	}
	size := 1
	for i := maxDimensions - 1; i >= 0; i-- { // the last dimension changes fastest, so groups lie in the order of their keys
		if i >= len(q.By) {
			p.axes[i] = axis{column: colMonth, groups: make([]int, len(months.codes))}
			continue
		}
		column, key := columnOf[q.By[i]], func(code string) string { return code }
		if q.By[i] == market.ByYear {
			key = year
		}
		p.axes[i] = c.dictionaries[column].axis(column, size, key)
		size *= len(p.axes[i].keys)
	}
	if size <= denseGroups {
		p.groups.sums, p.groups.tallies = make([]market.Fen, size), make([]uint32, size)
	} else {
		p.groups.index = make(map[int]int)
	}
	return p
}

// year cuts a month to its year.
func year(month string) string {
	if len(month) < 4 {
		return ""
	}
	return month[:4]
}

func (c *Cube) scan(ctx context.Context, p *plan) error {
	for i, b := range c.blocks {
		if i%blocksBetweenLooks == 0 && ctx.Err() != nil {
			return market.Wrap(market.Unavailable, ctx.Err(), "timeout", "统计未能及时完成，请稍后再试。")
		}
		n := min(blockRows, len(c.rows)-i*blockRows)
		if p.groups.index == nil {
			p.addDense(b, n)
		} else {
			p.addSparse(b, n)
		}
	}
	return nil
}

// addDense adds the first n rows of a block. It is the inner loop of every
// figure: one pass, no call, no allocation.
func (p *plan) addDense(b *block, n int) {
	amounts := &b.amounts[p.amount]
	column0, column1, column2 := &b.codes[p.axes[0].column], &b.codes[p.axes[1].column], &b.codes[p.axes[2].column]
	group0, group1, group2 := p.axes[0].groups, p.axes[1].groups, p.axes[2].groups
	sums, tallies, signs := p.groups.sums, p.groups.tallies, p.groups.signs
	for i, month := range b.codes[colMonth][:n] {
		if !p.counts[month] {
			continue
		}
		at := group0[column0[i]] + group1[column1[i]] + group2[column2[i]]
		sum := sums[at] + amounts[i]
		signs |= sum
		sums[at] = sum
		tallies[at]++
	}
	p.groups.signs = signs
}

// addSparse is addDense for answers with too many possible groups.
func (p *plan) addSparse(b *block, n int) {
	g := &p.groups
	for i, month := range b.codes[colMonth][:n] {
		if !p.counts[month] {
			continue
		}
		group := 0
		for _, a := range p.axes {
			group += a.groups[b.codes[a.column][i]]
		}
		at, ok := g.index[group]
		if !ok {
			at = len(g.sums)
			g.index[group] = at
			g.sums, g.tallies = append(g.sums, 0), append(g.tallies, 0)
		}
		g.sums[at] += b.amounts[p.amount][i]
		g.signs |= g.sums[at]
		g.tallies[at]++
	}
}
