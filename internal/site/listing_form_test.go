package site

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestBadForms(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, path, field, value, says string
		submit                         bool
	}{
		{"no title", "/achievements", "title", " ", "必填", false},
		{"long title", "/achievements", "title", strings.Repeat("长", 201), "最多 200 字", false},
		{"control character", "/achievements", "summary", "一\x01二", "控制字符", false},
		{"not UTF-8", "/achievements", "benefit", "一\xff二", "无法识别", false},
		{"eleven keywords", "/achievements", "keywords", "一、二、三、四、五、六、七、八、九、十、百", "最多 10 个", false},
		{"field not in the list", "/achievements", "class.field", "99", "列表", false},
		{"no field, submitted", "/achievements", "class.field", "", "提交审核前", true},
		{"no mode, submitted", "/achievements", "modes", "", "提交审核前", true},
		{"unknown mode", "/achievements", "modes", "gift", "列表", false},
		{"level of words", "/achievements", "maturity.trl", "six", "整数", false},
		{"level ten", "/achievements", "maturity.trl", "10", "1 至 9", false},
		{"price of words", "/achievements", "price.low", "九十八万圆", "不是金额", false},
		{"price below a 分", "/achievements", "price.low", "0.00000001", "精确到分", false},
		{"price upside down", "/achievements", "price.high", "1", "上限", false},
		{"price without end", "/achievements", "price.high", "99999999999999999999", "上限", false},
		{"price and 面议 at once", "/achievements", "price.mode", "negotiable", "清空价格", false},
		{"wrong check digit of a patent", "/achievements", "rights.0.number", "201710601862.4", "校验位", false},
		{"right without a kind", "/achievements", "rights.0.kind", "", "类型", false},
		{"expiry in words", "/achievements", "rights.0.expiry", "明年", "不是日期", false},
		{"wrong credit code", "/achievements", "holder_code", "914403001922038217", "18 位", false},
		{"phone of letters", "/achievements", "contact.phone", "call me", "手机号", false},
		{"mail without at", "/achievements", "contact.email", "zhou", "邮箱", false},
		{"demand without kind, submitted", "/demands", "demand_kind", "", "提交审核前", true},
		{"budget upside down", "/demands", "budget_high", "1", "上限", false},
		{"deadline that is no day", "/demands", "deadline", "2027-02-30", "不是日期", false},
		{"criterion without value", "/demands", "criteria.0.value", "", "必填", false},
		{"criterion without name", "/demands", "criteria.1.name", "", "必填", false},
		{"long criterion", "/demands", "criteria.0.unit", strings.Repeat("长", 41), "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form, as := magnesium(), "university"
			if tt.path == "/demands" {
				form, as = housing(), "enterprise"
			}
			form = with(form, tt.field, tt.value)
			if tt.submit {
				form.Set("then", "submit")
			}
			got := w.post(as, tt.path, form).is(422).shows("需要改正")
			if tt.says != "" && !strings.Contains(got.wrong(tt.field), tt.says) {
				t.Errorf("beside %s stands %q, want %q; the page says %s", tt.field, got.wrong(tt.field), tt.says, got.text(".jishi-problems"))
			}
			if tt.field == "modes" || tt.field == "price.mode" || tt.field == "class.field" && tt.value == "99" || tt.field == "maturity.trl" {
				return // a choice that is none of those offered cannot be shown again
			}
			for _, name := range []string{tt.field, "summary", "contact.name"} {
				want := strings.TrimSpace(strings.ToValidUTF8(form.Get(name), ""))
				if shown := strings.TrimSpace(got.value(name)); shown != want && tt.value != "一\x01二" {
					t.Errorf("%s is shown again as %q, want %q", name, shown, want)
				}
			}
			if link := got.all("a[href=#f-" + tt.field + "]"); tt.says != "" && len(link) != 1 {
				t.Errorf("the summary has %d links to the field", len(link))
			}
		})
	}
	if page := w.get("university", "/desk").is(200); len(page.all("tbody")) != 0 {
		t.Error("a refused form left something behind")
	}
}

// Bodies that are no form at all.
func TestBrokenBodies(t *testing.T) {
	w := newWorld(t)
	tests := []struct{ name, body, kind string }{
		{"empty", "", "application/x-www-form-urlencoded"},
		{"bad escape", "title=%zz", "application/x-www-form-urlencoded"},
		{"JSON", `{"title":"x"}`, "application/json"},
		{"multipart without boundary", "x", "multipart/form-data"},
		{"bytes", "\x00\xff\xfe", "application/octet-stream"},
		{"many keys", strings.Repeat("a=1&", 50_000), "application/x-www-form-urlencoded"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, path := range []string{"/achievements", "/demands", "/sign-in"} {
				as := map[string]string{"/achievements": "university", "/demands": "enterprise", "/sign-in": ""}[path]
				r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(tt.body))
				r.Header.Set("Content-Type", tt.kind)
				w.send(as, r).is(422)
			}
		})
	}
}

func TestStaleForm(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/achievements", magnesium()).leads("/achievements/")
	w.post("university", href+"/edit", with(magnesium(), "version", "1", "title", "先改的名称", "modes", "transfer")).leads(href)

	typed := with(magnesium(), "version", "1", "title", "后改的名称", "summary", "我写的简介")
	got := w.post("university", href+"/edit", typed).is(409).shows("测试university", "修改", "先改的名称", "后改的名称", "技术转让", "技术许可、合作开发")
	if got.value("title") != "后改的名称" || got.value("summary") != "我写的简介" || got.value("version") != "2" {
		t.Errorf("form shows %q, %q, version %s", got.value("title"), got.value("summary"), got.value("version"))
	}
	labels := []string{}
	for _, row := range got.all("section.jishi-changes")[0:1] {
		for _, th := range find(row, "th[scope=row]") {
			labels = append(labels, inner(th))
		}
	}
	if fmt.Sprint(labels) != "[成果 · 成果名称 成果 · 公开简介 合作与价格 · 合作方式]" {
		t.Errorf("differences at %v", labels)
	}
	w.post("university", href+"/edit", with(typed, "version", got.value("version"))).leads(href)
	w.get("university", href).is(200).shows("后改的名称", "我写的简介")
}

// Somebody submits the draft while another member has its form open: what was
// typed is shown again, with what may be done instead.
func TestFormOfWhatMovedOn(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/achievements", magnesium()).leads("/achievements/")
	w.act("university", href, "submit", "").leads(href)
	got := w.post("university", href+"/edit", with(magnesium(), "version", "1", "summary", "我写了很久的简介")).is(409).shows("待审核", "复制")
	if got.value("summary") != "我写了很久的简介" {
		t.Errorf("what was typed is lost: %q", got.value("summary"))
	}
}

// A change to what is public leaves the public until it is approved again.
func TestEditingWhatIsPublic(t *testing.T) {
	w := newWorld(t)
	href := w.publish("university", "/achievements", magnesium())
	page := w.get("university", href+"/edit").is(200).shows("通过前暂不公开")
	w.post("university", href+"/edit", with(magnesium(), "version", page.value("version"), "title", "改过的名称")).leads(href)
	w.get("", href).is(401)
	w.get("officer", href).is(200).shows("待您审核", "改过的名称")
	w.get("university", href+"/edit").is(409).shows("不能修改")
}

// Submitting what somebody else lists already keeps the draft and says so.
func TestDuplicateStaysADraft(t *testing.T) {
	w := newWorld(t)
	listed := w.publish("university", "/achievements", magnesium())
	w.now = w.now.Add(5 * 60 * 1e9)
	answer := w.post("university", "/achievements", with(magnesium(), "then", "submit"))
	href := answer.leads("/achievements/")
	r := httptest.NewRequest(http.MethodGet, href, nil)
	r.AddCookie(cookieOf(t, answer, flashCookie))
	page := w.send("university", r).is(200).shows("草稿已保存，但没有提交成功", "本单位已发布过同名", "草稿")
	if links := page.all("a[href=" + listed + "]"); len(links) < 2 { // what stands in the way, and what it may be the same as
		t.Errorf("%d links to the other one, want one in the sentence and one beside", len(links))
	}
}

var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onfocus='alert(1)' autofocus='`,
	`</textarea></title></script><svg onload=alert(1)>`, `javascript:alert(1)`, "{{.Base}}${7*7}`",
}

// Whatever is typed into whichever field shows as text everywhere.
func TestHostileText(t *testing.T) {
	w := newWorld(t)
	poison := func(v url.Values, text string, names ...string) url.Values {
		for _, name := range names {
			v.Set(name, text)
		}
		return v
	}
	for i, text := range hostile {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			w.t = t
			form := with(magnesium(), "rights.0.number", "", "rights.2.number", "")
			a := w.publish("university", "/achievements", poison(form, text, "title", "benefit", "summary", "holder", "partners", "maturity.evidence", "source", "detail"))
			d := w.publish("enterprise", "/demands", poison(housing(), text, "title", "summary", "demander", "conditions", "ip_term", "source", "detail"))
			q := url.QueryEscape(text)
			for _, page := range []*answer{
				w.post("university", "/achievements", poison(magnesium(), text, "title", "price.low", "contact.email", "rights.0.number")).is(422),
				w.post("enterprise", "/demands", poison(housing(), text, "title", "budget_low", "deadline", "criteria.0.value", "criteria.0.name")).is(422),
				w.get("university", a), w.get("university", a+"/edit"), w.get("enterprise", d), w.get("enterprise", d+"/edit"),
				w.get("university", "/desk"), w.get("university", "/desk/achievements"), w.get("", "/"), w.get("", a), w.get("", d),
				w.get("", "/search?q="+q), w.get("", "/search?field="+q), w.get("", "/search?price_min="+q), w.get("", "/search?sort="+q),
				w.get("", "/sign-in?next="+q), w.get("", "/"+url.PathEscape(text)),
			} {
				page.harmless()
			}
		})
	}
}

// harmless fails the test if the page holds an element that only hostile text
// could have made, or an address that runs script.
func (a *answer) harmless() {
	a.t.Helper()
	for n := range a.page.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "img" || n.Data == "script" && attr(n, "src") == "" || has(n, "onload") || has(n, "onfocus") || has(n, "autofocus") {
			a.t.Errorf("%s holds <%s %v>", a.asked, n.Data, n.Attr)
		}
		for _, name := range []string{"href", "src", "action"} {
			if strings.HasPrefix(attr(n, name), "javascript:") {
				a.t.Errorf("%s: %s=%q", a.asked, name, attr(n, name))
			}
		}
	}
}
