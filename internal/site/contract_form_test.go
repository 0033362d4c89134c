package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jishi/internal/contract"
	"jishi/internal/market"
)

// rolling is a contract's form, filled as a university would.
func rolling() url.Values {
	return url.Values{
		"project": {"镁合金板材轧制技术开发"}, "type": {"KF1"}, "class.field": {"05"}, "class.industry": {"C"},
		"sellers.0.name": {"示例大学"}, "sellers.0.category": {"022"}, "sellers.0.division": {"500109"},
		"buyers.0.name": {"示例镁业有限公司"}, "buyers.0.category": {"100"}, "buyers.0.division": {"500155"},
		"amounts.total": {"120万元"}, "amounts.technology": {"1,000,000"}, "amounts.paid": {"30 万"}, "amounts.deducted": {"轧辊 20 万元"},
		"term.signed": {"2026-02-20"}, "term.from": {"2026-03-01"}, "term.to": {"2027-02-28"}, "payment": {"installments"},
		"class.ip": {"invention"}, "class.plan": {"none"}, "class.objective": {"10"}, "origin.kind": {"registered"},
		"then": {"draft"},
	}
}

// fileContract fills in a contract's form and submits it; it returns the
// contract's address.
func (w *world) fileContract(as string, v url.Values) string {
	w.t.Helper()
	return w.post(as, "/contracts", with(v, "then", "submit")).leads("/contracts/")
}

func TestContractFormBegins(t *testing.T) {
	w := newWorld(t)
	achievement, demand := w.publish("university", "/achievements", magnesium()), w.publish("enterprise", "/demands", housing())
	both := "/contracts/new?achievement=" + strings.TrimPrefix(achievement, "/achievements/") + "&demand=" + strings.TrimPrefix(demand, "/demands/")
	tests := []struct {
		name, as, path        string
		seller, buyer, origin string
	}{
		{"a supplier sells", "university", "/contracts/new", "示例大学", "", "registered"},
		{"a demander buys", "enterprise", "/contracts/new", "", "示例镁业有限公司", "registered"},
		{"an officer does neither", "officer", "/contracts/new", "", "", "registered"},
		{"from a match, by the seller", "university", both, "示例大学", "示例镁业有限公司", "matched"},
		{"from a match, by the buyer", "enterprise", both, "示例大学", "示例镁业有限公司", "matched"},
		{"from a demand", "university", "/contracts/new?demand=" + strings.TrimPrefix(demand, "/demands/"), "示例大学", "示例镁业有限公司", "matched"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.get(tt.as, tt.path).is(200).shows("填报合同")
			if s, b, o := page.value("sellers.0.name"), page.value("buyers.0.name"), page.value("origin.kind"); s != tt.seller || b != tt.buyer || o != tt.origin {
				t.Errorf("begins with %q, %q, %q, want %q, %q, %q", s, b, o, tt.seller, tt.buyer, tt.origin)
			}
			if len(page.value("key")) < 20 {
				t.Error("the form has no key")
			}
			for _, side := range []string{"sellers", "buyers"} {
				page.one("[name=" + side + ".1.name]") // room for one more
			}
		})
	}
	page := w.get("university", both)
	if field, ip := page.value("class.field"), page.value("class.ip"); field != "05" || ip != "invention" {
		t.Errorf("field %q, ip %q", field, ip)
	}
	if groups := page.all("optgroup"); len(groups) != 5 {
		t.Errorf("%d groups of types, want five", len(groups))
	}
	refused := []struct {
		as, path string
		status   int
	}{
		{"", "/contracts/new", http.StatusSeeOther}, {"broker", "/contracts/new", http.StatusForbidden},
		{"university", "/contracts/new?demand=nothing", http.StatusNotFound}, {"university", "/contracts/new?achievement=nothing", http.StatusNotFound},
	}
	for _, tt := range refused {
		w.get(tt.as, tt.path).is(tt.status)
	}
}

func TestContractFromFormToRegister(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/contracts", rolling()).leads("/contracts/")
	w.get("university", href).is(200).shows("镁合金板材轧制技术开发", "草稿", "120 万元", "￥1,200,000.00", "100 万元", "30 万元", "轧辊 20 万元",
		"技术开发（委托开发）", "2026-03-01 至 2027-02-28", "分期支付", "必填的都齐了", "填报合同")
	w.get("enterprise", href).is(200).shows("镁合金板材轧制技术开发") // tied to the platform by its name
	w.get("rival", href).is(403)
	w.get("", href).is(401)
	edit := w.get("university", href+"/edit").is(200)
	sent := rolling()
	for name, want := range map[string]string{"amounts.total": "1200000", "amounts.technology": "1000000", "amounts.paid": "300000"} {
		sent.Set(name, want)
	}
	for name := range sent {
		if name != "then" && edit.value(name) != sent.Get(name) {
			t.Errorf("%s = %q, was %q", name, edit.value(name), sent.Get(name))
		}
	}
	w.post("university", href+"/edit", with(sent, "project", "镁合金板材温轧技术开发", "version", edit.value("version"), "then", "submit")).leads(href)
	w.get("university", href).is(200).shows("镁合金板材温轧技术开发", "已提交")
	w.get("university", href+"/edit").is(409)
}

func TestContractDraftMayHaveGaps(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/contracts", url.Values{"project": {"只有名称"}, "then": {"draft"}}).leads("/contracts/")
	page := w.get("university", href).is(200).shows("提交登记前还缺", "请选择合同类型", "合同成交额须大于 0", "请选择技术领域")
	links := page.all("a[href=" + href + "/edit#f-amounts.total]")
	if len(links) != 1 {
		t.Errorf("%d links to the field to fill in", len(links))
	}
	refused := w.act("university", href, "submit", "").is(422)
	refused.shows("合同成交额须大于 0")
	w.get("university", "/desk").is(200).shows("草稿", "只有名称")
}

// What is wrong stands beside its field, what was typed stays, nothing is kept.
func TestBadContractForms(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("长", 201)
	tests := []struct{ name, field, value, at, reason string }{
		{"no name", "project", "", "project", "必填"},
		{"long name", "project", long, "project", "最多 200 字"},
		{"control character", "project", "甲\x00乙", "project", "控制字符"},
		{"no type", "type", "", "type", "请选择合同类型"},
		{"unknown type", "type", "ZZ", "type", "请选择合同类型"},
		{"no field", "class.field", "", "class.field", "请选择技术领域"},
		{"unknown field", "class.field", "99", "class.field", "不在可选范围内"},
		{"zero", "amounts.total", "0", "amounts.total", "须大于 0"},
		{"negative", "amounts.total", "-5", "amounts.total", "不是金额"},
		{"words", "amounts.total", "一百二十万", "amounts.total", "不是金额"},
		{"below a fen", "amounts.total", "1000000.001", "amounts.total", "精确到分"},
		{"over the bound", "amounts.total", "10000000000000.01", "amounts.total", "超出上限"},
		{"far over the bound", "amounts.total", strings.Repeat("9", 40), "amounts.total", "不是金额"},
		{"technology over total", "amounts.technology", "120.01万元", "amounts.technology", "不能大于合同成交额"},
		{"paid over total", "amounts.paid", "121万", "amounts.paid", "0 与合同成交额之间"},
		{"no day", "term.signed", "", "term.signed", "请填签订日期"},
		{"29 February of a common year", "term.signed", "2025-02-29", "term.signed", "不是日期"},
		{"tomorrow", "term.signed", "2026-03-02", "term.signed", "不能晚于今天"},
		{"long ago", "term.signed", "1984-12-31", "term.signed", "过早"},
		{"ends before it starts", "term.to", "2026-02-28", "term.to", "不能早于开始日期"},
		{"no seller", "sellers.0.name", "", "sellers.0.name", "必填"},
		{"wrong code of the second buyer", "buyers.1.code", "91500155DEM00000", "buyers.1.code", "统一社会信用代码不对"},
		{"second buyer without a name", "buyers.1.category", "100", "buyers.1.name", "必填"},
		{"unknown category", "sellers.0.category", "x", "sellers.0.category", "不在可选范围内"},
		{"unknown division", "sellers.0.division", "12", "sellers.0.division", "行政区划代码"},
		{"unknown payment", "payment", "gold", "payment", "不在可选范围内"},
		{"unknown listing", "origin.achievement", "nothing", "origin.kind", "已不公开"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.post("university", "/contracts", with(rolling(), tt.field, tt.value, "then", "submit")).is(422)
			if got := page.wrong(tt.at); !strings.Contains(got, tt.reason) {
				t.Errorf("beside %s stands %q, want %q\n%s", tt.at, got, tt.reason, page.text(".jishi-problems"))
			}
			if len(page.all("a[href=#f-"+tt.at+"]")) == 0 {
				t.Error("the summary does not lead to the field")
			}
			for _, kept := range []string{"amounts.deducted", "buyers.0.name", "term.from"} {
				if page.value(kept) != rolling().Get(kept) {
					t.Errorf("%s is lost: %q", kept, page.value(kept))
				}
			}
		})
	}
	page, err := w.site.Contracts.Mine(t.Context(), w.users["university"], contract.SideOwner, "", 0)
	must(t, err)
	if len(page.Items) != 0 {
		t.Errorf("%d contracts were kept", len(page.Items))
	}
	if page := w.post("university", "/contracts", with(rolling(), "amounts.total", "一百", "then", "submit")); strings.Contains(page.wrong("amounts.total"), "须大于 0") {
		t.Errorf("what cannot be read is also called empty: %q", page.wrong("amounts.total"))
	}
}

func TestContractAmountsAsTyped(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		typed string
		want  market.Fen
	}{
		{"1200000", 120 * market.Wan}, {"１２０万元", 120 * market.Wan}, {"￥1,200,000.50", 120*market.Wan + 50}, {"0.012 亿", 120 * market.Wan},
		{"10万亿", 0}, {"10000000000000", market.MaxFen},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			answer := w.post("university", "/contracts", with(rolling(), "amounts.total", tt.typed, "term.signed", "2024-02-29"))
			if tt.want == 0 {
				answer.is(422)
				return
			}
			href := answer.leads("/contracts/")
			doc, err := w.site.Contracts.Show(t.Context(), w.users["university"], market.ID(strings.TrimPrefix(href, "/contracts/")))
			must(t, err)
			if doc.Amounts.Total != tt.want || doc.Term.Signed != "2024-02-29" {
				t.Errorf("total %d, want %d; signed %s", doc.Amounts.Total, tt.want, doc.Term.Signed)
			}
			w.get("university", href+"/edit").is(200).shows("即 " + tt.want.Wan())
		})
	}
}

// One form sent twice is one contract, submitted once.
func TestContractFormSentTwice(t *testing.T) {
	w := newWorld(t)
	key := w.get("university", "/contracts/new").is(200).value("key")
	v := with(rolling(), "key", key, "then", "submit")
	first := w.post("university", "/contracts", v).leads("/contracts/")
	if second := w.post("university", "/contracts", v).leads("/contracts/"); second != first {
		t.Errorf("first %s, then %s", first, second)
	}
	doc, err := w.site.Contracts.Show(t.Context(), w.users["university"], market.ID(strings.TrimPrefix(first, "/contracts/")))
	must(t, err)
	if len(doc.History) != 2 || doc.State != market.ContractSubmitted {
		t.Errorf("history %+v", doc.History)
	}
	w.post("university", "/contracts", with(v, "project", "另一个名称")).is(409) // past the draft
}

func TestStaleContractForm(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/contracts", rolling()).leads("/contracts/")
	old := w.get("university", href+"/edit").is(200).value("version")
	w.post("university", href+"/edit", with(rolling(), "project", "先保存的名称", "version", old)).leads(href)
	tests := []struct{ name, version string }{{"overtaken", old}, {"without a version", ""}, {"with nonsense", "x"}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.post("university", href+"/edit", with(rolling(), "project", "后保存的名称", "amounts.total", "150万元", "version", tt.version)).is(409)
			page.shows("先保存的名称", "和最新内容不同的地方", "测试university")
			if page.value("project") != "后保存的名称" || page.value("amounts.total") != "150万元" || page.value("version") == old {
				t.Errorf("the form has %q, %q, version %s", page.value("project"), page.value("amounts.total"), page.value("version"))
			}
		})
	}
	page := w.post("university", href+"/edit", with(rolling(), "project", "后保存的名称", "version", old)).is(409)
	w.post("university", href+"/edit", with(rolling(), "project", "后保存的名称", "version", page.value("version"))).leads(href)
	w.get("university", href).is(200).shows("后保存的名称")
}

// A party that is on the platform stays tied when the contract is revised; one
// renamed is looked up anew.
func TestPartiesStayTied(t *testing.T) {
	w := newWorld(t)
	href := w.post("university", "/contracts", rolling()).leads("/contracts/")
	edit := func(name string) *market.Contract {
		version := w.get("university", href+"/edit").is(200).value("version")
		w.post("university", href+"/edit", with(rolling(), "buyers.0.name", name, "version", version)).leads(href)
		doc, err := w.site.Contracts.Show(t.Context(), w.users["university"], market.ID(strings.TrimPrefix(href, "/contracts/")))
		must(t, err)
		return doc
	}
	tests := []struct {
		name string
		org  market.ID
	}{
		{"示例镁业有限公司", w.users["enterprise"].Org}, {"外地某公司", ""}, {"示例技术转移中心", w.users["broker"].Org},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if doc := edit(tt.name); doc.Buyers[0].Org != tt.org {
				t.Errorf("tied to %q, want %q", doc.Buyers[0].Org, tt.org)
			}
		})
	}
}

// A natural person's identity card goes into the form once, comes back masked,
// and is shown in full to those who ask and may.
func TestContractIdentity(t *testing.T) {
	w := newWorld(t)
	const number, masked = "11010519491231002X", "1101*************X"
	person := with(rolling(), "sellers.0.name", "李发明", "sellers.0.category", market.CategoryPerson, "sellers.0.code", number)
	w.post("university", "/contracts", with(person, "sellers.0.code", "110105194912310021")).is(422).shows("身份证号不对")
	w.post("university", "/contracts", with(person, "sellers.0.category", "100")).is(422).shows("请把类别选为“自然人”")
	href := w.post("university", "/contracts", with(person, "then", "draft")).leads("/contracts/")
	w.get("university", href).is(200).shows("李发明", masked, "查看身份证号").hides(number)
	edit := w.get("university", href+"/edit").is(200).shows("身份证号已保存：" + masked).hides(number)
	if edit.value("sellers.0.code") != "" {
		t.Errorf("the form has %q in it", edit.value("sellers.0.code"))
	}
	w.post("university", href+"/edit", with(person, "sellers.0.code", "", "project", "另一个名称", "version", "1", "then", "draft")).leads(href)
	w.get("university", href).is(200).shows("另一个名称", masked)
	w.post("university", href+"/identities", nil).is(200).shows(number).hides("查看身份证号")
	w.post("rival", href+"/identities", nil).is(403).hides(number)
	w.get("university", href).is(200).hides(number)
}
