package site

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

func TestSignInPage(t *testing.T) {
	w := newWorld(t)
	page := w.get("", "/sign-in?next=/desk%3Fa=1").is(200).shows("登录", "university@demo", "bureau@demo")
	forms := page.all("form[action=/sign-in]")
	if len(forms) != 1+len(demoAccounts("")) { // to type in, and one for each demo account
		t.Fatalf("%d forms", len(forms))
	}
	for _, form := range forms {
		if next := find(form, "input[name=next]"); len(next) != 1 || attr(next[0], "value") != "/desk?a=1" {
			t.Errorf("a form does not go on to where the reader came from")
		}
	}
	w.site.Demo = false
	w.get("", "/sign-in").is(200).hides("university@demo")
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, login, password, next, leads string
	}{
		{"to the desk", "university@demo", password, "", "/desk"},
		{"back to where they came from", "university@demo", password, "/search?q=镁", "/search?q=镁"},
		{"not to another host", "university@demo", password, "//example.com/x", "/desk"},
		{"not to another scheme", "university@demo", password, "https://example.com/x", "/desk"},
		{"not past a backslash", "university@demo", password, `/\example.com`, "/desk"},
		{"wrong password", "university@demo", "wrong", "/desk", ""},
		{"nobody", "", "", "/desk", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := w.post("", "/sign-in", url.Values{"login": {tt.login}, "password": {tt.password}, "next": {tt.next}})
			if tt.leads == "" {
				got.is(422).shows("登录名或密码不对")
				typed := find(got.one("form.jishi-signin-form"), "input.form-control")
				if attr(typed[0], "value") != tt.login || attr(typed[1], "value") != "" {
					t.Errorf("form shows %q and %q again", attr(typed[0], "value"), attr(typed[1], "value"))
				}
				return
			}
			if to := got.leads(""); to != tt.leads {
				t.Errorf("leads to %q, want %q", to, tt.leads)
			}
		})
	}
}

// One browser: sign in, be known, sign out, be a visitor again.
func TestSessionCookie(t *testing.T) {
	w := newWorld(t)
	signedIn := w.post("", "/sign-in", url.Values{"login": {"officer@demo"}, "password": {password}})
	cookie := cookieOf(t, signedIn, "jishi")
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
		t.Errorf("cookie %+v", cookie)
	}
	who := func(path string) *answer {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.AddCookie(cookie)
		r.AddCookie(cookieOf(t, signedIn, flashCookie))
		return w.send("", r)
	}
	page := who("/sign-in").is(200).shows("您已登录")
	if cookieOf(t, page, flashCookie).MaxAge >= 0 {
		t.Error("the message stays")
	}
	out := httptest.NewRequest(http.MethodPost, "/sign-out", nil)
	out.AddCookie(cookie)
	left := w.send("", out)
	left.leads("/")
	if cookieOf(t, left, "jishi").MaxAge >= 0 {
		t.Error("the cookie stays")
	}
	if signOut := who("/sign-in").all("form[action=/sign-out]"); len(signOut) != 0 {
		t.Error("still signed in")
	}
}

func cookieOf(t *testing.T, a *answer, name string) *http.Cookie {
	t.Helper()
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	t.Fatalf("%s sets no cookie %s", a.asked, name)
	return nil
}
