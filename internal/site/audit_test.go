package site

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// copied brings what happened to documents into the trail.
func (w *world) copied() {
	w.t.Helper()
	check, err := w.site.Audit.Verifier.Verify(w.t.Context(), market.System, nil)
	must(w.t, err)
	if !check.Whole() {
		w.t.Fatalf("the trail is broken: %v", check.Report.Broken)
	}
}

// noted appends entries to the trail, the first the oldest.
func (w *world) noted(entries ...market.Entry) {
	w.t.Helper()
	for _, e := range entries {
		must(w.t, w.site.Audit.Trail.Append(w.t.Context(), e))
	}
}

// entries is what the trail has of an action, newest first.
func (w *world) entries(a market.Action) []string {
	w.t.Helper()
	var got []string
	page := w.get("officer", "/audit?action="+string(a)).is(200)
	for _, row := range page.all("tbody") {
		for _, tr := range find(row, "tr") {
			got = append(got, inner(tr))
		}
	}
	return got
}

func TestAuditPage(t *testing.T) {
	w := newWorld(t)
	w.get("officer", "/audit").is(200).shows("还没有记录", "还没有核对过", "现在核对")
	href := w.fileContract("university", rolling())
	w.register("officer", href, "20265001550001").leads(href)
	w.noted(
		market.Entry{At: w.now, User: w.users["university"].User, Org: w.users["university"].Org, Action: market.ActSignIn, Kind: "session", Address: "192.0.2.77", Request: "req-77"},
		market.Entry{At: w.now, Action: market.ActSignIn, Kind: "user", Result: "wrong_password"},
	)
	w.copied()
	page := w.get("officer", "/audit").is(200)
	page.shows("准予登记", "提交登记", "填报合同", "已提交 → 已登记", "测试university", "示例大学", "192.0.2.77", "req-77", "访客", "密码不对", "完整", "两边一致", "系统于")
	page.shows("导出 .xlsx", "导出 .csv")
	id := strings.TrimPrefix(href, "/contracts/")
	for name, tt := range map[string]struct {
		query         string
		shows, hidden []string
	}{
		"document":     {"kind=contract&subject=" + id, []string{"准予登记", "填报合同"}, []string{"192.0.2.77"}},
		"user":         {"user=" + string(w.users["officer"].User), []string{"准予登记"}, []string{"填报合同</", "192.0.2.77"}},
		"login":        {"user=University@demo", []string{"192.0.2.77", "提交登记"}, []string{"准予登记 "}},
		"organization": {"org=" + url.QueryEscape("示例大学"), []string{"192.0.2.77"}, nil},
		"result":       {"result=wrong_password", []string{"访客", "密码不对"}, []string{"192.0.2.77"}},
		"day":          {"from=2026-03-01&to=2026-03-01", []string{"192.0.2.77"}, nil},
		"other day":    {"from=2026-03-02", []string{"没有这样的记录"}, []string{"192.0.2.77"}},
		"two":          {"kind=contract&action=contract.register", []string{"准予登记"}, []string{"192.0.2.77"}},
		"nobody":       {"user=nobody-at-all", []string{"没有这样的记录"}, []string{"192.0.2.77"}},
	} {
		page := w.get("officer", "/audit?"+tt.query).is(200).shows(tt.shows...)
		for _, text := range tt.hidden {
			for _, row := range page.all("tbody") {
				if strings.Contains(inner(row), text) {
					t.Errorf("%s shows %q", name, text)
				}
			}
		}
		if len(page.all(".jishi-chips")) != 1 {
			t.Errorf("%s shows no chips", name)
		}
	}
}

func TestAuditPaging(t *testing.T) {
	w := newWorld(t)
	for i := range auditPerPage + 7 {
		w.noted(market.Entry{At: w.now.Add(time.Duration(i) * time.Minute), Action: market.ActSignIn, Kind: "session", Detail: fmt.Sprint("entry-", i)})
	}
	first := w.get("officer", "/audit?kind=session").is(200)
	older := first.all("a[rel=next]")
	if len(find(first.all("tbody")[0], "tr")) != auditPerPage || len(older) != 1 {
		t.Fatalf("%d rows, %d links on", len(find(first.all("tbody")[0], "tr")), len(older))
	}
	second := w.get("officer", attr(older[0], "href")).is(200).shows("entry-0", "entry-6", "回到最新")
	second.hides("entry-7<")
	if len(second.all("a[rel=next]")) != 0 {
		t.Error("the last page leads on")
	}
	w.get("officer", "/audit?cursor=nonsense").is(422)
}

func TestAuditRefusals(t *testing.T) {
	w := newWorld(t)
	w.noted(market.Entry{At: w.now, Action: market.ActSignIn, Kind: "session"})
	for _, path := range []string{"/audit", "/audit/export/csv"} {
		w.get("", path).is(303)
		for _, as := range []string{"university", "enterprise", "broker", "newcomer"} {
			w.get(as, path).is(403)
		}
	}
	w.post("university", "/audit/verify", nil).is(403)
	w.post("", "/audit/verify", nil).is(401)
	for _, query := range []string{"from=x", "from=2026-03-02&to=2026-03-01", "kind=secrets", "subject=%2F", "user=%24ne"} {
		page := w.get("officer", "/audit?"+query).is(422)
		if len(page.all("[role=alert]")) == 0 {
			t.Errorf("%s: nothing says why", query)
		}
		w.get("officer", "/audit/export/csv?"+query).is(422)
	}
	w.get("officer", "/audit/export/pdf").is(404)
}

func TestVerifyFromThePage(t *testing.T) {
	w := newWorld(t)
	w.noted(market.Entry{At: w.now, Action: market.ActSignIn, Kind: "session"})
	w.post("officer", "/audit/verify", nil).leads("/audit")
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		page := w.get("officer", "/audit").is(200)
		if strings.Contains(page.text("#check"), "两边一致") {
			page.shows("核对了 1 条记录", "测试officer于")
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not end: %s", page.text("#check"))
		}
	}
}

// Every export is in the trail before it is sent, with what was taken.
func TestExportsAreNoted(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	w.registered(2)
	w.catchUp()
	for _, tt := range []struct{ as, path, says string }{
		{"rival", "/search/export/csv?kind=achievement", "检索到的成果-2026-03-01.csv，1 行；/search/export/csv?kind=achievement"},
		{"university", "/desk/achievements/export/xlsx", "本单位成果-2026-03-01.xlsx，1 行"},
		{"officer", "/contracts/export/csv?tab=registered", "登记在册合同-2026-03-01.csv，2 行"},
		{"broker", "/turnover/export/csv?by=month", "行；/turnover/export/csv"},
		{"enterprise", "/indicators/export/xlsx", "33 行；/indicators/export/xlsx"},
	} {
		w.get(tt.as, tt.path).is(200)
		got := w.entries(market.ActExport)
		if len(got) == 0 || !strings.Contains(got[0], tt.says) || !strings.Contains(got[0], "192.0.2.1") {
			t.Errorf("%s by %s is noted as %q", tt.path, tt.as, got)
		}
		w.now = w.now.Add(time.Second)
	}
	before := len(w.entries(market.ActExport))
	w.get("", "/indicators/export/csv").is(200) // public figures, to a visitor
	if got := len(w.entries(market.ActExport)); got != before {
		t.Error("what a visitor takes of public figures is noted")
	}
}

// What cannot be noted is not sent.
func TestExportWithoutTrail(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	w.site.Audit.Trail.Close()
	answer := w.get("rival", "/search/export/csv?kind=achievement").is(http.StatusServiceUnavailable)
	if answer.header.Get("Content-Disposition") != "" || strings.Contains(answer.body, "镁合金") {
		t.Error("it is sent all the same")
	}
}

func TestAuditExport(t *testing.T) {
	w := newWorld(t)
	w.noted(
		market.Entry{At: w.now, User: w.users["university"].User, Org: w.users["university"].Org, Action: market.ActSignIn, Kind: "session", Subject: "s-1", Address: "192.0.2.77", Detail: "=cmd()"},
		market.Entry{At: w.now.Add(time.Hour), Action: market.ActSignIn, Kind: "user", Result: "wrong_password"},
		market.Entry{At: w.now.Add(2 * time.Hour), Action: market.ActExport, Kind: "page"},
	)
	rows := w.get("officer", "/audit/export/csv?action=session.open").is(200).rows()
	if len(rows) != 3 || len(rows[0]) != len(auditTable.Columns) {
		t.Fatalf("rows %v", rows)
	}
	line := strings.Join(rows[2], "|")
	for _, want := range []string{"1|2026-03-01 10:00:00.000|测试university|", "|示例大学|登录|session.open|ok|登录会话|s-1|", "|'=cmd()|192.0.2.77|"} {
		if !strings.Contains(line, want) {
			t.Errorf("%s lacks %s", line, want)
		}
	}
	if got := w.entries(market.ActExportAudit); len(got) != 1 || !strings.Contains(got[0], "审计记录-2026-03-01.csv，2 行；/audit/export/csv?action=session.open") {
		t.Errorf("the export is noted as %q", got)
	}
	book, err := excelize.OpenReader(strings.NewReader(w.get("officer", "/audit/export/xlsx").is(200).body))
	must(t, err)
	defer book.Close()
	all, err := book.GetRows("审计记录")
	must(t, err)
	if len(all) != 5 { // with that of the export before
		t.Errorf("workbook of %d rows", len(all))
	}
}

// Officers get from a document to its line in the trail, others do not.
func TestLineOfDocument(t *testing.T) {
	w := newWorld(t)
	achievement := w.publish("university", "/achievements", magnesium())
	contract := w.fileContract("university", rolling())
	for _, href := range []string{achievement, contract, organizationHref(w.users["university"].Org)} {
		for as, want := range map[string]int{"officer": 1, "university": 0} {
			got := 0
			for _, a := range w.get(as, href).is(200).all("a[href]") {
				if strings.HasPrefix(attr(a, "href"), "/audit?") {
					got++
					w.get(as, attr(a, "href")).is(200)
				}
			}
			if got != want {
				t.Errorf("%s at %s: %d links to the trail, want %d", as, href, got, want)
			}
		}
	}
}
