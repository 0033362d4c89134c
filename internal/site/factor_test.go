package site

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"jishi/internal/market"
)

// codeFrom is what an authenticator with a secret shows now.
func (w *world) codeFrom(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), w.now)
	must(w.t, err)
	return code
}

func TestFactorPages(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.signIn("university@demo", password)
	b.open("/account/factor").is(200).shows("没有启用")
	if got := b.submit("/account/factor", "password", "wrong").is(422).wrong("password"); got != "密码不对" {
		t.Errorf("wrong password: %q", got)
	}
	b.submit("/account/factor", "password", password).leads("/account/factor")
	page := b.open("/account/factor").is(200).shows("扫描二维码")
	secret := page.text("code")
	if len(page.all("path")) != 1 || len(strings.ReplaceAll(secret, " ", "")) != 32 {
		t.Fatalf("shows %d pictures and the secret %q", len(page.all("path")), secret)
	}
	if got := b.submit("/account/factor/confirm", "code", "000000").is(422).wrong("code"); !strings.Contains(got, "验证码不对") {
		t.Errorf("wrong code: %q", got)
	}
	done := b.submit("/account/factor/confirm", "code", w.codeFrom(secret)).is(200).shows("请保存恢复码")
	var recovery []string
	for _, item := range done.all("li") {
		if code := find(item, "code"); len(code) == 1 {
			recovery = append(recovery, inner(code[0]))
		}
	}
	if len(recovery) != 10 {
		t.Fatalf("shows %d recovery codes", len(recovery))
	}
	b.open("/account/factor").is(200).shows("已启用", "还剩 10 个").hides(recovery[0], strings.ReplaceAll(secret, " ", ""))
	w.now = w.now.Add(time.Minute)
	w.secondStep(t, secret, recovery)
	if got := b.submit("/account/factor/remove", "password", password, "code", "000000").is(422).wrong("code"); got == "" {
		t.Error("removed without a good code")
	}
	b.submit("/account/factor/remove", "password", password, "code", recovery[1]).leads("/account/factor")
	b.open("/account/factor").shows("没有启用")
}

// secondStep signs in with the code, after what does not.
func (w *world) secondStep(t *testing.T, secret string, recovery []string) {
	t.Helper()
	b := w.browser()
	if to := b.submit("/sign-in", "login", "university@demo", "password", password, "next", "/desk?a=1").leads("/"); to != "/sign-in/code?next=%2Fdesk%3Fa%3D1" {
		t.Errorf("the password leads to %s", to)
	}
	b.open("/desk").leads("/sign-in")
	b.open("/sign-in").leads("/sign-in/code")
	b.open("/sign-in/code").is(200).shows("测试university")
	b.submit("/sign-in/code", "code", "000000").is(422).shows("验证码不对")
	waiting := b.kept["jishi"]
	if to := b.submit("/sign-in/code", "code", w.codeFrom(secret), "next", "/desk?a=1").leads("/"); to != "/desk?a=1" {
		t.Errorf("the code leads to %s", to)
	}
	b.open("/desk").is(200)
	if b.kept["jishi"] == waiting || b.kept["jishi_refresh"] == "" {
		t.Error("the session is the one that waited")
	}
	other := w.browser()
	other.signIn("university@demo", password)
	other.submit("/sign-in/code", "code", recovery[0]).leads("/desk")
	given := w.browser()
	given.signIn("university@demo", password)
	given.submit("/sign-out").leads("/")
	if len(given.kept) > 1 { // the message
		t.Errorf("cookies stay: %v", given.kept)
	}
	given.submit("/sign-in/code", "code", recovery[2]).leads("/sign-in")
}

// The picture holds what authenticators read: dark squares only, none twice.
func TestPicture(t *testing.T) {
	drawn, err := pictureOf("otpauth://totp/%E6%8A%80%E5%B8%82:a@example.com?secret=" + strings.Repeat("A", 32))
	must(t, err)
	if drawn.Size < 21+2*quiet || !regexp.MustCompile(`^(M\d+ \d+h\d+v1h-\d+z)+$`).MatchString(drawn.Path) {
		t.Errorf("%d squares, path %.80s", drawn.Size, drawn.Path)
	}
	if !strings.HasPrefix(drawn.Path, "M4 4h7v1h-7z") {
		t.Errorf("the finder pattern is not in the corner: %.40s", drawn.Path)
	}
	if _, err := pictureOf(strings.Repeat("x", 10_000)); !market.Is(err, market.Internal) {
		t.Errorf("a text too long for a picture: %v", err)
	}
}
