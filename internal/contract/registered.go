package contract

import (
	"context"
	"slices"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxRounds bounds the reads of one Registered call.
const maxRounds = 40

// Selection asks for the registered contracts behind one turnover figure.
type Selection struct {
	From  market.Month                // first month of registration, empty = from the beginning
	To    market.Month                // last month, inclusive, empty = to the end
	Where map[market.Dimension]string // code per dimension; an empty code asks for "not stated"
	After string                      // Next of the page before
	Limit int                         // 1–1000, 0 = 50
}

// dimension is where a contract holds the code of a turnover dimension.
type dimension struct {
	name  market.Dimension
	path  string
	value func(*market.Contract) string
}

// dimensions in the order in which an index is chosen: the most selective first.
var dimensions = []dimension{
	{market.ByIndustry, "class.industry", func(c *market.Contract) string { return c.Class.Industry }},
	{market.ByField, "class.field", func(c *market.Contract) string { return c.Class.Field }},
	{market.BySeller, "sellers.0.division", func(c *market.Contract) string { return c.Sellers[0].Division }},
	{market.ByBuyer, "buyers.0.division", func(c *market.Contract) string { return c.Buyers[0].Division }},
	{market.ByType, "type", func(c *market.Contract) string { return c.Type }},
	{market.ByOrigin, "origin.kind", func(c *market.Contract) string { return c.Origin.Kind }},
}

// Registered returns the registered contracts of a selection that still stand,
// last registered first, each as the actor may see it. Months are those of
// registration in Shanghai, as turnover counts them. With several codes asked
// for a page may be shorter than Limit; it is the last one only when Next is
// empty. Invalid for a month or dimension that is none.
func (s *Service) Registered(ctx context.Context, by market.Actor, sel Selection) (Page, error) {
	q, rest, err := sel.query()
	if err != nil {
		return Page{}, err
	}
	limit := q.Limit
	var rows Page
	for range maxRounds {
		q.Limit = limit - len(rows.Items)
		page, err := s.contracts.Find(ctx, q)
		if err != nil {
			return Page{}, err
		}
		for _, c := range page.Items {
			if !slices.ContainsFunc(rest, func(d dimension) bool { return d.value(c) != sel.Where[d.name] }) {
				rows.Items = append(rows.Items, view(by, c))
			}
		}
		rows.Next, q.After = page.Next, page.Next
		if page.Next == "" || len(rows.Items) == limit {
			break
		}
	}
	return rows, nil
}

// query turns the selection into what an index serves and the dimensions left
// to look at row by row.
func (sel Selection) query() (store.Query, []dimension, error) {
	q := store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.ContractRegistered)}},
		Sort:  "registration.at", Desc: true, After: sel.After, Limit: sel.Limit,
	}
	if q.Limit == 0 {
		q.Limit = 50
	}
	from, to, err := sel.months()
	if err != nil {
		return q, nil, err
	}
	q.Range = &store.Range{}
	if from != "" {
		q.Range.From = from.Start()
	}
	if to != "" {
		q.Range.To = to.Next().Start()
	}
	var rest []dimension
	for _, d := range dimensions {
		code, asked := sel.Where[d.name]
		switch {
		case !asked:
		case len(q.Equal) == 1:
			q.Equal = append(q.Equal, store.Equal{Field: d.path, Value: code})
		default:
			rest = append(rest, d)
		}
	}
	return q, rest, nil
}

// months narrows the range by a month or year asked for as a dimension.
func (sel Selection) months() (from, to market.Month, err error) {
	var p market.Problems
	from, to = sel.From, sel.To
	p.Check(from == "" || from.Valid(), "from", "请写成 2026-03 的样子")
	p.Check(to == "" || to.Valid(), "to", "请写成 2026-03 的样子")
	for name, code := range sel.Where {
		first, last := market.Month(code), market.Month(code)
		if name == market.ByYear {
			first, last = market.Month(code+"-01"), market.Month(code+"-12")
		}
		switch name {
		case market.ByMonth, market.ByYear:
			p.Check(first.Valid(), string(name), "请写成 2026-03 或 2026 的样子")
			from = max(from, first)
			if to == "" || last < to {
				to = last
			}
		default:
			p.Check(market.Dimensions.Has(string(name)), string(name), "没有这个统计维度")
		}
	}
	return from, to, p.Err()
}
