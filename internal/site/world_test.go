package site

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/account"
	"jishi/internal/contract"
	"jishi/internal/exchange"
	"jishi/internal/follow"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/synonym"
	"jishi/internal/turnover"
	"jishi/internal/vault"
	"jishi/search"
	"jishi/web"
)

const password = demoPassword

// world is all pages over real services on a real store, with a clock and ids
// that tests set.
type world struct {
	t      *testing.T
	app    *fiber.App
	site   *Site
	engine store.Engine
	now    time.Time
	ids    atomic.Int64
	users  map[string]market.Actor // by the name tests act under
	mails  outbox
	trail  trail

	index        *search.Index
	achievements *follow.Follower[market.Achievement]
	demands      *follow.Follower[market.Demand]
	contracts    *follow.Follower[market.Contract]
	directory    *follow.Follower[market.Organization]
}

// builtPages saves parsing all templates for each test.
var builtPages = sync.OnceValues(func() (*web.Pages, error) {
	assets, err := web.NewAssets()
	if err != nil {
		return nil, err
	}
	builtAssets = assets
	return web.NewPages(assets, func() time.Time { return testNow })
})

var (
	builtAssets *web.Assets
	testNow     = time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: testNow, users: make(map[string]market.Actor)}
	pages, err := builtPages()
	must(t, err)
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "test.db"), w.clock)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	w.engine = engine
	orgs, users := open[market.Organization](t, engine, account.OrganizationSpec), open[market.User](t, engine, account.UserSpec)
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	must(t, err)
	files, people, organizations := w.accounts(orgs, users, passwords)
	tokens, err := signin.NewTokens(signin.Key{ID: "k1", Secret: []byte(strings.Repeat("k", 32))}, nil, signin.DefaultLimits.Absolute, w.clock)
	must(t, err)
	w.site = New(w.services(engine, Config{
		Pages: pages, Assets: builtAssets, Now: w.clock, Demo: true, People: people, Organizations: organizations, Files: files,
		Sessions: signin.NewSessions(signin.Stores{
			Users: users, Organizations: orgs, Sessions: open[market.Session](t, engine, signin.SessionSpec),
			Tickets: open[market.Ticket](t, engine, account.TicketSpec),
		}, signin.Parts{Passwords: passwords, Tokens: tokens, Sealer: sealer(t), Mail: &w.mails, Trail: &w.trail}, signin.DefaultLimits, w.clock, w.newID),
	}))
	w.crowd(people, organizations)
	w.app = fiber.New(fiber.Config{Immutable: true, ErrorHandler: w.fail, ReadBufferSize: 16 << 10, DisablePreParseMultipartForm: true})
	w.app.Use(w.who)
	w.site.Register(w.app)
	return w
}

// sealer seals fields under a key that tests share.
func sealer(t *testing.T) market.Sealer {
	t.Helper()
	v, err := vault.New(make([]byte, vault.KeySize))
	must(t, err)
	return v
}

// services puts everything the pages are made from into config, and the
// followers that feed index and figures into w.
func (w *world) services(engine store.Engine, config Config) Config {
	t := w.t
	t.Helper()
	claims := open[market.Claim](t, engine, store.ClaimSpec)
	achievements := open[market.Achievement](t, engine, listing.AchievementSpec)
	demands := open[market.Demand](t, engine, listing.DemandSpec)
	contracts := open[market.Contract](t, engine, contract.Spec)
	index, err := search.Open(filepath.Join(t.TempDir(), "index"), slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { index.Close() })
	cube := turnover.NewCube()
	figures := turnover.New(cube, turnover.Stores{
		Contracts: contracts, Targets: open[market.Target](t, engine, turnover.TargetSpec),
		Indicators: open[market.Indicator](t, engine, turnover.IndicatorSpec),
	}, w.clock, w.newID)
	must(t, figures.Seed(t.Context()))
	w.index = index
	w.achievements = &follow.Follower[market.Achievement]{Source: achievements, Sink: index.Achievements()}
	w.demands = &follow.Follower[market.Demand]{Source: demands, Sink: index.Demands()}
	w.contracts = &follow.Follower[market.Contract]{Source: contracts, Sink: cube}
	config.Achievements = listing.NewAchievements(achievements, claims, w.clock, w.newID)
	config.Demands = listing.NewDemands(demands, claims, w.clock, w.newID)
	config.Synonyms = synonym.New(open[market.Synonym](t, engine, synonym.Spec), w.clock, w.newID)
	config.Finder = listing.NewFinder(index, search.Highlight, config.Achievements, config.Demands)
	matches := matching.New(achievements, demands, index)
	config.Judging.Verdicts = matching.NewVerdicts(matching.Books{
		Verdicts: open[market.Verdict](t, engine, matching.VerdictSpec), Demands: demands, Achievements: achievements, Scorer: index}, w.clock)
	matches.Heed(config.Judging.Verdicts)
	w.learning(engine, &config, matches)
	config.Matches = matches
	config.Contracts = contract.New(contracts, claims, sealer(t), w.clock, w.newID)
	config.Targets, config.Turnover = figures, figures
	config.Audit = w.office(engine)
	w.private(engine, &config)
	config.Alerts = w.alerts(engine, achievements, demands)
	config.Duplicates = w.duplicates(engine, achievements, demands, config)
	config.Radar = w.radar(engine, achievements, demands, config)
	config.Entrusting = listing.NewEntrusting(config.Demands, config.People, config.Alerts.Notices())
	config.Imports = exchange.NewJobs(open[market.ImportJob](t, engine, store.Spec{Name: "imports"}), exchange.NewImporter(exchange.Sinks{
		Achievements: config.Achievements.Put, Demands: config.Demands.Put,
		Organizations: config.Organizations.PutOrganization, Contracts: config.Contracts.Put,
	}, w.clock), w.clock, w.newID)
	t.Cleanup(func() { must(t, config.Imports.Close(context.Background())) })
	return config
}

// catchUp makes index and figures hold what the store holds.
func (w *world) catchUp() {
	w.t.Helper()
	must(w.t, w.achievements.CatchUp(w.t.Context()))
	must(w.t, w.demands.CatchUp(w.t.Context()))
	must(w.t, w.contracts.CatchUp(w.t.Context()))
	must(w.t, w.directory.CatchUp(w.t.Context()))
}

func (w *world) clock() time.Time { return w.now }

func (w *world) newID() market.ID {
	return market.ID(fmt.Sprintf("0193a0b0-0000-7000-8000-%012d", w.ids.Add(1)))
}

func open[T any, P interface {
	*T
	store.Document
}](t *testing.T, engine store.Engine, spec store.Spec) store.Collection[T] {
	t.Helper()
	docs, err := store.Open[T, P](t.Context(), engine, spec)
	must(t, err)
	return docs
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// people signs up an organization for each part of the story. Only some can
// sign in: hashing a password takes its time.
func (w *world) crowd(people *account.People, organizations *account.Organizations) {
	w.t.Helper()
	for _, who := range []struct {
		name, org string
		verified  bool
		roles     []market.Role
	}{
		{"university", "示例大学", true, []market.Role{market.RoleSupplier}},
		{"rival", "示例学院", true, []market.Role{market.RoleSupplier}},
		{"enterprise", "示例镁业有限公司", true, []market.Role{market.RoleDemander}},
		{"newcomer", "示例新设有限公司", false, []market.Role{market.RoleDemander}},
		{"broker", "示例技术转移中心", true, []market.Role{market.RoleBroker}},
		{"officer", "示例区科技局", true, []market.Role{market.RoleOfficer}},
	} {
		ctx := context.Background()
		org, err := organizations.CreateOrganization(ctx, market.System, &market.Organization{Name: who.org, Kind: "other"})
		must(w.t, err)
		by := market.Actor{User: w.newID(), Org: org.ID, Name: "测试" + who.name, OrgName: org.Name, Roles: who.roles, Verified: who.verified}
		if who.name == "university" || who.name == "officer" {
			user, err := people.CreateUser(ctx, market.System, account.NewUser{
				Login: who.name + "@demo", Name: by.Name, Org: org.ID, Roles: who.roles, Password: password,
			})
			must(w.t, err)
			by.User = user.ID
		} else {
			w.insert(by, who.name+"@example.com")
		}
		w.users[who.name] = by
	}
}

// insert makes a user who does not sign in: hashing a password takes its time.
func (w *world) insert(by market.Actor, login string) {
	w.t.Helper()
	ctx := context.Background()
	must(w.t, open[market.MemberLink](w.t, w.engine, account.MemberLinkSpec).Insert(ctx, &market.MemberLink{
		Meta: market.Meta{ID: "ml-" + by.User}, Org: by.Org, User: by.User, State: market.MemberActive,
	}))
	must(w.t, open[market.User](w.t, w.engine, account.UserSpec).Insert(ctx, &market.User{
		Meta: market.Meta{ID: by.User}, Login: login, Name: by.Name, Org: by.Org,
		Memberships: []market.Membership{{Org: by.Org, Roles: by.Roles, State: market.MemberActive, Since: w.now}},
	}))
}

// asHeader lets a test act as one of the users without signing in.
const asHeader = "X-Test-As"

// who does what the server does for each request: it finds out who asks.
func (w *world) who(c *fiber.Ctx) error {
	c.SetUserContext(market.WithRequest(c.UserContext(), market.Request{ID: "req-1", Address: "192.0.2.1"}))
	if name := c.Get(asHeader); name != "" {
		c.Locals(ActorKey, w.users[name])
	} else if token := w.site.Session.Token(c); token != "" {
		if by, err := w.site.Sessions.Actor(c.UserContext(), token); err == nil {
			c.Locals(ActorKey, by)
		}
	}
	return c.Next()
}

// fail does what the server does with errors: kind to status, then the page.
func (w *world) fail(c *fiber.Ctx, err error) error {
	status := map[market.Kind]int{
		market.Invalid: 422, market.Unauthenticated: 401, market.Denied: 403, market.NotFound: 404,
		market.Conflict: 409, market.Stale: 409, market.TooLarge: 413, market.TooMany: 429, market.Unavailable: 503,
	}[market.KindOf(err)]
	var wrong *fiber.Error
	if errors.As(err, &wrong) {
		status = wrong.Code
	}
	if status == 0 {
		w.t.Errorf("%s %s failed: %v", c.Method(), c.OriginalURL(), err)
		status = 500
	}
	return w.site.ErrorPage(c, status, err)
}

// get asks for a page as a user, "" for a visitor.
func (w *world) get(as, path string) *answer {
	w.t.Helper()
	return w.send(as, httptest.NewRequest(http.MethodGet, path, nil))
}

// post sends a form as a user.
func (w *world) post(as, path string, values url.Values) *answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(as, r)
}

func (w *world) send(as string, r *http.Request) *answer {
	w.t.Helper()
	if as != "" {
		if _, ok := w.users[as]; !ok {
			w.t.Fatalf("nobody is called %q", as)
		}
		r.Header.Set(asHeader, as)
	}
	response, err := w.app.Test(r, 20_000)
	must(w.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	must(w.t, err)
	return newAnswer(w.t, r.Method+" "+r.URL.String()+" as "+as, response, string(body))
}

// with asks for a page with a cookie.
func (w *world) with(name, value, path string) *answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.AddCookie(&http.Cookie{Name: name, Value: value})
	return w.send("", r)
}
