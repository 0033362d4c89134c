package turnover

import (
	"context"
	"fmt"
	"testing"

	"jishi/internal/market"
)

type dims = []market.Dimension

func sample(t *testing.T) *Cube {
	t.Helper()
	cube := NewCube()
	docs := []*market.Contract{
		registered("a", "2025-01-31", "KF", 400),
		registered("b", "2025-02-01", "KF", 80),
		registered("c", "2025-02-28", "FW", 20),
		registered("d", "2026-01-01", "XK", 1000),
	}
	docs[2].Class.Industry = ""
	docs[3].Sellers[0].Division = "110000"
	draft := registered("e", "2025-02-01", "KF", 7)
	draft.State = market.ContractDraft
	if err := cube.Apply(ctx, append(docs, draft), "1"); err != nil {
		t.Fatal(err)
	}
	return cube
}

func TestTotal(t *testing.T) {
	tests := []struct {
		name string
		q    market.TurnoverQuery
		want string
	}{
		{"everything", market.TurnoverQuery{}, " 4 1500 = 4 1500"},
		{"technology", market.TurnoverQuery{Basis: market.BasisTechnology}, " 4 750 = 4 750"},
		{"paid", market.TurnoverQuery{Basis: market.BasisPaid}, " 4 375 = 4 375"},
		{"month", market.TurnoverQuery{By: dims{"month"}}, "2025-01 1 400; 2025-02 2 100; 2026-01 1 1000 = 4 1500"},
		{"year", market.TurnoverQuery{By: dims{"year"}}, "2025 3 500; 2026 1 1000 = 4 1500"},
		{"type", market.TurnoverQuery{By: dims{"type"}}, "FW 1 20; KF 2 480; XK 1 1000 = 4 1500"},
		{"not stated", market.TurnoverQuery{By: dims{"industry"}}, " 1 20; C 3 1480 = 4 1500"},
		{"field", market.TurnoverQuery{By: dims{"field"}}, "05 4 1500 = 4 1500"},
		{"origin", market.TurnoverQuery{By: dims{"origin"}}, "matched 4 1500 = 4 1500"},
		{"divisions", market.TurnoverQuery{By: dims{"seller_division", "buyer_division"}}, "110000/500155 1 1000; 500109/500155 3 500 = 4 1500"},
		{"month and type", market.TurnoverQuery{By: dims{"month", "type"}}, "2025-01/KF 1 400; 2025-02/FW 1 20; 2025-02/KF 1 80; 2026-01/XK 1 1000 = 4 1500"},
		{"type and month", market.TurnoverQuery{By: dims{"type", "month"}}, "FW/2025-02 1 20; KF/2025-01 1 400; KF/2025-02 1 80; XK/2026-01 1 1000 = 4 1500"},
		{"year, month, type", market.TurnoverQuery{To: "2025-01", By: dims{"year", "month", "type"}}, "2025/2025-01/KF 1 400 = 1 400"},
		{"from", market.TurnoverQuery{From: "2025-02"}, " 3 1100 = 3 1100"},
		{"to", market.TurnoverQuery{To: "2025-02"}, " 3 500 = 3 500"},
		{"one month", market.TurnoverQuery{From: "2025-02", To: "2025-02"}, " 2 100 = 2 100"},
		{"nothing", market.TurnoverQuery{From: "2024-01", To: "2024-12", By: dims{"type"}}, " = 0 0"},
	}
	cube := sample(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := cube.Total(ctx, tt.q)
			if err != nil || text(got) != tt.want {
				t.Errorf("Total = %s, %v; want %s", text(got), err, tt.want)
			}
			if got.By == nil || got.Rows == nil || got.Basis == "" {
				t.Errorf("answer %+v has a null in JSON", got)
			}
		})
	}
}

func TestTotalRefuses(t *testing.T) {
	tests := []struct {
		name, field string
		q           market.TurnoverQuery
	}{
		{"unknown dimension", "by", market.TurnoverQuery{By: dims{"colour"}}},
		{"four dimensions", "by", market.TurnoverQuery{By: dims{"month", "type", "field", "origin"}}},
		{"twice", "by", market.TurnoverQuery{By: dims{"type", "type"}}},
		{"unknown basis", "basis", market.TurnoverQuery{Basis: "income"}},
		{"month 13", "from", market.TurnoverQuery{From: "2025-13"}},
		{"a day", "to", market.TurnoverQuery{To: "2025-01-01"}},
		{"upside down", "to", market.TurnoverQuery{From: "2025-02", To: "2025-01"}},
	}
	cube := sample(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := cube.Total(ctx, tt.q)
			wantKind(t, err, market.Invalid, tt.field)
		})
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, err := cube.Total(ended, market.TurnoverQuery{})
	wantKind(t, err, market.Unavailable, "")
}

func TestApply(t *testing.T) {
	tests := []struct {
		name  string
		apply func(*Cube) error
		want  string
	}{
		{"again", func(c *Cube) error {
			return c.Apply(ctx, []*market.Contract{registered("a", "2025-01-31", "KF", 400)}, "2")
		},
			"2025-01 1 400; 2025-02 2 100; 2026-01 1 1000 = 4 1500"},
		{"a newer version", func(c *Cube) error {
			return c.Apply(ctx, []*market.Contract{at(registered("a", "2025-01-31", "KF", 500), 2)}, "2")
		},
			"2025-01 1 500; 2025-02 2 100; 2026-01 1 1000 = 4 1600"},
		{"another month", func(c *Cube) error {
			return c.Apply(ctx, []*market.Contract{at(registered("a", "2025-03-01", "KF", 400), 2)}, "2")
		},
			"2025-02 2 100; 2025-03 1 400; 2026-01 1 1000 = 4 1500"},
		{"cancelled", func(c *Cube) error {
			return c.Apply(ctx, []*market.Contract{cancelled(at(registered("a", "2025-01-31", "KF", 400), 2))}, "2")
		},
			"2025-02 2 100; 2026-01 1 1000 = 3 1100"},
		{"an older version after it was cancelled", func(c *Cube) error {
			return c.Apply(ctx, []*market.Contract{cancelled(at(registered("a", "2025-01-31", "KF", 400), 2)), registered("a", "2025-01-31", "KF", 400)}, "2")
		}, "2025-02 2 100; 2026-01 1 1000 = 3 1100"},
		{"a draft", func(c *Cube) error {
			draft := registered("new", "2025-01-31", "KF", 400)
			draft.State = market.ContractSubmitted
			return c.Apply(ctx, []*market.Contract{draft}, "2")
		}, "2025-01 1 400; 2025-02 2 100; 2026-01 1 1000 = 4 1500"},
		{"the last instant of a month in Shanghai", func(c *Cube) error {
			late := registered("new", "2025-02-01", "KF", 1)
			late.Register.At = market.Month("2025-03").Start().Add(-1)
			return c.Apply(ctx, []*market.Contract{late}, "2")
		}, "2025-01 1 400; 2025-02 3 101; 2026-01 1 1000 = 5 1501"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cube := sample(t)
			if err := tt.apply(cube); err != nil {
				t.Fatal(err)
			}
			got, err := cube.Total(ctx, market.TurnoverQuery{By: dims{"month"}})
			if err != nil || text(got) != tt.want {
				t.Errorf("Total = %s, %v; want %s", text(got), err, tt.want)
			}
			if position, _ := cube.Position(ctx); position != "2" {
				t.Errorf("position %q, want 2", position)
			}
		})
	}
}

func at(c *market.Contract, version int64) *market.Contract {
	c.Version = version
	return c
}

func cancelled(c *market.Contract) *market.Contract {
	c.State, c.Register.Cancelled = market.ContractCancelled, noon
	return c
}

// Sums over the bound of int64 are refused, never wrong.
func TestTotalTooLarge(t *testing.T) {
	tests := []struct {
		name   string
		rows   int // of 10^15 分: 9,224 are over 2^63, 18,448 over 2^64 and look small again
		types  int
		places int // more rows, so that groups are added up in a map
		by     dims
	}{
		{"one group", 9300, 1, 0, nil},
		{"one group, twice around", 18500, 1, 0, nil},
		{"the sum of two groups", 9300, 2, 0, dims{"type"}},
		{"the sum of two groups, twice around", 18500, 2, 0, dims{"type"}},
		{"in a map, twice around", 18500, 1, 1100, dims{"seller_division", "buyer_division"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cube := NewCube()
			var docs []*market.Contract
			for i := range tt.rows + tt.places {
				c := registered(market.ID(fmt.Sprint(i)), "2025-01-01", []string{"KF", "FW"}[i%tt.types], market.MaxFen)
				if i >= tt.rows {
					c.Sellers[0].Division, c.Buyers[0].Division, c.Amounts.Total = fmt.Sprint("5", i), fmt.Sprint("6", i), 1
				}
				docs = append(docs, c)
			}
			if err := cube.Apply(ctx, docs, "1"); err != nil {
				t.Fatal(err)
			}
			_, err := cube.Total(ctx, market.TurnoverQuery{By: tt.by})
			wantKind(t, err, market.Internal, "")
			if paid, err := cube.Total(ctx, market.TurnoverQuery{By: tt.by, Basis: market.BasisPaid}); err != nil && tt.rows < 18_000 {
				t.Errorf("a quarter of it: %v, %v", paid.Fen, err)
			}
		})
	}
}

// So many possible groups that they are added up in a map.
func TestTotalOfManyGroups(t *testing.T) {
	const places = 1500
	cube := NewCube()
	var docs []*market.Contract
	for i := range places {
		c := registered(market.ID(fmt.Sprint(i)), "2025-01-01", "KF", market.Fen(i+1))
		c.Sellers[0].Division, c.Buyers[0].Division = fmt.Sprintf("50%04d", i), fmt.Sprintf("51%04d", places-1-i)
		docs = append(docs, c)
	}
	if err := cube.Apply(ctx, docs, "1"); err != nil {
		t.Fatal(err)
	}
	q := market.TurnoverQuery{By: dims{"seller_division", "buyer_division", "month"}}
	if p := cube.plan(q); p.groups.index == nil {
		t.Fatal("not added up in a map")
	}
	got, err := cube.Total(ctx, q)
	if err != nil || len(got.Rows) != places || got.Fen != places*(places+1)/2 {
		t.Fatalf("%d rows, sum %d, %v", len(got.Rows), got.Fen, err)
	}
	for i, row := range got.Rows {
		if want := fmt.Sprintf("50%04d 51%04d 2025-01", i, places-1-i); fmt.Sprint(row.Keys) != "["+want+"]" || row.Fen != market.Fen(i+1) {
			t.Fatalf("row %d is %+v, want %s", i, row, want)
		}
	}
}

func TestTooManyCodes(t *testing.T) {
	d := newDictionary()
	for i := range 65535 {
		if _, err := d.number(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.number("one more"); err == nil {
		t.Error("took more codes than it has numbers")
	}
	if n, err := d.number("65534"); n != 65535 || err != nil {
		t.Errorf("the last code is %d, %v", n, err)
	}
}
