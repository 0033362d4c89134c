package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Every answer carries the security headers: pages, problems, redirects,
// health, and what never reached a handler.
func TestHeaders(t *testing.T) {
	h := start(t, Config{})
	bearer := "Bearer " + h.signIn(t)
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security": "", "Server": "", "X-Powered-By": "",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	}
	check := func(name string, header http.Header) {
		t.Helper()
		for key, value := range want {
			if got := header.Get(key); got != value {
				t.Errorf("%s: %s is %q, want %q", name, key, got, value)
			}
		}
	}
	for _, path := range []string{"/", "/private", "/nothing", "/fail/panic", "/fail/panic?broken=1", "/healthz", "/readyz", "/api/v1/me", "/api/v1/nothing", "/api/openapi.json"} {
		check(path, h.ask(t, "GET", path, "").header)
	}
	check("HEAD", h.ask(t, "HEAD", "/", "").header)
	check("signed in", h.ask(t, "GET", "/api/v1/me", "", "Authorization", bearer).header)
	check("refused body", h.ask(t, "POST", "/form", "x", "Content-Encoding", "gzip").header)
	for _, raw := range []string{"nonsense\r\n\r\n", "BREW / HTTP/1.1\r\nHost: t\r\n\r\n", "GET / HTTP/1.1\r\nHost: t\r\nX: " + strings.Repeat("a", 1<<16) + "\r\n\r\n"} {
		check(raw[:8], rawAnswer(t, h.url, raw).Header)
	}
}

func rawAnswer(t *testing.T, url, raw string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	must(t, err)
	defer conn.Close()
	must(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	go io.WriteString(conn, raw)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	return res
}

// A browser that sends a form too large gets a page, not a problem.
func TestEarlyFailureForBrowsers(t *testing.T) {
	h := start(t, Config{})
	res := rawAnswer(t, h.url, "POST /form HTTP/1.1\r\nHost: t\r\nAccept: text/html\r\nContent-Length: 99999999\r\n\r\n")
	body, err := io.ReadAll(res.Body)
	must(t, err)
	if res.StatusCode != 413 || !strings.HasPrefix(string(body), "<h1>") || !strings.Contains(res.Header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}
