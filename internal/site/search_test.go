package site

import (
	"net/url"
	"strings"
	"testing"
)

// shelf publishes one demand and three achievements that differ in what can be
// filtered by.
func shelf(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.publish("enterprise", "/demands", housing())
	plain := with(magnesium(), "rights.0.kind", "", "rights.0.number", "", "rights.0.state", "", "rights.0.expiry", "")
	w.publish("university", "/achievements", magnesium())
	w.publish("university", "/achievements", with(plain, "title", "竹纤维板材热压", "benefit", "", "summary", "竹材加工废料做成板材。", "keywords", "竹", "class.field", "09",
		"maturity.trl", "9", "modes", "transfer", "price.mode", "fixed", "price.low", "30"))
	w.publish("university", "/achievements", with(plain, "title", "镁渣制砖", "summary", "镁冶炼废渣压制成砖。", "keywords", "镁渣", "class.field", "07", "price.mode", "negotiable", "price.low", "", "price.high", ""))
	return w
}

func TestSearch(t *testing.T) {
	w := shelf(t)
	tests := []struct {
		name, query string
		total       string
		first       string // title of the first hit
	}{
		{"everything", "", "共 4 条", ""},
		{"text", "q=镁合金", "共 2 条", ""},
		{"full-width, with spaces", "q=　ＭＰａ　镁合金 ", "", ""},
		{"kind", "kind=demand", "共 1 条", "耐热镁合金壳体薄板供应与成形"},
		{"field", "field=09", "共 1 条", "竹纤维板材热压"},
		{"two fields", "field=09&field=07", "共 2 条", ""},
		{"mode and kind", "mode=transfer&kind=achievement", "共 1 条", "竹纤维板材热压"},
		{"stage", "stage=mature&kind=achievement", "共 1 条", "竹纤维板材热压"},
		{"price in 万元", "price_max=50", "共 1 条", "竹纤维板材热压"},
		{"price with a unit", "price_min=1000000元&price_max=0.02亿", "共 2 条", ""},
		{"by price", "sort=price&kind=achievement", "共 3 条", "竹纤维板材热压"},
		{"unknown keys are passed over", "utm=1&kind=demand", "共 1 条", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			page := w.get("", "/search?"+encode(tt.query)).is(200).shows(tt.total)
			titles := page.all(".jishi-item-title")
			if tt.first != "" && (len(titles) == 0 || !strings.HasSuffix(inner(titles[0]), tt.first)) {
				t.Errorf("first hit of %d is not %s: %s", len(titles), tt.first, page.text(".jishi-item-title"))
			}
		})
	}
}

// encode writes a readable query as an address does.
func encode(query string) string {
	values, _ := url.ParseQuery(query)
	return values.Encode()
}

func TestSearchMarksWhatWasLookedFor(t *testing.T) {
	page := shelf(t).get("", "/search?q="+url.QueryEscape("镁合金")+"&kind=achievement").is(200)
	marks := page.text("mark")
	if !strings.Contains(marks, "镁合金") {
		t.Errorf("marks %q", marks)
	}
	page.shows("示例大学", "重庆市梁平区", "98–150.5 万元", "授权专利 1 项", "6 级")
}

// Facets keep the rest of the search, count, and can be taken out one by one.
func TestFacets(t *testing.T) {
	w := shelf(t)
	page := w.get("", "/search?"+encode("q=镁&field=05&mode=develop&sort=newest&price_min=10&cursor="))
	page.is(200).shows("技术领域：新材料及其应用", "合作方式：合作开发", "价格：10 万元以上", "清除全部条件")
	for label, want := range map[string]string{
		"技术领域：新材料及其应用": "/search?" + encode("q=镁&mode=develop&sort=newest&price_min=10"),
		"合作方式：合作开发":    "/search?" + encode("q=镁&field=05&sort=newest&price_min=10"),
		"价格：10 万元以上":   "/search?" + encode("q=镁&field=05&mode=develop&sort=newest"),
	} {
		links := page.all("a[aria-label=去掉条件：" + label + "]")
		if len(links) != 1 || attr(links[0], "href") != want {
			t.Errorf("chip %s does not lead to %s", label, want)
		}
	}
	if clear := page.one("a.jishi-chips-clear"); attr(clear, "href") != "/search?"+encode("q=镁&sort=newest") {
		t.Errorf("clear leads to %s", attr(clear, "href"))
	}
	if on := page.all("a.is-on"); len(on) != 4 { // two, in the margin and in the phone's menu
		t.Errorf("%d values are shown as chosen", len(on))
	}
	for _, form := range page.all("form[aria-label=价格]") {
		if kept := find(form, "input[type=hidden]"); len(kept) != 4 {
			t.Errorf("the price form keeps %d of q, field, mode, sort", len(kept))
		}
	}
	page.hides("竹纤维")
}

func TestZeroHitsNameTheFilter(t *testing.T) {
	w := shelf(t)
	page := w.get("", "/search?"+encode("q=竹&kind=achievement&field=05&price_max=50")).is(200).shows("共 0 条", "没有符合全部条件", "不限技术领域（现在是：新材料及其应用）", "有 1 条", "发布需求")
	link := find(page.one("ul.jishi-ways"), "a")
	w.get("", attr(link[0], "href")).is(200).shows("竹纤维板材热压")
	w.get("university", "/search?q=xyzzy").is(200).shows("换一个更短").hides("/demands/new")
}

func TestBadSearches(t *testing.T) {
	w := newWorld(t)
	tests := []struct{ name, query, says string }{
		{"unknown kind", "kind=patent", "只能是"},
		{"unknown field", "field=99", "没有“99”"},
		{"unknown sort", "sort=random", "没有这种排序"},
		{"price of letters", "price_min=cheap", "不是金额"},
		{"negative price", "price_min=-1", "不是金额"},
		{"price upside down", "price_min=9&price_max=1", "不能低于"},
		{"huge price", "price_max=999999999999", "超出上限"},
		{"made-up cursor", "cursor=xxx", "第一页"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			w.get("", "/search?"+encode(tt.query)).is(422).shows(tt.says)
		})
	}
	for name, query := range map[string]string{
		"long text": "q=" + strings.Repeat("a", 5000), "bytes": "q=%ff%fe%00", "bad escape": "q=%zz", "many": strings.Repeat("field=05&", 1000),
		"array": "q[]=1&q[$ne]=2", "syntax of the index": "q=" + url.QueryEscape(`+title:"x" -(y OR z)~2^3 /re/`),
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			if got := w.get("", "/search?"+query); got.status >= 500 {
				t.Errorf("%d", got.status)
			}
		})
	}
}

func TestSearchPages(t *testing.T) {
	w := newWorld(t)
	for i := range 23 {
		w.publish("enterprise", "/demands", with(housing(), "title", "需求"+number(int64(100+i))))
	}
	seen := map[string]bool{}
	path := "/search?kind=demand&sort=newest"
	for range 3 {
		page := w.get("", path).is(200).shows("共 23 条")
		for _, title := range page.all(".jishi-item-title") {
			seen[inner(title)] = true
		}
		older := page.all("a[rel=next]")
		if len(older) == 0 {
			break
		}
		path = attr(older[0], "href")
	}
	if len(seen) != 23 {
		t.Errorf("saw %d of 23 hits", len(seen))
	}
	if back := w.get("", path).all("a[rel=prev]"); len(back) != 1 || attr(back[0], "href") != "/search?kind=demand&sort=newest" {
		t.Error("no way back to the first page")
	}
}
