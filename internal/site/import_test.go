package site

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"jishi/internal/exchange"
	"jishi/internal/market"
)

// upload sends the import form with a file; pairs are its other fields.
func (w *world) upload(as, name, content string, pairs ...string) *answer {
	w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		must(w.t, form.WriteField(pairs[i], pairs[i+1]))
	}
	if name != "" {
		part, err := form.CreateFormFile("file", name)
		must(w.t, err)
		_, err = part.Write([]byte(content))
		must(w.t, err)
	}
	must(w.t, form.Close())
	r := httptest.NewRequest(http.MethodPost, "/imports", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return w.send(as, r)
}

// finished waits until an import is done and returns its page.
func (w *world) finished(as, href string) *answer {
	w.t.Helper()
	for range 200 {
		page := w.get(as, href).is(200)
		if len(page.all("[hx-get]")) == 0 {
			return page
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatal("the import does not end")
	return nil
}

const someContracts = "项目名称,合同类型,卖方名称,买方名称,合同成交额（元）,技术交易额（元）,签订日期,技术领域,外部编号\n" +
	"镁合金轧制,技术开发,示例大学,示例镁业有限公司,1000000,800000,2026-01-05,新材料及其应用,a-1\n" +
	"果胶提取,技术许可,示例大学,示例镁业有限公司,九万,90000,2026-01-06,农业,a-2\n"

// Check first, read the report, then bring in the good rows.
func TestImportDryRunThenForReal(t *testing.T) {
	w := newWorld(t)
	form := w.get("university", "/imports/new?kind=contracts").is(200).shows("批量导入技术合同", "先检查，不写入", "下载模板")
	if !has(form.one("#f-dry_run"), "checked") {
		t.Error("checking first is not what begins")
	}
	href := w.upload("university", `C:\合同\一月.csv`, someContracts, "kind", "contracts", "dry_run", "yes").leads("/imports/")
	page := w.finished("university", href).shows("一月.csv", "检查完了，没有写入", "1 行可以导入，1 行有问题", "去正式导入", "合同成交额（元）", "九万", "不是金额", "下载逐行报告")
	page.hides(`C:\`)
	w.get("university", "/contracts?tab=mine").is(200).shows("这里还没有合同")
	report := w.get("university", href+"/report/csv").is(200)
	if !strings.Contains(report.body, "九万") {
		t.Errorf("report: %s", report.body)
	}
	if book := w.get("university", href+"/report/xlsx").is(200); !strings.HasPrefix(book.body, "PK") {
		t.Error("the report is no workbook")
	}
	href = w.upload("university", "一月.csv", strings.Replace(someContracts, "九万", "90000", 1), "kind", "contracts").leads("/imports/")
	w.finished("university", href).shows("导入完了", "新增 2", "看导入的合同")
	w.get("university", "/contracts?tab=mine").is(200).shows("镁合金轧制", "果胶提取", "已提交")
	href = w.upload("university", "一月.csv", strings.Replace(someContracts, "九万", "90000", 1), "kind", "contracts").leads("/imports/")
	w.finished("university", href).shows("没有变化 2", "新增 0")
}

func TestImportRefused(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		name, as, file, content, kind string
		status                        int
		says                          string
	}{
		{"no file", "university", "", "", "contracts", 422, "请选择要导入的文件"},
		{"empty file", "university", "a.csv", "", "contracts", 422, "文件是空的"},
		{"a picture", "university", "a.xlsx", "\x89PNG\x00\x00", "contracts", 422, "这不是表格文件"},
		{"an old workbook", "university", "a.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "contracts", 422, "另存为 .xlsx"},
		{"not one's kind", "university", "a.csv", someContracts, "organizations", 403, "没有权限"},
		{"no such kind", "university", "a.csv", someContracts, "gold", 422, "gold"},
		{"a broker", "broker", "a.csv", someContracts, "contracts", 403, "没有权限"},
		{"a visitor", "", "a.csv", someContracts, "contracts", 401, "登录"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.upload(tt.as, tt.file, tt.content, "kind", tt.kind).is(tt.status).shows(tt.says)
		})
	}
	missing := w.upload("university", "a.csv", "项目名称,别的\n甲,乙\n", "kind", "contracts", "dry_run", "yes").leads("/imports/")
	w.finished("university", missing).shows("没有做完", "文件缺少必填的列", "重新选择文件")
}

func TestBrokenUploads(t *testing.T) {
	w := newWorld(t)
	tests := []struct{ name, kind, body string }{
		{"urlencoded", "application/x-www-form-urlencoded", "kind=contracts"},
		{"no boundary", "multipart/form-data", "x"},
		{"nonsense", "multipart/form-data; boundary=b", "nonsense"},
		{"cut off", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nab"},
		{"no type", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/imports", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.kind)
			if got := w.send("university", r); got.status < 400 || got.status > 422 {
				t.Errorf("answers %d", got.status)
			}
		})
	}
}

func TestWhoMayImport(t *testing.T) {
	w := newWorld(t)
	tests := []struct {
		as, path string
		status   int
		kinds    string
	}{
		{"university", "/imports/new", 200, "科技成果 技术合同"}, {"enterprise", "/imports/new", 200, "技术需求"},
		{"officer", "/imports/new", 200, "科技成果 技术需求 单位 技术合同"}, {"officer", "/imports/new?kind=organizations", 200, "科技成果 技术需求 单位 技术合同"},
		{"broker", "/imports/new", 403, ""}, {"university", "/imports/new?kind=organizations", 403, ""},
		{"university", "/imports/new?kind=gold", 422, ""}, {"", "/imports/new", 303, ""},
	}
	for _, tt := range tests {
		t.Run(tt.as+tt.path, func(t *testing.T) {
			page := w.get(tt.as, tt.path).is(tt.status)
			var kinds []string
			for _, tabs := range page.all(".jishi-tabs") {
				for _, tab := range find(tabs, "a") {
					kinds = append(kinds, inner(tab))
				}
			}
			if got := strings.Join(kinds, " "); got != tt.kinds {
				t.Errorf("offers %q, want %q", got, tt.kinds)
			}
		})
	}
	for _, kind := range []string{exchange.Achievements, exchange.Contracts} {
		if book := w.get("university", "/imports/template/"+kind).is(200); !strings.HasPrefix(book.body, "PK") {
			t.Error("the template is no workbook")
		}
	}
	w.get("university", "/imports/template/organizations").is(200) // an empty form is no secret, and the API gives it too
	w.get("officer", "/imports/template/gold").is(422)
}

// An import's page is for its organization and officers, and lives on after
// the import: it can be asked to stop when there is nothing to stop.
func TestImportPageByRole(t *testing.T) {
	w := newWorld(t)
	href := w.upload("university", "a.csv", someContracts, "kind", "contracts", "dry_run", "yes").leads("/imports/")
	w.finished("university", href)
	for as, status := range map[string]int{"university": 200, "officer": 200, "rival": 403, "enterprise": 403, "": 303} {
		w.get(as, href).is(status)
		w.get(as, href+"/report/csv").is(status)
	}
	w.post("university", href+"/cancel", nil).leads(href)
	w.get("university", "/imports/nothing").is(404)
}

// Many problems are counted; the page shows the first of them.
func TestManyRowProblems(t *testing.T) {
	job := &market.ImportJob{Kind: exchange.Contracts, State: market.ImportDone, Failed: 3, Created: 2}
	tests := []struct {
		name string
		job  market.ImportJob
		next string
	}{
		{"all good, checked", market.ImportJob{Kind: "demands", DryRun: true, Created: 3}, "去正式导入"},
		{"none good, checked", market.ImportJob{Kind: "demands", DryRun: true, Failed: 3}, "改好后再检查一次"},
		{"some good, written", *job, "改好后再检查一次"},
		{"all good, written", market.ImportJob{Kind: "demands", Updated: 3}, "看导入的需求"},
		{"broken off", market.ImportJob{Kind: "demands", State: market.ImportFailed, Created: 3}, "重新选择文件"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if next, _, advice := importNext(&tt.job); next.Text != tt.next || advice == "" || next.Href == "" {
				t.Errorf("next %+v, %q", next, advice)
			}
		})
	}
	w := newWorld(t)
	rows := "项目名称,合同类型,卖方名称,买方名称,合同成交额（元）,技术交易额（元）,签订日期,技术领域\n" +
		strings.Repeat("甲,技术开发,乙,丙,一,一,2026-01-05,农业\n", 80)
	href := w.upload("university", "a.csv", rows, "kind", "contracts", "dry_run", "yes").leads("/imports/")
	page := w.finished("university", href).shows("有问题 80", "另有 60 处没有列出")
	if got := len(page.all("th[scope=row]")); got != shownRowProblems {
		t.Errorf("%d problems listed, want %d", got, shownRowProblems)
	}
}
