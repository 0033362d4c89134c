//go:build e2e

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// From nobody to a checked organization, by two people in Chromium: a
// representative signs an enterprise up, drafts at once but cannot publish,
// corrects what the bureau asks for, and publishes once it has checked.
func TestE2ESignUp(t *testing.T) {
	browser := startBrowser(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			base := startDemo(t)
			s := signUpStory{
				representative: newTab(t, browser, base, "representative", width),
				bureau:         newTab(t, browser, base, "bureau", width),
			}
			s.bureau.signIn("bureau@demo")
			s.signsUp()
			s.draftsButCannotPublish()
			s.bureauAsksForCorrection()
			s.corrects()
			s.bureauVerifies()
			s.publishes()
		})
	}
}

type signUpStory struct{ representative, bureau *tab }

const (
	newcomer         = "梁平新山镁合金制品有限公司"
	newcomerCode     = "91500155MA5YQ3LK4G"
	newcomerLogin    = "zhao@newcomer.example"
	newcomerPassword = "Bai-lu-zhou-2026"
	newcomerDemand   = "压铸镁合金壳体的微弧氧化着色工艺"
)

// signsUp fills the form, first with a code of which one letter is wrong.
func (s signUpStory) signsUp() {
	b := s.representative
	b.open("/")
	b.open("/sign-up")
	for name, text := range map[string]string{
		"login": newcomerLogin, "name": "赵敏", "phone": "13800001234", "password": "abc",
		"organization.name": newcomer, "organization.code": newcomerCode[:17] + "X", "organization.kind": "enterprise",
		"organization.category": "100", "organization.division": "500155", "organization.summary": "做镁合金压铸件与表面处理。",
		"organization.contact.name": "赵敏", "organization.contact.phone": "13800001234",
	} {
		b.fill(name, text)
	}
	b.clickIn("main", "提交注册")
	b.wants("统一社会信用代码不对", "至少 10 个字符")
	b.picture("sign-up-errors")
	b.fill("organization.code", newcomerCode)
	b.fill("password", newcomerPassword)
	b.fill("consent", "account")
	b.do(chromedp.SetUploadFiles(chromedp.CSS(`[name=proof]`), []string{licencePDF(b.t)}))
	b.clickIn("main", "提交注册")
	b.picture("sign-up-done")
}

// licencePDF writes the least that passes for a scanned licence.
func licencePDF(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "营业执照.pdf")
	content := "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (s signUpStory) draftsButCannotPublish() {
	b := s.representative
	b.open("/sign-in")
	b.fill("login", newcomerLogin)
	b.fill("password", newcomerPassword)
	b.clickIn("main", "登录")
	b.open("/organization")
	b.wants(newcomer, "待核验")
	b.picture("organization-pending")
	b.open("/demands/new")
	for name, text := range map[string]string{
		"title": newcomerDemand, "summary": "壳体在微弧氧化后颜色不均，盐雾试验不到 96 小时就起泡，希望引进成套工艺。",
		"demand_kind": "problem", "class.field": "05", "class.industry": "C", "modes": "license",
	} {
		b.fill(name, text)
	}
	b.clickIn("main", "保存草稿")
	b.wants(newcomerDemand, "草稿")
	b.open("/organizations?q=" + newcomer)
	if value[bool](b, `document.querySelector("main").innerText.includes("镁合金压铸件")`) {
		b.fail("the directory shows an organization that nobody has checked")
	}
}

func (s signUpStory) bureauAsksForCorrection() {
	b := s.bureau
	b.open("/review/organizations")
	b.wants(newcomer)
	b.picture("organization-queue")
	b.clickIn("main", newcomer)
	b.wants("营业执照.pdf", "赵敏")
	b.picture("organization-review")
	b.clickIn("main", "退回补正")
	b.fill("note", "简介请写明主要产品和产能。")
	b.clickIn("details[open] form", "退回")
	b.wants("退回") // and on to what waits next
}

func (s signUpStory) corrects() {
	b := s.representative
	b.open("/organization")
	b.wants("待补正", "简介请写明主要产品和产能。")
	b.picture("organization-returned")
	b.open("/organization/edit")
	b.fill("summary", "做镁合金压铸件与表面处理，年产壳体 30 万件。")
	b.clickIn("main", "保存")
	b.wants("待核验")
}

func (s signUpStory) bureauVerifies() {
	b := s.bureau
	b.open("/review/organizations")
	b.clickIn("main", newcomer)
	b.wants("年产壳体 30 万件")
	b.clickIn("main", "核验通过")
}

func (s signUpStory) publishes() {
	b := s.representative
	b.open("/organization")
	b.wants("已核验")
	b.open("/desk/demands")
	b.clickIn("main", newcomerDemand)
	b.clickIn("main", "提交审核")
	b.wants("待审核")
	b.picture("published-after-check")
}
