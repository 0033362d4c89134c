package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"jishi/internal/api"
	"jishi/internal/site"
)

// guards is what every answer tells browsers to hold to.
var guards = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
	"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

var placeholder = regexp.MustCompile(`:[a-z_]+|\*`)

// everyRoute is the method and an address of every page and action, and of
// what is none.
func everyRoute() [][2]string {
	var all [][2]string
	add := func(method, path string) {
		all = append(all, [2]string{method, placeholder.ReplaceAllString(path, "csv")})
	}
	for _, r := range api.New(api.Config{}).Routes() {
		add(r.Method, api.Prefix+r.Path)
	}
	for _, r := range site.New(site.Config{}).Routes() {
		add(r.Method, r.Path)
	}
	for _, path := range []string{"/healthz", "/readyz", "/api/openapi.json", "/api", "/nothing", "/api/v1/nothing", "/static/css/jishi.css", "/static/none.css", "/favicon.ico", "/robots.txt"} {
		add("GET", path)
	}
	return all
}

// TestHeaders asks for everything there is, by every method, as a visitor and
// signed in, by http and by https: whatever the answer is, it carries the
// headers, and what is for one reader is kept by no cache.
func TestHeaders(t *testing.T) {
	for name, public := range map[string]string{"http": "", "https": "https://market.example"} {
		t.Run(name, func(t *testing.T) {
			w := startAPI(t, func(c *config) { c.PublicURL = public })
			statuses, asked := map[int]int{}, 0
			for _, route := range everyRoute() {
				for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
					for _, login := range []string{visitor, bureau} {
						statuses[w.guarded(login, method, route[1], public != "")]++
						asked++
					}
				}
				writer := university
				if strings.Contains(route[1], "/sessions") || strings.Contains(route[1], "/sign-out") {
					writer = broker // some of these sign out
				}
				for _, login := range []string{visitor, writer} {
					statuses[w.guarded(login, route[0], route[1], public != "")]++
					asked++
				}
			}
			t.Logf("%d answers, by status %v", asked, statuses)
			for _, status := range []int{200, 303, 401, 403, 404, 405, 422} {
				if statuses[status] == 0 {
					t.Errorf("no answer %d among %v", status, statuses)
				}
			}
		})
	}
}

// stricter reports whether an answer has its reasons: a file from a user runs
// nothing at all.
func stricter(header, got string) bool {
	return header == "Content-Security-Policy" && got == guards[header]+"; sandbox"
}

// guarded asks once and checks the headers of the answer.
func (w *apiWorld) guarded(login, method, path string, secure bool) int {
	w.Helper()
	req, err := http.NewRequest(method, w.base+path, nil)
	w.must(err)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if login != visitor && strings.HasPrefix(path, "/api/") {
		req.Header.Set("Authorization", "Bearer "+w.tokens[login])
	} else if login != visitor {
		name := map[bool]string{false: "jishi", true: "__Host-jishi"}[secure]
		req.Header.Set("Cookie", name+"="+w.tokens[login])
	}
	res, err := w.client.Do(req)
	w.must(err)
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	w.must(err)
	for header, want := range guards {
		if got := res.Header.Get(header); got != want && !stricter(header, got) {
			w.Errorf("%s %s as %s: %d with %s %q", method, path, login, res.StatusCode, header, got)
		}
	}
	if got := res.Header.Get("Strict-Transport-Security"); (got != "") != secure {
		w.Errorf("%s %s: Strict-Transport-Security %q", method, path, got)
	}
	for _, header := range []string{"Server", "X-Powered-By", "Access-Control-Allow-Origin"} {
		if got := res.Header.Get(header); got != "" {
			w.Errorf("%s %s: %s %q", method, path, header, got)
		}
	}
	kept, open := res.Header.Get("Cache-Control"), strings.HasPrefix(path, "/static/") || path == "/healthz" || path == "/api/openapi.json"
	if login == bureau && !open && kept != "no-store" {
		w.Errorf("%s %s as %s: %d may be kept: %q", method, path, login, res.StatusCode, kept)
	}
	for _, cookie := range res.Cookies() {
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || secure != cookie.Secure && cookie.Name != "jishi_flash" {
			w.Errorf("%s %s sets %v", method, path, cookie)
		}
	}
	return res.StatusCode
}
