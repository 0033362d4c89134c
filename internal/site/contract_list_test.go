package site

import (
	"encoding/csv"
	"strings"
	"testing"
)

func TestContractTabs(t *testing.T) {
	w := newWorld(t)
	w.registered(3)
	w.fileContract("university", rolling())
	tests := []struct{ as, path, tabs, current, shows string }{
		{"", "/contracts", "登记在册", "登记在册", "3 份"},
		{"university", "/contracts", "我的合同 登记在册", "我的合同", "镁合金板材轧制技术开发"},
		{"enterprise", "/contracts?tab=mine&side=buyer", "我的合同 登记在册", "我的合同", "第 1 份"},
		{"enterprise", "/contracts", "我的合同 登记在册", "我的合同", "这里还没有合同"},
		{"broker", "/contracts?tab=mine&side=broker", "我的合同 登记在册", "我的合同", "这里还没有合同"},
		{"officer", "/contracts", "我的合同 办理登记 登记在册", "登记在册", "第 1 份"},
		{"officer", "/contracts?tab=queue", "我的合同 办理登记 登记在册", "办理登记", "镁合金板材轧制技术开发"},
		{"university", "/contracts?type=KF", "我的合同 登记在册", "登记在册", "合同类型为“技术开发”"},
	}
	for _, tt := range tests {
		t.Run(tt.as+tt.path, func(t *testing.T) {
			page := w.get(tt.as, tt.path).is(200).shows(tt.shows)
			var tabs []string
			for _, tab := range find(page.one(".jishi-tabs"), "a") {
				tabs = append(tabs, inner(tab))
			}
			current := find(page.one(".jishi-tabs"), "a[aria-current]")
			if strings.Join(tabs, " ") != tt.tabs || len(current) != 1 || inner(current[0]) != tt.current {
				t.Errorf("tabs %v, current %v, want %s, %s", tabs, current, tt.tabs, tt.current)
			}
		})
	}
	for _, refused := range []struct {
		as, path string
		status   int
	}{
		{"", "/contracts?tab=mine", 401}, {"", "/contracts?tab=queue", 401}, {"university", "/contracts?tab=queue", 403},
		{"university", "/contracts?tab=mine&side=x", 422}, {"officer", "/contracts?tab=queue&state=x", 422},
		{"", "/contracts?cursor=nonsense", 422},
	} {
		w.get(refused.as, refused.path).is(refused.status)
	}
}

func TestRegisterFilter(t *testing.T) {
	w := newWorld(t)
	w.registered(30)
	tests := []struct {
		name, query, words string
		rows               int
	}{
		{"everything", "tab=registered", "全部登记在册的合同", 30},
		{"a month", "month=2026-03", "2026年3月登记的合同", 1},
		{"a year", "year=2025", "2025年登记的合同", 10},
		{"a year and months of another", "year=2025&from=2026-01", "没有这样的合同", 0},
		{"months", "from=2025-11&to=2026-02", "2025-11 至 2026-02登记的合同", 3},
		{"a type", "type=ZX", "合同类型为“技术咨询”", 6},
		{"type and field", "type=KF&field=01", "技术领域为“电子信息”", 1},
		{"not stated", "industry=none", "行业未填写", 5},
		{"buyers of nowhere", "buyer_division=none", "买方地区未填写", 5},
		{"an unknown code", "type=ZZ", "合同类型为“ZZ”", 0},
		{"empty means any", "type=&field=&from=", "全部登记在册的合同", 30},
		{"four at once", "type=KF&field=01&industry=C&origin=registered", "不给合计", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := w.get("", "/contracts?tab=registered&"+tt.query).is(200).shows(tt.words)
			if got := len(page.all("th[scope=row]")); got != tt.rows {
				t.Errorf("%d rows, want %d", got, tt.rows)
			}
			if strings.Contains(page.text("main"), "统计正在更新") {
				t.Error("the rows do not add up to the figures")
			}
		})
	}
	bad := w.get("", "/contracts?tab=registered&from=2025-13").is(422)
	if !strings.Contains(bad.wrong("from"), "2026-03") || len(bad.all("th[scope=row]")) != 0 {
		t.Errorf("beside the month stands %q", bad.wrong("from"))
	}
	chips := find(w.get("", "/contracts?tab=registered&type=KF&year=2025").one(".jishi-chips"), "a")
	if len(chips) != 2 || inner(chips[0]) != "年份：2025" || inner(chips[1]) != "合同类型：技术开发" {
		t.Fatalf("%d chips", len(chips))
	}
	w.get("", attr(chips[1], "href")).is(200).shows("2025年登记的合同").hides("合同类型为")
}

// Paging through the register shows each contract once, with the filter kept.
func TestRegisterByPage(t *testing.T) {
	w := newWorld(t)
	w.registered(contractsPerPage + 7)
	seen := make(map[string]bool)
	path := "/contracts?tab=registered&industry=C"
	for range 5 {
		page := w.get("officer", path).is(200)
		for _, row := range page.all("th[scope=row]") {
			name := inner(find(row, "a")[0])
			if seen[name] {
				t.Errorf("%s twice", name)
			}
			seen[name] = true
		}
		next := page.all("a[rel=next]")
		if len(next) == 0 {
			break
		}
		path = attr(next[0], "href")
	}
	if len(seen) != 48 {
		t.Errorf("%d contracts of industry C, want 48", len(seen))
	}
}

func TestContractExport(t *testing.T) {
	w := newWorld(t)
	w.registered(12)
	w.fileContract("university", with(rolling(), "project", "=HYPERLINK(1)"))
	tests := []struct {
		name, as, query string
		status, rows    int
		holds           string
	}{
		{"one's own", "university", "tab=mine", 200, 13, "'=HYPERLINK(1)"},
		{"as a buyer", "enterprise", "tab=mine&side=buyer", 200, 13, "第 1 份"},
		{"the register", "officer", "tab=registered", 200, 12, "2026500155000003"},
		{"a part of it", "officer", "type=KF", 200, 3, "技术开发"},
		{"the queue", "officer", "tab=queue", 200, 1, "HYPERLINK"},
		{"the register by others", "university", "tab=registered", 403, 0, ""},
		{"the queue by others", "university", "tab=queue", 403, 0, ""},
		{"a visitor", "", "tab=registered", 303, 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := w.get(tt.as, "/contracts/export/csv?"+tt.query).is(tt.status)
			if tt.status != 200 {
				return
			}
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(answer.body, "\ufeff"))).ReadAll()
			must(t, err)
			if len(rows)-1 != tt.rows || !strings.Contains(answer.body, tt.holds) {
				t.Errorf("%d rows, want %d with %q\n%s", len(rows)-1, tt.rows, tt.holds, answer.body)
			}
			if book := w.get(tt.as, "/contracts/export/xlsx?"+tt.query).is(200); !strings.HasPrefix(book.body, "PK") {
				t.Error("the workbook is none")
			}
		})
	}
	for as, offered := range map[string]bool{"": false, "rival": false, "officer": true} {
		if got := len(w.get(as, "/contracts?tab=registered").all(".jishi-exports")) > 0; got != offered {
			t.Errorf("%s: export offered %v, want %v", as, got, offered)
		}
	}
	w.get("university", "/contracts/export/doc?tab=mine").is(404)
}
