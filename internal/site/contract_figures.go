package site

import (
	"context"

	"jishi/internal/market"
)

// maxFigureDimensions is by how many dimensions at once figures can be had.
const maxFigureDimensions = 3

// figure is one sum over the contracts of a filter.
type figure struct {
	Basis string // 合同成交额 …
	Fen   market.Fen
	Asked bool // the figure that led here
}

// figures is what turnover counts for a filter.
type figures struct {
	Count   int
	Sums    []figure
	Checked bool   // all rows stand on the page and were added up here
	Equal   bool   // and they agree with the figures
	Note    string // why there are none; empty when there are
}

// figures asks turnover for the sums of what a filter lets through.
func (p contractLists) figures(ctx context.Context, f registerFilter) (figures, error) {
	by := f.dimensions()
	if len(by) > maxFigureDimensions {
		return figures{Note: "同时按三个以上条件筛选时不给合计，导出后可自行加总。"}, nil
	}
	from, to := f.months()
	if from != "" && to != "" && from > to {
		return figures{Note: "开始月份晚于结束月份，没有这样的合同。"}, nil
	}
	all := figures{}
	for _, basis := range market.Bases {
		total, err := p.Turnover.Total(ctx, market.TurnoverQuery{From: from, To: to, By: by, Basis: market.Basis(basis.Code)})
		if err != nil {
			return figures{}, err
		}
		count, sum := f.pick(total, by)
		all.Count = count
		all.Sums = append(all.Sums, figure{Basis: basis.Name, Fen: sum, Asked: basis.Code == string(f.basis)})
	}
	return all, nil
}

// pick finds the group of the filter among the rows of an answer.
func (f registerFilter) pick(total market.Turnover, by []market.Dimension) (int, market.Fen) {
	for _, row := range total.Rows {
		same := true
		for i, d := range by {
			same = same && row.Keys[i] == f.sel.Where[d]
		}
		if same {
			return row.Count, row.Fen
		}
	}
	return 0, 0
}

// check adds up rows and compares with the figures.
func (all *figures) check(rows []*market.Contract) {
	if len(all.Sums) == 0 {
		return
	}
	sums := make(map[string]market.Fen)
	for _, c := range rows {
		sums[market.Bases.Name(string(market.BasisTotal))] += c.Amounts.Total
		sums[market.Bases.Name(string(market.BasisTechnology))] += c.Amounts.Technology
		sums[market.Bases.Name(string(market.BasisPaid))] += c.Amounts.Paid
	}
	all.Checked, all.Equal = true, len(rows) == all.Count
	for _, one := range all.Sums {
		all.Equal = all.Equal && sums[one.Basis] == one.Fen
	}
}
