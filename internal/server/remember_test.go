package server

import (
	"net/http"
	"testing"
	"time"
)

// An answer that fails still hands over the tokens that took the place of the
// client's: a token that is used twice ends its session.
func TestFailuresKeepRenewedTokens(t *testing.T) {
	h := start(t, Config{Rates: few, Timeouts: Timeouts{Request: 100 * time.Millisecond}})
	at := h.clock.now()
	h.rates.now = func() time.Time { return at } // no further request by waiting
	for name, path := range map[string]string{
		"no such page": "/nothing", "no such action": "/api/v1/nothing", "panic": "/fail/panic", "deadline": "/fail/deadline", "refused": "/fail/denied",
		"too many": "/x/export",
	} {
		t.Run(name, func(t *testing.T) {
			opened, err := h.sessions.Open(t.Context(), login, password)
			must(t, err)
			if name == "too many" {
				until(t, func(int) answer { return h.ask(t, "GET", path, "", "Cookie", "jishi="+opened.Access) })
			}
			a := h.ask(t, "GET", path, "", "Cookie", "jishi_refresh="+opened.Refresh)
			set := map[string]string{}
			for _, c := range (&http.Response{Header: a.header}).Cookies() {
				set[c.Name] = c.Value
			}
			if a.status < 400 || set["jishi"] == "" || set["jishi_refresh"] == "" || set["jishi_refresh"] == opened.Refresh {
				t.Errorf("%d with %v", a.status, a.header)
			}
			if (a.status == 429) != (name == "too many") {
				t.Errorf("status %d", a.status)
			}
		})
	}
}
