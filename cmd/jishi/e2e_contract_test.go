//go:build e2e

package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"jishi/internal/market"
)

const (
	contractProject = "薄壁型材等温挤压模具温控技术开发"
	contractNumber  = "2026500155980001"
	contractTotal   = 123*market.Wan + 4_500*market.Yuan
)

// contractMovesTheTotal has the university enter a contract and the bureau
// register it: both targets' page moves by exactly its amount.
func (s story) contractMovesTheTotal() {
	university := s.browser("university")
	before := achieved(university)
	university.signIn("university@demo")
	university.open("/contracts/new")
	for name, text := range map[string]string{
		"project": contractProject, "type": "KF1", "class.field": "05", "class.industry": "C",
		"buyers.0.name": "示例镁合金制品有限公司", "buyers.0.category": "100", "buyers.0.division": "500155",
		"amounts.total": "123.45万元", "amounts.technology": "1,000,000", "amounts.deducted": "模具材料费 23.45 万元",
		"term.signed": string(market.DateOf(time.Now())), "payment": "installments",
	} {
		university.fill(name, text)
	}
	university.clickIn("main", "保存并提交登记")
	university.wants(contractProject, "已提交", "123.45 万元")
	university.picture("contract")
	if got := achieved(university); got != before {
		university.fail("the total moved from %d to %d before registration", before, got)
	}
	s.bureauRegisters()
	university.open("/turnover")
	after := before
	for range 20 { // the cube follows the store within a second
		if after = achieved(university); after != before {
			break
		}
		university.do(chromedp.Sleep(100 * time.Millisecond))
	}
	if after != before+int64(contractTotal) {
		university.fail("the total went from %d to %d fen, want + %d", before, after, contractTotal)
	}
	university.open("/turnover")
	university.wants(strings.TrimSuffix(market.Fen(after).Wan(), " 万元"))
	if charts := value[int](university, `document.querySelectorAll(".jishi-chart svg").length`); charts < 3 {
		university.fail("%d pictures drawn", charts)
	}
	university.picture("turnover")
}

// bureauRegisters finds the contract in the queue and registers it.
func (s story) bureauRegisters() {
	bureau := s.browser("bureau")
	bureau.signIn("bureau@demo")
	bureau.open("/review")
	bureau.clickIn("main", contractProject)
	bureau.fill("number", "12")
	if !value[bool](bureau, `document.querySelector("[name=number]").matches(":invalid")`) {
		bureau.fail("a registration number of two digits is let through")
	}
	bureau.fill("number", contractNumber)
	bureau.clickIn("main", "准予登记")
	bureau.open("/contracts?field=05&month=" + string(market.MonthOf(time.Now())))
	bureau.wants(contractProject)
	bureau.clickIn("main", contractProject)
	bureau.wants(contractNumber, "已登记")
	bureau.picture("registered")
}

// achieved is what the headline target has reached, in 分.
func achieved(b *tab) int64 {
	b.t.Helper()
	if !strings.HasPrefix(value[string](b, "location.href"), b.base) {
		b.open("/")
	}
	return valueAwaited[int64](b, fmt.Sprintf(`fetch(%q).then(r => r.json()).then(d => d.targets.find(t => t.id === "headline").achieved_fen)`, b.base+"/api/v1/turnover/target"))
}
