package alert

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// world is alerts over a real store, with a clock that tests set, an outbox
// that keeps mails by id as the real one does, and counterparts that tests name.
type world struct {
	testing.TB
	service      *Service
	stores       Stores
	achievements store.Collection[market.Achievement]
	demands      store.Collection[market.Demand]
	users        store.Collection[market.User]
	orgs         store.Collection[market.Organization]
	links        store.Collection[market.MemberLink]
	fits         *pairs
	mails        *outbox
	now          time.Time
	ids          atomic.Int64
}

// outbox keeps a mail once under its id.
type outbox struct {
	mu    sync.Mutex
	mails map[market.ID]market.Mail
	fail  bool // the store of mails is away
}

func (o *outbox) Send(_ context.Context, m *market.Mail) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail {
		return market.E(market.Unavailable, "away", "away")
	}
	if err := m.Check(); err != nil {
		return err
	}
	if _, ok := o.mails[m.ID]; !ok {
		o.mails[m.ID] = *m
	}
	return nil
}

func (o *outbox) Link(path string) string { return "https://jishi.example" + path }

// pairs is counterparts by id, as long as both are published and found.
type pairs struct {
	w      *world
	of     map[market.ID][]market.ID
	hidden map[market.ID]bool // not indexed yet
	asked  int
	fail   error
}

func (p *pairs) Of(_ context.Context, _ market.ListingKind, id market.ID, limit int) ([]market.ID, error) {
	p.asked++
	if p.fail != nil {
		return nil, p.fail
	}
	var found []market.ID
	for _, other := range p.of[id] {
		if !p.hidden[other] {
			found = append(found, other)
		}
	}
	return found[:min(limit, len(found))], nil
}

func (p *pairs) Indexed(_ context.Context, _ market.ListingKind, id market.ID) (bool, error) {
	return !p.hidden[id], nil
}

// Alike knows one pair of words.
func (p *pairs) Alike(text string) []string {
	if strings.Contains(text, "碳化硅") {
		return []string{"SiC"}
	}
	return nil
}

func (p *pairs) join(demand, achievement market.ID) {
	p.of[demand] = append(p.of[demand], achievement)
	p.of[achievement] = append(p.of[achievement], demand)
}

func open[T any, P interface {
	*T
	store.Document
}](t testing.TB, engine store.Engine, name string, spec store.Spec) store.Collection[T] {
	t.Helper()
	if spec.Name == "" {
		spec.Name = name
	}
	docs, err := store.Open[T, P](t.Context(), engine, spec)
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, now: time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), mails: &outbox{mails: map[market.ID]market.Mail{}}}
	w.fits = &pairs{w: w, of: map[market.ID][]market.ID{}, hidden: map[market.ID]bool{}}
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "t.db"), func() time.Time { return w.now })
	w.must(err)
	t.Cleanup(func() { engine.Close() })
	w.achievements = open[market.Achievement](t, engine, "achievements", store.Spec{})
	w.demands = open[market.Demand](t, engine, "demands", store.Spec{})
	w.users = open[market.User](t, engine, "users", store.Spec{})
	w.orgs = open[market.Organization](t, engine, "organizations", store.Spec{})
	w.links = open[market.MemberLink](t, engine, "", store.Spec{Name: "member_links", Indexes: []store.Index{{"org", "state", "user"}}})
	w.stores = Stores{
		Searches: open[market.SavedSearch](t, engine, "", SearchSpec), Notices: open[market.Notice](t, engine, "", NoticeSpec),
		Settings: open[market.AlertSetting](t, engine, "", SettingSpec), Digests: open[Digest](t, engine, "", DigestSpec),
		Positions: open[Position](t, engine, "", PositionSpec), Tickets: open[market.Ticket](t, engine, "tickets", store.Spec{}),
		Users: w.users, Links: w.links, Orgs: w.orgs, Achievements: w.achievements, Demands: w.demands,
	}
	w.service = w.start()
	return w
}

// start is a new process on the world's store.
func (w *world) start() *Service {
	return New(w.stores, Parts{Mail: w.mails, Read: readQuery, Terms: bigrams, Log: slog.New(slog.DiscardHandler)},
		func() time.Time { return w.now }, func() market.ID { return market.ID(fmt.Sprintf("id-%06d", w.ids.Add(1))) })
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// readQuery reads the filters that tests use.
func readQuery(query string) (string, market.SearchQuery, error) {
	values, err := url.ParseQuery(query)
	if err != nil || values.Get("kind") == "bad" {
		return "", market.SearchQuery{}, market.E(market.Invalid, "bad_query", "bad")
	}
	values.Del("cursor")
	low, _ := market.ParseMoney(values.Get("price_min"), market.Wan)
	high, _ := market.ParseMoney(values.Get("price_max"), market.Wan)
	return values.Encode(), market.SearchQuery{
		Text: values.Get("q"), Kind: market.ListingKind(values.Get("kind")), Fields: values["field"], Industries: values["industry"], Stages: values["stage"],
		Modes: values["mode"], Owner: market.ID(values.Get("owner")), PriceMin: low, PriceMax: high, From: market.Date(values.Get("from")), To: market.Date(values.Get("to")),
	}, nil
}

// bigrams cuts a text as the index does: pairs of Han characters, words of others.
func bigrams(text string) []string {
	var terms []string
	for _, run := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \n，。、；：！？,.", r) }) {
		runes := []rune(run)
		if len(runes) == 1 || runes[0] < 0x2e80 {
			terms = append(terms, run)
			continue
		}
		for i := range len(runes) - 1 {
			terms = append(terms, string(runes[i:i+2]))
		}
	}
	return terms
}

// org adds an organization.
func (w *world) org(id market.ID) market.ID {
	w.Helper()
	w.must(w.orgs.Insert(w.Context(), &market.Organization{Meta: market.Meta{ID: id}, Name: string(id), State: market.OrgVerified}))
	return id
}

// member adds somebody to an organization; change alters them before.
func (w *world) member(id, org market.ID, change func(*market.User)) market.Actor {
	w.Helper()
	u := &market.User{Meta: market.Meta{ID: id}, Login: string(id) + "@example.cn", Name: "成员" + string(id), Org: org, ConfirmedAt: w.now,
		Memberships: []market.Membership{{Org: org, Roles: []market.Role{market.RoleSupplier}, State: market.MemberActive}}}
	if change != nil {
		change(u)
	}
	w.must(w.links.Insert(w.Context(), &market.MemberLink{Meta: market.Meta{ID: "ln-" + id + "-" + org}, Org: org, User: id, State: market.MemberActive}))
	w.must(w.users.Insert(w.Context(), u))
	return market.Actor{User: id, Org: org, Roles: []market.Role{market.RoleSupplier}, Verified: true}
}

func (w *world) listing(title string, owner market.ID) market.Listing {
	return market.Listing{
		Title: title, Summary: "概述", Owner: owner, State: market.StatePublished, Class: market.Class{Field: "05", Industry: "C"}, Modes: []string{"license"},
		Published: w.now, History: []market.Event{{Seq: 1, At: w.now, Action: market.ActApprove, To: string(market.StatePublished)}},
	}
}

func (w *world) achievement(id market.ID, title string, owner market.ID) *market.Achievement {
	w.Helper()
	a := &market.Achievement{Meta: market.Meta{ID: id}, Listing: w.listing(title, owner)}
	w.must(w.achievements.Insert(w.Context(), a))
	return a
}

func (w *world) demand(id market.ID, title string, owner market.ID) *market.Demand {
	w.Helper()
	d := &market.Demand{Meta: market.Meta{ID: id}, Listing: w.listing(title, owner)}
	w.must(w.demands.Insert(w.Context(), d))
	return d
}

// told is the titles of everybody's notices, by person, in the order made.
func (w *world) told() map[market.ID][]string {
	w.Helper()
	all := map[market.ID][]string{}
	docs, _, err := w.stores.Notices.Changes(w.Context(), "", store.MaxLimit)
	w.must(err)
	for _, n := range docs {
		all[n.User] = append(all[n.User], n.Title)
	}
	return all
}
