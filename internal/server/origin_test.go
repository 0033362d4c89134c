package server

import (
	"strings"
	"testing"
)

// Only what a page of ours sends may change something (OWASP: verify the
// origin with Fetch Metadata or Origin).
func TestCrossOrigin(t *testing.T) {
	h := start(t, Config{})
	here, host := h.url, strings.TrimPrefix(h.url, "http://")
	cookie := "jishi=" + h.signIn(t)
	bearer := "Bearer " + h.signIn(t)
	tests := []struct {
		name   string
		header []string
		want   int
	}{
		{"form of ours", []string{"Sec-Fetch-Site", "same-origin", "Origin", here, "Cookie", cookie}, 200},
		{"typed by the user", []string{"Sec-Fetch-Site", "none", "Cookie", cookie}, 200},
		{"form of another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example", "Cookie", cookie}, 403},
		{"form of another site, claiming our origin", []string{"Sec-Fetch-Site", "cross-site", "Origin", here, "Cookie", cookie}, 403},
		{"form of a sibling host", []string{"Sec-Fetch-Site", "same-site", "Cookie", cookie}, 403},
		{"another site without cookie", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"unknown word", []string{"Sec-Fetch-Site", "SAME-ORIGIN", "Cookie", cookie}, 403},
		{"old browser, our origin", []string{"Origin", here, "Cookie", cookie}, 200},
		{"old browser, another origin", []string{"Origin", "https://evil.example", "Cookie", cookie}, 403},
		{"old browser, our host as user", []string{"Origin", "http://" + host + "@evil.example", "Cookie", cookie}, 403},
		{"old browser, our host as subdomain", []string{"Origin", here + ".evil.example", "Cookie", cookie}, 403},
		{"sandboxed frame", []string{"Origin", "null", "Cookie", cookie}, 403},
		{"another origin without cookie", []string{"Origin", "https://evil.example"}, 403},
		{"no header, cookie", []string{"Cookie", cookie}, 403},
		{"no header, no cookie", nil, 200},
		{"bearer on a page", []string{"Authorization", bearer, "Cookie", cookie}, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if a := h.ask(t, "POST", "/form", "", tt.header...); a.status != tt.want {
				t.Errorf("%d %s, want %d", a.status, a.body, tt.want)
			}
		})
	}
	t.Run("program with bearer", func(t *testing.T) {
		a := h.ask(t, "DELETE", "/api/v1/sessions", "", "Authorization", bearer, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
		if a.status != 204 {
			t.Errorf("%d %s, want 204", a.status, a.body)
		}
	})
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		a := h.ask(t, method, "/api/v1/me", "", "Sec-Fetch-Site", "cross-site", "Cookie", cookie)
		if a.status != 403 || !strings.Contains(a.body, `"cross_origin"`) {
			t.Errorf("%s: %d %s, want 403", method, a.status, a.body)
		}
	}
}
