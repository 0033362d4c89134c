package privacy

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"jishi/internal/account"
	"jishi/internal/alert"
	"jishi/internal/file"
	"jishi/internal/listing"
	"jishi/internal/mail"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

var start = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

const goodPassword = "Qingshan-2026-hu"

// trail is the entries of the audit trail, or why none can be written.
type trail struct {
	mu      sync.Mutex
	entries []market.Entry
	err     error
}

func (t *trail) Append(_ context.Context, e market.Entry) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.entries = append(t.entries, e)
	}
	return t.err
}

func (t *trail) OfUser(_ context.Context, user market.ID, limit int) ([]market.Entry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var own []market.Entry
	for _, e := range slices.Backward(t.entries) {
		if e.User == user && len(own) < limit {
			own = append(own, e)
		}
	}
	return own, nil
}

// house is the service over a fresh store, with the accounts it is about.
type house struct {
	*Service
	engine        *sqlite.Engine
	path          string
	people        *account.People
	organizations *account.Organizations
	trail         *trail
	reveals       *Reveals
	links         store.Collection[market.MemberLink]
	mu            sync.Mutex
	at            time.Time
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{at: start, trail: &trail{}, path: filepath.Join(t.TempDir(), "jishi.db")}
	engine, err := sqlite.Open(h.path, h.now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	h.engine = engine
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	must(t, err)
	sealer, err := vault.New(make([]byte, vault.KeySize))
	must(t, err)
	stores := Stores{
		Users: open[market.User](t, engine, account.UserSpec), Organizations: open[market.Organization](t, engine, account.OrganizationSpec),
		Consents: open[market.Consent](t, engine, ConsentSpec), Erasures: open[market.Erasure](t, engine, ErasureSpec),
		Sessions: open[market.Session](t, engine, signin.SessionSpec), Tickets: open[market.Ticket](t, engine, account.TicketSpec),
		Mails: open[market.Mail](t, engine, mail.Spec), Files: open[market.File](t, engine, file.Spec),
		Achievements: open[market.Achievement](t, engine, listing.AchievementSpec), Demands: open[market.Demand](t, engine, listing.DemandSpec),
		Verdicts: open[market.Verdict](t, engine, matching.VerdictSpec),
		Alerts: Alerts{
			Searches: open[market.SavedSearch](t, engine, alert.SearchSpec), Notices: open[market.Notice](t, engine, alert.NoticeSpec),
			Settings: open[market.AlertSetting](t, engine, alert.SettingSpec),
		},
	}
	h.links = open[market.MemberLink](t, engine, account.MemberLinkSpec)
	h.people, h.organizations = account.New(account.Stores{
		Organizations: stores.Organizations, Users: stores.Users, Links: h.links, Tickets: stores.Tickets,
		Guards: open[account.Guard](t, engine, account.GuardSpec), Files: stores.Files,
	}, account.Parts{Passwords: passwords}, h.now, newID)
	h.Service = New(stores, Parts{Passwords: passwords, Members: h.people, Sealer: sealer, Trail: h.trail, Entries: h.trail}, h.now)
	h.reveals = NewReveals(open[Count](t, engine, RevealSpec), h.trail, 3, h.now)
	return h
}

func newID() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open[T any, P interface {
	*T
	store.Document
}](t *testing.T, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	c, err := store.Open[T, P](t.Context(), engine, spec)
	must(t, err)
	return c
}

// organization adds an organization of a name.
func (h *house) organization(t *testing.T, name, kind string) market.ID {
	t.Helper()
	org, err := h.organizations.CreateOrganization(t.Context(), market.System, &market.Organization{Name: name, Kind: kind})
	must(t, err)
	return org.ID
}

// user adds a user and returns who acts when they do.
func (h *house) user(t *testing.T, login, name string, org market.ID, roles ...market.Role) market.Actor {
	t.Helper()
	u, err := h.people.CreateUser(t.Context(), market.System, account.NewUser{Login: login, Name: name, Org: org, Roles: roles, Password: goodPassword})
	must(t, err)
	return market.Actor{User: u.ID, Org: org, Name: u.Name, Roles: roles, Verified: true}
}

func TestConsents(t *testing.T) {
	h := newHouse(t)
	by := h.user(t, "zhou@example.org", "周老师", h.organization(t, "示例大学", "university"), market.RoleSupplier)
	due := func(want bool) {
		t.Helper()
		if got, err := h.Due(t.Context(), by.User); err != nil || got != want {
			t.Errorf("due %v, %v, want %v", got, err, want)
		}
	}
	states := func() map[string][2]int { // agreements there ever were, and hold
		t.Helper()
		choices, err := h.Mine(t.Context(), by)
		must(t, err)
		all := make(map[string][2]int)
		for _, c := range choices {
			n := [2]int{len(c.Past), 0}
			if c.Holds {
				n[1] = 1
			}
			all[c.Purpose] = n
			if c.Needed != (c.Purpose == market.PurposeAccount) {
				t.Errorf("%s needed: %v", c.Purpose, c.Needed)
			}
		}
		return all
	}
	due(true)
	must(t, h.Give(t.Context(), by, []string{market.PurposeAccount, market.PurposeContact}))
	due(false)
	must(t, h.Give(t.Context(), by, []string{market.PurposeContact})) // twice
	if got := states(); got[market.PurposeContact] != [2]int{1, 1} || got[market.PurposeRecommend] != [2]int{0, 0} {
		t.Errorf("given twice: %v", got)
	}
	for range 2 {
		must(t, h.Withdraw(t.Context(), by, market.PurposeContact))
	}
	if got := states(); got[market.PurposeContact] != [2]int{1, 0} {
		t.Errorf("withdrawn: %v", got)
	}
	must(t, h.Give(t.Context(), by, []string{market.PurposeContact}))
	if got := states(); got[market.PurposeContact] != [2]int{2, 1} {
		t.Errorf("given again: %v", got)
	}
	t.Run("at once", func(t *testing.T) {
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if err := h.Give(t.Context(), by, []string{market.PurposePublish}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if got := states(); got[market.PurposePublish] != [2]int{1, 1} {
			t.Errorf("given by eight at once: %v", got)
		}
	})
	t.Run("an older notice does not hold", func(t *testing.T) {
		other := h.user(t, "li@example.org", "李老师", by.Org, market.RoleSupplier)
		must(t, h.stores.Consents.Insert(t.Context(), &market.Consent{
			Meta: market.Meta{ID: market.ConsentID(other.User, market.PurposeAccount, "2020-01", 0)},
			User: other.User, Purpose: market.PurposeAccount, Policy: "2020-01", GivenAt: start,
		}))
		if asked, err := h.Due(t.Context(), other.User); err != nil || !asked {
			t.Errorf("due %v, %v", asked, err)
		}
		choices, err := h.Mine(t.Context(), other)
		if err != nil || choices[0].Holds || len(choices[0].Past) != 1 {
			t.Errorf("%+v, %v", choices, err)
		}
	})
}

func TestConsentsRefused(t *testing.T) {
	h := newHouse(t)
	by := h.user(t, "zhou@example.org", "周老师", h.organization(t, "示例大学", "university"), market.RoleSupplier)
	for _, tt := range []struct {
		name string
		do   func() error
		kind market.Kind
	}{
		{"nothing chosen", func() error { return h.Give(t.Context(), by, nil) }, market.Invalid},
		{"no such purpose", func() error { return h.Give(t.Context(), by, []string{market.PurposeAccount, "x"}) }, market.Invalid},
		{"visitor", func() error { return h.Give(t.Context(), market.Actor{}, []string{market.PurposeAccount}) }, market.Unauthenticated},
		{"the System", func() error { return h.Give(t.Context(), market.System, []string{market.PurposeAccount}) }, market.Denied},
		{"what an account needs", func() error { return h.Withdraw(t.Context(), by, market.PurposeAccount) }, market.Conflict},
		{"withdraw no purpose", func() error { return h.Withdraw(t.Context(), by, "x") }, market.NotFound},
		{"withdraw as a visitor", func() error { return h.Withdraw(t.Context(), market.Actor{}, market.PurposeContact) }, market.Unauthenticated},
	} {
		if err := tt.do(); !market.Is(err, tt.kind) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if choices, err := h.Mine(t.Context(), by); err != nil || len(choices) != len(market.ConsentPurposes) || len(choices[0].Past) != 0 {
		t.Errorf("something was recorded: %+v, %v", choices, err)
	}
}

func TestReveals(t *testing.T) {
	h := newHouse(t)
	by := market.Actor{User: "u1", Org: "o1"}
	ctx := market.WithRequest(t.Context(), market.Request{ID: "r1", Address: "192.0.2.1"})
	reveal := func() error {
		return h.reveals.Reveal(ctx, by, market.ActReadContact, "achievement", "a1", "name", "phone")
	}
	for range 3 {
		must(t, reveal())
	}
	want := market.Entry{At: start, User: "u1", Org: "o1", Action: market.ActReadContact, Kind: "achievement", Subject: "a1",
		Result: market.ResultOK, Detail: "name phone", Address: "192.0.2.1", Request: "r1"}
	if len(h.trail.entries) != 3 || h.trail.entries[0] != want {
		t.Errorf("entries %+v", h.trail.entries)
	}
	err := reveal()
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != market.TooMany || e.Retry != 15*time.Hour { // it is 9 in the morning
		t.Errorf("the fourth of three: %v", err)
	}
	if len(h.trail.entries) != 3 {
		t.Error("noted though refused")
	}
	by.User = "u2"
	must(t, reveal()) // others have their own count
	by.User = "u1"
	h.pass(15 * time.Hour)
	must(t, reveal()) // a new day
	h.trail.err = errors.New("disk full")
	if err := reveal(); !errors.Is(err, h.trail.err) {
		t.Errorf("not noted: %v", err)
	}
	t.Run("at once", func(t *testing.T) {
		h.trail.err, by.User = nil, "u3"
		var wait sync.WaitGroup
		var mu sync.Mutex
		shown := 0
		for range 12 {
			wait.Go(func() {
				err := h.reveals.Reveal(ctx, market.Actor{User: "u3"}, market.ActReadContact, "demand", "d1", "name")
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					shown++
				}
			})
		}
		wait.Wait()
		if shown > 3 {
			t.Errorf("%d shown at once, at most 3 a day", shown)
		}
	})
}
