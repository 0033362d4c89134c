package server

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"jishi/internal/store"
)

// Bad input gets 400, 415 or 422 with a sentence and, where there is one, the
// field; never 5xx.
func TestBadInput(t *testing.T) {
	h := start(t, Config{})
	bearer := "Bearer " + h.signIn(t)
	deep := func(n int) string { return strings.Repeat(`{"contact":`, n) + "1" + strings.Repeat("}", n) }
	tests := []struct {
		name, body string
		status     int
		code       string
		fields     []string
	}{
		{"nothing", ``, 400, "malformed_json", nil},
		{"spaces", `   `, 400, "malformed_json", nil},
		{"no JSON", `hello`, 400, "malformed_json", nil},
		{"form", `name=x&kind=y`, 400, "malformed_json", nil},
		{"cut off", `{"name":"甲`, 400, "malformed_json", []string{"name"}},
		{"trailing comma", `{"name":"甲",}`, 400, "malformed_json", nil},
		{"single quotes", `{'name':'甲'}`, 400, "malformed_json", nil},
		{"comment", `{"name":"甲"/*x*/}`, 400, "malformed_json", nil},
		{"trailing data", `{"name":"甲"}{}`, 400, "malformed_json", nil},
		{"trailing bracket", `{"name":"甲"}]`, 400, "malformed_json", nil},
		{"byte order mark", "\xef\xbb\xbf" + `{"name":"甲"}`, 400, "malformed_json", nil},
		{"UTF-16", "\xff\xfe{\x00}\x00", 400, "malformed_json", nil},
		{"GBK", "{\"name\":\"\xbc\xd7\"}", 400, "malformed_json", []string{"name"}},
		{"overlong UTF-8", "{\"name\":\"\xc0\xaf\"}", 400, "malformed_json", []string{"name"}},
		{"half a surrogate", `{"name":"\ud800"}`, 400, "malformed_json", []string{"name"}},
		{"raw control character", "{\"name\":\"a\x01b\"}", 400, "malformed_json", []string{"name"}},
		{"raw newline", "{\"name\":\"a\nb\"}", 400, "malformed_json", []string{"name"}},
		{"raw NUL", "{\"name\":\"a\x00b\"}", 400, "malformed_json", []string{"name"}},
		{"number overflows", `{"name":1e999}`, 422, "wrong_type", []string{"name"}},
		{"NaN", `{"name":NaN}`, 400, "malformed_json", []string{"name"}},
		{"name twice", `{"name":"甲","name":"乙"}`, 400, "malformed_json", []string{"name"}},
		{"name twice, one escaped", `{"name":"甲","n\u0061me":"乙"}`, 400, "malformed_json", []string{"name"}},
		{"deep", deep(33), 400, "malformed_json", nil},
		{"very deep", deep(100_000), 400, "malformed_json", nil},
		{"deep lists", strings.Repeat("[", 500_000), 400, "malformed_json", nil},
		{"a list", `[]`, 422, "wrong_type", nil},
		{"a text", `"x"`, 422, "wrong_type", nil},
		{"null", `null`, 422, "invalid_fields", []string{"name"}},
		{"number for text", `{"name":1}`, 422, "wrong_type", []string{"name"}},
		{"object for text", `{"name":{"$gt":""}}`, 422, "wrong_type", []string{"name"}},
		{"list for text", `{"name":["a"]}`, 422, "wrong_type", []string{"name"}},
		{"text for object", `{"name":"甲","contact":"x"}`, 422, "wrong_type", []string{"contact"}},
		{"number inside object", `{"name":"甲","contact":{"phone":138}}`, 422, "wrong_type", []string{"contact.phone"}},
		{"unknown field", `{"name":"甲","state":"published"}`, 422, "unknown_field", []string{"state"}},
		{"field of the store", `{"name":"甲","id":"1","verified":true}`, 422, "unknown_field", []string{"id"}},
		{"operator", `{"name":"甲","$where":"1"}`, 422, "unknown_field", []string{"$where"}},
		{"unknown field inside", `{"name":"甲","contact":{"wechat":"x"}}`, 422, "unknown_field", []string{"contact.wechat"}},
		{"other letters", `{"Name":"甲"}`, 422, "unknown_field", []string{"Name"}},
		{"long name of an unknown field", `{"` + strings.Repeat("x", 1000) + `":1}`, 422, "unknown_field", []string{strings.Repeat("x", 40) + "…"}},
		{"control character", `{"name":"甲\u0007乙"}`, 422, "invalid_fields", []string{"name"}},
		{"NUL", `{"name":"甲\u0000"}`, 422, "invalid_fields", []string{"name"}},
		{"too long", `{"name":"` + strings.Repeat("甲", 201) + `"}`, 422, "invalid_fields", []string{"name"}},
		{"far too long", `{"name":"甲","summary":"` + strings.Repeat("甲", 600_000) + `"}`, 422, "invalid_fields", []string{"summary"}},
		{"empty", `{"name":""}`, 422, "invalid_fields", []string{"name"}},
		{"several", `{"name":"","code":"1","kind":"x","contact":{"email":"x"}}`, 422, "invalid_fields", []string{"name", "kind", "contact.email", "code"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := h.ask(t, "POST", "/api/v1/organizations", tt.body, "Authorization", bearer, "Content-Type", "application/json; charset=utf-8")
			p := problemOf(t, a)
			var fields []string
			for _, f := range p.Fields {
				fields = append(fields, f.Field)
			}
			if a.status != tt.status || p.Code != tt.code || !slices.Equal(fields, tt.fields) {
				t.Errorf("%d %s naming %q, want %d %s naming %q", a.status, p.Code, fields, tt.status, tt.code, tt.fields)
			}
		})
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json;;", "application/jsonx"} {
		a := h.ask(t, "POST", "/api/v1/organizations", `{"name":"甲"}`, "Authorization", bearer, "Content-Type", kind)
		if a.status != http.StatusUnsupportedMediaType || problemOf(t, a).Code != "not_json" {
			t.Errorf("Content-Type %q: %d %s", kind, a.status, a.body)
		}
	}
	if n := h.organizations(t); n != 1 {
		t.Errorf("%d organizations after bad input, want 1", n)
	}
}

// organizations counts what is stored.
func (h *house) organizations(t *testing.T) int {
	t.Helper()
	page, err := h.orgs.Find(t.Context(), store.Query{Limit: store.MaxLimit})
	must(t, err)
	return len(page.Items)
}

func TestBadQueries(t *testing.T) {
	h := start(t, Config{})
	tests := []struct {
		query  string
		status int
	}{
		{"limit=0", 422}, {"limit=101", 422}, {"limit=-1", 422}, {"limit=x", 422}, {"limit=1e3", 422},
		{"limit=99999999999999999999", 422}, {"kind=x", 422}, {"kind=%00", 400}, {"kind=%ff", 400},
		{"cursor=x", 400}, {"cursor=%00", 400}, {"cursor=" + strings.Repeat("A", 5000), 400},
		{"cursor=BQAAAAA", 400}, {"unknown=1", 200}, {"limit=1&limit=x", 200}, {"limit", 200}, {"%", 200}, {"limit=%zz", 422},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			if a := h.ask(t, "GET", "/api/v1/organizations?"+tt.query, ""); a.status != tt.status {
				t.Errorf("%d %s, want %d", a.status, a.body, tt.status)
			}
		})
	}
	for _, id := range []string{"x", "%00", "%ff", "..%2f..%2fetc", "'%20or%201=1", "%7B%22$gt%22:%22%22%7D", strings.Repeat("a", 5000)} {
		if a := h.ask(t, "GET", "/api/v1/organizations/"+id, ""); a.status != 404 {
			t.Errorf("id %.40q: %d %.200s, want 404", id, a.status, a.body)
		}
	}
}

// Requests made by damaging good ones are refused or do what they say; none
// is answered 5xx. The seed is fixed, so a failure repeats.
func TestDamagedRequests(t *testing.T) {
	h := start(t, Config{})
	bearer := "Bearer " + h.signIn(t)
	r := rand.New(rand.NewPCG(20260302, 1))
	bodies := []string{
		`{"name":"损坏测试","code":"","kind":"enterprise","division":"500155","contact":{"name":"张三","phone":"13812345678","email":"a@b.cn"}}`,
		`{"login":"` + login + `","password":"x"}`,
	}
	paths := []string{"/api/v1/organizations", "/api/v1/sessions"}
	statuses := make(map[int]int)
	for range 1500 {
		i := r.IntN(2)
		body := damage(r, bodies[i])
		a := h.ask(t, "POST", paths[i], body, "Authorization", bearer, "Content-Type", "application/json")
		if a.status >= 500 {
			t.Fatalf("%d for %q: %s", a.status, body, a.body)
		}
		statuses[a.status]++
	}
	if statuses[400] == 0 || statuses[422] == 0 {
		t.Errorf("statuses %v: the damage does not reach what it should", statuses)
	}
	t.Log("answers by status:", fmt.Sprint(statuses))
}

// damage changes a few bytes of s: other bytes, copies, cuts.
func damage(r *rand.Rand, s string) string {
	b := []byte(s)
	for range 1 + r.IntN(3) {
		at := r.IntN(len(b))
		switch r.IntN(4) {
		case 0:
			b[at] = byte(r.IntN(256))
		case 1:
			b = slices.Insert(b, at, []byte{'"', '{', '[', 0, '\\', 0xff, ',', ':'}[r.IntN(8)])
		case 2:
			b = slices.Delete(b, at, min(len(b), at+1+r.IntN(8)))
		case 3:
			b = slices.Insert(b, at, b[:at]...)
		}
		if len(b) == 0 {
			return ""
		}
	}
	return string(b)
}
