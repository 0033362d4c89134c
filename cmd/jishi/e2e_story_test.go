//go:build e2e

package main

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

// The main job, told by four people in Chromium: a visitor finds what fits a
// need and why, an enterprise posts one, the bureau checks it, the university
// sees its achievement fit, and a contract it enters moves the total by
// exactly its amount once the bureau has registered it.
func TestE2EStory(t *testing.T) {
	browser := startBrowser(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			base := startDemo(t)
			s := story{func(name string) *tab { return newTab(t, browser, base, name, width) }}
			s.visitorFindsWhatFits()
			id := s.enterprisePosts()
			s.bureauPublishes(id)
			s.universitySeesTheFit(id)
			s.contractMovesTheTotal()
		})
	}
}

// story is told in windows of one width, one for each person.
type story struct {
	browser func(name string) *tab
}

func (s story) visitorFindsWhatFits() {
	visitor := s.browser("visitor")
	visitor.open("/")
	visitor.wants("技市", "演示数据", "目标 50 亿元", "目标 5 亿元")
	visitor.fill("q", "镁合金")
	visitor.clickIn("main", "搜索")
	visitor.wants("镁合金薄壁型材挤压速度低、表面易开裂")
	visitor.picture("search")
	visitor.clickIn("main", "镁合金薄壁型材挤压速度低、表面易开裂")
	visitor.wants("专栏7", "要达到的指标", "镁合金薄壁型材等温快速挤压技术", "成熟度", "价格与预算")
	if marks := value[int](visitor, `document.querySelectorAll("main mark").length`); marks == 0 {
		visitor.fail("no passage is highlighted")
	}
	visitor.picture("demand")
	visitor.open("/demands/none")
	visitor.wants("404")
}

const (
	needTitle   = "镁合金薄壁型材挤压表面开裂的快速解决"
	needSummary = "我公司挤压镁合金薄壁型材时出口速度一快就开裂，希望引进等温挤压与模具温控技术，提高挤压速度并减少表面缺陷。"
)

var listingID = regexp.MustCompile(`/(?:demands|achievements|contracts)/([0-9a-f-]{36})`)

// enterprisePosts writes a demand: first wrongly, to see the fields named.
func (s story) enterprisePosts() string {
	enterprise := s.browser("enterprise")
	enterprise.signIn("enterprise@demo")
	enterprise.open("/demands/new")
	enterprise.fill("title", needTitle)
	enterprise.fill("budget_low", "三百万")
	enterprise.clickIn("main", "保存并提交审核")
	if kept := value[string](enterprise, `document.querySelector("[name=budget_low]").value`); kept != "三百万" {
		enterprise.fail("what was typed is lost: %q", kept)
	}
	if bad := value[int](enterprise, `document.querySelectorAll("main [aria-invalid=true]").length`); bad < 2 {
		enterprise.fail("%d fields marked, want the summary and the budget", bad)
	}
	enterprise.picture("errors")
	for name, text := range map[string]string{
		"summary": needSummary, "keywords": "镁合金、挤压、薄壁型材", "demand_kind": "problem", "class.field": "05", "class.industry": "C",
		"modes": "license", "budget_low": "120", "budget_high": "260", "criteria.0.name": "挤压速度", "criteria.0.op": "ge", "criteria.0.value": "6", "criteria.0.unit": "m/min",
	} {
		enterprise.fill(name, text)
	}
	enterprise.clickIn("main", "保存并提交审核")
	enterprise.wants(needTitle, "待审核")
	return listingID.FindStringSubmatch(value[string](enterprise, `location.pathname`))[1]
}

// bureauPublishes approves the demand from the queue; it is found at once.
func (s story) bureauPublishes(id string) {
	bureau := s.browser("bureau")
	bureau.signIn("bureau@demo")
	bureau.open("/review")
	bureau.wants(needTitle)
	bureau.picture("review")
	bureau.clickIn("main", needTitle)
	bureau.clickIn("main", "通过")
	for range 20 { // the index follows the store within a second
		bureau.open("/search?q=镁合金薄壁型材挤压表面开裂&kind=demand")
		if value[bool](bureau, fmt.Sprintf(`document.body.innerHTML.includes(%q)`, "/demands/"+id)) {
			return
		}
		bureau.do(chromedp.Sleep(100_000_000))
	}
	bureau.fail("the published demand is not found")
}

// universitySeesTheFit reads the new demand with its own achievement scored against it.
func (s story) universitySeesTheFit(id string) {
	university := s.browser("university")
	university.signIn("university@demo")
	university.open("/demands/" + id)
	university.wants(needTitle, "镁合金薄壁型材等温快速挤压技术")
	university.open("/desk")
	university.picture("desk")
}
