package server

import (
	"encoding/json"
	"strings"
	"testing"
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
	opened, err := h.sessions.Open(t.Context(), login, password)
	must(t, err)
	token := opened.Access
	cookie, bearer := "jishi="+token, "Bearer "+token
	refresh := "jishi_refresh=" + opened.Refresh
	tests := []struct {
		name, path string
		header     []string
		status     int
		body       string
	}{
		{"visitor on a page", "/", nil, 200, "[]"},
		{"cookie on a page", "/", []string{"Cookie", cookie}, 200, "[周经办]"},
		{"bearer on a page", "/", []string{"Authorization", bearer}, 200, "[]"},
		{"refresh cookie on a page", "/", []string{"Cookie", refresh}, 200, "[周经办]"},
		{"broken cookie beside a refresh cookie", "/", []string{"Cookie", "jishi=x; " + refresh}, 200, "[周经办]"},
		{"refresh token as access cookie", "/", []string{"Cookie", "jishi=" + opened.Refresh}, 200, "[]"},
		{"access token as refresh cookie", "/", []string{"Cookie", "jishi_refresh=" + token}, 200, "[]"},
		{"refresh token as bearer", "/api/v1/me", []string{"Authorization", "Bearer " + opened.Refresh}, 401, "session_over"},
		{"refresh cookie at the API from elsewhere", "/api/v1/me", []string{"Cookie", refresh, "Sec-Fetch-Site", "cross-site"}, 401, "sign_in_first"},
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
