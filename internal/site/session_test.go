package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/account"
	"jishi/internal/market"
	"jishi/internal/signin"
)

// browser is one person's, with cookies of their own and no script.
type browser struct {
	*world
	kept map[string]string
}

func (w *world) browser() *browser { return &browser{world: w, kept: map[string]string{}} }

func (b *browser) follow(r *http.Request) *answer {
	b.t.Helper()
	for name, value := range b.kept {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := b.send("", r)
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if b.kept[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.kept, c.Name)
		}
	}
	return a
}

func (b *browser) open(path string) *answer {
	b.t.Helper()
	return b.follow(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) submit(path string, pairs ...string) *answer {
	b.t.Helper()
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.follow(r)
}

// signIn signs a user in with a password and returns where that leads.
func (b *browser) signIn(login, password string) string {
	b.t.Helper()
	return b.submit("/sign-in", "login", login, "password", password).leads("/")
}

const newPassword = "Lanhai-wanzhong-7"

func TestSessionList(t *testing.T) {
	w := newWorld(t)
	here, there := w.browser(), w.browser()
	here.signIn("university@demo", password)
	w.now = w.now.Add(time.Minute)
	there.signIn("university@demo", password)
	page := here.open("/account/sessions").is(200).shows("登录会话", "本机", "192.0.2.1", "示例大学")
	ends := page.all("form")
	var other string
	for _, form := range ends {
		if action := attr(form, "action"); strings.HasPrefix(action, "/account/sessions/") && strings.HasSuffix(action, "/end") {
			other = action
		}
	}
	if other == "" {
		t.Fatal("the other session cannot be ended")
	}
	here.submit(other).leads("/account/sessions")
	there.open("/account/sessions").leads("/sign-in")
	here.open("/account/sessions").is(200).shows("这个会话已结束")
	officer := w.browser()
	officer.signIn("officer@demo", password)
	current := strings.TrimSuffix(other, "/end")
	officer.submit(current + "/end").is(404)
	here.submit("/account/sessions/end-all").leads("/sign-in")
	here.open("/account/sessions").leads("/sign-in")
	officer.open("/account/sessions").is(200)
}

func TestDevice(t *testing.T) {
	for agent, want := range map[string]string{
		"": "其他程序", "curl/8.5.0": "curl", "evil": "其他程序",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":           "Windows 上的 Edge",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1": "iPhone 上的 Safari",
		"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 MicroMessenger/8.0":                                 "Android 上的 微信",
	} {
		if got := device(agent); got != want {
			t.Errorf("device(%q) = %q, want %q", agent, got, want)
		}
	}
}

func TestChangePasswordPage(t *testing.T) {
	w := newWorld(t)
	b, other := w.browser(), w.browser()
	b.signIn("university@demo", password)
	other.signIn("university@demo", password)
	b.open("/account/password").is(200).shows("修改密码", "至少 10 个字符")
	tests := []struct{ name, old, fresh, again, field, says string }{
		{"typed differently", password, newPassword, newPassword + "x", "new_password_again", "两次"},
		{"wrong old one", "wrong", newPassword, newPassword, "password", "密码不对"},
		{"too short", password, "aB1-", "aB1-", "new_password", "至少 10"},
		{"too common", password, "Password-2026", "Password-2026", "new_password", "常见"},
		{"login inside", password, "university-X9-y", "university-X9-y", "new_password", "登录名"},
		{"the same", password, password, password, "new_password", "不能与原密码相同"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := b.submit("/account/password", "password", tt.old, "new_password", tt.fresh, "new_password_again", tt.again).is(422)
			if got := page.wrong(tt.field); !strings.Contains(got, tt.says) {
				t.Errorf("beside %s stands %q, want %q", tt.field, got, tt.says)
			}
			page.hides(tt.fresh)
		})
	}
	b.submit("/account/password", "password", password, "new_password", newPassword, "new_password_again", newPassword).leads("/account/sessions")
	b.open("/account/sessions").is(200).shows("密码已修改")
	other.open("/account/sessions").leads("/sign-in")
	w.browser().signIn("university@demo", newPassword)
}

var linkInMail = regexp.MustCompile(`https://jishi\.example(/recover/\w+)`)

func TestRecoverPages(t *testing.T) {
	w := newWorld(t)
	_, err := w.site.People.CreateUser(t.Context(), market.System, account.NewUser{
		Login: "wu@example.edu.cn", Name: "测试wu", Org: w.users["university"].Org, Roles: []market.Role{market.RoleSupplier}, Password: password,
	})
	must(t, err)
	w.now = w.now.Add(time.Second)
	b := w.browser()
	b.open("/sign-in").is(200).shows("忘记密码")
	b.open("/recover").is(200).shows("找回密码")
	if got := b.submit("/recover", "login", " ").is(422).wrong("login"); got != "必填" {
		t.Errorf("nothing typed: %q", got)
	}
	nobody := b.submit("/recover", "login", "nobody@example.edu.cn").is(200).text("main")
	somebody := b.submit("/recover", "login", "wu@example.edu.cn").is(200).text("main")
	if nobody != somebody || !strings.Contains(nobody, "如果这个登录名存在") {
		t.Errorf("answers differ: %q and %q", nobody, somebody)
	}
	if len(w.mails.mails) != 1 {
		t.Fatalf("%d mails", len(w.mails.mails))
	}
	link := linkInMail.FindStringSubmatch(w.mails.mails[0].Text)[1]
	page := b.open(link).is(200).shows("重设密码", "测试wu")
	page.secret()
	weak := b.submit(link, "password", "short", "password_again", "short").is(422).secret()
	if got := weak.wrong("password"); !strings.Contains(got, "至少 10") {
		t.Errorf("weak password: %q", got)
	}
	set := b.submit(link, "password", newPassword, "password_again", newPassword)
	set.secret().leads("/sign-in")
	b.open("/sign-in").shows("密码已重设")
	b.open(link).is(404).secret().shows("这个链接已失效")
	b.submit(link, "password", newPassword, "password_again", newPassword).is(404)
	b.signIn("wu@example.edu.cn", newPassword)
}

// secret fails the test unless nothing keeps the answer and the server's own
// referrer policy holds.
func (a *answer) secret() *answer {
	a.t.Helper()
	if kept, told := a.header.Get("Cache-Control"), a.header.Get("Referrer-Policy"); kept != "no-store" || told != "" {
		a.t.Errorf("%s = %d: kept %q, told %q", a.asked, a.status, kept, told)
	}
	return a
}

// Every answer under an address with a secret in it, to a visitor too.
func TestSecretAddresses(t *testing.T) {
	w := newWorld(t)
	w.get("", "/confirm/nosuch").is(200).secret()
	w.post("", "/confirm/nosuch", nil).secret()
	w.get("", "/invitations/nosuch").is(404).secret()
	w.post("", "/invitations/nosuch", nil).secret()
	w.get("", "/recover/nosuch").is(404).secret()
	w.post("", "/recover/nosuch", nil).secret()
}

// Who has something due is led to the page that settles it, and no further.
func TestDueLeads(t *testing.T) {
	w := newWorld(t)
	style, err := builtAssets.URL("css/jishi.css")
	must(t, err)
	for due, to := range map[market.Due]string{market.DueFactor: "/account/factor", market.DuePassword: "/account/password", market.DueConsent: "/account/privacy"} {
		by := w.users["officer"]
		by.Due = due
		w.users["due"] = by
		for _, path := range []string{"/", "/desk", "/review", "/search?q=镁", "/contracts", "/organizations"} {
			if got := w.get("due", path).leads("/account/"); got != to {
				t.Errorf("%s: %s leads to %s, want %s", due, path, got, to)
			}
		}
		w.post("due", "/contracts", url.Values{"project": {"某项目"}}).leads(to)
		w.get("due", style).is(200)
		w.get("due", "/account/factor").is(200)
		w.post("due", "/sign-out", nil).leads("/")
	}
}

// Every session page carries the tabs, and its own is marked.
func TestAccountTabs(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.signIn("university@demo", password)
	for _, path := range []string{"/account/sessions", "/account/password", "/account/factor"} {
		current := b.open(path).is(200).all("a[aria-current=page]")
		var hrefs []string
		for _, link := range current {
			hrefs = append(hrefs, attr(link, "href"))
		}
		if !slices.Contains(hrefs, path) {
			t.Errorf("%s marks %v", path, hrefs)
		}
	}
}

func TestAwaitsCode(t *testing.T) {
	if !AwaitsCode(market.E(market.Unauthenticated, signin.CodeFactorDue, "")) || AwaitsCode(market.E(market.Unauthenticated, "session_over", "")) || AwaitsCode(nil) {
		t.Error("which sessions wait is mixed up")
	}
}
