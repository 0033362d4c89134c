package main

import "jishi/internal/market"

type targetAnswer struct {
	ID       string
	Name     string
	Basis    market.Basis
	From, To market.Month
	Period   string
	Amount   market.Fen `json:"amount_fen"`
	Achieved market.Fen `json:"achieved_fen"`
	Count    int
}

func (w *apiWorld) targetsNow() map[string]targetAnswer {
	w.Helper()
	var got struct{ Targets []targetAnswer }
	w.ask(visitor, "GET", "/turnover/target", nil).want(200).read(&got)
	byID := map[string]targetAnswer{}
	for _, target := range got.Targets {
		byID[target.ID] = target
	}
	return byID
}

// targets are both of the plan's figures, and what they say was achieved is
// the sum over the store.
func (w *apiWorld) targets() {
	got := w.targetsNow()
	for id, want := range map[string]struct {
		amount market.Fen
		period string
	}{"headline": {50 * market.Yi, "累计"}, "plan-23": {5 * market.Yi, "2025年"}} {
		target := got[id]
		if target.Amount != want.amount || target.Period != want.period || target.Name == "" || target.Basis != market.BasisTotal {
			w.Errorf("%s: %+v", id, target)
		}
		var sum market.Fen
		count := 0
		for c, err := range every(w.Context(), w.h.docs.contracts) {
			w.must(err)
			month := market.MonthOf(c.Register.At)
			if c.State == market.ContractRegistered && month >= target.From && (target.To == "" || month <= target.To) {
				sum, count = sum+c.Amounts.Total, count+1
			}
		}
		if target.Achieved != sum || target.Count != count || count == 0 {
			w.Errorf("%s: %d in %d contracts, the store has %d in %d", id, target.Achieved, target.Count, sum, count)
		}
	}
}

// drillDown opens every row of the turnover table: the contracts in it add up
// to it, and the rows to the sum.
func (w *apiWorld) drillDown() {
	for _, basis := range []string{"total", "technology", "paid"} {
		var table market.Turnover
		w.ask(visitor, "GET", "/turnover?by=month,type&basis="+basis, nil).want(200).read(&table)
		var sum market.Fen
		count := 0
		for _, row := range table.Rows {
			sum, count = sum+row.Fen, count+row.Count
			w.openRow(basis, row)
		}
		if sum != table.Fen || count != table.Count || count < 25 {
			w.Errorf("%s: rows add up to %d in %d, the sum is %d in %d", basis, sum, count, table.Fen, table.Count)
		}
		if headline := w.targetsNow()["headline"]; basis == "total" && headline.Achieved != table.Fen {
			w.Errorf("the headline says %d, the table %d", headline.Achieved, table.Fen)
		}
	}
}

func (w *apiWorld) openRow(basis string, row market.TurnoverRow) {
	w.Helper()
	var sum market.Fen
	count, cursor := 0, ""
	for range 20 {
		var page struct {
			Items []struct {
				Type    string
				Amounts market.Amounts
			}
			Cursor string
		}
		w.ask(visitor, "GET", "/contracts?month="+row.Keys[0]+"&type="+row.Keys[1]+"&limit=2&cursor="+cursor, nil).want(200).read(&page)
		for _, c := range page.Items {
			sum += map[string]market.Fen{"total": c.Amounts.Total, "technology": c.Amounts.Technology, "paid": c.Amounts.Paid}[basis]
			count++
			if c.Type != row.Keys[1] {
				w.Errorf("row %v opens a contract of type %s", row.Keys, c.Type)
			}
		}
		if cursor = page.Cursor; cursor == "" {
			break
		}
	}
	if sum != row.Fen || count != row.Count {
		w.Errorf("row %v %s: %d in %d, its contracts %d in %d", row.Keys, basis, row.Fen, row.Count, sum, count)
	}
}

func (w *apiWorld) indicators() {
	var got struct {
		Year       int
		Indicators []struct {
			Row string
			Own *struct{ Fen market.Fen }
		}
	}
	w.ask(visitor, "GET", "/indicators?year=2025", nil).want(200).read(&got)
	if len(got.Indicators) != 33 || got.Year != 2025 {
		w.Errorf("%d indicators of %d", len(got.Indicators), got.Year)
	}
	plan := w.targetsNow()["plan-23"]
	for _, row := range got.Indicators {
		if row.Row == "23" && (row.Own == nil || row.Own.Fen != plan.Achieved) {
			w.Errorf("row 23 %+v, target %d", row.Own, plan.Achieved)
		}
	}
	w.ask(visitor, "GET", "/indicators?year=99999", nil).want(422, "bad_year")
}
