package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"jishi/internal/market"
	"jishi/internal/signin"
)

// browser keeps the cookies of the session as browsers do.
type browser struct {
	*house
	kept map[string]string
	set  []*http.Cookie // by the last answer
}

// browse signs a user in at a browser.
func (h *house) browse(t *testing.T, login string) *browser {
	t.Helper()
	opened, err := h.sessions.Open(t.Context(), login, password)
	must(t, err)
	prefix := "jishi"
	if h.config.Secure {
		prefix = "__Host-jishi"
	}
	return &browser{house: h, kept: map[string]string{prefix: opened.Access, prefix + "_refresh": opened.Refresh}}
}

// sees asks for the page that says who asks.
func (b *browser) sees(t *testing.T) string {
	t.Helper()
	var pairs []string
	for name, value := range b.kept {
		pairs = append(pairs, name+"="+value)
	}
	a := b.ask(t, "GET", "/", "", "Cookie", strings.Join(pairs, "; "))
	b.set = (&http.Response{Header: a.header}).Cookies()
	for _, c := range b.set {
		b.kept[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.kept, c.Name)
		}
	}
	return a.body
}

// Somebody who clicks now and then stays signed in: tokens are renewed as they
// run out, not with every click.
func TestSilentRenewal(t *testing.T) {
	h := start(t, Config{})
	b, renewals := h.browse(t, "supplier@test"), 0
	for minute := 0; minute < 120; minute += 4 {
		if who := b.sees(t); who != "[吴老师]" {
			t.Fatalf("minute %d: %s", minute, who)
		}
		for _, c := range b.set {
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
				t.Errorf("cookie %v", c)
			}
		}
		if len(b.set) == 2 {
			renewals++
		} else if len(b.set) != 0 {
			t.Errorf("minute %d: %d cookies", minute, len(b.set))
		}
		h.clock.pass(4 * time.Minute)
	}
	if renewals != 7 { // every 16 minutes
		t.Errorf("%d renewals, want 7", renewals)
	}
}

// A break within the idle limit signs nobody out, a longer one does, and so
// does the absolute limit.
func TestBreaks(t *testing.T) {
	tests := []struct {
		name, login string
		pause       time.Duration
		want        string
	}{
		{"coffee", "supplier@test", 20 * time.Minute, "[吴老师]"},
		{"almost too long", "supplier@test", 30*time.Minute - time.Second, "[吴老师]"},
		{"too long", "supplier@test", 30 * time.Minute, "[]"},
		{"officer, short", login, 14 * time.Minute, "[周经办]"},
		{"officer, too long", login, 20 * time.Minute, "[]"},
		{"the night", "supplier@test", 12 * time.Hour, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t, Config{})
			b := h.browse(t, tt.login)
			h.clock.pass(tt.pause)
			if who := b.sees(t); who != tt.want {
				t.Errorf("sees %s, want %s", who, tt.want)
			}
			if tt.want == "[]" && len(b.kept) != 0 {
				t.Errorf("cookies stay: %v", b.kept)
			}
		})
	}
}

func TestSecureCookies(t *testing.T) {
	h := start(t, Config{Secure: true})
	b := h.browse(t, "supplier@test")
	h.clock.pass(20 * time.Minute)
	if who := b.sees(t); who != "[吴老师]" || len(b.set) != 2 {
		t.Fatalf("sees %s, cookies %v", who, b.set)
	}
	for _, c := range b.set {
		if !strings.HasPrefix(c.Name, "__Host-jishi") || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %v", c)
		}
	}
	if b.kept["__Host-jishi"] == "" || b.kept["__Host-jishi_refresh"] == "" {
		t.Errorf("kept %v", b.kept)
	}
}

// Two tabs come back after a break at the same time.
func TestTwoTabs(t *testing.T) {
	h := start(t, Config{})
	one := h.browse(t, "supplier@test")
	two := &browser{house: h, kept: map[string]string{"jishi": one.kept["jishi"], "jishi_refresh": one.kept["jishi_refresh"]}}
	h.clock.pass(20 * time.Minute)
	if a, b := one.sees(t), two.sees(t); a != "[吴老师]" || b != a {
		t.Errorf("one sees %s, the other %s", a, b)
	}
	if one.kept["jishi_refresh"] != two.kept["jishi_refresh"] {
		t.Error("the tabs go on with different tokens")
	}
}

// A stolen refresh cookie that is used later ends the session for both.
func TestStolenCookie(t *testing.T) {
	h := start(t, Config{})
	owner := h.browse(t, "supplier@test")
	thief := &browser{house: h, kept: map[string]string{"jishi_refresh": owner.kept["jishi_refresh"]}}
	h.clock.pass(20 * time.Minute)
	if who := owner.sees(t); who != "[吴老师]" {
		t.Fatal(who)
	}
	h.clock.pass(time.Minute)
	if who := thief.sees(t); who != "[]" || len(thief.kept) != 0 {
		t.Errorf("the thief sees %s", who)
	}
	if who := owner.sees(t); who != "[]" {
		t.Errorf("the session goes on: %s", who)
	}
}

// A user who is disabled is out at the next request, and so is a session that
// another browser ended.
func TestOutAtOnce(t *testing.T) {
	h := start(t, Config{})
	one, two := h.browse(t, "supplier@test"), h.browse(t, "supplier@test")
	by, err := h.sessions.Actor(t.Context(), one.kept["jishi"])
	must(t, err)
	other, err := h.sessions.Actor(t.Context(), two.kept["jishi"])
	must(t, err)
	must(t, h.sessions.EndSession(t.Context(), by, other.Session))
	if a, b := one.sees(t), two.sees(t); a != "[吴老师]" || b != "[]" {
		t.Errorf("who ended sees %s, who was ended %s", a, b)
	}
	user, err := h.users.Get(t.Context(), by.User)
	must(t, err)
	user.Disabled = true
	must(t, h.users.Update(t.Context(), user))
	if who := one.sees(t); who != "[]" || len(one.kept) != 0 {
		t.Errorf("disabled, sees %s with %v", who, one.kept)
	}
}

// A session that waits for the second factor is nobody's, but keeps its cookie.
func TestWaitingSession(t *testing.T) {
	h := start(t, Config{})
	opened, err := h.sessions.Open(t.Context(), "supplier@test", password)
	must(t, err)
	h.enrol(t, opened.Actor)
	b := h.browse(t, "supplier@test")
	delete(b.kept, "jishi_refresh")
	if who := b.sees(t); who != "[]" || b.kept["jishi"] == "" {
		t.Errorf("sees %s with %v", who, b.kept)
	}
	a := h.ask(t, "GET", "/api/v1/me", "", "Authorization", "Bearer "+b.kept["jishi"])
	if a.status != 401 || !strings.Contains(a.body, signin.CodeFactorDue) {
		t.Errorf("as bearer: %d %s", a.status, a.body)
	}
}

func (h *house) enrol(t *testing.T, by market.Actor) {
	t.Helper()
	made, err := h.sessions.StartFactor(t.Context(), by, password)
	must(t, err)
	code, err := totp.GenerateCode(made.Secret, h.clock.now())
	must(t, err)
	_, err = h.sessions.ConfirmFactor(t.Context(), by, code)
	must(t, err)
}

func TestAgent(t *testing.T) {
	h := start(t, Config{})
	b := h.browse(t, "supplier@test")
	for _, agent := range []string{"Mozilla/5.0 (X11; Linux x86_64)", strings.Repeat("长", 900), "<script>alert(1)</script>", "\xff\xfe\u202e x"} {
		h.clock.pass(20 * time.Minute)
		a := h.ask(t, "GET", "/", "", "Cookie", "jishi_refresh="+b.kept["jishi_refresh"], "User-Agent", agent)
		for _, c := range (&http.Response{Header: a.header}).Cookies() {
			b.kept[c.Name] = c.Value
		}
		by, err := h.sessions.Actor(t.Context(), b.kept["jishi"])
		must(t, err)
		open, err := h.sessions.List(t.Context(), by)
		must(t, err)
		if got := open[0].Agent; len([]rune(got)) > maxAgent || strings.ContainsAny(got, "\u202e\ufffd") || !strings.HasPrefix(agent, "\xff") && !strings.HasPrefix(agent, got) {
			t.Errorf("agent %.40q is kept as %.40q", agent, got)
		}
	}
}
