package site

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"jishi/internal/account"
	"jishi/internal/file"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/disk"
)

// consents gives what is agreed to the pages' privacy service, which is made
// after the accounts.
type consents struct{ w *world }

func (c consents) Give(ctx context.Context, by market.Actor, purposes []string) error {
	return c.w.site.Privacy.Give(ctx, by, purposes)
}

// accounts is the book of organizations and users with everything it needs,
// and the files.
func (w *world) accounts(orgs store.Collection[market.Organization], users store.Collection[market.User], passwords *signin.Passwords) (*file.Service, *account.People, *account.Organizations) {
	t := w.t
	t.Helper()
	blobs, err := disk.Open(t.TempDir())
	must(t, err)
	docs := open[market.File](t, w.engine, file.Spec)
	files := file.New(file.Stores{Files: docs, Uses: open[market.FileUse](t, w.engine, file.UseSpec), Blobs: blobs}, 0, w.clock, w.newID)
	people, organizations := account.New(account.Stores{
		Organizations: orgs, Users: users, Links: open[market.MemberLink](t, w.engine, account.MemberLinkSpec),
		Tickets: open[market.Ticket](t, w.engine, account.TicketSpec), Guards: open[account.Guard](t, w.engine, account.GuardSpec), Files: docs,
	}, account.Parts{Passwords: passwords, Mail: &w.mails, Consents: consents{w}, Files: files, Address: "https://jishi.example"}, w.clock, w.newID)
	w.directory = &follow.Follower[market.Organization]{Source: orgs, Sink: organizations.Directory()}
	return files, people, organizations
}

// sendFile sends a form with a file as a user.
func (w *world) sendFile(as, path string, values url.Values, field, name, content string) *answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, list := range values {
		for _, value := range list {
			must(w.t, form.WriteField(key, value))
		}
	}
	part, err := form.CreateFormFile(field, name)
	must(w.t, err)
	_, err = part.Write([]byte(content))
	must(w.t, err)
	must(w.t, form.Close())
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(as, r)
}

// somePDF is the least that passes for one.
const somePDF = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"

const signUpCode = "914403001922038216" // made up, with its check character

func signUpForm() url.Values {
	return url.Values{
		"login": {"li@example.com"}, "password": {"Qingshan-2026-hu"}, "name": {"李代表"}, "phone": {"13800001111"}, "consent": {"account", "contact"},
		"organization.name": {"示例镁合金有限公司"}, "organization.code": {"9144 0300 1922 0382 16"}, "organization.kind": {"enterprise"},
		"organization.category": {"100"}, "organization.division": {"500155"}, "organization.summary": {"做镁合金。"},
	}
}

// From signing up to being checked, with what the bureau wants corrected in
// between, by two people.
func TestSignUpStory(t *testing.T) {
	w := newWorld(t)
	w.get("", "/sign-up").is(200).shows("您本人", "统一社会信用代码", "隐私政策")
	if w.get("", "/sign-in").is(200); !strings.Contains(w.get("", "/organizations").is(200).body, `href="/sign-up"`) {
		t.Error("the directory does not lead to signing up")
	}
	w.sendFile("", "/sign-up", signUpForm(), "proof", "营业执照.pdf", somePDF).leads("/sign-up/done")
	w.get("", "/sign-up/done").is(200).shows("确认邮箱")
	w.confirmLast("li@example.com")
	w.signedInAs("manager", "li@example.com", "Qingshan-2026-hu")

	w.get("manager", "/desk").is(200).shows("还没有通过科技局核验")
	w.get("manager", "/organization").is(200).shows("等待科技局核验", "营业执照.pdf", "没有联系方式").hides("还没有确认")
	w.get("", "/organizations?q="+signUpCode).is(200).hides("示例镁合金有限公司")
	w.catchUp()
	w.get("", "/organizations?q="+signUpCode).is(200).hides("示例镁合金有限公司")

	queue := w.get("officer", "/review/organizations").is(200).shows("示例镁合金有限公司", "1 份")
	page := w.get("officer", queue.link("示例镁合金有限公司")).is(200).shows("营业执照.pdf", "李代表", "l***@example.com", "邮箱已确认", "138****1111").hides("13800001111")
	org := strings.TrimSuffix(page.action("核验通过"), "/verify")
	w.post("officer", org+"/return", url.Values{"version": {"1"}, "note": {" "}}).is(422).shows("必填")
	w.post("officer", org+"/return", url.Values{"version": {"9"}, "note": {"缺联系方式"}}).is(409).shows("缺联系方式")
	w.post("officer", org+"/return", url.Values{"version": {"1"}, "note": {"缺联系方式"}, "then": {"next"}}).leads("/review")
	w.get("officer", "/review/organizations").is(200).shows("都核验完了")

	w.get("manager", "/organization").is(200).shows("科技局要求补正资料", "缺联系方式")
	edit := w.get("manager", "/organization/edit").is(200).shows("缺联系方式")
	values := url.Values{"version": {edit.value("version")}, "name": {"示例镁合金有限公司"}, "kind": {"enterprise"}, "category": {"100"}, "division": {"500155"},
		"contact.name": {"李代表"}, "contact.phone": {"13800001111"}, "evidence": {edit.value("evidence")},
		"marks.0.kind": {"hightech"}, "marks.0.from": {"2025-01-01"}, "marks.0.number": {"GR2025"}}
	w.sendFile("manager", "/organization/edit", with(cloned(values), "contact.phone", "12"), "proof", "x.pdf", somePDF).is(422)
	w.sendFile("manager", "/organization/edit", cloned(values), "proof", "x.exe", "MZ").is(422)
	w.sendFile("manager", "/organization/edit", cloned(values), "proof", "高企证书.pdf", somePDF).leads("/organization")
	w.get("manager", "/organization").is(200).shows("等待科技局核验", "高企证书.pdf", "待科技局确认")

	page = w.get("officer", org+"/review").is(200).shows("高新技术企业", "GR2025")
	w.post("officer", org+"/marks", url.Values{"version": {page.version()}, "kind": {"hightech"}, "from": {"2025-01-01"}, "confirmed": {"yes"}}).leads(org + "/review")
	page = w.get("officer", org+"/review").is(200).shows("撤销确认")
	w.post("officer", org+"/verify", url.Values{"version": {page.version()}}).leads(org + "/review")
	w.catchUp()
	w.get("", "/organizations?mark=hightech").is(200).shows("示例镁合金有限公司", "高新技术企业")
	w.get("", org).is(200).shows("高新技术企业", signUpCode).hides("13800001111", "营业执照.pdf", "李代表")
	if got := w.mailsTo("li@example.com"); !slices.Equal(got, []string{"请确认您的邮箱", "单位资料需要补正", "单位核验已通过"}) {
		t.Errorf("mails %v", got)
	}
	w.post("officer", org+"/suspend", url.Values{"note": {"停业"}, "version": {w.get("officer", org+"/review").is(200).version()}}).leads(org + "/review")
	w.get("", org).is(401)
	w.get("manager", "/organization").is(200).shows("单位已停用", "停业")
}

func cloned(values url.Values) url.Values {
	copied := url.Values{}
	for key, list := range values {
		copied[key] = slices.Clone(list)
	}
	return copied
}

// action is where the form of a button posts to.
func (a *answer) action(button string) string {
	a.t.Helper()
	for _, form := range a.all("form") {
		if strings.Contains(inner(form), button) {
			return attr(form, "action")
		}
	}
	a.t.Fatalf("%s has no button %s", a.asked, button)
	return ""
}

// link is where the link with a text leads.
func (a *answer) link(text string) string {
	a.t.Helper()
	for _, one := range a.all("a") {
		if inner(one) == text {
			return attr(one, "href")
		}
	}
	a.t.Fatalf("%s has no link %s", a.asked, text)
	return ""
}

// version is the version that the page's decisions carry.
func (a *answer) version() string {
	a.t.Helper()
	return attr(a.all("[name=version]")[0], "value")
}

func (w *world) mailsTo(address string) []string {
	w.mails.mu.Lock()
	defer w.mails.mu.Unlock()
	var subjects []string
	for _, m := range w.mails.mails {
		if m.To == address {
			subjects = append(subjects, m.Subject)
		}
	}
	return subjects
}

// confirmLast opens the link last sent to an address.
func (w *world) confirmLast(address string) {
	w.t.Helper()
	secret := ""
	for _, m := range w.mails.mails {
		if _, rest, ok := strings.Cut(m.Text, "https://jishi.example/confirm/"); ok && m.To == address {
			secret, _, _ = strings.Cut(rest, "\n")
		}
	}
	w.get("", "/confirm/"+secret).is(200).shows("确认这是我的邮箱") // opening changes nothing: mail programs do that
	w.post("", "/confirm/"+secret, nil).leads("/sign-in")
	w.post("", "/confirm/"+secret, nil).leads("/sign-in") // pressed twice
	w.post("", "/confirm/"+secret+"x", nil).is(404).shows("已失效")
}

// signedInAs signs in for real and lets tests act as who that is.
func (w *world) signedInAs(name, login, password string) {
	w.t.Helper()
	opened, err := w.site.Sessions.Open(w.t.Context(), login, password)
	must(w.t, err)
	w.users[name] = opened.Actor
}

// What is typed is shown again beside what is wrong, but for the password.
func TestSignUpRefused(t *testing.T) {
	w := newWorld(t)
	page := w.post("", "/sign-up", with(signUpForm(), "organization.code", "123", "password", "abc", "login", "li", "organization.kind", "bureau")).is(422)
	for _, name := range []string{"login", "password", "organization.code", "organization.kind"} {
		if page.wrong(name) == "" {
			t.Errorf("nothing is said beside %s", name)
		}
	}
	if page.value("organization.name") != "示例镁合金有限公司" || page.value("password") != "" {
		t.Error("what was typed is not there, or the password is")
	}
	none := signUpForm()
	none.Del("consent")
	if w.post("", "/sign-up", none).is(422).wrong("consent") == "" {
		t.Error("nothing is said about consent")
	}
	if w.sendFile("", "/sign-up", signUpForm(), "proof", "a.pdf", "<script>").is(422).wrong("proof") == "" {
		t.Error("nothing is said beside the file")
	}
	if len(w.mails.mails) > 0 {
		t.Errorf("%d mails of refused sign-ups", len(w.mails.mails))
	}
}

// A taken address gets the same answer; somebody signed in adds another
// organization, or applies to one that is there.
func TestSignUpAgain(t *testing.T) {
	w := newWorld(t)
	w.post("", "/sign-up", signUpForm()).leads("/sign-up/done")
	w.post("", "/sign-up", with(signUpForm(), "password", "Another-Hill-2027")).leads("/sign-up/done")
	if got := w.mailsTo("li@example.com"); !slices.Equal(got, []string{"请确认您的邮箱", "有人用您的邮箱注册"}) {
		t.Errorf("mails %v", got)
	}
	w.get("university", "/sign-up").is(200).hides("您本人", "密码")
	w.post("university", "/sign-up", signUpForm()).leads("/organization")
	w.get("university", "/organization").is(200).shows("您还申请加入“示例镁合金有限公司”")
	if w.post("university", "/sign-up", with(signUpForm(), "organization.code", "1")).is(422).wrong("organization.code") == "" {
		t.Error("nothing is said beside the code")
	}
	w.signedInAs("applicant", "li@example.com", "Qingshan-2026-hu")
	w.get("", "/organization").leads("/sign-in")
	w.get("officer", "/organization").is(200).shows("示例区科技局").hides("修改资料")
	w.get("officer", "/organization/edit").is(403)
	w.get("university", "/review/organizations").is(403)
	w.get("university", organizationHref(w.users["rival"].Org)+"/review").is(403)
	w.get("officer", organizationHref(w.users["officer"].Org)+"/review").is(403)
}
