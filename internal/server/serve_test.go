package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

func TestHealth(t *testing.T) {
	broken := errors.New("secret disk")
	h := start(t, Config{Checks: []Check{
		{"store", func(context.Context) error { return nil }},
		{"search", func(context.Context) error { return broken }},
		{"slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
	}})
	if a := h.ask(t, "GET", "/healthz", ""); a.status != 200 {
		t.Errorf("alive: %d", a.status)
	}
	a := h.ask(t, "GET", "/readyz", "")
	if a.status != 503 || a.body != `{"ready":false,"failed":["search","slow"]}` {
		t.Errorf("not ready: %d %s", a.status, a.body)
	}
	if !strings.Contains(h.log.String(), "secret disk") {
		t.Error("the log does not say why")
	}
	if a := start(t, Config{}).ask(t, "GET", "/readyz", ""); a.status != 200 || a.body != `{"ready":true,"failed":[]}` {
		t.Errorf("ready: %d %s", a.status, a.body)
	}
}

func TestMetrics(t *testing.T) {
	metrics, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	h := start(t, Config{Metrics: metrics})
	for i := range 5 {
		h.ask(t, "GET", fmt.Sprintf("/nothing/%d", i), "")
		h.ask(t, "GET", fmt.Sprintf("/fail/denied?%d", i), "")
	}
	rawAnswer(t, h.url, "BREW / HTTP/1.1\r\nHost: t\r\n\r\n")
	res, err := http.Get("http://" + metrics.Addr().String() + "/metrics")
	must(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(t, err)
	for _, line := range []string{
		`jishi_http_requests_total{method="GET",route="/fail/:name",status="403"} 5`,
		`jishi_http_requests_total{method="GET",route="unmatched",status="404"} 5`,
		`jishi_http_requests_total{method="other",route="unmatched",status="405"} 1`,
		`jishi_http_request_seconds_count{method="GET",route="/fail/:name"} 5`,
		"go_goroutines ",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no %s", line)
		}
	}
	if a := h.ask(t, "GET", "/metrics", ""); a.status != 404 {
		t.Errorf("metrics beside the pages: %d", a.status)
	}
}

// The log has one line per request, and nothing that a client sent in it.
func TestLog(t *testing.T) {
	h := start(t, Config{})
	token := h.signIn(t)
	h.ask(t, "POST", "/api/v1/sessions?canary-query", `{"login":"canary-login@x","password":"canary-password"}`, "Content-Type", "application/json")
	h.ask(t, "POST", "/api/v1/sessions", `{"login":canary-broken`, "Content-Type", "application/json")
	h.ask(t, "GET", "/canary-path", "", "X-Request-Id", "canary-id", "User-Agent", "canary-agent", "Cookie", "jishi="+token)
	must(t, h.stop())
	log := h.log.String()
	if strings.Contains(log, "canary") || strings.Contains(log, token) {
		t.Errorf("the log repeats what a client sent:\n%s", log)
	}
	if lines := strings.Count(log, "\n"); lines != 3 || strings.Count(log, `"msg":"request"`) != 3 {
		t.Errorf("%d lines for three requests:\n%s", lines, log)
	}
}

// Requests under way finish when the server stops; new ones are not taken.
func TestShutdown(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	h := start(t, Config{}, func(r fiber.Router) {
		r.Get("/slow", func(c *fiber.Ctx) error { close(begun); <-release; return c.SendString("finished") })
	})
	answered := make(chan answer, 1)
	go func() { answered <- h.ask(t, "GET", "/slow", "") }()
	<-begun
	stopped := make(chan error, 1)
	go func() { stopped <- h.stop() }()
	for range 100 { // until the listener is closed
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://")); err == nil {
		t.Error("a stopping server takes connections")
	}
	close(release)
	if a := <-answered; a.status != 200 || a.body != "finished" {
		t.Errorf("request under way: %d %s", a.status, a.body)
	}
	if err := <-stopped; err != nil {
		t.Errorf("stop: %v", err)
	}
}

// A request that does not end does not keep the server from stopping, nor
// makes the stop a failure.
func TestShutdownIsBounded(t *testing.T) {
	begun, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	log := &lines{}
	s := New(Config{Log: slog.New(slog.NewJSONHandler(log, nil)), Timeouts: Timeouts{Shutdown: 200 * time.Millisecond}}, nil,
		toyPages{}, toyPages{extra: []func(fiber.Router){func(r fiber.Router) {
			r.Get("/hangs", func(*fiber.Ctx) error { close(begun); <-release; return nil })
		}}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- s.Serve(ctx, ln) }()
	conn, err := net.Dial("tcp", ln.Addr().String())
	must(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET /hangs HTTP/1.1\r\nHost: t\r\n\r\n")
	must(t, err)
	<-begun
	at := time.Now()
	cancel()
	if err := <-stopped; err != nil || time.Since(at) > 2*time.Second || !strings.Contains(log.String(), "requests under way") {
		t.Errorf("stopped with %v after %v, want nil after 200 ms and a line in the log: %s", err, time.Since(at), log)
	}
}

// Connections that browsers open in advance do not hold up a stop.
func TestShutdownWithSilentConnections(t *testing.T) {
	h := start(t, Config{})
	for range 5 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
		must(t, err)
		defer conn.Close()
	}
	h.ask(t, "GET", "/", "") // accepted after them
	at := time.Now()
	if err := h.stop(); err != nil || time.Since(at) > time.Second {
		t.Errorf("stopped with %v after %v", err, time.Since(at))
	}
}

func TestServeEndedBefore(t *testing.T) {
	s := New(Config{Log: slog.New(slog.DiscardHandler)}, nil, toyPages{}, toyPages{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	if err := s.Serve(ctx, ln); err != nil {
		t.Errorf("Serve with a context that has ended: %v", err)
	}
	if err := s.Listen(t.Context(), "256.0.0.1:1"); err == nil {
		t.Error("Listen on no address succeeded")
	}
}

// A stopped server leaves no goroutine behind.
func TestNoLeak(t *testing.T) {
	run := func() {
		metrics, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		s := New(Config{Log: slog.New(slog.DiscardHandler), Metrics: metrics}, nil, toyPages{}, toyPages{})
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		served := make(chan error, 1)
		go func() { served <- s.Serve(ctx, ln) }()
		h := &house{url: "http://" + ln.Addr().String()}
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() { h.ask(t, "GET", "/fail/panic", "") })
		}
		wait.Wait()
		cancel()
		must(t, <-served)
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	}
	run() // what is started once per process
	before := goroutines()
	for range 5 {
		run()
	}
	after := goroutines()
	for range 100 {
		if after = goroutines(); len(after) <= len(before) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before:\n%s", len(after), len(before), strings.Join(after, "\n\n"))
}

// goroutines returns the stacks of all goroutines but the cleaners of stopped
// fasthttp servers, which sleep for ten seconds before they see it and end.
func goroutines() []string {
	stack := make([]byte, 1<<20)
	all := strings.Split(string(stack[:runtime.Stack(stack, true)]), "\n\n")
	return slices.DeleteFunc(all, func(g string) bool { return strings.Contains(g, "workerPool).Start.func2") })
}

func TestAddress(t *testing.T) {
	local := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct {
		name    string
		proxies []netip.Prefix
		header  string
		want    string
	}{
		{"no proxy, header made up", nil, "203.0.113.9", "127.0.0.1"},
		{"proxy", local, "203.0.113.9", "203.0.113.9"},
		{"two proxies", local, "203.0.113.9, 10.1.1.1", "203.0.113.9"},
		{"client made one up", local, "198.51.100.1, 203.0.113.9", "203.0.113.9"},
		{"proxy says nothing", local, "", "127.0.0.1"},
		{"nonsense", local, "203.0.113.9, evil", "127.0.0.1"},
		{"version 6", local, "2001:db8::1", "2001:db8::1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t, Config{Proxies: tt.proxies}, func(r fiber.Router) {
				r.Get("/where", func(c *fiber.Ctx) error { return c.SendString(market.RequestOf(c.UserContext()).Address) })
			})
			if a := h.ask(t, "GET", "/where", "", "X-Forwarded-For", tt.header); a.body != tt.want {
				t.Errorf("%q, want %q", a.body, tt.want)
			}
		})
	}
}

// What a handler keeps of a request is still the same after other requests.
func TestNothingIsAliased(t *testing.T) {
	var mu sync.Mutex
	kept := make(map[string]string)
	h := start(t, Config{}, func(r fiber.Router) {
		r.Post("/keep/:id", func(c *fiber.Ctx) error {
			mu.Lock()
			defer mu.Unlock()
			kept[c.Params("id")+c.Query("q")+c.Get("X-A")+c.FormValue("f")] = c.Params("id")
			return nil
		})
	})
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			for i := range 250 {
				id := fmt.Sprintf("%d-%03d", worker, i)
				h.ask(t, "POST", "/keep/"+id+"?q="+id, "f="+id, "X-A", id, "Content-Type", "application/x-www-form-urlencoded")
			}
		})
	}
	wait.Wait()
	for key, id := range kept {
		if key != id+id+id+id {
			t.Fatalf("kept %q under %q", id, key)
		}
	}
	if len(kept) != 1000 {
		t.Errorf("kept %d, want 1000", len(kept))
	}
}
