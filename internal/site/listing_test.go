package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

// magnesium is an achievement's form, filled as a university would.
func magnesium() url.Values {
	return url.Values{
		"title": {"耐热镁合金薄板轧制工艺"}, "benefit": {"200℃ 强度提高 30%，成材率 85%。"},
		"summary":  {"用微量稀土和多道次温轧得到耐热镁合金薄板，适合汽车壳体。"},
		"keywords": {"镁合金、轧制，耐热"}, "holder": {"示例大学"}, "partners": {"示例研究院；示例工厂"},
		"class.field": {"05"}, "class.industry": {"C"}, "class.chain": {"material"}, "class.division": {"500155"},
		"maturity.trl": {"6"}, "maturity.evidence": {"第三方检测报告"},
		"rights.0.kind": {"invention"}, "rights.0.number": {"2017106018623"}, "rights.0.state": {"granted"}, "rights.0.expiry": {"2037-07-21"},
		"rights.2.kind": {"software"}, "rights.2.number": {"2023SR0000001"},
		"modes": {"license", "develop"}, "price.mode": {"range"}, "price.low": {"98"}, "price.high": {"150.5"},
		"detail": {"轧制温度 380℃，道次压下率 25%。"}, "contact.name": {"周老师"}, "contact.phone": {"13800138000"}, "contact.email": {"zhou@example.com"},
		"then": {"draft"},
	}
}

// housing is a demand's form, filled as an enterprise would.
func housing() url.Values {
	return url.Values{
		"title": {"耐热镁合金壳体薄板供应与成形"}, "summary": {"汽车壳体要用耐热镁合金薄板，现有轧制成材率低。"},
		"keywords": {"镁合金、轧制"}, "demander": {"示例镁业有限公司"}, "demand_kind": {"problem"},
		"criteria.0.name": {"抗拉强度"}, "criteria.0.op": {"ge"}, "criteria.0.value": {"350"}, "criteria.0.unit": {"MPa"},
		"criteria.1.name": {"厚度"}, "criteria.1.op": {"between"}, "criteria.1.value": {"0.8~1.2"}, "criteria.1.unit": {"mm"},
		"min_trl": {"5"}, "budget_low": {"100"}, "budget_high": {"200"}, "deadline": {"2027-06-30"},
		"conditions": {"须有中试线"}, "ip_term": {"双方共有"}, "class.field": {"05"}, "class.industry": {"C"},
		"modes": {"develop"}, "contact.name": {"郑经理"}, "contact.phone": {"023-53220000"}, "then": {"draft"},
	}
}

// with returns a form with some values changed; "" takes one away.
func with(v url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, list := range v {
		changed[name] = slices.Clone(list)
	}
	for i := 0; i < len(pairs); i += 2 {
		if changed.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			changed.Del(pairs[i])
		}
	}
	return changed
}

// publish fills in a form, submits it and lets the officer approve it; it
// returns the listing's address.
func (w *world) publish(as, path string, v url.Values) string {
	w.t.Helper()
	href := w.post(as, path, with(v, "then", "submit")).leads(path + "/")
	w.act("officer", href, market.ActApprove, "").leads(href)
	w.catchUp()
	return href
}

// act presses a button on a listing's page, with the version that page holds.
func (w *world) act(as, href string, action market.Action, note string) *answer {
	w.t.Helper()
	page := w.get(as, href).is(200)
	form := page.all("form[action=" + href + "/" + string(action) + "]")
	if len(form) == 0 {
		w.t.Fatalf("%s has no button for %s", page.asked, action)
	}
	v := url.Values{"note": {note}}
	for _, hidden := range find(form[0], "input[name=version]") {
		v.Set("version", attr(hidden, "value"))
	}
	return w.post(as, href+"/"+string(action), v)
}

func TestAchievementFromDraftToPublic(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/achievements", magnesium()).leads("/achievements/")
	w.get("university", href).is(200).shows("耐热镁合金薄板轧制工艺", "草稿", "200℃ 强度提高 30%", "98–150.5 万元", "技术许可、合作开发",
		"新材料及其应用", "制造业", "示例研究院", "6 级", "第三方检测报告", "ZL201710601862.3", "已授权", "2037-07-21", "2023SR0000001",
		"道次压下率 25%", "13800138000", "发布成果（草稿）", "发布以后")
	w.act("university", href, market.ActSubmit, "").leads(href)
	w.get("university", href).is(200).shows("待审核", "提交审核（待审核）")
	w.act("officer", href, market.ActApprove, "").leads(href)
	w.get("", href).is(200).shows("耐热镁合金薄板轧制工艺", "登录后查看", "有效期至").hides("道次压下率", "13800138000", "经过", "待审核")
}

// What is written in the form comes back in the form, so that editing one
// thing changes nothing else.
func TestEditKeepsEverything(t *testing.T) {
	w := newWorld(t)
	for path, form := range map[string]url.Values{"/achievements": magnesium(), "/demands": with(housing(), "anonymous", "yes")} {
		t.Run(path, func(t *testing.T) {
			as := map[string]string{"/achievements": "university", "/demands": "enterprise"}[path]
			href := w.post(as, path, form).leads(path + "/")
			page := w.get(as, href+"/edit").is(200)
			again := url.Values{}
			for _, tag := range []string{"input", "select", "textarea"} {
				for _, n := range page.all("form.jishi-form") {
					for _, field := range find(n, tag) {
						switch name := attr(field, "name"); {
						case attr(field, "type") == "checkbox" || attr(field, "type") == "radio":
							if has(field, "checked") {
								again.Add(name, attr(field, "value"))
							}
						default:
							again.Set(name, page.value(name))
						}
					}
				}
			}
			want := map[string]string{"keywords": "镁合金、轧制、耐热", "partners": "示例研究院、示例工厂", "rights.0.number": "ZL201710601862.3", "rights.1.number": "2023SR0000001", "maturity.stage": "middle"}
			if path == "/demands" {
				want = map[string]string{"keywords": "镁合金、轧制", "criteria.1.value": "0.8~1.2", "anonymous": "yes"}
			}
			for name := range form {
				if _, changed := want[name]; !changed && name != "then" && !strings.HasPrefix(name, "rights.2") {
					want[name] = form.Get(name)
				}
			}
			for name, value := range want {
				if again.Get(name) != value {
					t.Errorf("%s comes back as %q, want %q", name, again.Get(name), value)
				}
			}
			if !slices.Equal(again["modes"], form["modes"]) {
				t.Errorf("modes come back as %q", again["modes"])
			}
			w.post(as, href+"/edit", again).leads(href)
			if after := w.get(as, href+"/edit").is(200).value("version"); after != "2" {
				t.Errorf("version %s after saving once", after)
			}
		})
	}
}

func TestWhoSeesWhat(t *testing.T) {
	w := newWorld(t)
	public := w.publish("university", "/achievements", magnesium())
	draft := w.post("university", "/achievements", with(magnesium(), "title", "另一项", "rights.0.kind", "", "rights.0.number", "", "rights.0.state", "", "rights.0.expiry", "")).leads("/achievements/")
	tests := []struct {
		name, as, path string
		status         int
		shows, hides   string
	}{
		{"visitor, public", "", public, 200, "登录后查看", "13800138000"},
		{"owner, public", "university", public, 200, "道次压下率", "登录后查看"},
		{"firm sees the contact masked", "enterprise", public, 200, "138****8000", "13800138000"},
		{"firm does not see the detail", "enterprise", public, 200, "", "道次压下率"},
		{"firm not checked yet", "newcomer", public, 200, "通过科技局核验后", "13800138000"},
		{"officer sees all but the number", "officer", public, 200, "道次压下率", "13800138000"},
		{"visitor, draft", "", draft, 401, "", "另一项"},
		{"owner, draft", "university", draft, 200, "另一项", ""},
		{"rival, draft", "rival", draft, 403, "没有权限", "另一项"},
		{"broker, draft", "broker", draft, 403, "没有权限", "另一项"},
		{"unknown", "university", "/achievements/none", 404, "没有找到", ""},
		{"unknown demand", "", "/demands/0193a0b0-0000-7000-8000-000000000000", 404, "没有找到", ""},
		{"hostile id", "", "/achievements/%3Cscript%3E", 404, "没有找到", "<script>"},
		{"achievement asked as a demand", "", "/demands/" + strings.TrimPrefix(public, "/achievements/"), 404, "没有找到", ""},
		{"edit by rival", "rival", public + "/edit", 403, "没有权限", ""},
		{"edit by visitor", "", public + "/edit", 303, "", ""},
		{"new demand by supplier", "university", "/demands/new", 403, "没有权限", ""},
		{"new achievement by visitor", "", "/achievements/new", 303, "", ""},
		{"review by supplier", "university", "/review", 403, "没有权限", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.get(tt.as, tt.path).is(tt.status)
			if tt.shows != "" {
				page.shows(tt.shows)
			}
			if tt.hides != "" {
				page.hides(tt.hides)
			}
		})
	}
}

func TestAnonymousDemand(t *testing.T) {
	w := newWorld(t)
	href := w.publish("enterprise", "/demands", with(housing(), "anonymous", "yes"))
	w.get("enterprise", href).is(200).shows("示例镁业有限公司", "匿名发布", "023-53220000")
	for _, as := range []string{"", "university", "broker"} {
		w.get(as, href).is(200).shows("匿名企业", "抗拉强度", "≥ 350 MPa", "介于 0.8~1.2 mm", "须有中试线", "双方共有").hides("示例镁业", "53220000")
		w.get(as, "/search?kind=demand").is(200).shows("匿名企业").hides("示例镁业")
		w.get(as, "/").is(200).shows("匿名企业").hides("示例镁业")
	}
}

// A published demand and achievement list each other with the reasons.
func TestMatchesOnBothPages(t *testing.T) {
	w := newWorld(t)
	achievement, demand := w.publish("university", "/achievements", magnesium()), w.publish("enterprise", "/demands", housing())
	for href, other := range map[string]string{achievement: demand, demand: achievement} {
		page := w.get("", href).is(200).shows("匹配分", "技术领域", "价格与预算", "对照指标与原文", "需求原文", "成果原文")
		if links := page.all("a[href=" + other + "]"); len(links) != 1 {
			t.Errorf("%s links %d times to %s", href, len(links), other)
		}
		if marks := page.all("mark"); len(marks) == 0 {
			t.Errorf("%s marks no evidence", href)
		}
		if parts := page.all(".jishi-fit-points"); len(parts) != len(market.PartNames) {
			t.Errorf("%s shows %d parts", href, len(parts))
		}
	}
}

func TestDecisions(t *testing.T) {
	tests := []struct {
		name, as string
		action   market.Action
		note     string
		status   int
		shows    string
	}{
		{"officer rejects with a reason", "officer", market.ActReject, "写明指标", 303, ""},
		{"a reason is needed", "officer", market.ActReject, "  ", 422, "请写明理由"},
		{"the reason is bounded", "officer", market.ActReject, strings.Repeat("长", 501), 422, "最多 500 字"},
		{"owner withdraws without a reason", "university", market.ActWithdraw, "", 303, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			href := w.post("university", "/achievements", with(magnesium(), "then", "submit")).leads("/achievements/")
			got := w.act(tt.as, href, tt.action, tt.note).is(tt.status)
			if tt.status != 422 {
				return
			}
			got.shows(tt.shows)
			if got.value("note") != strings.TrimSpace(tt.note) || got.wrong("note") == "" || len(got.all("details.jishi-confirm[open]")) != 1 {
				t.Errorf("the form is not shown again: %q, %q", got.value("note"), got.wrong("note"))
			}
		})
	}
}

// Submitting a draft with gaps leads to the form that shows them.
func TestSubmitWithGaps(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/achievements", with(magnesium(), "class.field", "", "modes", "")).leads("/achievements/")
	got := w.act("university", href, market.ActSubmit, "").is(422).shows("修改成果", "有 2 处需要改正")
	if got.wrong("class.field") == "" || got.wrong("modes") == "" || got.value("title") != magnesium().Get("title") || got.value("version") != "1" {
		t.Errorf("form says %q, %q about %q", got.wrong("class.field"), got.wrong("modes"), got.value("title"))
	}
	form := with(magnesium(), "version", got.value("version"), "then", "submit")
	w.post("university", href+"/edit", form).leads(href)
	w.get("university", href).is(200).shows("待审核")
}

func TestDecisionsRefused(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/achievements", with(magnesium(), "then", "submit")).leads("/achievements/")
	tests := []struct {
		name, as, path, version string
		status                  int
	}{
		{"owner approves", "university", href + "/approve", "2", 403},
		{"rival withdraws", "rival", href + "/withdraw", "2", 403},
		{"visitor withdraws", "", href + "/withdraw", "2", 401},
		{"old version", "officer", href + "/approve", "1", 409},
		{"no version", "officer", href + "/approve", "", 409},
		{"version of letters", "officer", href + "/approve", "x", 409},
		{"wrong state", "university", href + "/renew", "2", 409},
		{"unknown action", "officer", href + "/destroy", "2", 404},
		{"action that is no button", "officer", href + "/expire", "2", 404},
		{"unknown listing", "officer", "/achievements/none/approve", "1", 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.post(tt.as, tt.path, url.Values{"version": {tt.version}, "note": {"理由"}}).is(tt.status)
		})
	}
	w.get("officer", href).is(200).shows("待您审核")
}
