package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"jishi/internal/market"
)

// The shapes a table comes in.
var shapes = []struct {
	name string
	of   func(t *testing.T, rows [][]string) []byte
}{
	{"table.csv", asCSV},
	{"bom.csv", func(t *testing.T, rows [][]string) []byte {
		return append([]byte("\xef\xbb\xbf"), asCSV(t, rows)...)
	}},
	{"gb18030.csv", func(t *testing.T, rows [][]string) []byte {
		raw, err := simplifiedchinese.GB18030.NewEncoder().Bytes(asCSV(t, rows))
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}},
	{"table.xlsx", asXLSX},
}

func asCSV(t *testing.T, rows [][]string) []byte {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asXLSX(t *testing.T, rows [][]string) []byte {
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

// The tables that are brought in, the parties of contracts first.
var tables = []struct {
	kind string
	rows [][]string
}{
	{"organizations", [][]string{{"单位名称", "单位类型", "行政区划"}, {"某大学", "高等院校", "500155"}, {"某公司", "企业", "500155"}, {"某区科技局", "科技主管部门", "500155"}}},
	{"achievements", [][]string{{"外部编号", "成果名称", "成果简介"}, {"a-1", "镁合金薄壁型材挤压", "等温挤压。"}, {"a-2", "竹浆餐具防油涂层", "不含氟。"}}},
	{"demands", [][]string{{"外部编号", "需求名称", "需求简介"}, {"d-1", "型材表面开裂", "挤压速度一快就裂。"}}},
	{"contracts", [][]string{
		{"合同编号", "项目名称", "合同类型", "合同子类", "卖方名称", "卖方类别", "卖方行政区划", "买方名称", "买方类别", "买方行政区划", "合同成交额（元）", "技术交易额（元）",
			"签订日期", "履行开始日期", "履行结束日期", "支付方式", "技术领域", "国民经济行业", "知识产权类型", "计划来源", "社会经济目标", "登记编号", "登记日期"},
		{"c-1", "型材挤压技术许可", "技术许可", "技术秘密使用许可", "某大学", "科研机构", "500155", "某公司", "内资企业", "500155", "1000000", "900000",
			"2025-03-01", "2025-03-01", "2026-03-01", "一次总付", "新材料及其应用", "制造业", "技术秘密", "计划外", "工商业发展", "", ""},
	}},
}

// counts reads the line that an import prints.
func counts(t *testing.T, r run) (rows, created, updated, unchanged, failed int) {
	t.Helper()
	line, _, _ := strings.Cut(r.out, "\n")
	_, figures, _ := strings.Cut(line, "：")
	if n, err := fmt.Sscanf(figures, "共 %d 行，新增 %d，更新 %d，未变 %d，有问题 %d，", &rows, &created, &updated, &unchanged, &failed); n != 5 {
		t.Fatalf("%q: %v", line, err)
	}
	return
}

// TestImport brings the same table in in every shape: the first one in, the
// others change nothing.
func TestImport(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h, err := openHouse(t.Context(), config{Data: data}) // an empty store
	if err != nil {
		t.Fatal(err)
	}
	h.close()
	for _, table := range tables {
		for i, shape := range shapes {
			t.Run(table.kind+"/"+shape.name, func(t *testing.T) {
				path := tempFile(t, shape.name, shape.of(t, table.rows))
				want := len(table.rows) - 1
				if i == 0 {
					before := everything(t, data)
					rows, created, _, _, failed := counts(t, jishi(t, nil, "import", table.kind, path, "--data", data, "--dry-run").works(t))
					if rows != want || created != want || failed != 0 {
						t.Errorf("dry run: %d rows, %d new, %d failed", rows, created, failed)
					}
					if everything(t, data) != before {
						t.Error("a dry run wrote something")
					}
				}
				rows, created, updated, unchanged, failed := counts(t, jishi(t, nil, "import", table.kind, path, "--data", data).works(t))
				if fresh := created == want && unchanged == 0; rows != want || failed != 0 || updated != 0 || fresh != (i == 0) {
					t.Errorf("%d rows: %d new, %d updated, %d unchanged, %d failed", rows, created, updated, unchanged, failed)
				}
			})
		}
	}
	list := jishi(t, nil, "export", "organizations", "--data", data).works(t).out
	if strings.Count(list, "科技主管部门") != 1 {
		t.Errorf("a bureau was made beside the one imported:\n%s", list)
	}
}

// Whatever is wrong is said in one sentence; the store stays as it was, and
// where there was none none is made by a file that cannot be read.
func TestImportRefuses(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	good := tempFile(t, "good.csv", asCSV(t, tables[1].rows))
	for _, tt := range []struct {
		name  string
		args  []string
		store bool // one is made
		words []string
	}{
		{"no such file", []string{"achievements", good + "x"}, false, []string{good + "x", "没有这个文件"}},
		{"a folder", []string{"achievements", t.TempDir()}, false, []string{"不是普通文件"}},
		{"a device", []string{"achievements", os.DevNull}, false, []string{os.DevNull, "不是普通文件"}},
		{"empty file", []string{"achievements", tempFile(t, "empty.csv", nil)}, false, []string{"文件是空的"}},
		{"no table", []string{"achievements", tempFile(t, "picture.png", []byte("\x89PNG\r\n\x1a\n\x00\x00"))}, false, []string{"不是表格文件"}},
		{"broken workbook", []string{"achievements", tempFile(t, "cut.xlsx", asXLSX(t, tables[1].rows)[:900])}, false, []string{"损坏"}},
		{"report that cannot be written", []string{"achievements", good, "--report", filepath.Join(good, "x")}, false, []string{"写报告", "目录"}},
		{"table of another kind", []string{"contracts", tempFile(t, "o.csv", asCSV(t, tables[0].rows))}, true, []string{"表头"}},
		{"organization not there", []string{"achievements", good, "--org", "某大学"}, true, []string{"没有登记过这个单位"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			jishi(t, nil, append([]string{"import", "--data", data}, tt.args...)...).says(t, tt.words...)
			if _, err := os.Stat(data); (err == nil) != tt.store {
				t.Errorf("store made: %v", err == nil)
			}
		})
	}
	if list := jishi(t, nil, "export", "achievements", "--data", data).works(t).out; strings.Contains(list, "镁合金") {
		t.Errorf("something went in: %s", list)
	}
}

// Good rows go in, bad ones are reported and change nothing about that.
func TestImportReport(t *testing.T) {
	t.Parallel()
	data, report := t.TempDir(), filepath.Join(t.TempDir(), "report.csv")
	rows := [][]string{{"外部编号", "成果名称", "成果简介", "备注"}, {"1", "甲", "甲的简介", ""}, {"2", "", "没有名称", ""}, {"3", "=丙", "丙的简介", ""}, {"4", strings.Repeat("长", 300), "太长", ""}}
	path := tempFile(t, "rows.csv", asCSV(t, rows))
	jishi(t, nil, "import", "achievements", path, "--data", data, "--dry-run").works(t)
	if list := jishi(t, nil, "export", "organizations", "--data", data).works(t).out; strings.Contains(list, bureauName) {
		t.Errorf("a dry run made a bureau: %s", list)
	}
	r := jishi(t, nil, "import", "achievements", path, "--data", data, "--report", report).works(t)
	if n, created, _, _, failed := counts(t, r); n != 4 || created != 2 || failed != 2 {
		t.Errorf("%d rows, %d new, %d failed", n, created, failed)
	}
	for _, words := range []string{"第 2 行", "第 4 行", "成果名称", "备注"} {
		if !strings.Contains(r.out, words) {
			t.Errorf("%q does not say %q", r.out, words)
		}
	}
	raw, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil || len(lines) != 4 || lines[1][0] != "2" || lines[2][0] != "4" || !strings.Contains(lines[3][3], "备注") {
		t.Errorf("report %q, %v", lines, err)
	}
	if strings.Contains(r.err, "%") {
		t.Errorf("a progress bar where nobody watches: %q", r.err)
	}
}

// What is imported belongs to the organization named, and is found by the
// process that serves within a moment.
func TestImportWhileServing(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	jishi(t, nil, "import", "organizations", tempFile(t, "o.csv", asCSV(t, tables[0].rows)), "--data", data).works(t)
	jishi(t, nil, "import", "achievements", tempFile(t, "a.csv", asCSV(t, tables[1].rows)), "--data", data, "--org", "某区科技局").works(t)
	if took := s.awaits("found", func() bool { return s.total() == 2 }); took > 5*time.Second {
		t.Errorf("found after %v", took)
	}
	const rows = 600
	path := tempFile(t, "many.jsonl", []byte(manyAchievements("many", rows)))
	jishi(t, nil, "import", "achievements", path, "--data", data).works(t)
	if took := s.awaits("found", func() bool { return s.total() == rows+2 }); took > 10*time.Second {
		t.Errorf("found after %v", took)
	}
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	bureau, err := h.lookUp(t.Context(), "某区科技局")
	if err != nil {
		t.Fatal(err)
	}
	for a, err := range every(t.Context(), h.docs.achievements) {
		if err != nil || a.Owner != bureau.ID || a.State != market.StatePublished || a.Demo {
			t.Fatalf("%+v, %v", a, err)
		}
	}
}

// shared returns the path of a file in the folder shared/data beside the
// project, whose real texts are for measuring and not part of the product;
// tests that need it skip where it is not.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip(err)
	}
	return path
}

// TestImportReal brings in 16,199 real texts, twice.
func TestImportReal(t *testing.T) {
	t.Parallel()
	path := shared(t, "achievements.jsonl")
	data := t.TempDir()
	r := jishi(t, nil, "import", "achievements", path, "--data", data).works(t)
	rows, created, _, _, failed := counts(t, r)
	// 20 of the texts have the title of another and no holder to tell them apart.
	if rows != 16199 || created+failed != rows || failed > 20 {
		t.Errorf("%d rows: %d new, %d failed", rows, created, failed)
	}
	line, _, _ := strings.Cut(r.out, "\n")
	t.Log(line)
	again := jishi(t, nil, "import", "achievements", path, "--data", data).works(t)
	if _, _, updated, unchanged, _ := counts(t, again); updated != 0 || unchanged != created {
		t.Errorf("again: %d updated, %d unchanged of %d", updated, unchanged, created)
	}
}

// TestSearchReal looks for 300 real keywords in 4,000 real texts over HTTP.
func TestSearchReal(t *testing.T) {
	t.Parallel()
	texts, queries := shared(t, "achievements.jsonl"), shared(t, "queries-keywords.jsonl")
	data := t.TempDir()
	jishi(t, nil, "import", "achievements", tempFile(t, "a.jsonl", head(t, texts, 4000)), "--data", data).works(t)
	s := serveProcess(t, nil, "serve", "--data", data, "--listen", "127.0.0.1:0")
	s.ready()
	var took []time.Duration
	hits := 0
	for _, line := range bytes.Split(bytes.TrimSpace(head(t, queries, 300)), []byte("\n")) {
		var query struct{ Text string }
		if err := json.Unmarshal(line, &query); err != nil {
			t.Fatal(err)
		}
		var found struct{ Total int }
		start := time.Now()
		if status := s.call("", "GET", "/search?q="+url.QueryEscape(query.Text), nil, &found); status != 200 {
			t.Errorf("%q: %d", query.Text, status)
		}
		took = append(took, time.Since(start))
		if found.Total > 0 {
			hits++
		}
	}
	slices.Sort(took)
	t.Logf("%d queries, %d with hits: median %v, 95th %v", len(took), hits, took[len(took)/2], took[len(took)*95/100])
	if took[len(took)/2] > 50*time.Millisecond || hits < 290 {
		t.Errorf("median %v, %d queries with hits", took[len(took)/2], hits)
	}
}

// head is the first lines of a file.
func head(t *testing.T, path string, lines int) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	all := bytes.SplitAfter(raw, []byte("\n"))
	return bytes.Join(all[:lines], nil)
}
