package contract

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

// registeredRow is a row of a list of registered contracts.
func registeredRow(n string, day market.Date) *market.Contract {
	c := magnesium()
	c.Term.Signed = "2025-01-02"
	c.Register.Number, c.Register.At = n, day.Time()
	return c
}

func TestPut(t *testing.T) {
	w := newWorld(t)
	steps := []struct {
		name   string
		by     market.Actor
		row    *market.Contract
		want   market.Outcome
		code   string // of the error, empty for success
		state  market.ContractState
		events int
	}{
		{"created and submitted", seller, magnesium(), market.Created, "", "submitted", 2},
		{"again", seller, magnesium(), market.Unchanged, "", "submitted", 2},
		{"another organization's row of that id", buyer, magnesium(), market.Created, "", "submitted", 2},
		{"a seller cannot register", seller, registeredRow(number(1), "2025-03-01"), 0, "wrong_state", "submitted", 2},
		{"no change while it waits", seller, changed(magnesium()), 0, "wrong_state", "submitted", 2},
		{"officer's own row, registered", officer, registeredRow(number(1), "2025-03-01"), market.Created, "", "registered", 3},
		{"registered again", officer, registeredRow(number(1), "2025-03-01"), market.Unchanged, "", "registered", 3},
		{"registered, the row without its number", officer, without(registeredRow(number(1), "2025-03-01")), market.Unchanged, "", "registered", 3},
		{"other amounts", officer, changed(registeredRow(number(1), "2025-03-01")), 0, "registered_differs", "registered", 3},
		{"other number", officer, registeredRow(number(2), "2025-03-01"), 0, "registered_differs", "registered", 3},
		{"other date", officer, registeredRow(number(1), "2025-03-02"), 0, "registered_differs", "registered", 3},
	}
	for _, tt := range steps {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.Put(ctx, tt.by, tt.row, "A-1", false)
			if tt.code != "" {
				wantKind(t, err, market.Conflict, tt.code)
			} else if err != nil || got != tt.want {
				t.Errorf("Put = %v, %v; want %v", got, err, tt.want)
			}
			page, err := w.Mine(ctx, tt.by, SideOwner, "", 0)
			if err != nil || len(page.Items) != 1 {
				t.Fatalf("holds %+v, %v, want one", page, err)
			}
			if c := page.Items[0]; c.State != tt.state || len(c.History) != tt.events || c.ImportKey != string(tt.by.Org)+"/A-1" {
				t.Errorf("state %s, %d events, key %s", c.State, len(c.History), c.ImportKey)
			}
		})
	}
}

func changed(c *market.Contract) *market.Contract {
	c.Amounts.Total++
	return c
}

func without(c *market.Contract) *market.Contract {
	c.Register = market.Registration{}
	return c
}

func TestPutRegistersAsOfTheDate(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-12-31"), "", false); err != nil {
		t.Fatal(err)
	}
	page, err := w.Registered(ctx, officer, Selection{From: "2025-12", To: "2025-12"})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("December 2025: %+v, %v", page, err)
	}
	c := page.Items[0]
	want := market.Registration{Number: someNumber, At: time.Date(2025, 12, 30, 16, 0, 0, 0, time.UTC), By: "u-officer"}
	if c.Register != want || c.ImportKey != "org-bureau/number/"+someNumber {
		t.Errorf("registered %+v, key %s", c.Register, c.ImportKey)
	}
	var actions []string
	for _, e := range c.History {
		actions = append(actions, string(e.Action)+" "+e.Note)
	}
	if got := strings.Join(actions, ", "); got != "contract.create 导入, contract.submit 导入, contract.register 导入" {
		t.Errorf("history %s", got)
	}
}

func TestPutAfterACorrection(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Put(ctx, seller, magnesium(), "A-1", false); err != nil {
		t.Fatal(err)
	}
	page, _ := w.Mine(ctx, seller, SideOwner, "", 0)
	id := page.Items[0].ID
	if _, err := w.Return(ctx, officer, id, 0, "金额有误"); err != nil {
		t.Fatal(err)
	}
	if got, err := w.Put(ctx, seller, magnesium(), "A-1", false); err != nil || got != market.Unchanged {
		t.Errorf("the same row again: %v, %v", got, err)
	}
	if got, err := w.Put(ctx, colleague, changed(magnesium()), "A-1", false); err != nil || got != market.Updated {
		t.Errorf("the corrected row: %v, %v", got, err)
	}
	if c := w.stored(t, id); c.State != market.ContractSubmitted || c.Submitter != "u-colleague" || c.Amounts.Total != 100*market.Wan+1 || len(c.History) != 5 {
		t.Errorf("corrected to %+v", c)
	}
}

func TestPutRegistersWhatCameWithoutNumber(t *testing.T) {
	w := newWorld(t)
	row := registeredRow("", "")
	if _, err := w.Put(ctx, officer, row, "A-1", false); err != nil {
		t.Fatal(err)
	}
	got, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "A-1", false)
	if err != nil || got != market.Updated {
		t.Errorf("Put = %v, %v", got, err)
	}
	page, _ := w.Registered(ctx, officer, Selection{})
	if len(page.Items) != 1 || page.Items[0].Register.Number != someNumber {
		t.Errorf("registered %+v", page.Items)
	}
}

func TestPutRefuses(t *testing.T) {
	tests := []struct {
		name   string
		by     market.Actor
		change func(*market.Contract)
		id     string
		kind   market.Kind
		fields []string
	}{
		{"visitor", visitor, nil, "1", market.Unauthenticated, nil},
		{"broker", broker, nil, "1", market.Denied, nil},
		{"a seller's registered row", seller, func(c *market.Contract) { *c = *registeredRow(someNumber, "2025-03-01") }, "1", market.Invalid, []string{"registration.number"}},
		{"incomplete", seller, func(c *market.Contract) { c.Project, c.Amounts.Total = "", 0 }, "1", market.Invalid, []string{"amounts.paid", "project", "amounts.total"}},
		{"number without date", officer, func(c *market.Contract) { c.Register.Number = someNumber }, "1", market.Invalid, []string{"registration.at"}},
		{"date without number", officer, func(c *market.Contract) { c.Register.At = today }, "1", market.Invalid, []string{"registration.number"}},
		{"bad number", officer, func(c *market.Contract) { c.Register.Number, c.Register.At = "12", today }, "1", market.Invalid, []string{"registration.number"}},
		{"registered tomorrow", officer, func(c *market.Contract) { c.Register.Number, c.Register.At = someNumber, today.Add(24*time.Hour) }, "1", market.Invalid, []string{"registration.at"}},
		{"registered before signed", officer, func(c *market.Contract) {
			c.Register.Number, c.Register.At = someNumber, market.Date("2026-02-28").Time()
		}, "1", market.Invalid, []string{"registration.at"}},
		{"long id", seller, nil, strings.Repeat("长", 201), market.Invalid, []string{"external_id"}},
		{"id of bytes", seller, nil, "\xff", market.Invalid, []string{"external_id"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			row := magnesium()
			row.Amounts.Paid = 1
			if tt.change != nil {
				tt.change(row)
			}
			for _, dry := range []bool{true, false} {
				_, err := w.Put(ctx, tt.by, row, tt.id, dry)
				wantKind(t, err, tt.kind, "")
				if tt.fields != nil {
					wantFields(t, err, tt.fields...)
				}
			}
			if docs, _, err := w.contracts.Changes(ctx, "", 10); err != nil || len(docs) != 0 {
				t.Errorf("wrote %+v, %v", docs, err)
			}
		})
	}
}

func TestPutDryRun(t *testing.T) {
	w := newWorld(t)
	registered := w.at(t, market.ContractRegistered)
	if _, err := w.Put(ctx, officer, registeredRow("", ""), "waits", false); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		row  *market.Contract
		id   string
		want market.Outcome
		code string
	}{
		{"new", magnesium(), "1", market.Created, ""},
		{"new and registered", registeredRow(someNumber, "2025-03-01"), "2", market.Created, ""},
		{"number in use", registeredRow(registered.Register.Number, "2025-03-01"), "3", 0, "registration_number_taken"},
		{"would be registered", registeredRow(someNumber, "2025-03-01"), "waits", market.Updated, ""},
		{"nothing new", registeredRow("", ""), "waits", market.Unchanged, ""},
	}
	_, cursor, err := w.contracts.Changes(ctx, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := w.Put(ctx, officer, tt.row, tt.id, true)
			if tt.code != "" {
				wantKind(t, err, market.Conflict, tt.code)
			} else if err != nil || got != tt.want {
				t.Errorf("Put = %v, %v; want %v", got, err, tt.want)
			}
			docs, _, _ := w.contracts.Changes(ctx, cursor, 10)
			if _, err := w.claims.Get(ctx, market.ID(ClaimName(someNumber))); len(docs) > 0 || !market.Is(err, market.NotFound) {
				t.Errorf("a dry run wrote %v, claim %v", docs, err)
			}
		})
	}
}

func TestPutTwoRowsWithOneNumber(t *testing.T) {
	w := newWorld(t)
	if _, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "1", false); err != nil {
		t.Fatal(err)
	}
	_, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "2", false)
	wantKind(t, err, market.Conflict, "registration_number_taken")
	if docs, _, _ := w.contracts.Changes(ctx, "", 10); len(docs) != 1 {
		t.Errorf("%d contracts, want 1", len(docs))
	}
}

// A crash after taking the number and before the insert: the row comes again
// and finds its number.
func TestPutAfterACrash(t *testing.T) {
	w := newWorld(t)
	in := intake{s: w.Service, by: officer}
	row, err := in.row(registeredRow(someNumber, "2025-03-01"), "A-1")
	if err == nil {
		err = in.name(ctx, row)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := w.numbers.reserve(ctx, someNumber, row.ID); err != nil {
		t.Fatal(err)
	}
	_, err = w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "A-2", false)
	wantKind(t, err, market.Conflict, "registration_number_taken")
	if got, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "A-1", false); err != nil || got != market.Created {
		t.Errorf("Put = %v, %v", got, err)
	}
	if stored, err := w.byImportKey(ctx, row.ImportKey); err != nil || stored == nil || stored.ID != row.ID {
		t.Errorf("stored %+v, %v, want the id %s", stored, err, row.ID)
	}
}

// Whoever knows what organization brings in what must not know the address:
// the id says nothing about either.
func TestPutGivesNoIDToGuess(t *testing.T) {
	for _, external := range []string{"A-1", ""} {
		a, b := newWorld(t), newWorld(t)
		b.ids = 7_000
		for _, w := range []*world{a, b} {
			if _, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), external, false); err != nil {
				t.Fatal(err)
			}
		}
		one, _ := a.Registered(ctx, officer, Selection{})
		other, _ := b.Registered(ctx, officer, Selection{})
		if one.Items[0].ID == other.Items[0].ID || one.Items[0].ImportKey != other.Items[0].ImportKey {
			t.Errorf("the row %q got %s and %s", external, one.Items[0].ID, other.Items[0].ID)
		}
	}
}

func TestPutTheSameRowAtOnce(t *testing.T) {
	w := newWorld(t)
	outcomes := make([]market.Outcome, 8)
	race(len(outcomes), func(i int) {
		got, err := w.Put(ctx, officer, registeredRow(someNumber, "2025-03-01"), "A-1", false)
		if err != nil {
			t.Errorf("row %d: %v", i, err)
		}
		outcomes[i] = got
	})
	count := map[market.Outcome]int{}
	for _, o := range outcomes {
		count[o]++
	}
	if want := map[market.Outcome]int{market.Created: 1, market.Unchanged: 7}; !reflect.DeepEqual(count, want) {
		t.Errorf("outcomes %v, want %v", count, want)
	}
}

func BenchmarkPut(b *testing.B) {
	w := newWorld(b)
	for i := 0; b.Loop(); i++ {
		if _, err := w.Put(ctx, officer, registeredRow(number(i), "2025-03-01"), fmt.Sprint(i), false); err != nil {
			b.Fatal(err)
		}
	}
}
