package signin

import (
	"bytes"
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

var start = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// clock is a clock that tests set.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is the package's services over a fresh store.
type house struct {
	*Sessions
	people        *account.People
	organizations *account.Organizations
	tokens        *Tokens
	clock         *clock
	org           *market.Organization
	mails         *outbox
	trail         *trail
}

// outbox keeps the mails handed over.
type outbox struct {
	mu    sync.Mutex
	mails []market.Mail
}

func (o *outbox) Send(_ context.Context, m *market.Mail) error {
	if err := m.Check(); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, *m)
	return nil
}

func (o *outbox) Link(path string) string { return "https://jishi.example" + path }

// subjects returns what the mails to an address are about.
func (o *outbox) subjects(to string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []string
	for _, m := range o.mails {
		if m.To == to {
			all = append(all, m.Subject)
		}
	}
	return all
}

// trail keeps the entries appended.
type trail struct {
	mu      sync.Mutex
	entries []market.Entry
}

func (t *trail) Append(_ context.Context, e market.Entry) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = append(t.entries, e)
	return nil
}

// results returns what came of the entries of an action.
func (t *trail) results(a market.Action) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []string
	for _, e := range t.entries {
		if e.Action == a {
			all = append(all, e.Result)
		}
	}
	return all
}

const goodPassword = "Qingshan-2026-hu"

var testKey = Key{ID: "k1", Secret: bytes.Repeat([]byte{7}, 32)}

func newHouse(t testing.TB) *house { return newHouseWith(t, DefaultLimits) }

func newHouseWith(t testing.TB, limits Limits) *house {
	t.Helper()
	ctx := t.Context()
	h := &house{clock: &clock{at: start}, mails: &outbox{}, trail: &trail{}}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "jishi.db"), h.clock.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	newID := func() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) }
	orgs, users := open[market.Organization](t, engine, account.OrganizationSpec), open[market.User](t, engine, account.UserSpec)
	passwords, err := NewPasswords(WeakestHash)
	if err != nil {
		t.Fatal(err)
	}
	h.people, h.organizations = account.New(account.Stores{
		Organizations: orgs, Users: users, Links: open[market.MemberLink](t, engine, account.MemberLinkSpec),
	}, account.Parts{Passwords: passwords}, h.clock.now, newID)
	if h.tokens, err = NewTokens(testKey, nil, limits.Absolute, h.clock.now); err != nil {
		t.Fatal(err)
	}
	stores := Stores{
		Users: users, Organizations: orgs, Sessions: open[market.Session](t, engine, SessionSpec), Tickets: open[market.Ticket](t, engine, account.TicketSpec),
	}
	sealer, err := vault.New(make([]byte, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	h.Sessions = NewSessions(stores, Parts{Passwords: passwords, Tokens: h.tokens, Sealer: sealer, Mail: h.mails, Trail: h.trail}, limits, h.clock.now, newID)
	h.org, err = h.organizations.CreateOrganization(ctx, market.System, &market.Organization{Name: "示例大学", Kind: "university"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func open[T any, P interface {
	*T
	store.Document
}](t testing.TB, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	c, err := store.Open[T, P](t.Context(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// user adds a supplier with goodPassword.
func (h *house) user(t testing.TB, login string, roles ...market.Role) *market.User {
	t.Helper()
	if roles == nil {
		roles = []market.Role{market.RoleSupplier}
	}
	u, err := h.people.CreateUser(t.Context(), market.System, account.NewUser{
		Login: login, Name: "王小明", Org: h.org.ID, Roles: roles, Password: goodPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// from is a context of a request from an address.
func from(t testing.TB, address string) context.Context {
	return market.WithRequest(t.Context(), market.Request{ID: "test", Address: address, Agent: "test browser"})
}

// fieldsOf returns the fields an error names.
func fieldsOf(err error) []string {
	var fields []string
	if e, ok := err.(*market.Error); ok {
		for _, f := range e.Fields {
			fields = append(fields, f.Field)
		}
	}
	return fields
}
