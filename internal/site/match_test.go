package site

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"jishi/internal/market"
)

// The card stands on a page of its own, for whoever may know of both.
func TestMatchPage(t *testing.T) {
	w := newWorld(t)
	offer := with(magnesium(), "benefit", "抗拉强度达到0.36 GPa，壁厚2.0 mm，成本约4200元/吨。")
	need := with(housing(), "summary", housing().Get("summary")+"要求单位成本不超过3元/kg，使用寿命不少于10年。")
	achievement, demand := w.publish("university", "/achievements", offer), w.publish("enterprise", "/demands", with(need, "anonymous", "yes"))
	href := matchHref(market.PairID(market.ID(strings.TrimPrefix(demand, "/demands/")), market.ID(strings.TrimPrefix(achievement, "/achievements/"))))

	for _, as := range []string{"", "university", "officer"} {
		page := w.get(as, href).is(200).shows("匹配对照", "数值要求", "360 MPa", "满足", "未说明", "不符", "约 4.2 元/kg", "匿名企业").hides("示例镁业", "53220000")
		if limits, marks := len(page.all(".jishi-fit-limit")), len(page.all("mark")); limits != 6 || marks < 8 {
			t.Errorf("%q sees %d figures and %d marks", as, limits, marks)
		}
	}
	w.get("", demand).is(200).shows("数值要求", "不符 ").hides("没有能对上")
	if links := w.get("", demand).all("a[href=" + href + "]"); len(links) != 1 {
		t.Errorf("the demand's page leads %d times to the card", len(links))
	}
	w.act("university", achievement, market.ActWithdraw, "").is(303)
	w.get("", href).is(404)
	for _, bad := range []string{"/matches/x", "/matches/a.b", "/matches/%2e", "/matches/" + strings.Repeat("a", 200)} {
		w.get("", bad).is(404)
	}
}

func TestWeightingPage(t *testing.T) {
	w := newWorld(t)
	w.root()
	must(t, w.site.Judging.Weightings.Seed(t.Context()))
	for as, status := range map[string]int{"officer": 200, "enterprise": 403, "broker": 403} {
		w.get(as, weightingPath).is(status).hides("保存权重")
	}
	w.post("officer", weightingPath, weights("note", "试")).is(403)
	page := w.get("root", weightingPath).is(200).shows("内容", "新近程度", "合计", "100", "保存权重").hides("恢复默认权重")
	if page.value("text") != "50" || page.value("version") != "1" {
		t.Errorf("text %q, version %q", page.value("text"), page.value("version"))
	}
	for name, tt := range map[string]struct{ field, value, says string }{
		"a sum": {"field", "20", "合计须为 100，现在是 112"}, "a word": {"mode", "四", "请填整数"}, "nothing": {"price", "", "0 至 100 的整数"},
		"below nought": {"region", "-2", "0 至 100 的整数"}, "no reason": {"note", "", "理由"},
	} {
		t.Run(name, func(t *testing.T) {
			got := w.post("root", weightingPath, weights("note", "试", tt.field, tt.value)).is(422).shows(tt.says)
			if got.value("text") != "50" {
				t.Errorf("what was typed is gone: %q", got.value("text"))
			}
		})
	}
	w.post("root", weightingPath, weights("note", "更看重领域", "text", "40", "field", "18")).leads(weightingPath)
	w.get("root", weightingPath).is(200).shows("更看重领域（内容 50 改为 40；技术领域 8 改为 18）", "恢复默认权重")
	w.post("root", weightingPath, weights("note", "晚了一步")).leads(weightingPath) // version 1 is over
	w.get("root", weightingPath).hides("晚了一步")
	w.post("root", weightingPath+"/reset", url.Values{"version": {"2"}, "note": {""}}).is(422).shows("请写明调整的理由")
	w.post("root", weightingPath+"/reset", url.Values{"version": {"2"}, "note": {"回到默认"}}).leads(weightingPath)
	w.get("root", weightingPath).is(200).shows("回到默认").hides("恢复默认权重")
}

// weights is the form as it comes with the page, some values changed.
func weights(pairs ...string) url.Values {
	v := url.Values{"version": {"1"}}
	for _, one := range market.DefaultWeights {
		v.Set(one.Part, strconv.Itoa(one.Max))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}
