package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"jishi/internal/account"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/vault"
)

var officer = market.Actor{User: "u1", Org: "o1", Name: "周经办", OrgName: "示例科技局", Roles: []market.Role{market.RoleOfficer}, Verified: true}

// call sends one request to the account actions as by and returns status,
// headers and body. Errors are answered as problems with their kind as status.
type call func(t *testing.T, by market.Actor, method, path, body string, header ...string) (int, map[string]string, string)

func newAccounts(t *testing.T) call {
	t.Helper()
	engine, err := sqlite.Open(filepath.Join(t.TempDir(), "jishi.db"), time.Now)
	must(t, err)
	t.Cleanup(func() { engine.Close() })
	orgs, err := store.Open[market.Organization](t.Context(), engine, account.OrganizationSpec)
	must(t, err)
	users, err := store.Open[market.User](t.Context(), engine, account.UserSpec)
	must(t, err)
	sessions, err := store.Open[market.Session](t.Context(), engine, signin.SessionSpec)
	must(t, err)
	newID := func() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) }
	links, err := store.Open[market.MemberLink](t.Context(), engine, account.MemberLinkSpec)
	must(t, err)
	passwords, err := signin.NewPasswords(signin.WeakestHash)
	must(t, err)
	people, organizations := account.New(account.Stores{Organizations: orgs, Users: users, Links: links}, account.Parts{Passwords: passwords}, time.Now, newID)
	tokens, err := signin.NewTokens(signin.Key{ID: "k", Secret: bytes.Repeat([]byte{1}, 32)}, nil, signin.DefaultLimits.Absolute, time.Now)
	must(t, err)
	tickets, err := store.Open[market.Ticket](t.Context(), engine, account.TicketSpec)
	must(t, err)
	sealer, err := vault.New(make([]byte, vault.KeySize))
	must(t, err)
	actions := New(Config{People: people, Organizations: organizations, Sessions: signin.NewSessions(
		signin.Stores{Users: users, Organizations: orgs, Sessions: sessions, Tickets: tickets},
		signin.Parts{Passwords: passwords, Tokens: tokens, Sealer: sealer, Mail: &outbox{}, Trail: &trail{}}, signin.DefaultLimits, time.Now, newID)})
	directory := follow.Follower[market.Organization]{Source: orgs, Sink: organizations.Directory()}
	return func(t *testing.T, by market.Actor, method, path, body string, header ...string) (int, map[string]string, string) {
		t.Helper()
		must(t, directory.CatchUp(t.Context()))
		app := fiber.New(fiber.Config{Immutable: true, ErrorHandler: func(c *fiber.Ctx, err error) error {
			e := &market.Error{Code: err.Error()}
			errors.As(err, &e)
			return WriteProblem(c, 400+int(e.Kind), e)
		}})
		app.Use(func(c *fiber.Ctx) error { c.Locals(ActorKey, by); return c.Next() })
		actions.Register(app)
		req := httptest.NewRequest(method, Prefix+path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := app.Test(req, -1)
		must(t, err)
		text, err := io.ReadAll(res.Body)
		must(t, err)
		headers := map[string]string{}
		for name := range res.Header {
			headers[name] = res.Header.Get(name)
		}
		return res.StatusCode, headers, string(text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// read decodes an answer into the shape a client sees.
func read(t *testing.T, body string) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return m
}

func TestOrganizationActions(t *testing.T) {
	ask := newAccounts(t)
	status, header, body := ask(t, officer, "POST", "/organizations",
		`{"name":"示例大学","code":"12100000400000624D","kind":"university","contact":{"name":"张三","phone":"13812345678"}}`)
	made := read(t, body)
	path, _ := strings.CutPrefix(header["Location"], Prefix)
	if status != 201 || header["Etag"] != `"1"` || path != "/organizations/"+made["id"].(string) {
		t.Fatalf("create: %d %v %s", status, header, body)
	}
	status, header, body = ask(t, officer, "GET", path, "")
	if seen := read(t, body); status != 200 || header["Etag"] != `"1"` || seen["contact"] == nil || seen["verified"] != true || seen["version"] != 1.0 {
		t.Errorf("officer reads %d %s", status, body)
	}
	status, _, body = ask(t, market.Actor{}, "GET", path, "")
	if seen := read(t, body); status != 200 || seen["contact"] != nil || seen["name"] != "示例大学" {
		t.Errorf("visitor reads %d %s", status, body)
	}
	status, _, body = ask(t, officer, "POST", "/organizations", `{"name":"示例大学"}`)
	if status != 201 {
		t.Errorf("same name without code: %d %s", status, body)
	}
	status, _, body = ask(t, officer, "POST", "/organizations", `{"name":"别的","code":"12100000400000624D"}`)
	if p := read(t, body); status != 400+int(market.Conflict) || p["code"] != "organization_taken" {
		t.Errorf("same code: %d %s", status, body)
	}
}

func TestOrganizationList(t *testing.T) {
	ask := newAccounts(t)
	for _, name := range []string{"丙", "甲", "乙"} {
		ask(t, officer, "POST", "/organizations", `{"name":"`+name+`"}`)
	}
	seen, cursor := 0, ""
	for range 3 {
		status, _, body := ask(t, market.Actor{}, "GET", "/organizations?limit=2&cursor="+cursor, "")
		page := read(t, body)
		if status != 200 {
			t.Fatalf("%d %s", status, body)
		}
		seen += len(page["items"].([]any))
		if cursor = page["cursor"].(string); cursor == "" {
			break
		}
	}
	if seen != 3 {
		t.Errorf("saw %d organizations, want 3", seen)
	}
	if _, _, body := ask(t, market.Actor{}, "GET", "/organizations?kind=bureau", ""); body != `{"items":[],"cursor":"","total":0}` {
		t.Errorf("empty page: %s", body)
	}
}

func TestWhoMayWhat(t *testing.T) {
	ask := newAccounts(t)
	supplier := officer
	supplier.Roles = []market.Role{market.RoleSupplier}
	tests := []struct {
		name         string
		by           market.Actor
		method, path string
		body         string
		status       int
	}{
		{"visitor creates", market.Actor{}, "POST", "/organizations", `{"name":"甲"}`, 400 + int(market.Unauthenticated)},
		{"supplier creates", supplier, "POST", "/organizations", `{"name":"甲"}`, 400 + int(market.Denied)},
		{"visitor asks who they are", market.Actor{}, "GET", "/me", "", 400 + int(market.Unauthenticated)},
		{"officer asks who they are", officer, "GET", "/me", "", 200},
		{"visitor signs out", market.Actor{}, "DELETE", "/sessions", "", 400 + int(market.Unauthenticated)},
		{"somebody without session signs out", officer, "DELETE", "/sessions", "", 204},
		{"wrong password", market.Actor{}, "POST", "/sessions", `{"login":"x@y","password":"z"}`, 400 + int(market.Unauthenticated)},
		{"unknown organization", officer, "GET", "/organizations/nothing", "", 400 + int(market.NotFound)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if status, _, body := ask(t, tt.by, tt.method, tt.path, tt.body); status != tt.status {
				t.Errorf("%d %s, want %d", status, body, tt.status)
			}
		})
	}
	_, _, body := ask(t, officer, "GET", "/me", "")
	want := `{"id":"u1","name":"周经办","roles":["officer"],"organization":{"id":"o1","name":"示例科技局","verified":true},"others":[]}`
	if body != want {
		t.Errorf("me: %s, want %s", body, want)
	}
}
