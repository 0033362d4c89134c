package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"jishi/internal/api"
	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/server"
	"jishi/internal/site"
	"jishi/internal/turnover"
	"jishi/search"
)

// matrixWorld is the program without connections and without sign-in: each
// request says under which seat it is sent, and the seat says who acts.
type matrixWorld struct {
	*testing.T
	h      *house
	data   string // folder of the store
	handle fasthttp.RequestHandler
	seats  seats
	api    *api.API
	site   *site.Site
	made   map[[4]string]record // still as they were made, by kind, state, owner and party
	hash   string               // of a password nobody uses
	count  int                  // of records made, to tell them apart
	back   []func()

	document *openapi3.T
}

// seats is who acts, by what a request has for a token.
type seats map[string]market.Actor

// Known implements server.Sessions.
func (s seats) Known(token string) bool { _, ok := s[token]; return ok }

// Actor implements server.Sessions.
func (s seats) Actor(ctx context.Context, token string) (market.Actor, error) {
	by, ok := s[token]
	if !ok {
		return by, market.E(market.Unauthenticated, "session_over", "没有这个座位。")
	}
	by.Request = market.RequestOf(ctx)
	return by, nil
}

// Resume implements server.Sessions.
func (s seats) Resume(ctx context.Context, token, _ string) (market.Actor, *site.SessionPair, error) {
	by, err := s.Actor(ctx, token)
	return by, nil, err
}

// The organizations of the matrix.
const (
	ownOrg       market.ID = "01990000-0000-7000-8000-0000000000a1"
	otherOrg     market.ID = "01990000-0000-7000-8000-0000000000b2"
	bureauOrg    market.ID = "01990000-0000-7000-8000-0000000000c3"
	pendingOrg   market.ID = "01990000-0000-7000-8000-0000000000d4"
	suspendedOrg market.ID = "01990000-0000-7000-8000-0000000000e5"
)

// startMatrix opens an empty store and takes a seat for everybody there is.
func startMatrix(t *testing.T) *matrixWorld {
	t.Helper()
	m := &matrixWorld{T: t, seats: seats{}, made: map[[4]string]record{}}
	cfg := config{Data: t.TempDir(), Listen: "127.0.0.1:0"}
	m.data = cfg.Data
	h, err := openHouse(t.Context(), cfg)
	m.must(err)
	t.Cleanup(h.close)
	m.h = h
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s := &serving{house: h, cfg: cfg, log: log}
	index, err := search.Open(cfg.indexDir(), log)
	m.must(err)
	t.Cleanup(func() { index.Close() })
	s.projections = h.project(index, log)
	s.suggestions = h.suggest(index, log)
	s.desk = newIndexDesk(index, &h.docs, log)
	s.figures = turnover.New(s.projections.cube, turnover.Stores{Contracts: h.docs.contracts, Targets: h.docs.targets, Indicators: h.docs.indicators}, time.Now, newID)
	s.imports = exchange.NewJobs(h.docs.imports, exchange.NewImporter(h.sinks(), time.Now), time.Now, newID)
	s.judge()
	s.watch()
	t.Cleanup(s.verifier.Close)
	m.must(s.figures.Seed(t.Context()))
	sessions, err := s.sessions()
	m.must(err)
	actions := s.actions(sessions)
	pages, err := s.pages(t.Context(), actions, false)
	m.must(err)
	m.api, m.site = api.New(actions), site.New(pages)
	rates, err := server.ParseRates(wideRates)
	m.must(err)
	m.handle = server.New(server.Config{Log: log, Rates: rates}, m.seats, m.api, m.site).Handler()
	m.seat()
	m.document, err = openapi3.NewLoader().LoadFromData([]byte(m.send("visitor", "GET", "/api/openapi.json", "", 0).body))
	m.must(err)
	return m
}

func (m *matrixWorld) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

// seat makes the organizations, a user for each role, and their seats.
func (m *matrixWorld) seat() {
	all := []market.Role{market.RoleSupplier, market.RoleDemander, market.RoleBroker, market.RoleManager}
	for _, org := range []struct {
		id    market.ID
		name  string
		state market.OrganizationState
	}{
		{ownOrg, "本方单位", market.OrgVerified}, {otherOrg, "对方单位", market.OrgVerified}, {bureauOrg, "某科技局", market.OrgVerified},
		{pendingOrg, "待核验单位", market.OrgPending}, {suspendedOrg, "停用单位", market.OrgSuspended},
	} {
		m.insertOrganization(org.id, org.name, org.state)
		m.back = append(m.back, keep(m, m.h.docs.orgs, org.id))
	}
	var err error
	m.hash, err = m.h.passwords.Hash(m.Context(), demoPassword)
	m.must(err)
	for _, s := range []struct {
		name     string
		org      market.ID
		roles    []market.Role
		verified bool
		due      market.Due
	}{
		{"supplier", ownOrg, all[:1], true, ""}, {"demander", ownOrg, all[1:2], true, ""}, {"broker", ownOrg, all[2:3], true, ""},
		{"manager", ownOrg, all[3:4], true, ""}, {"officer", bureauOrg, []market.Role{market.RoleOfficer}, true, ""},
		{"admin", bureauOrg, []market.Role{market.RoleAdmin}, true, ""}, {"applicant", "", nil, false, ""},
		{"unverified", pendingOrg, all, false, ""}, {"suspended", suspendedOrg, all, false, market.DueRestore},
		{"due", bureauOrg, []market.Role{market.RoleOfficer, market.RoleAdmin, market.RoleManager, market.RoleSupplier}, true, market.DueFactor},
	} {
		by := market.Actor{User: newID(), Org: s.org, Name: "座位" + s.name, Roles: s.roles, Verified: s.verified, Due: s.due}
		by.Session = m.insertUser(by, s.name+"@matrix")
		m.back = append(m.back, keep(m, m.h.docs.users, by.User), keep(m, m.h.docs.sessions, by.Session))
		m.seats[s.name] = by
	}
	m.seats["visitor"] = market.Actor{}
}

// answered is what came back without a connection.
type answered struct {
	seat     string
	method   string
	status   int
	location string
	code     string // of a problem, "" on pages
	body     string
	header   func(name string) string
}

func answerOf(ctx *fasthttp.RequestCtx) answered {
	header := func(name string) string { return string(ctx.Response.Header.Peek(name)) }
	return answered{status: ctx.Response.StatusCode(), location: header("Location"), body: string(ctx.Response.Body()), header: header}
}

// send sends a request from a seat. body is a form for pages, JSON for the API.
func (m *matrixWorld) send(seat, method, path, body string, version int64) answered {
	var ctx fasthttp.RequestCtx
	req := &fasthttp.Request{}
	req.Header.SetMethod(method)
	req.SetRequestURI(path)
	req.Header.SetHost("127.0.0.1")
	isAPI := strings.HasPrefix(path, "/api/")
	switch {
	case seat == "visitor" && !isAPI:
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	case isAPI && seat != "visitor":
		req.Header.Set("Authorization", "Bearer "+seat)
	case !isAPI:
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.SetCookie("jishi", seat)
	}
	if method != fiber.MethodGet && body != "" {
		req.SetBodyString(body)
		req.Header.SetContentType("application/x-www-form-urlencoded")
		if isAPI {
			req.Header.SetContentType("application/json")
		}
	}
	if isAPI && version > 0 && method == fiber.MethodPut {
		req.Header.Set("If-Match", `"`+itoa(int(version))+`"`)
	}
	ctx.Init(req, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, nil)
	m.handle(&ctx)
	got := answerOf(&ctx)
	got.seat, got.method = seat, method
	if isAPI && got.status >= 400 {
		got.code = between(got.body, `"code":"`, `"`)
	}
	return got
}

// aboutTheBody is the codes of refusals that are about what a request says,
// not about who sends it.
var aboutTheBody = []string{"wrong_credentials", "session_over", "wrong_password"}

// refused reports whether an answer says that this reader may not, or may not
// know: 401, 403, 404 of a record, or the way to the sign-in page.
func (a answered) refused() bool {
	switch a.status {
	case 401, 403:
		return !slices.Contains(aboutTheBody, a.code)
	case 404:
		return a.code == "" || a.code == "not_found"
	case 302, 303:
		return a.method == fiber.MethodGet && strings.HasPrefix(a.location, "/sign-in?next=")
	}
	return false
}

// led reports whether a page leads whoever has something due to that first, as
// all of them do but the few by which it is done.
func (a answered) led() bool {
	return a.seat == "due" && a.status == 303 && a.location == "/account/factor"
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}
