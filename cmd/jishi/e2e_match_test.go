//go:build e2e

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A match, told by four people in Chromium: a university offers a result with
// figures, an enterprise posts a demand with numbers, the bureau publishes
// both; the card says which requirement is met, which is not stated and which
// is contradicted; the enterprise judges the match; the university is told of
// the demand exactly once. A demand that nothing answers is told so, and what
// one change would let in is one click away for its owner.
func TestE2EMatch(t *testing.T) {
	browser := startBrowser(t)
	for _, width := range widths {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			base := startDemo(t)
			s := matchStory{story{func(name string) *tab { return newTab(t, browser, base, name, width) }}}
			university, enterprise, bureau := s.browser("university"), s.browser("enterprise"), s.browser("bureau")
			university.signIn("university@demo")
			enterprise.signIn("enterprise@demo")
			bureau.signIn("bureau@demo")
			offer := s.post(university, "/achievements/new", filtration)
			s.publish(bureau, "/achievements/"+offer)
			demand := s.post(enterprise, "/demands/new", pickling)
			s.publish(bureau, "/demands/"+demand)
			s.cardSays(enterprise, demand, offer)
			s.judged(enterprise, demand, offer)
			s.toldOnce(university, demand)
			s.nothingFits(enterprise, bureau)
			s.oneChangeAway(enterprise, bureau, offer)
		})
	}
}

// matchStory is a story about matches.
type matchStory struct{ story }

// The forms of the story. The offer says more than the demand asks on one
// figure, less on another, and nothing on the third.
var (
	filtration = map[string]string{
		"title":   "陶瓷膜处理酸洗废液的回收工艺",
		"summary": "用陶瓷膜过滤钢材酸洗废液，铁离子去除率 ≥ 99.2%，膜通量 60 L/(m²·h)，处理后的酸可以回用。", "benefit": "比中和沉淀少用药剂一半。",
		"keywords": "陶瓷膜、酸洗废液、酸回收", "class.field": "07", "modes": "license", "maturity.trl": "5", "price.mode": "fixed", "price.low": "80",
	}
	pickling = map[string]string{
		"title":    "钢材酸洗废液的陶瓷膜回收",
		"summary":  "寻求陶瓷膜处理酸洗废液的回收工艺：铁离子去除率 ≥ 98%，膜通量不低于 100 L/(m²·h)，运行成本 ≤ 30 元/t。",
		"keywords": "陶瓷膜、酸洗废液、酸回收", "demand_kind": "problem", "class.field": "07", "modes": "license", "budget_low": "60", "budget_high": "120",
	}
	unheard = map[string]string{
		"title": "湖底沉船考古的声呐成像判读", "summary": "为水下考古判读多波束声呐图像，区分沉船木构件与礁石，给出可疑目标的位置。",
		"demand_kind": "problem", "class.field": "01", "modes": "service",
	}
	strict = map[string]string{
		"title": "酸洗废液陶瓷膜回收的成套装备", "summary": "寻求陶瓷膜过滤钢材酸洗废液、回收酸的成套工艺，要求已经重复应用。",
		"keywords": "陶瓷膜、酸洗废液、酸回收", "demand_kind": "import", "class.field": "07", "modes": "license", "min_trl": "9", "budget_low": "60", "budget_high": "120",
	}
)

// post fills a form in, submits it and returns the id of the listing.
func (s matchStory) post(by *tab, path string, fields map[string]string) string {
	by.t.Helper()
	by.open(path)
	for name, text := range fields {
		by.fill(name, text)
	}
	by.clickIn("main", "保存并提交审核")
	by.wants(fields["title"], "待审核")
	return listingID.FindStringSubmatch(value[string](by, `location.pathname`))[1]
}

// publish has the bureau approve a listing.
func (s matchStory) publish(bureau *tab, path string) {
	bureau.t.Helper()
	bureau.open(path)
	bureau.clickIn(".jishi-review", "通过")
}

// reads opens a page again until it shows a text, for at most two seconds: so
// long the index and the followers may take.
func (s matchStory) reads(by *tab, path, text string) {
	by.t.Helper()
	for deadline := time.Now().Add(2 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		by.open(path)
		if strings.Contains(value[string](by, `document.body.innerText`), text) {
			return
		}
		if time.Now().After(deadline) {
			by.fail("the page does not show %q within two seconds", text)
		}
	}
}

// cardSays reads the table of requirements on the card of the offer.
func (s matchStory) cardSays(enterprise *tab, demand, offer string) {
	enterprise.t.Helper()
	s.reads(enterprise, "/demands/"+demand, filtration["title"])
	rows := value[[]string](enterprise, fmt.Sprintf(`(() => {
		const card = [...document.querySelectorAll(".jishi-fit")].find(c => c.querySelector(%q));
		for (const d of card.querySelectorAll("details")) { if (d.querySelector("table")) d.open = true; }
		return [...card.querySelectorAll(".jishi-fit-requirements tbody tr")].map(r => r.innerText.replace(/\s+/g, " "));
	})()`, `a[href="/achievements/`+offer+`"]`))
	for _, want := range []struct{ figure, outcome string }{{"98", "满足"}, {"100", "不符"}, {"30", "未说明"}} {
		found := ""
		for _, row := range rows {
			if strings.Contains(row, want.figure) {
				found = row
			}
		}
		if !strings.Contains(found, want.outcome) {
			enterprise.fail("the requirement with %s is %q, want %s in it; all rows: %q", want.figure, found, want.outcome, rows)
		}
	}
	if len(rows) != 3 {
		enterprise.fail("%d requirements, want the three of the demand: %q", len(rows), rows)
	}
	enterprise.picture("card")
}

// judged has the enterprise say that the match fits; it is still said later.
func (s matchStory) judged(enterprise *tab, demand, offer string) {
	enterprise.t.Helper()
	card := fmt.Sprintf(`.jishi-fit:has(a[href="/achievements/%s"])`, offer)
	enterprise.clickIn(card+" .jishi-verdict", "合适")
	enterprise.open("/demands/" + demand)
	if said := value[string](enterprise, fmt.Sprintf(`document.querySelector(%q).innerText`, card+" .jishi-verdict-ask")); !strings.Contains(said, "合适") {
		enterprise.fail("the verdict is %q, want 合适", said)
	}
}

// toldOnce looks for the notice about the demand, now and a while later.
func (s matchStory) toldOnce(university *tab, demand string) {
	university.t.Helper()
	s.reads(university, "/account/notices", pickling["title"])
	for range 3 {
		time.Sleep(700 * time.Millisecond) // longer than a follower waits between two looks
		university.open("/account/notices")
		count := value[int](university, fmt.Sprintf(`[...document.querySelectorAll(".jishi-notices li")].filter(n => n.innerText.includes(%q)).length`, pickling["title"]))
		if count != 1 {
			university.fail("%d notices about one demand, want one", count)
		}
	}
	university.picture("notices")
	university.clickIn(".jishi-notices", pickling["title"])
	university.wants(filtration["title"])
}

// nothingFits posts what no result on the market answers.
func (s matchStory) nothingFits(enterprise, bureau *tab) {
	enterprise.t.Helper()
	id := s.post(enterprise, "/demands/new", unheard)
	s.publish(bureau, "/demands/"+id)
	s.reads(enterprise, "/demands/"+id, "没有能对上的成果")
	enterprise.wants("有新成果时提醒我", "自己找找看")
	enterprise.picture("nothing")
}

// oneChangeAway posts what one result answers but for its maturity, follows
// the link to the field and changes it; then it fits.
func (s matchStory) oneChangeAway(enterprise, bureau *tab, offer string) {
	enterprise.t.Helper()
	id := s.post(enterprise, "/demands/new", strict)
	s.publish(bureau, "/demands/"+id)
	s.reads(enterprise, "/demands/"+id, "成熟度要求由 9 级降到 5 级")
	enterprise.wants("没有能对上的成果", "成熟度达不到要求", "最接近的一项", "差 4 级", filtration["title"])
	enterprise.picture("change")
	enterprise.clickIn(".jishi-unfit", "成熟度要求由 9 级降到 5 级")
	if at := value[string](enterprise, `location.hash`); at != "#f-min_trl" {
		enterprise.fail("the link leads to %q", at)
	}
	enterprise.fill("min_trl", "5")
	enterprise.clickIn("main", "保存并送审")
	s.publish(bureau, "/demands/"+id)
	s.reads(enterprise, "/demands/"+id, "匹配分")
	if fits := value[int](enterprise, fmt.Sprintf(`document.querySelectorAll(%q).length`, `#fits .jishi-fit a[href="/achievements/`+offer+`"]`)); fits == 0 {
		enterprise.fail("the achievement does not fit after the change")
	}
}
