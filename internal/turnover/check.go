package turnover

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	maxDifferences = 100                    // kept in one report
	checkTries     = 3                      // while contracts change
	checkPause     = 500 * time.Millisecond // for the follower to catch up
)

// Report is the result of comparing the cube with the store.
type Report struct {
	At          time.Time    `json:"at"`
	Contracts   int          `json:"contracts"`   // registered ones read from the store
	Differences []Difference `json:"differences"` // empty when equal; at most 100
	Moving      bool         `json:"moving"`      // contracts changed all the while, so differences prove nothing
}

// Equal reports whether every sum agreed.
func (r Report) Equal() bool { return len(r.Differences) == 0 }

// Difference is one group whose sums disagree.
type Difference struct {
	Dimension  market.Dimension `json:"dimension"`
	Key        string           `json:"key"`
	Basis      market.Basis     `json:"basis"`
	Cube       market.Fen       `json:"cube_fen"`
	Store      market.Fen       `json:"store_fen"`
	CubeCount  int              `json:"cube_count"`
	StoreCount int              `json:"store_count"`
}

// group names one sum of a report.
type group struct {
	dimension market.Dimension
	key       string
	basis     market.Basis
}

// figure is one sum.
type figure struct {
	count int
	fen   market.Fen
}

// Check adds up the registered contracts of the store, by every dimension on
// every basis, and compares with the cube. While contracts change it tries
// again, then reports what it found as Moving.
func (s *Service) Check(ctx context.Context) (Report, error) {
	for try := 1; ; try++ {
		report, err := s.compare(ctx)
		if err != nil || report.Equal() || !report.Moving || try == checkTries {
			return report, err
		}
		select {
		case <-ctx.Done():
			return report, market.Wrap(market.Unavailable, ctx.Err(), "timeout", "核对未能及时完成，请稍后再试。")
		case <-time.After(checkPause):
		}
	}
}

func (s *Service) compare(ctx context.Context) (Report, error) {
	report := Report{At: s.now().UTC(), Differences: []Difference{}}
	before, err := s.cube.Position(ctx)
	if err != nil {
		return report, err
	}
	stored := map[group]figure{}
	if report.Contracts, err = s.recount(ctx, stored); err != nil {
		return report, err
	}
	held, err := s.held(ctx)
	if err != nil {
		return report, err
	}
	report.Differences = differences(held, stored)
	if report.Equal() {
		return report, nil
	}
	newer, after, err := s.stores.Contracts.Changes(ctx, before, 1)
	report.Moving = len(newer) > 0 || after != before
	return report, err
}

// recount adds up the store, contract by contract, without the cube's code.
func (s *Service) recount(ctx context.Context, sums map[group]figure) (int, error) {
	q := store.Query{
		Equal: []store.Equal{{Field: "state", Value: string(market.ContractRegistered)}},
		Sort:  "registration.at", Limit: store.MaxLimit,
	}
	n := 0
	for {
		page, err := s.stores.Contracts.Find(ctx, q)
		if err != nil {
			return n, err
		}
		for _, c := range page.Items {
			count(sums, c)
		}
		n += len(page.Items)
		if page.Next == "" {
			return n, nil
		}
		q.After = page.Next
	}
}

func count(sums map[group]figure, c *market.Contract) {
	day := string(market.DateOf(c.Register.At))
	keys := map[market.Dimension]string{
		market.ByMonth: day[:7], market.ByYear: day[:4], market.ByType: c.Type, market.ByField: c.Class.Field,
		market.ByIndustry: c.Class.Industry, market.ByOrigin: c.Origin.Kind,
		market.BySeller: division(c.Sellers), market.ByBuyer: division(c.Buyers),
	}
	amounts := map[market.Basis]market.Fen{
		market.BasisTotal: c.Amounts.Total, market.BasisTechnology: c.Amounts.Technology, market.BasisPaid: c.Amounts.Paid,
	}
	for dimension, key := range keys {
		for basis, amount := range amounts {
			g := group{dimension, key, basis}
			f := sums[g]
			sums[g] = figure{f.count + 1, f.fen + amount}
		}
	}
}

// held asks the cube for the same sums.
func (s *Service) held(ctx context.Context) (map[group]figure, error) {
	sums := map[group]figure{}
	for _, d := range market.Dimensions {
		for _, b := range market.Bases {
			dimension, basis := market.Dimension(d.Code), market.Basis(b.Code)
			t, err := s.cube.Total(ctx, market.TurnoverQuery{By: []market.Dimension{dimension}, Basis: basis})
			if err != nil {
				return nil, err
			}
			for _, row := range t.Rows {
				sums[group{dimension, row.Keys[0], basis}] = figure{row.Count, row.Fen}
			}
		}
	}
	return sums, nil
}

// differences lists where two sets of sums disagree, in a fixed order.
func differences(held, stored map[group]figure) []Difference {
	diff := []Difference{}
	add := func(g group) {
		h, s := held[g], stored[g]
		if h != s {
			diff = append(diff, Difference{Dimension: g.dimension, Key: g.key, Basis: g.basis,
				Cube: h.fen, Store: s.fen, CubeCount: h.count, StoreCount: s.count})
		}
	}
	for g := range stored {
		add(g)
	}
	for g := range held {
		if _, both := stored[g]; !both {
			add(g)
		}
	}
	slices.SortFunc(diff, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Dimension, b.Dimension), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Basis, b.Basis))
	})
	return diff[:min(len(diff), maxDifferences)]
}
