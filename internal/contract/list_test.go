package contract

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestShow(t *testing.T) {
	tests := []struct {
		by    string
		state market.ContractState
		want  string // full, masked or none
	}{
		{"seller", market.ContractDraft, "full"}, {"buyer", market.ContractDraft, "full"}, {"broker", market.ContractDraft, "full"},
		{"officer", market.ContractDraft, "full"}, {"admin", market.ContractDraft, "full"},
		{"stranger", market.ContractDraft, "none"}, {"visitor", market.ContractDraft, "none"},
		{"stranger", market.ContractSubmitted, "none"}, {"visitor", market.ContractRefused, "none"},
		{"buyer", market.ContractRegistered, "full"}, {"officer", market.ContractRegistered, "full"},
		{"stranger", market.ContractRegistered, "masked"}, {"visitor", market.ContractRegistered, "masked"},
		{"visitor", market.ContractCancelled, "none"}, {"seller", market.ContractCancelled, "full"},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.by+" "+string(tt.state), func(t *testing.T) {
			c := w.at(t, tt.state)
			got, err := w.Show(ctx, cast[tt.by], c.ID)
			if tt.want == "none" {
				kind := map[string]market.Kind{"visitor": market.Unauthenticated, "stranger": market.Denied}[tt.by]
				wantKind(t, err, kind, "")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			masked := got.Project == "" && got.Sellers[0].Name == "" && got.Register.Number == "" && got.History == nil && got.Owner == "" && got.Origin.Broker == ""
			if masked != (tt.want == "masked") || got.Amounts.Total != c.Amounts.Total || got.Class != c.Class {
				t.Errorf("sees %+v, want %s", got, tt.want)
			}
		})
	}
	_, err := w.Show(ctx, officer, "unknown")
	wantKind(t, err, market.NotFound, "not_found")
}

func TestMine(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		w.at(t, market.ContractDraft)
		w.later(time.Minute)
	}
	tests := []struct {
		by   market.Actor
		side Side
		want int
	}{
		{seller, SideOwner, 5}, {seller, SideSeller, 5}, {seller, SideBuyer, 0},
		{buyer, SideOwner, 0}, {buyer, SideBuyer, 5}, {broker, SideBroker, 5}, {stranger, SideOwner, 0},
	}
	for _, tt := range tests {
		t.Run(tt.by.Name+" "+string(tt.side), func(t *testing.T) {
			var ids []string
			after := ""
			for range 5 {
				page, err := w.Mine(ctx, tt.by, tt.side, after, 2)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range page.Items {
					ids = append(ids, string(c.ID))
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if len(ids) != tt.want || (tt.want > 0 && strings.Join(ids, " ") != "id-0005 id-0004 id-0003 id-0002 id-0001") {
				t.Errorf("lists %v, want %d, last changed first", ids, tt.want)
			}
		})
	}
	_, err := w.Mine(ctx, visitor, SideOwner, "", 0)
	wantKind(t, err, market.Unauthenticated, "")
	_, err = w.Mine(ctx, seller, "judge", "", 0)
	wantKind(t, err, market.Invalid, "bad_side")
	_, err = w.Mine(ctx, seller, SideOwner, "nonsense", 0)
	wantKind(t, err, market.Invalid, "bad_cursor")
}

func TestQueue(t *testing.T) {
	w := newWorld(t)
	var want []string
	for range 4 {
		want = append(want, string(w.at(t, market.ContractSubmitted).ID))
		w.at(t, market.ContractReturned)
		w.later(time.Minute)
	}
	page, err := w.Queue(ctx, officer, "", "", 3)
	if err != nil || len(page.Items) != 3 || string(page.Items[0].ID) != want[0] || page.Items[0].Project == "" {
		t.Fatalf("queue %+v, %v, want %v", page, err, want)
	}
	rest, err := w.Queue(ctx, officer, "", page.Next, 3)
	if err != nil || len(rest.Items) != 1 || string(rest.Items[0].ID) != want[3] || rest.Next != "" {
		t.Errorf("rest of the queue %+v, %v", rest, err)
	}
	returned, err := w.Queue(ctx, officer, market.ContractReturned, "", 0)
	if err != nil || len(returned.Items) != 4 {
		t.Errorf("returned: %+v, %v", returned, err)
	}
	_, err = w.Queue(ctx, officer, "lost", "", 0)
	wantKind(t, err, market.Invalid, "bad_state")
	_, err = w.Queue(ctx, seller, "", "", 0)
	wantKind(t, err, market.Denied, "")
	_, err = w.Queue(ctx, visitor, "", "", 0)
	wantKind(t, err, market.Unauthenticated, "")
}

// registerMany registers one contract a month from 2025-01, n in all, of the
// types KF and FW and the fields 01, 02, 03 in turn.
func registerMany(t *testing.T, w *world, n int) {
	t.Helper()
	for i := range n {
		c := magnesium()
		c.Type, c.SubType = []string{"KF", "FW"}[i%2], ""
		c.Class.Field = []string{"01", "02", "03"}[i%3]
		c.Class.Industry = []string{"C", ""}[i/6%2]
		c.Term.Signed = "2024-12-31"
		c.Register.Number = number(i)
		c.Register.At = time.Date(2025, time.Month(1+i), 1, 0, 0, 0, 0, market.Shanghai)
		if _, err := w.Put(ctx, officer, c, fmt.Sprint(i), false); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRegistered(t *testing.T) {
	w := newWorld(t)
	registerMany(t, w, 12)
	cancelled, err := w.Registered(ctx, officer, Selection{Where: map[market.Dimension]string{"month": "2025-12"}})
	if err != nil || len(cancelled.Items) != 1 {
		t.Fatalf("December: %+v, %v", cancelled, err)
	}
	if _, err := w.Cancel(ctx, officer, cancelled.Items[0].ID, 0, "解除"); err != nil {
		t.Fatal(err)
	}
	where := func(pairs ...string) map[market.Dimension]string {
		m := map[market.Dimension]string{}
		for i := 0; i < len(pairs); i += 2 {
			m[market.Dimension(pairs[i])] = pairs[i+1]
		}
		return m
	}
	tests := []struct {
		name string
		sel  Selection
		want string // months, last first
	}{
		{"all that stand", Selection{}, "11 10 09 08 07 06 05 04 03 02 01"},
		{"range", Selection{From: "2025-03", To: "2025-05"}, "05 04 03"},
		{"open range", Selection{From: "2025-10"}, "11 10"},
		{"month", Selection{Where: where("month", "2025-02")}, "02"},
		{"year", Selection{To: "2025-03", Where: where("year", "2025")}, "03 02 01"},
		{"other year", Selection{Where: where("year", "2024")}, ""},
		{"month outside the range", Selection{From: "2025-03", Where: where("month", "2025-02")}, ""},
		{"type", Selection{Where: where("type", "FW")}, "10 08 06 04 02"},
		{"field", Selection{Where: where("field", "01")}, "10 07 04 01"},
		{"not stated", Selection{Where: where("industry", "")}, "11 10 09 08 07"},
		{"type and field", Selection{Where: where("type", "KF", "field", "01")}, "07 01"},
		{"three", Selection{Where: where("type", "KF", "field", "01", "industry", "")}, "07"},
		{"divisions", Selection{From: "2025-11", Where: where("seller_division", "500109", "buyer_division", "500155")}, "11"},
		{"origin", Selection{Where: where("origin", "bid")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, limit := range []int{0, 2} {
				var months []string
				tt.sel.Limit, tt.sel.After = limit, ""
				for range 20 {
					page, err := w.Registered(ctx, visitor, tt.sel)
					if err != nil {
						t.Fatal(err)
					}
					for _, c := range page.Items {
						months = append(months, string(market.MonthOf(c.Register.At))[5:])
						if c.Project != "" || c.Register.Number != "" {
							t.Errorf("a visitor sees %+v", c)
						}
					}
					if limit > 0 && len(page.Items) > limit {
						t.Errorf("%d rows on a page of %d", len(page.Items), limit)
					}
					if tt.sel.After = page.Next; page.Next == "" {
						break
					}
				}
				if got := strings.Join(months, " "); got != tt.want {
					t.Errorf("limit %d: months %s, want %s", limit, got, tt.want)
				}
			}
		})
	}
}

func TestRegisteredRefusesNonsense(t *testing.T) {
	tests := []struct {
		name, field string
		sel         Selection
	}{
		{"from", "from", Selection{From: "2025-13"}},
		{"to", "to", Selection{To: "May"}},
		{"month", "month", Selection{Where: map[market.Dimension]string{"month": "2025"}}},
		{"year", "year", Selection{Where: map[market.Dimension]string{"year": "25"}}},
		{"dimension", "colour", Selection{Where: map[market.Dimension]string{"colour": "red"}}},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := w.Registered(ctx, visitor, tt.sel)
			wantKind(t, err, market.Invalid, "invalid_fields")
			wantFields(t, err, tt.field)
		})
	}
}

// Rows that are looked at one by one never make a page too long.
func TestRegisteredKeepsTheLimit(t *testing.T) {
	w := newWorld(t)
	for i, kind := range []string{"KF", "KF", "KF", "FW"} { // the newest is the only one not asked for
		c := magnesium()
		c.Type, c.SubType = kind, ""
		c.Register.Number, c.Register.At = number(i), today.Add(time.Duration(i-5)*time.Hour)
		if _, err := w.Put(ctx, officer, c, "", false); err != nil {
			t.Fatal(err)
		}
	}
	sel := Selection{Where: map[market.Dimension]string{"field": "05", "type": "KF"}, Limit: 2}
	page, err := w.Registered(ctx, officer, sel)
	if err != nil || len(page.Items) != 2 || page.Next == "" {
		t.Fatalf("first page %+v, %v; want 2 rows and more to come", page, err)
	}
	sel.After = page.Next
	if page, err = w.Registered(ctx, officer, sel); err != nil || len(page.Items) != 1 || page.Next != "" {
		t.Errorf("second page %+v, %v; want the last row", page, err)
	}
}

// A page that finds nothing in many rows ends early and says where to go on.
func TestRegisteredStopsSearching(t *testing.T) {
	w := newWorld(t)
	for i := range maxRounds + 5 {
		c := magnesium()
		c.Register.Number, c.Register.At = number(i), today
		if _, err := w.Put(ctx, officer, c, "", false); err != nil {
			t.Fatal(err)
		}
	}
	sel := Selection{Where: map[market.Dimension]string{"field": "05", "type": "FW"}, Limit: 1}
	page, err := w.Registered(ctx, visitor, sel)
	if err != nil || len(page.Items) != 0 || page.Next == "" {
		t.Fatalf("first page %+v, %v", page, err)
	}
	sel.After = page.Next
	if page, err = w.Registered(ctx, visitor, sel); err != nil || page.Next != "" {
		t.Errorf("second page %+v, %v", page, err)
	}
}
