//go:build e2e

package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// pagesOf is what each role looks at. A path that ends in * stands for the
// first listing or contract linked from the page before it.
var pagesOf = map[string][]string{
	"visitor":         {"/privacy", "/", "/search", "/search?q=镁合金&field=05", "/search?q=没有这样的东西呀", "/search?q=镁合金&price_min=1&price_max=500&trl_min=3&from=2020-01-01", "/search?q=镁合金&price_min=9&price_max=1", "/compare", compared, "/quality", "/search?kind=achievement", "/achievements/*", "/search?kind=demand", "/demands/*", "/sign-in", "/contracts", "/contracts/0*", "/turnover", "/indicators", "/organizations", "/organizations/*", "/brokers", "/invitations/no-such-link", "/no-such-page"},
	"university@demo": {"/desk", "/achievements/new", "/contracts", "/contracts/new", "/files", "/account", "/account/organizations", "/organization/members", "/organizations/*", "/account/notices", "/account/searches", "/account/searches/new?q=镁合金", "/account/verdicts"},
	"enterprise@demo": {"/desk", "/demands/new", "/account/privacy", "/account/notices", "/account/verdicts", "/search?kind=achievement", "/achievements/*"},
	"bureau@demo":     {"/review", "/certificates/*", "/desk", "/imports/new?kind=achievements", "/contracts", "/contracts?tab=queue", "/contracts/0*", "/turnover?check=yes", "/admin/matching", "/admin/matching/proposal", "/admin/synonyms", "/admin/synonyms/synonym-default-*", "/radar", "/admin/duplicates", "/duplicates/*"},
	"admin@demo":      {"/admin/users", "/admin/users/*", "/admin/index", "/admin/matching", "/admin/matching/proposal"},
	"consultant@demo": {"/account/organizations", "/organizations/*"},
	"broker@demo":     {"/desk", "/search?kind=demand", "/demands/*", matched, "/account/verdicts"},
}

// compared and matched stand for a comparison of the first two listings of a
// search, and for a match of a demand that has one.
const (
	compared = "/compare?*"
	matched  = "/matches/*"
)

// Every page, for every role, wide and narrow, passes axe's rules for WCAG 2.2
// AA, and what checkPage asks.
func TestE2EPages(t *testing.T) {
	axe, err := os.ReadFile("../../web/testdata/vendor/axe-core@4.14.1/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	browser, base := startBrowser(t), startDemo(t)
	for _, width := range widths {
		for role, paths := range pagesOf {
			t.Run(fmt.Sprint(role, " ", width), func(t *testing.T) {
				b := newTab(t, browser, base, role, width)
				if strings.Contains(role, "@") {
					b.signIn(role)
				}
				for _, path := range paths {
					b.openAny(path)
					b.checkAccess(string(axe))
				}
			})
		}
	}
}

// openAny opens a path, or the first link that a path ending in * stands for.
func (b *tab) openAny(path string) {
	b.t.Helper()
	switch path {
	case compared:
		b.open("/search?q=镁合金&kind=achievement")
		path = "/compare?" + value[string](b, `[...document.querySelectorAll("main [name=ids]")].slice(0, 2).map(e => "ids=" + e.value).join("&")`)
	case matched:
		b.openMatched()
	}
	if prefix, ok := strings.CutSuffix(path, "*"); ok {
		path = value[string](b, fmt.Sprintf(`[...document.querySelectorAll("main a")].map(a => a.getAttribute("href")).find(h => h && h.startsWith(%q) && !h.endsWith("/new")) || ""`, prefix))
		if path == "" {
			b.fail("no link to %s*", prefix)
		}
	}
	b.open(path)
}

// openMatched opens a demand that a match is suggested for.
func (b *tab) openMatched() {
	b.t.Helper()
	b.open("/search?kind=demand")
	for _, demand := range value[[]string](b, `[...document.querySelectorAll("main a")].map(a => a.getAttribute("href")).filter(h => h && h.startsWith("/demands/"))`) {
		if b.open(demand); value[bool](b, `!!document.querySelector("main a[href^='/matches/']")`) {
			return
		}
	}
	b.fail("no demand of the first page has a match")
}

// checkAccess fails when axe finds a violation.
func (b *tab) checkAccess(axe string) {
	b.t.Helper()
	type violation struct {
		ID    string   `json:"id"`
		Nodes []string `json:"nodes"`
	}
	// Evaluated from outside the page, which its content security policy allows.
	value[bool](b, axe+"; true")
	found := valueAwaited[[]violation](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
		.then(r => r.violations.map(v => ({id: v.id, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 160))})))`)
	for _, v := range found {
		b.t.Errorf("%s at %s: axe %s: %v", b.name, value[string](b, `location.pathname + location.search`), v.ID, v.Nodes)
	}
}

// The core flows work with JavaScript switched off.
func TestE2EWithoutScript(t *testing.T) {
	browser, base := startBrowser(t), startDemo(t)
	b := newTab(t, browser, base, "without script", 390)
	b.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	b.signIn("enterprise@demo")
	b.wants("我的工作")
	if value[bool](b, `typeof window.htmx !== "undefined"`) {
		b.fail("scripts run although they are switched off")
	}
	b.open("/search?q=镁合金")
	b.openAny("/search?kind=achievement&*")
	for _, path := range []string{"/search?q=镁合金&price_min=1&trl_min=3", compared, matched, "/quality", "/account/notices", "/account/searches", "/account/searches/new?q=镁合金", "/account/verdicts"} {
		b.openAny(path)
	}
	b.open("/demands/new")
	b.fill("title", "没有脚本也能发布的需求")
	b.fill("summary", "浏览器关掉脚本之后，表单照样能够保存。")
	b.clickIn("main", "保存草稿")
	b.wants("没有脚本也能发布的需求", "草稿")
}
