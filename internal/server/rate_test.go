package server

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

func TestParseRates(t *testing.T) {
	tests := []struct {
		text string
		want string // rates of all classes, or a word of the refusal
	}{
		{"", "read 100/1s:600 write 20/1s:100 sign-in 10/1m0s:20 upload 30/1m0s:30 export 20/1m0s:20"},
		{"read=5/s:7", "read 5/1s:7 write 20/1s:100 sign-in 10/1m0s:20 upload 30/1m0s:30 export 20/1m0s:20"},
		{" read=5/s:7 , export=9/h,", "read 5/1s:7 write 20/1s:100 sign-in 10/1m0s:20 upload 30/1m0s:30 export 9/1h0m0s:9"},
		{"off", "off"},
		{"read=off", "应写作"}, {"read", "应写作"}, {"read=5", "应写作"}, {"read=5/day", "应写作"}, {"read=0/s", "应写作"}, {"read=-1/s", "应写作"},
		{"read=5/s:0", "应写作"}, {"read=5/s:", "应写作"}, {"read=1e3/s", "应写作"}, {"read=1000001/s", "应写作"}, {"read=99999999999999999999/s", "应写作"},
		{"search=5/s", "没有“search”"}, {"=5/s", "没有“”"}, {"read=5/s,read=6/s", "两次"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			rates, err := ParseRates(tt.text)
			if err != nil {
				if !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%v, want %s", err, tt.want)
				}
				return
			}
			var all []string
			for _, class := range []Class{ClassRead, ClassWrite, ClassSignIn, ClassUpload, ClassExport} {
				r := rates.of(class)
				all = append(all, fmt.Sprintf("%s %d/%v:%d", class, r.Count, r.Per, r.Burst))
			}
			if got := strings.Join(all, " "); rates.Off() != (tt.want == "off") || !rates.Off() && got != tt.want {
				t.Errorf("%s, off %v, want %s", got, rates.Off(), tt.want)
			}
		})
	}
}

func TestClasses(t *testing.T) {
	tests := []struct {
		method, path string
		want         Class
	}{
		{"GET", "/", ClassRead}, {"HEAD", "/search", ClassRead}, {"GET", "/sign-in", ClassRead}, {"GET", "/api", ClassRead},
		{"GET", "/api/v1/search", ClassRead}, {"GET", "/imports/1", ClassRead}, {"GET", "/api/v1/files/1", ClassRead},
		{"GET", "/static/app.css", ClassNone}, {"GET", "/healthz", ClassNone}, {"GET", "/readyz", ClassNone},
		{"POST", "/sign-in", ClassSignIn}, {"POST", "/sign-in/", ClassSignIn}, {"POST", "/sign-in/factor", ClassSignIn}, {"POST", "/recover", ClassSignIn},
		{"POST", "/recover/abc", ClassSignIn}, {"POST", "/sign-up", ClassSignIn}, {"POST", "/invitations/abc", ClassSignIn},
		{"POST", "/api/v1/sessions", ClassSignIn}, {"POST", "/api/v1/sessions/refresh", ClassSignIn}, {"POST", "/api/v1/recoveries", ClassSignIn},
		{"POST", "/api/v1/sign-ups", ClassSignIn}, {"POST", "/api/v1/confirmations", ClassSignIn}, {"POST", "/confirm/abc", ClassSignIn}, {"POST", "/api/v1/invitations/abc/accept", ClassSignIn},
		{"POST", "/api/v1/me/password", ClassSignIn}, {"POST", "/account/factor/confirm", ClassSignIn}, {"GET", "/account/password", ClassRead},
		{"POST", "/api/v1/sessions/act-for", ClassWrite}, {"POST", "/api/v1/sessions/end-all", ClassWrite},
		{"DELETE", "/api/v1/sessions", ClassWrite}, {"POST", "/sign-out", ClassWrite}, {"POST", "/demands", ClassWrite}, {"PUT", "/api/v1/demands/1", ClassWrite},
		{"POST", "/demands/sign-in", ClassWrite}, {"PATCH", "/x", ClassWrite}, {"DELETE", "/x", ClassWrite},
		{"POST", "/imports", ClassUpload}, {"POST", "/api/v1/imports", ClassUpload}, {"POST", "/api/v1/files", ClassUpload},
		{"GET", "/search/export/xlsx", ClassExport}, {"GET", "/contracts/export/csv", ClassExport}, {"POST", "/api/v1/me/export", ClassExport},
		{"GET", "/static2/x", ClassRead}, {"POST", "/static", ClassNone},
	}
	for _, tt := range tests {
		if got := ClassOf(tt.method, tt.path); got != tt.want {
			t.Errorf("%s %s is %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
}

// few is rates that a test can exhaust.
var few = Rates{rates: map[Class]Rate{
	ClassRead: {1, time.Minute, 5}, ClassWrite: {1, time.Minute, 4}, ClassSignIn: {1, time.Minute, 3}, ClassUpload: {1, time.Minute, 2}, ClassExport: {1, time.Minute, 1},
}}

// until asks until it is refused and returns how often it was not.
func until(t *testing.T, ask func(i int) answer) int {
	t.Helper()
	for i := range 20 {
		a := ask(i)
		if a.status != 429 {
			continue
		}
		if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
			t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
		}
		if a.header.Get("Content-Security-Policy") == "" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers of a refusal: %v", a.header)
		}
		return i
	}
	return 20
}

func TestRates(t *testing.T) {
	h := start(t, Config{Rates: few}, func(r fiber.Router) {
		ok := func(c *fiber.Ctx) error { return c.SendString("ok") }
		r.Get("/static/x", ok)
		r.Get("/x/export/csv", ok)
	})
	clock := &clock{at: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)}
	h.rates.now = clock.now
	bearer := "Bearer " + h.signIn(t)
	get := func(path string, header ...string) func(int) answer {
		return func(int) answer { return h.ask(t, "GET", path, "", header...) }
	}
	if n := until(t, get("/")); n != 5 {
		t.Errorf("visitor: %d reads", n)
	}
	if n := until(t, get("/api/v1/me", "Authorization", bearer)); n != 5 {
		t.Errorf("signed in, from the same address: %d reads, want a count of their own", n)
	}
	for name, ask := range map[string]func(int) answer{
		"API":              get("/api/v1/organizations"),
		"nothing there":    get("/nothing"),
		"another address?": get("/", "X-Forwarded-For", "203.0.113.9"),
		"bad token":        get("/api/v1/me", "Authorization", "Bearer x"),
		"bad cookie":       get("/", "Cookie", "jishi=x"),
	} {
		if n := until(t, ask); n != 0 {
			t.Errorf("%s: %d more", name, n)
		}
	}
	spoof := func(i int) answer {
		return h.ask(t, "GET", "/", "", "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i), "X-Real-IP", fmt.Sprintf("203.0.113.%d", i), "Forwarded", fmt.Sprintf("for=203.0.113.%d", i))
	}
	if n := until(t, spoof); n != 0 {
		t.Errorf("made-up addresses gain %d requests", n)
	}
	write := func(int) answer { return h.ask(t, "POST", "/form", "", "Sec-Fetch-Site", "same-origin") }
	if n := until(t, write); n != 4 {
		t.Errorf("%d writes", n)
	}
	guess := func(i int) answer {
		return h.ask(t, "POST", "/api/v1/sessions", fmt.Sprintf(`{"login":"a%d@test","password":"x"}`, i), "Content-Type", "application/json", "Authorization", bearer)
	}
	if n := until(t, guess); n != 3 {
		t.Errorf("%d sign-ins, signed in or not", n)
	}
	if n := until(t, func(int) answer { return h.ask(t, "POST", "/files", "", "Sec-Fetch-Site", "same-origin") }); n != 2 {
		t.Errorf("%d uploads", n)
	}
	if n := until(t, get("/x/export/csv")); n != 1 {
		t.Errorf("%d exports", n)
	}
	for _, path := range []string{"/healthz", "/readyz", "/static/x"} {
		if n := until(t, get(path)); n != 20 {
			t.Errorf("%s is limited to %d", path, n)
		}
	}
	clock.pass(2 * time.Minute)
	if n := until(t, get("/")); n != 2 {
		t.Errorf("after two minutes: %d reads, want 2", n)
	}
}

func TestRatesOff(t *testing.T) {
	h := start(t, Config{Rates: Rates{off: true, rates: few.rates}})
	if n := until(t, func(int) answer { return h.ask(t, "GET", "/", "") }); n != 20 {
		t.Errorf("limited to %d", n)
	}
}

// Behind a proxy of ours clients are told apart, and none passes for another.
func TestRatesBehindProxy(t *testing.T) {
	h := start(t, Config{Rates: few, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	from := func(forwarded string) int {
		return until(t, func(int) answer { return h.ask(t, "GET", "/", "", "X-Forwarded-For", forwarded) })
	}
	tests := []struct {
		name, forwarded string
		want            int
	}{
		{"one client", "203.0.113.9", 5},
		{"another client", "203.0.113.10", 5},
		{"the first again", "203.0.113.9", 0},
		{"the first, pretending", "198.51.100.1, 203.0.113.9", 0},
		{"IPv6", "2001:db8:1:2::1", 5},
		{"IPv6, another address of the same network", "2001:db8:1:2:ffff::9", 0},
		{"IPv6, another network", "2001:db8:1:3::1", 5},
		{"IPv4 in IPv6", "::ffff:203.0.113.9", 0},
	}
	for _, tt := range tests {
		if n := from(tt.forwarded); n != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, n, tt.want)
		}
	}
}

// However many clients come, memory is bounded, and those who keep asking are
// not the ones forgotten.
func TestBucketsAreBounded(t *testing.T) {
	l := newLimiter(few)
	for range 5 {
		if err := l.take(ClassRead, "busy"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 * maxBuckets {
		if err := l.take(ClassRead, strconv.Itoa(i)); err != nil {
			t.Fatal(err)
		}
		if i%1000 == 0 {
			if err := l.take(ClassRead, "busy"); !market.Is(err, market.TooMany) {
				t.Fatalf("forgotten after %d others", i)
			}
		}
	}
	if n := l.buckets[ClassRead].Len(); n != maxBuckets {
		t.Errorf("%d buckets", n)
	}
}
