package site

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// register has an officer register a contract under a number.
func (w *world) register(as, href, number string, more ...string) *answer {
	w.t.Helper()
	page := w.get(as, href).is(200)
	v := url.Values{"version": {versionOn(page, href, "register")}, "number": {number}}
	return w.post(as, href+"/register", with(v, more...))
}

func TestContractByRole(t *testing.T) {
	w := newWorld(t)
	href := w.fileContract("university", rolling())
	w.register("officer", href, "20265001550001").leads(href)
	w.catchUp()
	hidden := []string{"镁合金板材", "示例大学", "示例镁业", "20265001550001", "轧辊", "测试university"}
	tests := []struct {
		as    string
		whole bool
		acts  string
	}{
		{"", false, ""}, {"rival", false, ""}, {"broker", false, ""}, {"newcomer", false, ""},
		{"university", true, ""}, {"enterprise", true, ""}, {"officer", true, "cancel"},
	}
	for _, tt := range tests {
		t.Run(tt.as, func(t *testing.T) {
			page := w.get(tt.as, href).is(200).shows("已登记", "120 万元", "技术开发（委托开发）", "2026-03-01 登记", "2026年3月")
			if tt.whole {
				page.shows("镁合金板材轧制技术开发", "示例大学", "20265001550001", "经过", "准予登记", "提交登记", "填报合同")
			} else {
				page.hides(hidden...).shows("技术开发（委托开发）合同", "高等院校", "重庆市梁平区")
			}
			var acts []string
			for _, form := range page.all("form[method=post]") {
				if action := attr(form, "action"); strings.HasPrefix(action, href) {
					acts = append(acts, strings.TrimPrefix(action, href+"/"))
				}
			}
			if got := strings.Join(acts, " "); got != tt.acts {
				t.Errorf("may %q, want %q", got, tt.acts)
			}
			list := w.get(tt.as, "/contracts?tab=registered").is(200)
			if !tt.whole {
				list.hides(hidden...)
			}
		})
	}
}

func TestUnknownAndForeignContracts(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/contracts", rolling()).leads("/contracts/")
	tests := []struct {
		name, as, path string
		status         int
	}{
		{"unknown", "university", "/contracts/nothing", 404}, {"unknown to a visitor", "", "/contracts/nothing", 404},
		{"unknown to edit", "university", "/contracts/nothing/edit", 404},
		{"somebody else's draft", "rival", href, 403}, {"a visitor and a draft", "", href, 401},
		{"the other side reads", "enterprise", href, 200}, {"the other side edits", "enterprise", href + "/edit", 403},
		{"an officer edits", "officer", href + "/edit", 403}, {"a visitor edits", "", href + "/edit", 303},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { w.get(tt.as, tt.path).is(tt.status) })
	}
	for _, action := range []string{"submit", "register", "return", "refuse", "cancel"} {
		v := url.Values{"version": {"1"}, "number": {"20265001550001"}, "note": {"因为"}}
		w.post("rival", href+"/"+action, v).is(403)
		w.post("", href+"/"+action, v).is(401)
		w.post("officer", "/contracts/nothing/"+action, v).is(404)
	}
	w.post("university", href+"/explode", nil).is(404)
}

// What officers type in is checked, and what they typed stays.
func TestRegisteringRefused(t *testing.T) {
	w := newWorld(t)
	taken := w.fileContract("university", rolling())
	w.register("officer", taken, "20265001550001").leads(taken)
	href := w.fileContract("university", with(rolling(), "project", "第二份"))
	tests := []struct {
		name, number, reason string
		status               int
	}{
		{"empty", "", "14 至 16 位数字", 422}, {"short", "2026", "14 至 16 位数字", 422}, {"letters", "2026500155ABCD", "14 至 16 位数字", 422},
		{"long", "20265001550001000", "14 至 16 位数字", 422}, {"taken", "20265001550001", "已被另一份合同使用", 409},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.register("officer", href, tt.number).is(tt.status)
			if got := page.wrong("number"); !strings.Contains(got, tt.reason) || page.value("number") != tt.number {
				t.Errorf("beside %q stands %q, want %q", page.value("number"), got, tt.reason)
			}
		})
	}
	w.register("officer", href, "２０２６５００１５５０００２").leads(href) // full-width digits are digits
	w.get("officer", href).is(200).shows("20265001550002")
}

// Reasons are required and reach who filed the contract; cancelling takes it
// out of the figures and keeps its page.
func TestContractSentBackAndForth(t *testing.T) {
	w := newWorld(t)
	href := w.fileContract("university", rolling())
	w.act("officer", href, "return", "").is(422).shows("请写明理由")
	w.act("officer", href, "return", "请补充轧辊清单").leads(href)
	w.get("university", "/desk").is(200).shows("要改正的", "请补充轧辊清单")
	edit := w.get("university", href+"/edit").is(200).shows("科技局要求补正", "请补充轧辊清单")
	w.post("university", href+"/edit", with(rolling(), "version", edit.value("version"), "amounts.deducted", "轧辊 2 套，20 万元", "then", "submit")).leads(href)
	w.register("officer", href, "20265001550001").leads(href)
	w.act("officer", href, "cancel", "").is(422)
	w.act("officer", href, "cancel", "双方协议解除").leads(href)
	w.get("university", href).is(200).shows("已注销", "双方协议解除", "注销日期")
	w.get("", href).is(401)
	refused := w.fileContract("university", with(rolling(), "project", "第三份"))
	w.act("officer", refused, "refuse", "标的不明确").leads(refused)
	w.get("university", refused).is(200).shows("不予登记", "标的不明确")
	w.catchUp()
	w.get("", "/turnover").is(200).shows("这段时间没有登记的合同")
}

// Of two officers at once one registers; the other sees who did and nothing is
// counted twice.
func TestTwoOfficersAtOnce(t *testing.T) {
	w := newWorld(t)
	deputy := w.users["officer"]
	deputy.User, deputy.Name = "u-deputy", "陈科员"
	w.users["deputy"] = deputy
	href := w.fileContract("university", rolling())
	version := versionOn(w.get("officer", href), href, "register")
	answers := make([]*answer, 2)
	var wait sync.WaitGroup
	for i, as := range []string{"officer", "deputy"} {
		wait.Go(func() {
			answers[i] = w.post(as, href+"/register", url.Values{"version": {version}, "number": {"2026500155000" + string(rune('1'+i))}})
		})
	}
	wait.Wait()
	won := 0
	for _, a := range answers {
		if a.status == 303 {
			won++
			continue
		}
		a.is(409).shows("准予登记", "已登记")
	}
	if won != 1 {
		t.Errorf("%d registered, want one", won)
	}
	w.catchUp()
	w.get("", "/contracts?tab=registered").is(200).shows("1 份", "120 万元")
}

// Nobody registers what they entered; they read why, and may still pass on.
func TestOwnContractsAreForSomebodyElse(t *testing.T) {
	w := newWorld(t)
	href := w.fileContract("officer", rolling())
	page := w.get("officer", href).is(200).shows("待登记", "须由另一位经办人审核登记")
	if len(page.all("[name=number]")) != 0 {
		t.Error("the page offers to register one's own")
	}
	w.get("officer", "/review").is(200).shows("合同", "须由另一位经办人审核")
	if got := w.get("officer", "/review/next").leads("/"); got != "/review" {
		t.Errorf("next is %s", got)
	}
	w.post("officer", href+"/register", url.Values{"version": {"2"}, "number": {"20265001550001"}}).is(403)
}

// The queue holds contracts among the rest, and each decision leads on.
func TestContractsInTheQueue(t *testing.T) {
	w := newWorld(t)
	first := w.fileContract("university", rolling())
	w.now = w.now.Add(time.Hour)
	second := w.post("enterprise", "/demands", with(housing(), "then", "submit")).leads("/demands/")
	w.now = w.now.Add(time.Hour)
	third := w.fileContract("university", with(rolling(), "project", "第三份"))
	w.get("officer", "/review").is(200).shows("3 条在等", "镁合金板材轧制技术开发", "第三份")
	if got := w.register("officer", first, "20265001550001", "then", "next").leads("/"); got != second {
		t.Errorf("after the first comes %s, want %s", got, second)
	}
	version := versionOn(w.get("officer", third), third, "return")
	if got := w.post("officer", third+"/return", url.Values{"version": {version}, "note": {"请补正"}, "then": {"next"}}).leads("/"); got != second {
		t.Errorf("after the last comes %s, want %s", got, second)
	}
	w.get("officer", "/contracts?tab=queue&state=returned").is(200).shows("第三份", "待补正")
	w.get("officer", "/contracts?tab=queue").is(200).shows("没有已提交的合同")
}

// A match leads its two sides, and nobody else, to the contract.
func TestMatchLeadsToContract(t *testing.T) {
	w := newWorld(t)
	achievement, demand := w.publish("university", "/achievements", magnesium()), w.publish("enterprise", "/demands", housing())
	for as, offered := range map[string]bool{"university": true, "enterprise": true, "officer": true, "rival": false, "broker": false, "": false} {
		for _, href := range []string{achievement, demand} {
			if got := len(w.get(as, href).is(200).all(".jishi-fit-deal")) > 0; got != offered {
				t.Errorf("%s at %s: offered %v, want %v", as, href, got, offered)
			}
		}
	}
	link := attr(find(w.get("enterprise", demand).one(".jishi-fit-deal"), "a")[0], "href")
	form := w.get("enterprise", link).is(200).shows("耐热镁合金薄板轧制工艺", "耐热镁合金壳体薄板供应与成形")
	v := with(rolling(), "origin.kind", "matched", "origin.achievement", form.value("origin.achievement"), "origin.demand", form.value("origin.demand"))
	href := w.fileContract("enterprise", v)
	w.get("university", href).is(200).shows("对接来源", "耐热镁合金薄板轧制工艺", "本平台对接促成")
	w.register("officer", href, "20265001550001").leads(href)
	w.get("", href).is(200).hides("对接来源", "耐热镁合金薄板轧制工艺")
	doc, err := w.site.Contracts.Show(t.Context(), market.System, market.ID(strings.TrimPrefix(href, "/contracts/")))
	must(t, err)
	if "/achievements/"+string(doc.Origin.Achievement) != achievement || "/demands/"+string(doc.Origin.Demand) != demand {
		t.Errorf("origin %+v", doc.Origin)
	}
}
