package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestHome(t *testing.T) {
	w := newWorld(t)
	w.get("", "/").is(200).shows("还没有公开的需求", "还没有公开的成果", "目标 50 亿元", "目标 5 亿元", "规划指标 23")
	a, d := w.publish("university", "/achievements", magnesium()), w.publish("enterprise", "/demands", housing())
	w.post("university", "/achievements", with(magnesium(), "title", "没有公开的草稿", "rights.0.number", "")).leads("/achievements/")
	page := w.get("", "/").is(200).shows("耐热镁合金薄板轧制工艺", "耐热镁合金壳体薄板供应与成形", "预算 100–200 万元").hides("没有公开的草稿")
	for _, href := range []string{a, d, "/search?kind=achievement", "/demands/new", "/turnover"} {
		if len(page.all("a[href="+href+"]")) == 0 {
			t.Errorf("no link to %s", href)
		}
	}
	if boxes := page.all("form[role=search]"); len(boxes) != 1 {
		t.Errorf("%d search boxes", len(boxes))
	}
}

func TestHomeDoors(t *testing.T) {
	w := newWorld(t)
	tests := []struct{ as, leads, not string }{
		{"", "/demands/new", "/achievements/new"},
		{"enterprise", "/demands/new", "/achievements/new"},
		{"university", "/achievements/new", "/demands/new"},
		{"officer", "/demands/new", "/achievements/new"},
		{"broker", "/search?kind=demand", "/demands/new"},
	}
	for _, tt := range tests {
		t.Run(tt.as, func(t *testing.T) {
			w.t = t
			doors := w.get(tt.as, "/").is(200).one("ul.jishi-doors")
			if len(find(doors, "a[href="+tt.leads+"]")) != 1 || len(find(doors, "a[href="+tt.not+"]")) != 0 {
				t.Errorf("doors of %q: %s", tt.as, inner(doors))
			}
		})
	}
}

func TestTargetBars(t *testing.T) {
	bars := targetBars([]market.TargetProgress{
		{Target: market.Target{Name: "总", Basis: market.BasisTotal, Amount: 50 * market.Yi, Source: "文件"}, Period: "累计", Achieved: 5 * market.Yi, Count: 12},
		{Target: market.Target{Name: "年", Basis: market.BasisTechnology, From: "2025-01", To: "2025-12", Amount: 5 * market.Yi}, Period: "2025年", Achieved: 6 * market.Yi},
	})
	if bars[0].Share != 0.1 || bars[0].Href != "/turnover?basis=total" || !strings.Contains(bars[0].Text, "合同成交额，累计，计入 12 份") {
		t.Errorf("first bar %+v", bars[0])
	}
	if bars[1].Tone != "good" || bars[1].Href != "/turnover?basis=technology&from=2025-01&to=2025-12" {
		t.Errorf("second bar %+v", bars[1])
	}
}

func TestCaching(t *testing.T) {
	w := newWorld(t)
	for _, tt := range []struct{ name, as, path, kept string }{
		{"public page", "", "/", "no-cache"},
		{"page of somebody", "officer", "/", "no-store"},
		{"error", "", "/achievements/none", "no-store"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w.t = t
			got := w.get(tt.as, tt.path)
			if got.header.Get("Cache-Control") != tt.kept || !strings.Contains(got.header.Get("Vary"), "Cookie") {
				t.Errorf("Cache-Control %q, Vary %q", got.header.Get("Cache-Control"), got.header.Get("Vary"))
			}
		})
	}
}

func TestStaticFiles(t *testing.T) {
	w := newWorld(t)
	page := w.get("", "/")
	address := ""
	for _, link := range page.all("link[rel=stylesheet]") {
		if strings.HasSuffix(attr(link, "href"), "market.css") {
			address = attr(link, "href")
		}
	}
	ask := func(headers ...string) *answer {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		return w.send("", r)
	}
	plain := ask().is(200)
	packed := ask("Accept-Encoding", "br, gzip").is(200)
	if plain.header.Get("Content-Encoding") != "" || packed.header.Get("Content-Encoding") != "gzip" || len(packed.body) >= len(plain.body) {
		t.Errorf("plain %d bytes, packed %d bytes as %q", len(plain.body), len(packed.body), packed.header.Get("Content-Encoding"))
	}
	if !strings.Contains(plain.header.Get("Cache-Control"), "immutable") || !strings.Contains(packed.header.Get("Vary"), "Accept-Encoding") {
		t.Errorf("headers %v", packed.header)
	}
	if got := ask("If-None-Match", plain.header.Get("ETag")).is(304); got.body != "" {
		t.Errorf("304 with %d bytes", len(got.body))
	}
	w.get("", "/static/000000000000/css/none.css").is(404)
	w.get("", "/static/000000000000/../../go.mod").is(404)
}

// Every page answers HEAD like GET, without a body.
func TestHead(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/", "/search", "/sign-in"} {
		if got := w.send("", httptest.NewRequest(http.MethodHead, path, nil)).is(200); got.body != "" {
			t.Errorf("HEAD %s has a body", path)
		}
	}
}

// Trimming an address leads somewhere.
func TestListsLeadToSearch(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{"/achievements": "/search?kind=achievement", "/demands": "/search?kind=demand"} {
		if got := w.get("", path).is(302).header.Get("Location"); got != want {
			t.Errorf("%s leads to %s", path, got)
		}
	}
}
