package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"jishi/internal/api"
)

// outcomes is the status of each failure of the toy routes.
var outcomes = map[string]int{
	"internal": 500, "invalid": 422, "unauthenticated": 401, "denied": 403, "not_found": 404, "conflict": 409,
	"stale": 409, "too_large": 413, "too_many": 429, "unavailable": 503,
	"unclassified": 500, "fiber": 400, "deadline": 503, "panic": 500, "nil": 500,
}

func TestProblems(t *testing.T) {
	h := start(t, Config{Timeouts: Timeouts{Request: 100 * time.Millisecond}})
	if len(outcomes) != len(failures) {
		t.Fatalf("%d outcomes for %d failures", len(outcomes), len(failures))
	}
	for name, status := range outcomes {
		t.Run(name, func(t *testing.T) {
			a := h.ask(t, "GET", "/api/v1/fail/"+name, "")
			p := problemOf(t, a)
			if a.status != status {
				t.Errorf("status %d, want %d", a.status, status)
			}
			if got := a.header.Get("Content-Disposition"); got != "" {
				t.Errorf("a header of the failed answer survived: %q", got)
			}
			requests, causes := h.logged(p.RequestID)
			if requests != 1 {
				t.Errorf("%d log lines of request %s, want 1", requests, p.RequestID)
			}
			if want := status >= 500; (causes == 1) != want {
				t.Errorf("%d causes logged for status %d", causes, status)
			}
		})
	}
	p := problemOf(t, h.ask(t, "GET", "/api/v1/fail/invalid", ""))
	if p.Code != "the_code" || p.Detail != "一句话。" || len(p.Fields) != 1 || p.Fields[0].Field != "title" {
		t.Errorf("problem %+v", p)
	}
	if a := h.ask(t, "GET", "/api/v1/fail/too_many", ""); a.header.Get("Retry-After") != "90" {
		t.Errorf("Retry-After %q, want 90", a.header.Get("Retry-After"))
	}
	if a := h.ask(t, "GET", "/api/v1/fail/stale", "", "If-Match", `"3"`); a.status != 412 {
		t.Errorf("stale with If-Match: %d, want 412", a.status)
	}
}

// logged counts the lines about a request and the causes of its failure.
func (h *house) logged(id string) (requests, causes int) {
	for line := range strings.Lines(h.log.String()) {
		if !strings.Contains(line, id) {
			continue
		}
		if strings.Contains(line, `"msg":"request"`) {
			requests++
		}
		if strings.Contains(line, `"msg":"request failed"`) && strings.Contains(line, `"error":"`) {
			causes++
		}
	}
	return requests, causes
}

// problemOf reads a problem and checks what every one must have.
func problemOf(t *testing.T, a answer) api.Problem {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type %q", got)
	}
	var p api.Problem
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	if p.Type != "about:blank" || p.Title != http.StatusText(a.status) || p.Status != a.status || p.Code == "" || p.RequestID == "" || p.Fields == nil {
		t.Errorf("problem %+v", p)
	}
	if !strings.HasSuffix(p.Detail, "。") {
		t.Errorf("detail %q is no sentence", p.Detail)
	}
	secretFree(t, a)
	return p
}

func secretFree(t *testing.T, a answer) {
	t.Helper()
	for _, word := range []string{"secret", "panic", "goroutine", ".go:", "10.0.0.1"} {
		if strings.Contains(a.body, word) {
			t.Errorf("the answer says %q: %s", word, a.body)
		}
	}
}

func TestErrorPages(t *testing.T) {
	h := start(t, Config{Timeouts: Timeouts{Request: 100 * time.Millisecond}})
	for name, status := range outcomes {
		for _, path := range []string{"/fail/" + name, "/fail/" + name + "?broken=1"} {
			t.Run(path, func(t *testing.T) {
				a := h.ask(t, "POST", path, "", "Sec-Fetch-Site", "same-origin")
				want, begins := status, "<h1>"
				if strings.Contains(path, "broken") {
					want, begins = 500, "系统出错"
				}
				if a.status != want || !strings.HasPrefix(a.body, begins) {
					t.Errorf("%d %s, want %d %s…", a.status, a.body, want, begins)
				}
				secretFree(t, a)
			})
		}
	}
	if log := h.log.String(); !strings.Contains(log, "secret panic") || !strings.Contains(log, "house_test.go") {
		t.Error("the log has no stack of the panic")
	}
}

func TestSignInFirst(t *testing.T) {
	h := start(t, Config{})
	tests := []struct {
		name, method, path string
		header             []string
		status             int
		location           string
	}{
		{"page", "GET", "/private", nil, 303, "/sign-in?next=%2Fprivate"},
		{"page with a query", "GET", "/private?a=1&b=/x", nil, 303, "/sign-in?next=%2Fprivate%3Fa%3D1%26b%3D%2Fx"},
		{"head", "HEAD", "/private", nil, 303, "/sign-in?next=%2Fprivate"},
		{"piece of a page", "GET", "/private", []string{"HX-Request", "true", "HX-Current-URL", h.url + "/list?kind=x"}, 401, ""},
		{"write", "POST", "/fail/unauthenticated", []string{"Sec-Fetch-Site", "same-origin"}, 401, ""},
		{"API", "GET", "/api/v1/me", nil, 401, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := h.ask(t, tt.method, tt.path, "", tt.header...)
			if a.status != tt.status || a.header.Get("Location") != tt.location {
				t.Errorf("%d to %q, want %d to %q", a.status, a.header.Get("Location"), tt.status, tt.location)
			}
			if tt.name == "piece of a page" && a.header.Get("HX-Redirect") != "/sign-in?next=%2Flist%3Fkind%3Dx" {
				t.Errorf("HX-Redirect %q", a.header.Get("HX-Redirect"))
			}
		})
	}
	for address, want := range map[string]string{
		"/desk": "/sign-in?next=%2Fdesk", "": "/sign-in", "//evil.example": "/sign-in", "https://evil.example": "/sign-in",
		"https://evil.example//x": "/sign-in", "javascript:alert(1)": "/sign-in", "https://here.example/desk?a=1#f": "/sign-in?next=%2Fdesk%3Fa%3D1",
		"/%zz": "/sign-in", `/\evil.example`: "/sign-in?next=%2F%255Cevil.example",
	} {
		if got := signInPath(address); got != want {
			t.Errorf("signInPath(%q) = %q, want %q", address, got, want)
		}
	}
}

// What the router refuses is answered like everything else.
func TestUnmatched(t *testing.T) {
	h := start(t, Config{})
	tests := []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/api/v1/nothing", 404, "no_route"},
		{"GET", "/api/nothing", 404, "no_route"},
		{"GET", "/api", 404, "no_route"},
		{"PUT", "/api/v1/me", 405, "method_not_allowed"},
		{"GET", "/api/v1/ME", 404, "no_route"},
		{"GET", "/nothing", 404, ""},
		{"DELETE", "/form", 405, ""},
		{"GET", "/%00", 404, ""},
		{"GET", "/<script>alert(1)</script>", 404, ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			a := h.ask(t, tt.method, tt.path, "", "Sec-Fetch-Site", "same-origin")
			if a.status != tt.status || strings.Contains(a.body, "alert") {
				t.Errorf("%d %s, want %d", a.status, a.body, tt.status)
			}
			if tt.code != "" && problemOf(t, a).Code != tt.code {
				t.Errorf("%s, want code %s", a.body, tt.code)
			}
			if tt.status == 405 && a.header.Get("Allow") == "" {
				t.Error("405 names no methods")
			}
		})
	}
}
