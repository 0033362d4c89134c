package server

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"jishi/internal/signin"
)

func TestSessionOverHTTP(t *testing.T) {
	h := start(t, Config{})
	a := h.ask(t, "POST", "/api/v1/sessions", `{"login":"Bureau@test","password":"`+password+`"}`, "Content-Type", "application/json")
	var grant struct {
		AccessToken string `json:"access_token"`
		TokenType   string `json:"token_type"`
		ExpiresIn   int    `json:"expires_in"`
	}
	must(t, json.Unmarshal([]byte(a.body), &grant))
	if a.status != 201 || grant.TokenType != "Bearer" || grant.ExpiresIn != 900 || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("sign-in: %d %s", a.status, a.body)
	}
	bearer := "Bearer " + grant.AccessToken
	a = h.ask(t, "GET", "/api/v1/me", "", "Authorization", bearer)
	if a.status != 200 || !strings.Contains(a.body, `"周经办"`) || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("me: %d %s", a.status, a.body)
	}
	if a = h.ask(t, "DELETE", "/api/v1/sessions", "", "Authorization", bearer); a.status != 204 || a.body != "" {
		t.Errorf("sign-out: %d %s", a.status, a.body)
	}
	a = h.ask(t, "GET", "/api/v1/me", "", "Authorization", bearer)
	if a.status != 401 || !strings.Contains(a.body, `"session_over"`) || a.header.Get("WWW-Authenticate") != "Bearer" {
		t.Errorf("after sign-out: %d %s", a.status, a.body)
	}
}

func TestWhoAsks(t *testing.T) {
	h := start(t, Config{})
	token := h.signIn(t)
	cookie, bearer := "jishi="+token, "Bearer "+token
	tests := []struct {
		name, path string
		header     []string
		status     int
		body       string
	}{
		{"visitor on a page", "/", nil, 200, "[]"},
		{"cookie on a page", "/", []string{"Cookie", cookie}, 200, "[周经办]"},
		{"bearer on a page", "/", []string{"Authorization", bearer}, 200, "[]"},
		{"broken cookie on a page", "/", []string{"Cookie", "jishi=broken"}, 200, "[]"},
		{"cookie of another name", "/", []string{"Cookie", "__Host-jishi=" + token}, 200, "[]"},
		{"link from elsewhere to a page", "/", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, 200, "[周经办]"},
		{"visitor at the API", "/api/v1/me", nil, 401, "sign_in_first"},
		{"bearer at the API", "/api/v1/me", []string{"Authorization", bearer}, 200, "周经办"},
		{"bearer in other letters", "/api/v1/me", []string{"Authorization", "bearer  " + token}, 200, "周经办"},
		{"broken bearer", "/api/v1/me", []string{"Authorization", "Bearer x"}, 401, "session_over"},
		{"broken bearer at a public action", "/api/v1/organizations", []string{"Authorization", "Bearer x"}, 401, "session_over"},
		{"broken bearer beside a good cookie", "/api/v1/me", []string{"Authorization", "Bearer x", "Cookie", cookie}, 401, "session_over"},
		{"empty bearer", "/api/v1/me", []string{"Authorization", "Bearer"}, 401, "session_over"},
		{"basic is a proxy's", "/api/v1/me", []string{"Authorization", "Basic eDp5"}, 401, "sign_in_first"},
		{"cookie at the API from our page", "/api/v1/me", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin"}, 200, "周经办"},
		{"cookie at the API from elsewhere", "/api/v1/me", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, 401, "sign_in_first"},
		{"cookie at the API from a sibling", "/api/v1/me", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-site"}, 401, "sign_in_first"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := h.ask(t, "GET", tt.path, "", tt.header...)
			if a.status != tt.status || !strings.Contains(a.body, tt.body) {
				t.Errorf("%d %s, want %d with %s", a.status, a.body, tt.status, tt.body)
			}
		})
	}
}

// cookieOf returns the session cookie an answer sets.
func cookieOf(a answer) (*http.Cookie, bool) {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if strings.HasSuffix(c.Name, "jishi") {
			return c, true
		}
	}
	return nil, false
}

// Somebody who clicks now and then stays signed in: the cookie is renewed, but
// not with every click.
func TestSlidingCookie(t *testing.T) {
	h := start(t, Config{})
	token := h.signIn(t)
	for minute := 0; minute < 60; minute += 3 {
		a := h.ask(t, "GET", "/", "", "Cookie", "jishi="+token)
		if a.body != "[周经办]" {
			t.Fatalf("minute %d: signed out", minute)
		}
		if c, ok := cookieOf(a); ok != (minute%6 == 0 && minute > 0) {
			t.Errorf("minute %d: renewed %v", minute, ok)
		} else if ok {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("cookie %v", c)
			}
			token = c.Value
		}
		h.clock.pass(3 * time.Minute)
	}
	h.clock.pass(signin.TokenLifetime)
	a := h.ask(t, "GET", "/", "", "Cookie", "jishi="+token)
	if c, ok := cookieOf(a); a.body != "[]" || !ok || c.Value != "" || c.MaxAge >= 0 {
		t.Errorf("after a break: %q, cookie %v, want a visitor without cookie", a.body, c)
	}
}

func TestSecureCookie(t *testing.T) {
	h := start(t, Config{Secure: true})
	token := h.signIn(t)
	h.clock.pass(6 * time.Minute)
	a := h.ask(t, "GET", "/", "", "Cookie", "__Host-jishi="+token)
	c, ok := cookieOf(a)
	if !ok || c.Name != "__Host-jishi" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
	if got := a.header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security %q", got)
	}
}

// No answer to guessing tells more than the next one, and it ends.
func TestGuessingOverHTTP(t *testing.T) {
	h := start(t, Config{})
	guess := func(password string) answer {
		return h.ask(t, "POST", "/api/v1/sessions", `{"login":"`+login+`","password":"`+password+`"}`,
			"Content-Type", "application/json", "X-Forwarded-For", "203.0.113."+password) // no proxy is trusted: gains nothing
	}
	for i := range 5 {
		if a := guess(string(rune('1' + i))); a.status != 401 || !strings.Contains(a.body, "wrong_credentials") {
			t.Fatalf("guess %d: %d %s", i, a.status, a.body)
		}
	}
	if a := guess(password); a.status != 429 || a.header.Get("Retry-After") != "900" {
		t.Errorf("sixth: %d, Retry-After %q, want 429 and 900", a.status, a.header.Get("Retry-After"))
	}
}
