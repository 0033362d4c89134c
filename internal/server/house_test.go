package server

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"jishi/internal/account"
	"jishi/internal/api"
	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

const (
	login    = "bureau@test"
	password = "Qingshan-2026-hu"
)

// wide is rates that no test meets which is not about them.
var wide = Rates{rates: map[Class]Rate{
	ClassRead: {maxRate, time.Second, maxRate}, ClassWrite: {maxRate, time.Second, maxRate}, ClassSignIn: {maxRate, time.Second, maxRate},
	ClassUpload: {maxRate, time.Second, maxRate}, ClassExport: {maxRate, time.Second, maxRate},
}}

// house is a running server over real accounts and a few routes of its own.
type house struct {
	*Server
	url      string
	log      *lines
	clock    *clock
	sessions *signin.Sessions
	orgs     store.Collection[market.Organization]
	users    store.Collection[market.User]
	stop     func() error // ends the server and returns what Serve did
}

// lines is a log that tests read while the server writes.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

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

// start runs a server that config may change from its defaults. extra adds
// routes to the toy pages.
func start(t *testing.T, config Config, extra ...func(fiber.Router)) *house {
	t.Helper()
	h := &house{log: &lines{}, clock: &clock{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}}
	people, organizations := h.accounts(t)
	config.Log = slog.New(slog.NewJSONHandler(h.log, nil))
	if config.Rates.rates == nil {
		config.Rates = wide
	}
	config.Large = []Large{
		{Path: "/files", Max: maxLargeBody}, {Path: api.Prefix + "/uploads", Max: maxLargeBody},
		{Path: "/cases/:id/files", Max: maxLargeBody}, {Path: "/sign-up", Max: visitorsLargeBody, Anyone: true},
	}
	h.Server = New(config, h.sessions, api.New(api.Config{Sessions: h.sessions, People: people, Organizations: organizations}), toyPages{extra})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.url = "http://" + ln.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- h.Serve(ctx, ln) }()
	h.stop = sync.OnceValue(func() error { cancel(); return <-served })
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := h.stop(); err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return h
}

// accounts makes a store with one officer in it.
func (h *house) accounts(t *testing.T) (*account.People, *account.Organizations) {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "jishi.db"), h.clock.now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	newID := func() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) }
	orgs, err := store.Open[market.Organization](t.Context(), engine, account.OrganizationSpec)
	must(t, err)
	users, err := store.Open[market.User](t.Context(), engine, account.UserSpec)
	must(t, err)
	sessions, err := store.Open[market.Session](t.Context(), engine, signin.SessionSpec)
	must(t, err)
	links, err := store.Open[market.MemberLink](t.Context(), engine, account.MemberLinkSpec)
	must(t, err)
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	must(t, err)
	people, organizations := account.New(account.Stores{Organizations: orgs, Users: users, Links: links}, account.Parts{Passwords: passwords}, h.clock.now, newID)
	tokens, err := signin.NewTokens(signin.Key{ID: "k1", Secret: bytes.Repeat([]byte{7}, 32)}, nil, signin.DefaultLimits.Absolute, h.clock.now)
	must(t, err)
	h.users = users
	tickets, err := store.Open[market.Ticket](t.Context(), engine, account.TicketSpec)
	must(t, err)
	sealer, err := vault.New(make([]byte, vault.KeySize))
	must(t, err)
	h.orgs = orgs
	h.sessions = signin.NewSessions(signin.Stores{Users: users, Organizations: orgs, Sessions: sessions, Tickets: tickets},
		signin.Parts{Passwords: passwords, Tokens: tokens, Sealer: sealer, Mail: &outbox{}, Trail: &trail{}}, signin.DefaultLimits, h.clock.now, newID)
	org, err := organizations.CreateOrganization(t.Context(), market.System, &market.Organization{Name: "示例科技局", Kind: "bureau"})
	must(t, err)
	_, err = people.CreateUser(t.Context(), market.System, account.NewUser{
		Login: login, Name: "周经办", Org: org.ID, Roles: []market.Role{market.RoleOfficer}, Password: password})
	must(t, err)
	_, err = people.CreateUser(t.Context(), market.System, account.NewUser{
		Login: "supplier@test", Name: "吴老师", Org: org.ID, Roles: []market.Role{market.RoleSupplier}, Password: password})
	must(t, err)
	return people, organizations
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// signIn returns a token of the officer.
func (h *house) signIn(t *testing.T) string {
	t.Helper()
	opened, err := h.sessions.Open(t.Context(), login, password)
	must(t, err)
	return opened.Access
}

// toyPages is a handful of pages, one for each thing the server must cope with.
type toyPages struct{ extra []func(fiber.Router) }

func (p toyPages) Register(router fiber.Router) {
	who := func(c *fiber.Ctx) error {
		by, _ := c.Locals(api.ActorKey).(market.Actor)
		return c.SendString("[" + by.Name + "]")
	}
	router.Get("/", who)
	router.Post("/form", who)
	router.Get("/private", func(*fiber.Ctx) error {
		return market.E(market.Unauthenticated, "sign_in_first", "请先登录。")
	})
	size := func(c *fiber.Ctx) error { return c.SendString(strconv.Itoa(len(c.Request().Body()))) }
	router.Post("/size", size)
	router.Post("/files", size)
	router.Post("/sign-up", size)
	router.Post("/cases/:id/files", size)
	router.Post(api.Prefix+"/uploads", size)
	fail := func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentDisposition, "attachment") // must not survive the error
		return failures[c.Params("name")](c)
	}
	router.Get("/fail/:name", fail)
	router.Post("/fail/:name", fail)
	router.Get(api.Prefix+"/fail/:name", fail)
	for _, add := range p.extra {
		add(router)
	}
}

// failures is every way a handler can fail.
var failures = map[string]func(c *fiber.Ctx) error{
	"internal":        kind(market.Internal),
	"invalid":         kind(market.Invalid),
	"unauthenticated": kind(market.Unauthenticated),
	"denied":          kind(market.Denied),
	"not_found":       kind(market.NotFound),
	"conflict":        kind(market.Conflict),
	"stale":           kind(market.Stale),
	"too_large":       kind(market.TooLarge),
	"too_many":        kind(market.TooMany),
	"unavailable":     kind(market.Unavailable),
	"unclassified":    func(*fiber.Ctx) error { return errors.New("secret: dial tcp 10.0.0.1") },
	"fiber":           func(*fiber.Ctx) error { return fiber.NewError(http.StatusTeapot, "secret teapot") },
	"deadline":        func(c *fiber.Ctx) error { <-c.UserContext().Done(); return c.UserContext().Err() },
	"panic":           func(*fiber.Ctx) error { panic("secret panic") },
	"nil":             func(*fiber.Ctx) error { return nowhere.next },
}

// nowhere is nil, so that following it is a run-time panic.
var nowhere *struct{ next error }

func kind(k market.Kind) func(*fiber.Ctx) error {
	return func(*fiber.Ctx) error {
		e := market.Wrap(k, errors.New("secret cause"), "the_code", "一句话。")
		e.Fields = []market.FieldError{{Field: "title", Reason: "必填"}}
		e.Retry = 90 * time.Second
		return e
	}
}

// ErrorPage panics where a template might, and shows the rest.
func (toyPages) ErrorPage(c *fiber.Ctx, status int, err error) error {
	if c.Query("broken") != "" {
		panic("secret template panic")
	}
	var e *market.Error
	errors.As(err, &e)
	c.Type("html", "utf-8")
	return c.Status(status).SendString("<h1>" + e.Message + "</h1>")
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends one request; header is pairs of name and value.
func (h *house) ask(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(body))
	must(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	return answer{res.StatusCode, res.Header, string(text)}
}
