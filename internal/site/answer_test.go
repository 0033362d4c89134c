package site

import (
	"net/url"
	"strings"
	"testing"

	"jishi/internal/account"
	"jishi/internal/market"
)

// A demand that nothing fits says so, what kept the nearest out and which one
// change would let it in: as a link for who may make it, as words for others.
func TestNothingFits(t *testing.T) {
	w := newWorld(t)
	offer := w.publish("university", "/achievements", with(magnesium(), "maturity.trl", "2", "maturity.stage", "early"))
	demand := w.publish("enterprise", "/demands", with(housing(), "min_trl", "9"))
	tests := []struct {
		name, as, href string
		shows          []string
		edit           string
	}{
		{"its owner", "enterprise", demand, []string{"没有能对上的成果", "比较了文字最接近的 1 项成果", "成熟度达不到要求", "成熟度要求由 9 级降到 2 级", "最接近的一项", "差 7 级", "有新成果时提醒我"}, demand + "/edit#f-min_trl"},
		{"a visitor", "", demand, []string{"没有能对上的成果", "成熟度要求由 9 级降到 2 级", "自己找找看"}, ""},
		{"the other side", "university", offer, []string{"没有能对上的需求", "成熟度达不到要求", "最接近的一项", "有新需求时提醒我"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.get(tt.as, tt.href).is(200).shows(tt.shows...)
			links := page.all("a[href=" + demand + "/edit#f-min_trl]")
			if (len(links) == 1) != (tt.edit != "") {
				t.Errorf("%d links to change the demand, want one for its owner only", len(links))
			}
		})
	}
	for field, id := range formFields {
		as, href := "enterprise", demand
		if field == "price" {
			as, href = "university", offer
		}
		if got := w.get(as, href+"/edit").is(200).all("[id=" + id + "]"); len(got) != 1 {
			t.Errorf("%d fields %s in the form, where a link leads", len(got), id)
		}
	}
}

// What says nothing is not compared, and says why.
func TestIncomparable(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	demand := w.publish("enterprise", "/demands", with(housing(), "title", "技术需求", "summary", "我们需要先进的技术！", "keywords", "", "conditions", "😀"))
	w.get("enterprise", demand).is(200).shows("无法比较", "请写明产品、材料、工艺或指标", "补充内容").hides("没有能对上的成果", "匹配分")
}

// A demand is handed to a broker of the directory, who finds it on their desk,
// and comes back, without script.
func TestEntrustDemand(t *testing.T) {
	w := newWorld(t)
	center := w.place("示例经纪公司", "broker")
	wang := w.hire("wang", center, market.RoleBroker)
	demand := w.publish("enterprise", "/demands", housing())
	w.get("enterprise", demand).is(200).shows("交给技术经纪人", "名录里还没有技术经纪人")
	w.certify(wang)
	w.get("enterprise", demand).is(200).shows("测试wang（示例经纪公司，中级）")
	hand := func(broker market.ID) *answer {
		form := w.get("enterprise", demand).is(200).all("form[action=" + demand + "/entrust]")
		return w.post("enterprise", demand+"/entrust", url.Values{"version": {attr(find(form[0], "input[name=version]")[0], "value")}, "broker": {string(broker)}})
	}
	for _, as := range []string{"", "university", "wang", "officer"} {
		w.get(as, demand).is(200).hides("交给技术经纪人")
	}
	hand("").is(422).shows("请从技术经纪人名录中选择一位")
	w.post("university", demand+"/entrust", url.Values{"broker": {string(wang.User)}}).is(403)
	w.post("enterprise", demand+"/entrust", url.Values{"version": {"1"}, "broker": {string(wang.User)}}).is(409)
	hand(wang.User).leads(demand)
	w.get("enterprise", demand).is(200).shows("已委托测试wang", "收回委托", "委托技术经纪人")
	w.get("wang", "/desk").is(200).shows("委托给我的需求", housing().Get("title"))
	w.get("wang", "/account/notices").is(200).shows("委托您对接")
	w.get("wang", demand).is(200).shows("需求方把这项需求委托给您对接", "退回委托")
	w.get("", demand).is(200).hides("测试wang")
	w.act("wang", demand, market.ActDecline, strings.Repeat("长", market.MaxNote+1)).is(422)
	w.act("wang", demand, market.ActDecline, "手上太多").leads(demand)
	w.post("wang", demand+"/decline", nil).is(409)
	w.get("wang", "/desk").is(200).hides("委托给我的需求")
	w.get("enterprise", demand).is(200).shows("退回委托", "手上太多", "请选择")
	hand(wang.User).leads(demand)
	w.act("enterprise", demand, market.ActRecall, "").leads(demand)
	w.get("wang", "/account/notices").is(200).shows("委托已收回")
}

// certify puts a member into the public directory of brokers.
func (w *world) certify(by market.Actor) {
	w.t.Helper()
	users := open[market.User](w.t, w.engine, account.UserSpec)
	u, err := users.Get(w.t.Context(), by.User)
	must(w.t, err)
	u.Certificate = &market.Certificate{Number: "B-2", Issuer: "某协会", Level: "middle", Until: "2026-12-31", Confirmed: true}
	must(w.t, users.Update(w.t.Context(), u))
	w.feed(&market.Consent{Meta: market.Meta{ID: "c1"}, User: by.User, Purpose: market.PurposePublish, GivenAt: w.now})
}
