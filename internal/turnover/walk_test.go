package turnover

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jishi/internal/follow"
	"jishi/internal/market"
)

// Random sequences of contract events in the store: the cube that follows, and
// one rebuilt from the start, answer every question as a sum over the store
// does.
func TestCubeEqualsStore(t *testing.T) {
	w := newWorld(t)
	round, most := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		round++
		w.begin(t, fmt.Sprintf("contracts_%d", round))
		ids := w.registered(t, 5)
		t.Repeat(map[string]func(*rapid.T){
			"create": func(t *rapid.T) {
				c := drawContract(t, len(ids))
				if err := w.contracts.Insert(ctx, c); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, c.ID)
			},
			"move": func(t *rapid.T) { w.move(t, ids) },
			"pay":  func(t *rapid.T) { w.pay(t, ids) },
			"ask":  func(t *rapid.T) { w.compareAny(t) },
		})
		w.compareAny(t)
		if report, err := w.Check(ctx); err != nil || !report.Equal() {
			t.Fatalf("check: %+v, %v", report, err)
		}
		most = max(most, w.cube.Rows())
	})
	if most < 5 {
		t.Errorf("at most %d contracts were ever registered: the walk proves nothing", most)
	}
}

// registered inserts contracts that are registered already, so that every walk
// has something to add up from its first step on.
func (w *world) registered(t *rapid.T, n int) []market.ID {
	var ids []market.ID
	for i := range n {
		c := drawContract(t, i)
		c.State, c.Register.At = market.ContractRegistered, market.Month("2024-11").Start().AddDate(0, 0, 40*i)
		if err := w.contracts.Insert(ctx, c); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	return ids
}

func drawContract(t *rapid.T, n int) *market.Contract {
	code := func(label string, codes ...string) string { return rapid.SampledFrom(codes).Draw(t, label) }
	total := rapid.Int64Range(1, 1e9).Draw(t, "total")
	c := &market.Contract{
		Type: code("type", "KF", "ZR", "XK", "ZX", "FW"), State: market.ContractDraft,
		Sellers: []market.Party{{Division: code("seller", "500155", "500109", "110000", "")}},
		Buyers:  []market.Party{{Division: code("buyer", "500155", "510000")}, {Division: "440000"}},
		Amounts: market.Amounts{Total: market.Fen(total), Technology: market.Fen(rapid.Int64Range(1, total).Draw(t, "technology"))},
		Class:   market.ContractClass{Field: code("field", "01", "05", "09"), Industry: code("industry", "", "A", "C")},
		Origin:  market.Origin{Kind: code("origin", "registered", "matched", "bid")},
	}
	c.ID = market.ID(fmt.Sprintf("contract-%d", n))
	return c
}

// pick reads one of the last contracts, so that they live through many events.
func (w *world) pick(t *rapid.T, ids []market.ID) *market.Contract {
	if len(ids) == 0 {
		t.Skip("nothing there yet")
	}
	c, err := w.contracts.Get(ctx, rapid.SampledFrom(ids[max(0, len(ids)-8):]).Draw(t, "id"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *world) move(t *rapid.T, ids []market.ID) {
	c := w.pick(t, ids)
	open := market.ContractMoves.Open(c.State)
	if len(open) == 0 {
		t.Skip("at an end")
	}
	move, err := market.ContractMoves.Next(c.State, rapid.SampledFrom(open).Draw(t, "action"), "理由", market.ContractState.Name)
	if err != nil {
		t.Fatal(err)
	}
	c.State = move.To
	switch move.Action {
	case market.ActReviseContract:
		c.Amounts.Total += 5
	case market.ActRegister:
		c.Register.At = market.Month("2024-11").Start().AddDate(0, 0, rapid.IntRange(0, 500).Draw(t, "day")).Add(-1)
	case market.ActCancel:
		c.Register.Cancelled = noon
	}
	w.update(t, c)
}

func (w *world) pay(t *rapid.T, ids []market.ID) {
	c := w.pick(t, ids)
	c.Amounts.Paid = market.Fen(rapid.Int64Range(0, int64(c.Amounts.Total)).Draw(t, "paid"))
	w.update(t, c)
}

func (w *world) update(t *rapid.T, c *market.Contract) {
	if err := w.contracts.Update(ctx, c); err != nil {
		t.Fatal(err)
	}
}

// compareAny asks one random question of the cube, of a rebuilt cube and of the store.
func (w *world) compareAny(t *rapid.T) {
	var q market.TurnoverQuery
	for _, d := range rapid.Permutation(market.Dimensions).Draw(t, "by")[:rapid.IntRange(0, 3).Draw(t, "dimensions")] {
		q.By = append(q.By, market.Dimension(d.Code))
	}
	q.Basis = market.Basis(rapid.SampledFrom(market.Bases).Draw(t, "basis").Code)
	months := []market.Month{"", "2024-11", "2024-12", "2025-01", "2025-07", "2026-01"}
	q.From, q.To = rapid.SampledFrom(months[:4]).Draw(t, "from"), rapid.SampledFrom(append(months[3:], "")).Draw(t, "to")
	if err := w.follower.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	want := w.sum(t, q)
	got, err := w.Total(ctx, q)
	if err != nil || text(got) != want {
		t.Fatalf("%+v\ncube  %s, %v\nstore %s", q, text(got), err, want)
	}
	rebuilt := NewCube()
	again := follow.Follower[market.Contract]{Source: w.contracts, Sink: rebuilt, Batch: 7}
	if rapid.IntRange(0, 19).Draw(t, "rebuild") > 0 {
		return
	}
	if err := again.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err = rebuilt.Total(ctx, q); err != nil || text(got) != want {
		t.Fatalf("%+v\nrebuilt %s, %v\nstore   %s", q, text(got), err, want)
	}
}

// sum is the answer added up from the store in the plainest way.
func (w *world) sum(t *rapid.T, q market.TurnoverQuery) string {
	rows := map[string]*market.TurnoverRow{}
	var all market.Turnover
	for since := ""; ; {
		docs, next, err := w.contracts.Changes(ctx, since, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range docs {
			day := c.Register.At.In(market.Shanghai).Format("2006-01")
			if c.State != "registered" || (q.From != "" && day < string(q.From)) || (q.To != "" && day > string(q.To)) {
				continue
			}
			var keys []string
			for _, d := range q.By {
				keys = append(keys, map[market.Dimension]string{
					"month": day, "year": day[:4], "type": c.Type, "field": c.Class.Field, "industry": c.Class.Industry,
					"origin": c.Origin.Kind, "seller_division": c.Sellers[0].Division, "buyer_division": c.Buyers[0].Division,
				}[d])
			}
			key := strings.Join(keys, "\x00")
			if rows[key] == nil {
				rows[key] = &market.TurnoverRow{Keys: keys}
			}
			amount := map[market.Basis]market.Fen{"total": c.Amounts.Total, "technology": c.Amounts.Technology, "paid": c.Amounts.Paid}[q.Basis]
			rows[key].Count, rows[key].Fen = rows[key].Count+1, rows[key].Fen+amount
			all.Count, all.Fen = all.Count+1, all.Fen+amount
		}
		if since = next; len(docs) < 1000 {
			break
		}
	}
	for _, row := range rows {
		all.Rows = append(all.Rows, *row)
	}
	slices.SortFunc(all.Rows, func(a, b market.TurnoverRow) int { return slices.Compare(a.Keys, b.Keys) })
	return text(all)
}
