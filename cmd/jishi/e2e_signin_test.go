//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// Getting in and out, told by people in Chromium: one who forgot the password
// gets a link that the admin passes on from the outbox, sets up a second
// factor, signs in with it, and ends the session of another browser.
func TestE2ESignIn(t *testing.T) {
	browser := startBrowser(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			data := t.TempDir()
			base := startDemoIn(t, data)
			addTeacher(t, base, data)
			s := comings{story{func(name string) *tab { return newTab(t, browser, base, name, width) }}}
			person := s.recovers()
			secret := s.enrols(person)
			s.secondStep(person, secret)
		})
	}
}

const (
	teacherLogin  = "wu@example.edu.cn"
	teacherSecret = "Lanhai-wanzhong-7"
)

// addTeacher adds a user whose login can be mailed to, as operators do while
// the program serves.
func addTeacher(t *testing.T, base, data string) {
	t.Helper()
	res, err := http.Get(base + "/readyz") // answered once the demonstration data are in
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	t.Setenv("JISHI_PASSWORD", demoPassword)
	err = root().Run(context.Background(), []string{"jishi", "user", "add", "--data", data, "--name", "示例吴老师", "--org", "示例大学", "--roles", "supplier", teacherLogin})
	if err != nil {
		t.Fatal(err)
	}
}

// comings is the story of getting in.
type comings struct{ story }

var recoveryPath = regexp.MustCompile(`(/recover/[A-Z2-7]{26})`)

// recovers has the teacher ask for a link, the admin pass it on, and the
// teacher set a new password and sign in with it.
func (s comings) recovers() *tab {
	teacher, admin := s.browser("teacher"), s.browser("admin")
	teacher.open("/sign-in")
	teacher.clickIn("main", "忘记密码")
	teacher.fill("login", teacherLogin)
	teacher.clickIn("main", "发送链接")
	teacher.wants("如果这个登录名存在")
	teacher.picture("asked")
	admin.signIn("admin@demo")
	admin.open("/admin/mails")
	admin.clickIn("main", "重设密码")
	admin.clickIn("main", "打开内容")
	link := recoveryPath.FindString(value[string](admin, `document.querySelector("#mail-text").value`))
	if link == "" {
		admin.fail("the mail has no link")
	}
	teacher.open(link)
	teacher.wants("示例吴老师")
	teacher.fill("password", "Password-2026")
	teacher.fill("password_again", "Password-2026")
	teacher.clickIn("main", "设置新密码")
	teacher.wants("太容易被猜到")
	teacher.picture("weak")
	teacher.fill("password", teacherSecret)
	teacher.fill("password_again", teacherSecret)
	teacher.clickIn("main", "设置新密码")
	teacher.wants("密码已重设")
	teacher.open(link)
	teacher.wants("这个链接已失效")
	teacher.enter()
	return teacher
}

// enter signs the teacher in with the new password and agrees to the notice.
func (b *tab) enter() {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("login", teacherLogin)
	b.fill("password", teacherSecret)
	b.clickIn("main", "登录")
	if strings.HasSuffix(value[string](b, `location.pathname`), "/account/privacy") {
		b.fill("account", "yes")
		b.clickIn("main", "确认并继续")
	}
}

// enrols sets up a second factor and returns its secret.
func (s comings) enrols(teacher *tab) string {
	teacher.open("/account/factor")
	teacher.fill("password", teacherSecret)
	teacher.clickIn("main", "开始设置")
	teacher.wants("扫描二维码")
	if side := value[float64](teacher, `document.querySelector(".jishi-scan svg").getBoundingClientRect().width`); side < 180 {
		teacher.fail("the picture is %v pixels wide", side)
	}
	secret := strings.ReplaceAll(value[string](teacher, `document.querySelector(".jishi-scan code").innerText`), " ", "")
	teacher.picture("scan")
	teacher.fill("code", codeAt(teacher, secret, time.Now()))
	teacher.clickIn("main", "启用")
	teacher.wants("请保存恢复码")
	if n := value[int](teacher, `document.querySelectorAll(".jishi-recovery li").length`); n != 10 {
		teacher.fail("%d recovery codes", n)
	}
	teacher.picture("codes")
	return secret
}

func codeAt(b *tab, secret string, at time.Time) string {
	b.t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		b.fail("code: %v", err)
	}
	return code
}

// secondStep signs in at another browser with the code, and ends that session
// from the first one.
func (s comings) secondStep(teacher *tab, secret string) {
	phone := s.browser("phone")
	phone.open("/sign-in?next=/account/sessions")
	phone.fill("login", teacherLogin)
	phone.fill("password", teacherSecret)
	phone.clickIn("main", "登录")
	phone.wants("输入验证码")
	phone.fill("code", "000000")
	phone.clickIn("main", "继续")
	phone.wants("验证码不对")
	phone.picture("code")
	phone.fill("code", codeAt(phone, secret, time.Now().Add(30*time.Second))) // the one before was used
	phone.clickIn("main", "继续")
	phone.wants("登录会话", "本机")
	teacher.open("/account/sessions")
	teacher.wants("本机", "127.0.0.1")
	teacher.picture("sessions")
	teacher.clickIn("table form[action$='/end']", "结束")
	teacher.wants("这个会话已结束")
	phone.open("/account/sessions")
	phone.wants("登录名", "忘记密码")
	teacher.open("/account/sessions")
	teacher.wants("本机")
}
