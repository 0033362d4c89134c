package contract

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

// world is the service on a real store, with a clock that tests set.
type world struct {
	*Service
	claims store.Claims

	mu   sync.Mutex
	time time.Time
	ids  int
}

var ctx = context.Background()

var (
	seller     = actor("u-seller", "org-seller", "周老师", market.RoleSupplier)
	colleague  = actor("u-colleague", "org-seller", "李老师", market.RoleSupplier)
	buyer      = actor("u-buyer", "org-buyer", "郑经理", market.RoleDemander)
	broker     = actor("u-broker", "org-broker", "钱经纪", market.RoleBroker)
	stranger   = actor("u-stranger", "org-stranger", "吴老师", market.RoleSupplier, market.RoleDemander, market.RoleBroker)
	officer    = actor("u-officer", "org-bureau", "王科长", market.RoleOfficer)
	officer2   = actor("u-officer2", "org-bureau", "陈科员", market.RoleOfficer)
	admin      = actor("u-admin", "org-bureau", "管理员", market.RoleAdmin)
	visitor    = market.Actor{}
	today      = time.Date(2026, 3, 31, 2, 0, 0, 0, time.UTC)
	someNumber = "20265001550001"
)

func actor(user, org market.ID, name string, roles ...market.Role) market.Actor {
	return market.Actor{User: user, Org: org, Name: name, Roles: roles, Verified: true}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{time: today}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), w.clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	contracts, err := store.Open[market.Contract](ctx, engine, Spec)
	if err != nil {
		t.Fatal(err)
	}
	w.claims, err = store.Open[market.Claim](ctx, engine, store.ClaimSpec)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := vault.New(make([]byte, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	w.Service = New(contracts, w.claims, sealer, w.clock, w.newID)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.time
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.time = w.time.Add(d)
}

func (w *world) newID() market.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return market.ID(fmt.Sprintf("id-%04d", w.ids))
}

// number makes registration numbers that are not someNumber.
func number(n int) string { return fmt.Sprintf("2026500155%06d", n) }

func magnesium() *market.Contract {
	return &market.Contract{
		Project: "镁合金板材轧制技术开发", Type: "KF", SubType: "KF1",
		Sellers: []market.Party{{Org: "org-seller", Name: "示例大学", Category: "022", Division: "500109"}},
		Buyers:  []market.Party{{Org: "org-buyer", Name: "示例镁业", Category: "100", Division: "500155"}},
		Amounts: market.Amounts{Total: 100 * market.Wan, Technology: 80 * market.Wan, Deducted: "设备购置费"},
		Term:    market.Term{Signed: "2026-03-01", From: "2026-03-01", To: "2027-03-01"},
		Class:   market.ContractClass{Field: "05", Industry: "C"}, Payment: "installments",
		Origin: market.Origin{Kind: "matched", Broker: "org-broker"},
	}
}

// at brings a new contract into a state by the hands of colleague and officer2.
func (w *world) at(t testing.TB, state market.ContractState) *market.Contract {
	t.Helper()
	c, err := w.Create(ctx, colleague, magnesium())
	if err == nil && state != market.ContractDraft {
		c, err = w.Submit(ctx, colleague, c.ID, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	switch state {
	case market.ContractReturned:
		c, err = w.Return(ctx, officer2, c.ID, 0, "请补材料")
	case market.ContractRefused:
		c, err = w.Refuse(ctx, officer2, c.ID, 0, "不属于技术合同")
	case market.ContractRegistered, market.ContractCancelled:
		c, err = w.Register(ctx, officer2, c.ID, 0, "88"+strings.TrimPrefix(string(c.ID), "id-")+"00000000") // as unique as the id
		if err == nil && state == market.ContractCancelled {
			c, err = w.Cancel(ctx, officer2, c.ID, 0, "合同已解除")
		}
	}
	if err != nil || c.State != state {
		t.Fatalf("brought to %v, %v, want %v", c, err, state)
	}
	return c
}

// stored returns what the store holds.
func (w *world) stored(t testing.TB, id market.ID) *market.Contract {
	t.Helper()
	c, err := w.contracts.Get(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantKind checks kind and code; an empty code means any, and kind 0 with code "" success.
func wantKind(t *testing.T, err error, kind market.Kind, code string) {
	t.Helper()
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != kind || (code != "" && e.Code != code) {
		t.Errorf("error = %v, want kind %d code %q", err, kind, code)
		return
	}
	if e.Message == "" || strings.Trim(e.Message, "abcdefghijklmnopqrstuvwxyz ") == "" {
		t.Errorf("%v has no Chinese sentence", err)
	}
}

// wantFields checks that err is Invalid or Conflict and names these fields, in order.
func wantFields(t *testing.T, err error, fields ...string) {
	t.Helper()
	var e *market.Error
	if !errors.As(err, &e) {
		t.Fatalf("error = %v, want problems at %v", err, fields)
	}
	var got []string
	for _, f := range e.Fields {
		got = append(got, f.Field)
	}
	if strings.Join(got, " ") != strings.Join(fields, " ") {
		t.Errorf("problems at %v, want %v", got, fields)
	}
}

func TestCreate(t *testing.T) {
	w := newWorld(t)
	t.Run("takes only what parties write", func(t *testing.T) {
		entry := magnesium()
		entry.ID, entry.Version, entry.State, entry.Owner, entry.ImportKey = "forged", 7, market.ContractRegistered, "org-buyer", "forged"
		entry.Demo, entry.Submitter, entry.Register.Number = true, "forged", someNumber
		entry.History = []market.Event{{Seq: 9}}
		c, err := w.Create(ctx, seller, entry)
		if err != nil {
			t.Fatal(err)
		}
		c = w.stored(t, c.ID)
		if c.ID == "forged" || c.Version != 1 || c.State != market.ContractDraft || c.Owner != "org-seller" || c.ImportKey != string(c.ID) ||
			c.Demo || c.Submitter != "u-seller" || c.Register.Number != "" || !c.Register.At.IsZero() {
			t.Errorf("created %+v", c)
		}
		want := market.Event{Seq: 1, At: today, By: "u-seller", Org: "org-seller", Action: market.ActCreateContract, To: "draft"}
		if len(c.History) != 1 || c.History[0] != want {
			t.Errorf("history %+v, want %+v", c.History, want)
		}
	})
	t.Run("draft may be empty", func(t *testing.T) {
		c, err := w.Create(ctx, buyer, &market.Contract{})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Sellers) != 1 || len(c.Buyers) != 1 {
			t.Errorf("sides %v %v, want a row to fill each", c.Sellers, c.Buyers)
		}
		_, err = w.Submit(ctx, buyer, c.ID, 0)
		wantFields(t, err, "project", "type", "sellers.name", "buyers.name", "amounts.total", "amounts.technology", "term.signed", "class.field")
	})
	t.Run("what is filled in must be right", func(t *testing.T) {
		entry := magnesium()
		entry.Amounts.Technology = entry.Amounts.Total + 1
		_, err := w.Create(ctx, seller, entry)
		wantFields(t, err, "amounts.technology")
	})
	t.Run("leaves the caller's document alone", func(t *testing.T) {
		entry := magnesium()
		entry.Sellers[0].Code = "12100000400000624d"
		c, err := w.Create(ctx, seller, entry)
		if err != nil || c.Sellers[0].Code != "12100000400000624D" || entry.Sellers[0].Code != "12100000400000624d" {
			t.Errorf("created with code %s from %s, %v", c.Sellers[0].Code, entry.Sellers[0].Code, err)
		}
	})
	t.Run("demo data comes from the system alone", func(t *testing.T) {
		entry := magnesium()
		entry.Demo = true
		by := market.System
		by.Org = "org-seller"
		if c, err := w.Create(ctx, by, entry); err != nil || !c.Demo || c.Owner != "org-seller" {
			t.Errorf("created %+v, %v", c, err)
		}
	})
	t.Run("visitor", func(t *testing.T) {
		_, err := w.Create(ctx, visitor, magnesium())
		wantKind(t, err, market.Unauthenticated, "")
	})
	t.Run("broker", func(t *testing.T) {
		_, err := w.Create(ctx, broker, magnesium())
		wantKind(t, err, market.Denied, "")
	})
}

func TestAmountBounds(t *testing.T) {
	tests := []struct {
		name              string
		total, tech, paid market.Fen
		field             string
	}{
		{"one fen", 1, 1, 0, ""},
		{"the bound", market.MaxFen, market.MaxFen, market.MaxFen, ""},
		{"over the bound", market.MaxFen + 1, 1, 0, "amounts.total"},
		{"zero total", 0, 1, 0, "amounts.total"},
		{"zero technology", 1, 0, 0, "amounts.technology"},
		{"negative total", -1, -1, 0, "amounts.total"},
		{"technology over total", 1, 2, 0, "amounts.technology"},
		{"paid over total", 5, 5, 6, "amounts.paid"},
		{"negative paid", 5, 5, -1, "amounts.paid"},
	}
	w := newWorld(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			entry := magnesium()
			entry.Amounts = market.Amounts{Total: tt.total, Technology: tt.tech, Paid: tt.paid}
			c, err := w.Create(ctx, seller, entry)
			if err == nil {
				_, err = w.Submit(ctx, seller, c.ID, c.Version)
			}
			if tt.field == "" {
				if err != nil {
					t.Errorf("submit: %v", err)
				}
				return
			}
			var e *market.Error
			if !errors.As(err, &e) || e.Kind != market.Invalid || e.Fields[0].Field != tt.field {
				t.Errorf("error %v, want a problem at %s", err, tt.field)
			}
		})
	}
}

func TestRevise(t *testing.T) {
	w := newWorld(t)
	c, err := w.Create(ctx, seller, magnesium())
	if err != nil {
		t.Fatal(err)
	}
	mine, theirs := magnesium(), magnesium()
	mine.ID, mine.Version, mine.Amounts.Total = c.ID, c.Version, 120*market.Wan
	theirs.ID, theirs.Version, theirs.Project = c.ID, c.Version, "另一个名称"
	first, err := w.Revise(ctx, seller, mine)
	if err != nil || first.Version != 2 || first.Amounts.Total != 120*market.Wan || len(first.History) != 2 {
		t.Fatalf("revised to %+v, %v", first, err)
	}
	t.Run("again answers success", func(t *testing.T) {
		again, err := w.Revise(ctx, seller, mine)
		if err != nil || again.Version != 2 {
			t.Errorf("again: version %d, %v", again.Version, err)
		}
	})
	t.Run("stale names who and what", func(t *testing.T) {
		_, err := w.Revise(ctx, colleague, theirs)
		wantKind(t, err, market.Stale, "stale_version")
		wantFields(t, err, "project", "amounts.total")
		var e *market.Error
		if !errors.As(err, &e) || e.By != seller.User || !strings.HasPrefix(e.Message, market.Somebody) || !strings.Contains(err.Error(), "1,200,000.00 元") {
			t.Errorf("%v names neither who changed it nor the amount", err)
		}
	})
	t.Run("version required", func(t *testing.T) {
		unread := magnesium()
		unread.ID = c.ID
		_, err := w.Revise(ctx, seller, unread)
		wantKind(t, err, market.Invalid, "version_required")
	})
	t.Run("never demo, owner or registration", func(t *testing.T) {
		forged := magnesium()
		forged.ID, forged.Version, forged.Owner, forged.Demo, forged.Register.Number = c.ID, 2, "org-buyer", true, someNumber
		got, err := w.Revise(ctx, colleague, forged)
		if err != nil || got.Owner != "org-seller" || got.Demo || got.Register.Number != "" || got.Submitter != "u-colleague" {
			t.Errorf("revised to %+v, %v", got, err)
		}
	})
	t.Run("unknown id", func(t *testing.T) {
		_, err := w.Revise(ctx, seller, &market.Contract{Meta: market.Meta{ID: "none", Version: 1}})
		wantKind(t, err, market.NotFound, "")
	})
}

func TestReturnAndResubmit(t *testing.T) {
	w := newWorld(t)
	c := w.at(t, market.ContractReturned)
	fix := magnesium()
	fix.ID, fix.Version, fix.Class.IP = c.ID, c.Version, "invention"
	c, err := w.Revise(ctx, colleague, fix)
	if err != nil || c.State != market.ContractReturned {
		t.Fatalf("revised to %v, %v", c, err)
	}
	c, err = w.Submit(ctx, seller, c.ID, c.Version)
	if err != nil || c.State != market.ContractSubmitted || c.Submitter != "u-seller" {
		t.Fatalf("resubmitted to %v, %v", c, err)
	}
	var line []string
	for _, e := range w.stored(t, c.ID).History {
		line = append(line, fmt.Sprintf("%d %s→%s %s", e.Seq, e.From, e.To, e.Note))
	}
	want := "1 →draft ;2 draft→submitted ;3 submitted→returned 请补材料;4 returned→returned ;5 returned→submitted "
	if got := strings.Join(line, ";"); got != want {
		t.Errorf("history %s, want %s", got, want)
	}
}

func TestCancelKeepsTheRow(t *testing.T) {
	w := newWorld(t)
	c := w.at(t, market.ContractRegistered)
	w.later(48 * time.Hour)
	if _, err := w.Cancel(ctx, officer, c.ID, c.Version, " "); !market.Is(err, market.Invalid) {
		t.Errorf("cancel without a reason: %v", err)
	}
	got, err := w.Cancel(ctx, officer, c.ID, c.Version, "协商解除")
	if err != nil || got.Register.Number != c.Register.Number || !got.Register.At.Equal(c.Register.At) ||
		!got.Register.Cancelled.Equal(w.clock()) || got.Amounts != c.Amounts {
		t.Errorf("cancelled to %+v, %v", got, err)
	}
}
