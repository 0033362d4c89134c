package api

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// fields asks an action at target and returns the fields its refusal names,
// joined, or the code when it names none; "" when it passes.
func fields(t *testing.T, act fiber.Handler, target string, header ...string) string {
	t.Helper()
	refused := ""
	app := fiber.New(fiber.Config{Immutable: true, ErrorHandler: func(c *fiber.Ctx, err error) error {
		var e *market.Error
		if !errors.As(err, &e) {
			return err
		}
		var named []string
		for _, f := range e.Fields {
			named = append(named, f.Field)
		}
		refused = cmp.Or(strings.Join(named, " "), e.Code)
		return c.SendStatus(400)
	}})
	app.Get("/x", checkAddress, act)
	app.Get("/x/:id", checkAddress, act)
	req := httptest.NewRequest("GET", target, nil)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := app.Test(req, -1)
	must(t, err)
	must(t, res.Body.Close())
	if (res.StatusCode == 200) != (refused == "") {
		t.Errorf("%s: status %d, refused %q", target, res.StatusCode, refused)
	}
	return refused
}

func pass(c *fiber.Ctx) error { return c.SendStatus(200) }

func TestCheckAddress(t *testing.T) {
	for _, tt := range []struct{ target, want string }{
		{"/x", ""}, {"/x/a-1.b_2", ""}, {"/x?q=%E9%95%81%0A%09", ""}, {"/x?%zz", ""},
		{"/x/%E9%95%81", "not_found"}, {"/x/a%00", "not_found"}, {"/x/" + strings.Repeat("a", 130), "not_found"},
		{"/x?q=%00", "q"}, {"/x?q=%ff", "q"}, {"/x?q=a%C2%85b", "q"}, {"/x?a=%01&b=1&c=%7f", "a c"}, {"/x?a%01=1", "a\ufffd"},
		{"/x?" + strings.Repeat("a=%01&", 100), strings.TrimSpace(strings.Repeat("a ", maxProblems))},
	} {
		if got := fields(t, pass, tt.target); got != tt.want {
			t.Errorf("%.60s: refused %q, want %q", tt.target, got, tt.want)
		}
	}
}

func TestQueryValues(t *testing.T) {
	number := func(c *fiber.Ctx) error {
		n, err := queryInt(c, "n", 7, 100)
		if text := c.Query("n", "7"); err == nil && text != strconv.Itoa(n) {
			t.Errorf("%s is read as %d", text, n)
		}
		return err
	}
	amount := func(c *fiber.Ctx) error { _, err := queryFen(c, "n"); return err }
	toggle := func(c *fiber.Ctx) error {
		on, err := queryBool(c, "n")
		if text := c.Query("n"); err == nil && on != (text == "true" || text == "1") {
			t.Errorf("%q is read as %t", text, on)
		}
		return err
	}
	for _, tt := range []struct {
		name   string
		act    fiber.Handler
		values map[string]bool // whether they pass
	}{
		{"number", number, map[string]bool{"": true, "1": true, "100": true, "0": false, "-1": false, "101": false, "1.0": false, "x": false, "１": false}},
		{"amount", amount, map[string]bool{"": true, "0": true, "1000000000000000": true, "1000000000000001": false, "-1": false, "1e3": false, "9223372036854775808": false}},
		{"switch", toggle, map[string]bool{"": true, "1": true, "true": true, "false": true, "0": true, "yes": false, "TRUE": false, "2": false}},
	} {
		for value, passes := range tt.values {
			want := map[bool]string{true: "", false: "n"}[passes]
			if got := fields(t, tt.act, "/x?n="+value); got != want {
				t.Errorf("%s %q: refused %q, want %q", tt.name, value, got, want)
			}
		}
	}
}

func TestQueryList(t *testing.T) {
	for query, want := range map[string]int{
		"": 0, "f=": 0, "f=01": 1, "f=01,02": 2, "f=01&f=02,,03": 3, "f=" + strings.Repeat("01,", 500): market.MaxSelection + 1, strings.Repeat("f=01&", 500): market.MaxSelection + 1,
	} {
		fields(t, func(c *fiber.Ctx) error {
			if got := queryList(c, "f"); len(got) != want {
				t.Errorf("%.40s: %d values, want %d", query, len(got), want)
			}
			return nil
		}, "/x?"+query)
	}
}

func TestConditions(t *testing.T) {
	match := func(c *fiber.Ctx) error { _, err := ifMatch(c); return err }
	need := func(c *fiber.Ctx) error { _, err := needMatch(c); return err }
	key := func(c *fiber.Ctx) error { _, err := idempotencyKey(c); return err }
	for _, tt := range []struct {
		name   string
		act    fiber.Handler
		header []string
		want   string
	}{
		{"no version", match, nil, ""}, {"any version", match, []string{"If-Match", "*"}, ""}, {"a version", match, []string{"If-Match", ` "12" `}, ""},
		{"weak", match, []string{"If-Match", `W/"1"`}, "stale_version"}, {"two", match, []string{"If-Match", `"1", "2"`}, "stale_version"},
		{"bare", match, []string{"If-Match", "1"}, "stale_version"}, {"signed", match, []string{"If-Match", `"+1"`}, "stale_version"},
		{"zero", match, []string{"If-Match", `"0"`}, "stale_version"}, {"padded", match, []string{"If-Match", `"01"`}, "stale_version"},
		{"quoted twice", match, []string{"If-Match", `""1""`}, "stale_version"},
		{"needs one", need, nil, CodeMatchRequired}, {"needs one, not any", need, []string{"If-Match", "*"}, CodeMatchRequired}, {"has one", need, []string{"If-Match", `"1"`}, ""},
		{"no key", key, nil, ""}, {"a key", key, []string{headerKey, "8e03978e-40d5-43dd-bc93-6894a57f9324"}, ""},
		{"long key", key, []string{headerKey, strings.Repeat("k", 256)}, headerKey}, {"key of two words", key, []string{headerKey, "a b"}, headerKey},
		{"Chinese key", key, []string{headerKey, "键"}, headerKey},
	} {
		if got := fields(t, tt.act, "/x", tt.header...); got != tt.want {
			t.Errorf("%s: refused %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Refusals call fields as the API does, and leave the error as it was.
func TestProblemsNameFieldsAsTheAPIDoes(t *testing.T) {
	e := &market.Error{Kind: market.Invalid, Code: "invalid_fields", Fields: []market.FieldError{{Field: "price.low"}, {Field: "title"}, {Field: "amounts.total"}}}
	app := fiber.New()
	app.Get("/", func(c *fiber.Ctx) error { return WriteProblem(c, 422, e) })
	res, err := app.Test(httptest.NewRequest("GET", "/", nil), -1)
	must(t, err)
	defer res.Body.Close()
	var p Problem
	must(t, json.NewDecoder(res.Body).Decode(&p))
	if len(p.Fields) != 3 || p.Fields[0].Field != "price.low_fen" || p.Fields[1].Field != "title" || p.Fields[2].Field != "amounts.total_fen" {
		t.Errorf("fields %+v", p.Fields)
	}
	if e.Fields[0].Field != "price.low" {
		t.Errorf("the error was changed: %+v", e.Fields)
	}
}
