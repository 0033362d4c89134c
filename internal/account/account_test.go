package account

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
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
	books
	*People
	*Organizations
	clock  *clock
	org    *market.Organization
	fault  *failing // lets writes fail
	post   *post
	agreed *agreed
}

const goodPassword = "Qingshan-2026-hu"

func newHouse(t *testing.T) *house {
	t.Helper()
	ctx := t.Context()
	h := &house{clock: &clock{at: start}, fault: &failing{left: -1}, post: &post{}, agreed: &agreed{given: make(map[market.ID][]string)}}
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
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	if err != nil {
		t.Fatal(err)
	}
	files := open[market.File](t, engine, store.Spec{Name: "files"})
	h.People, h.Organizations = New(Stores{
		Organizations: faulty[market.Organization]{open[market.Organization](t, engine, OrganizationSpec), h.fault},
		Users:         faulty[market.User]{open[market.User](t, engine, UserSpec), h.fault},
		Links:         faulty[market.MemberLink]{open[market.MemberLink](t, engine, MemberLinkSpec), h.fault},
		Tickets:       faulty[market.Ticket]{open[market.Ticket](t, engine, TicketSpec), h.fault},
		Guards:        open[Guard](t, engine, GuardSpec), Files: files,
	}, Parts{
		Passwords: passwords, Mail: h.post, Consents: h.agreed, Files: shelf{faulty[market.File]{files, h.fault}, newID}, Address: "https://jishi.example",
	}, h.clock.now, newID)
	h.books = h.People.books
	h.org, err = h.CreateOrganization(ctx, market.System, &market.Organization{Name: "示例大学", Kind: "university"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func open[T any, P interface {
	*T
	store.Document
}](t *testing.T, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	c, err := store.Open[T, P](t.Context(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// user adds a supplier with goodPassword.
func (h *house) user(t *testing.T, login string) *market.User {
	t.Helper()
	u, err := h.CreateUser(t.Context(), market.System, NewUser{
		Login: login, Name: "王小明", Org: h.org.ID, Roles: []market.Role{market.RoleSupplier}, Password: goodPassword,
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
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

func actor(role market.Role) market.Actor {
	return market.Actor{User: "u-" + market.ID(role), Org: "elsewhere", Name: "测试", Roles: []market.Role{role}, Verified: true}
}
