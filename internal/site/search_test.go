package site

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// shelf publishes one demand and three achievements that differ in what can be
// filtered by.
func shelf(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.publish("enterprise", "/demands", housing())
	plain := with(magnesium(), "rights.0.kind", "", "rights.0.number", "", "rights.0.state", "", "rights.0.expiry", "", "rights.2.kind", "", "rights.2.number", "")
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
		{"price of letters", "price_min=cheap", "价格：“cheap”不是金额，请写成 1234.56 或 98万元 的样子。"},
		{"negative price", "price_min=-1", "不是金额"},
		{"price upside down", "price_min=9&price_max=1", "价格：上限不能低于下限。"},
		{"huge price", "price_max=999999999999", "超出上限"},
		{"made-up cursor", "cursor=xxx", "第一页"},
		{"level of letters", "trl_min=high", "1 至 9 级"},
		{"level beyond", "trl_max=10", "1 至 9 级"},
		{"levels upside down", "trl_min=7&trl_max=3", "不能低于"},
		{"no day", "from=2026-02-30", "不是日期"},
		{"absurd day", "to=99999-01-01", "不是日期"},
		{"days upside down", "from=2026-03-02&to=2026-03-01", "发布日期：不能早于开始的日期。"},
		{"page 10⁹", "page=1000000000", "最后一页"},
		{"no organization", "owner=../x", "没有这个单位"},
		{"too many values", manyFields(), "选择过多"},
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

// manyFields is a query with more values than a filter takes.
func manyFields() string {
	var values []string
	for i := range 10_000 {
		values = append(values, "field="+number(int64(i)))
	}
	return strings.Join(values[:500], "&")
}

func TestSearchSaysWhy(t *testing.T) {
	w := shelf(t)
	w.index.SetSynonyms([][]string{{"镁合金", "Mg合金"}, {"竹纤维", "竹原纤维"}})
	w.get("", "/search?"+encode("q=Mg合金&kind=achievement")).is(200).shows("也搜索了：镁合金", "命中：", "标题（", "关键词（镁合金）")
	page := w.get("", "/search?"+encode("q=镁&kind=achievement")).is(200)
	if owner := w.users["university"].Org; owner != "" {
		w.get("", "/search?owner="+string(owner)).is(200).shows("只在 示例大学 里找", "单位：示例大学")
		w.get("", "/search?q=镁&owner="+string(w.users["rival"].Org)).is(200).shows("不限单位（现在只在“示例学院”里找）")
	}
	share := page.one("#share-address")
	if address := attr(share, "value"); !strings.HasSuffix(address, "/search?"+encode("kind=achievement&q=镁")) {
		t.Errorf("the address to share is %s", address)
	}
}

// One search has one address, whatever order its parts were given in.
func TestSearchAddressIsCanonical(t *testing.T) {
	for _, query := range []string{"field=05&field=09&q=a", "q=a&field=09&field=05&field=05", "field=09&q=+a+&utm=1&field=05"} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := askedOf(values).href(func(url.Values) {}); got != "/search?field=05&field=09&q=a" {
			t.Errorf("%s is %s", query, got)
		}
	}
}

func TestZeroHitsOfTwoFilters(t *testing.T) {
	shelf(t).get("", "/search?"+encode("q=竹&from=2030-01-01&field=01&trl_min=9")).is(200).shows("单独去掉任何一个条件都还是没有", "清除全部条件", "有 1 条")
}

func FuzzAsked(f *testing.F) {
	for _, seed := range []string{"q=镁&field=05", "price_min=1亿&from=2026-1-1", "trl_min=９&page=9", "q=%ff&owner=%00", "to=2026年3月1日&field=&field=,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query)
		delete(values, "page")
		a := askedOf(values)
		again, err := url.ParseQuery(strings.TrimPrefix(strings.TrimPrefix(a.href(func(url.Values) {}), "/search"), "?"))
		if err != nil {
			t.Fatal(err)
		}
		b := askedOf(again)
		if first, second := a.href(func(url.Values) {}), b.href(func(url.Values) {}); first != second {
			t.Fatalf("%q has the addresses %s and %s", query, first, second)
		}
		if (a.problems.Err() == nil) != (b.problems.Err() == nil) {
			t.Fatalf("%q is refused %v, its own address %v", query, a.problems, b.problems)
		}
	})
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
	last := w.get("", path).is(200).shows("第 21–23 条，共 23 条", "第一页")
	back := last.all("a[rel=prev]")
	if len(back) != 1 {
		t.Fatal("no way back")
	}
	first := w.get("", attr(back[0], "href")).is(200).shows("第 1–20 条，共 23 条", "最后一页").hides("第一页")
	ends := first.all("a.btn")
	if !slices.ContainsFunc(ends, func(n *html.Node) bool { return attr(n, "href") == "/search?cursor=last&kind=demand&sort=newest" }) {
		t.Error("no way to the last page")
	}
	w.get("", "/search?kind=demand&sort=newest&cursor=last").is(200).shows("第 4–23 条，共 23 条")
}

// Whatever is asked, every page about searching answers soon and clearly.
func TestNastySearches(t *testing.T) {
	w := shelf(t)
	w.index.SetSynonyms([][]string{{"镁合金", "Mg合金"}})
	for name, text := range map[string]string{
		"punctuation": "，。！？……——", "stop words": "的 了 和 the of", "emoji": "😀🚀👨‍👩‍👧", "lone surrogate": "\xed\xa0\x80镁", "no UTF-8": "\xff\xfe镁",
		"right to left": "\u202e\u200f镁合金\u202c", "syntax of the index": `+title:"x" -(y OR z)~2^3 /re/ *`, "spaces": " \t\n\u3000", "control characters": "\x00\x01\x1b[31m",
		"markup": `"><script>alert(1)</script>`, "template": "{{.Base}}${7*7}", "long": strings.Repeat("镁合金", 550), "one letter": strings.Repeat("a", 5_000),
	} {
		for _, path := range []string{"/search?q=", "/search.rss?q=", "/compare?ids=", "/search?owner=", "/search?from=", "/search?cursor=", "/search?sort="} {
			t.Run(name+" "+path, func(t *testing.T) {
				w.t = t
				begun := time.Now()
				got := w.get("", path+url.QueryEscape(text))
				if took := time.Since(begun); got.status != 200 && got.status != 422 || took > 5*time.Second {
					t.Errorf("%d after %v", got.status, took)
				}
				if strings.Contains(got.body, "<script>alert") {
					t.Error("markup is not escaped")
				}
			})
		}
	}
}
