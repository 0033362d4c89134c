package exchange

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

func TestTemplate(t *testing.T) {
	for _, table := range tables {
		t.Run(table.name(), func(t *testing.T) {
			data, err := Template(table.name())
			if err != nil {
				t.Fatal(err)
			}
			rows, err := readAll(data)
			if err != nil || len(rows) != 1 {
				t.Fatalf("%d rows, %v; want the header alone", len(rows), err)
			}
			if table.known(rows[0].Cells) != len(rows[0].Cells) {
				t.Errorf("columns that an import would not know: %q", rows[0].Cells)
			}
			f, err := excelize.OpenReader(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if got := f.GetSheetList(); !slices.Equal(got, []string{market.ImportKinds.Name(table.name()), "说明", "代码表"}) {
				t.Errorf("sheets %q", got)
			}
			help, err := f.GetRows("说明")
			if err != nil || len(help) != len(rows[0].Cells)+2 {
				t.Errorf("%d lines of help for %d columns, %v", len(help), len(rows[0].Cells), err)
			}
			lists := 0
			for _, h := range table.heads() {
				if h.Codes != nil && !h.ExportOnly {
					lists++
				}
			}
			choices, err := f.GetDataValidations(f.GetSheetName(0))
			if err != nil || len(choices) != lists {
				t.Errorf("%d columns with choices, want %d, %v", len(choices), lists, err)
			}
		})
	}
	if _, err := Template("users"); !market.Is(err, market.Invalid) {
		t.Errorf("unknown kind: %v", err)
	}
}

// TestTemplateFilledIn fills the template the way a spreadsheet program would
// and imports it.
func TestTemplateFilledIn(t *testing.T) {
	data, err := Template(Achievements)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	header, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	fill := map[string]any{"成果名称": "耐热镁合金", "成果简介": "一种镁合金", "第一完成单位统一社会信用代码": "12100000400000624D", "技术领域": "新材料及其应用",
		"技术成熟度": 7, "报价下限（万元）": 12.34, "合作方式": "技术转让、自行实施、寻求合作", "联系电话": "13812345678"}
	for i, name := range header[0] {
		cell, err := excelize.CoordinatesToCellName(i+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := fill[name]; ok {
			if err := f.SetCellValue(f.GetSheetName(0), cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	var file bytes.Buffer
	if err := f.Write(&file); err != nil {
		t.Fatal(err)
	}
	arrived, job := bringIn[market.Achievement](t, Achievements, file.Bytes())
	if len(arrived) != 1 || job.Failed != 0 {
		t.Fatalf("job %+v", job)
	}
	a := arrived[0].doc
	if a.Title != "耐热镁合金" || a.Class.Field != "05" || a.Maturity != (market.Maturity{Stage: "middle", TRL: 7}) ||
		a.Price != (market.Price{Mode: "fixed", Low: 123400 * market.Yuan, High: 123400 * market.Yuan}) ||
		!slices.Equal(a.Modes, []string{"transfer", "self"}) || a.Contact.Phone != "13812345678" {
		t.Errorf("arrived %+v", a)
	}
}

func TestReport(t *testing.T) {
	job := &market.ImportJob{Failed: 3, Notes: []string{"未识别的列“备注”没有读入"}, Error: "文件损坏。", Problems: []market.RowProblem{
		{Row: 2, Column: "成果名称", Value: "=1+1", Reason: "不好"}, {Row: 2, Column: "简介", Reason: "必填"}, {Row: 5, Column: "+列", Value: "a\"b", Reason: "不对"}}}
	want := [][]string{{"行号（表头下一行为 1）", "列", "值", "原因"}, {"2", "成果名称", "=1+1", "不好"}, {"2", "简介", "", "必填"}, {"5", "+列", `a"b`, "不对"},
		{"", "", "", "另有 1 行有问题，没有一一列出"}, {"", "", "", "未识别的列“备注”没有读入"}, {"", "", "", "文件损坏。"}}
	var csvFile, xlsxFile bytes.Buffer
	if err := WriteReport(&csvFile, job); err != nil {
		t.Fatal(err)
	}
	if err := WriteReportXLSX(&xlsxFile, job); err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(csvFile.Bytes(), bomUTF8) || !strings.Contains(csvFile.String(), "'=1+1") {
		t.Errorf("CSV is live or unmarked: %q", csvFile.String())
	}
	for name, data := range map[string][]byte{"csv": csvFile.Bytes(), "xlsx": xlsxFile.Bytes()} {
		rows, err := readAll(data)
		if got := cellsOf(rows); err != nil || !slices.EqualFunc(got, want, func(a, b []string) bool { return slices.Equal(a, b) }) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestExportStopsAtErrors(t *testing.T) {
	away := market.E(market.Unavailable, "store_away", "数据库连不上。")
	docs := func(yield func(*market.Achievement, error) bool) {
		if yield(&market.Achievement{}, nil) {
			yield(nil, away)
		}
	}
	var out bytes.Buffer
	if err := WriteCSV(&out, docs); err != away {
		t.Errorf("WriteCSV = %v", err)
	}
	if err := WriteXLSX(&out, docs); err != away {
		t.Errorf("WriteXLSX = %v", err)
	}
	long := &market.Achievement{Listing: market.Listing{Detail: strings.Repeat("😀", maxCell/2+1)}}
	if err := WriteXLSX(&out, one(long)); codeOf(err) != "cell_too_long" {
		t.Errorf("a cell no sheet can hold: %v", err)
	}
}

// TestImportIgnoresFormulas brings in a sheet whose cells are formulas.
func TestImportIgnoresFormulas(t *testing.T) {
	cell := func(ref, formula, value string) string {
		return `<c r="` + ref + `" t="str"><f>` + formula + `</f><v>` + value + `</v></c>`
	}
	data := workbook(t, `<row r="1"><c r="A1" t="str"><v>单位名称</v></c><c r="B1" t="str"><v>单位简介</v></c></row>`+
		`<row r="2">`+cell("A2", "WEBSERVICE(&quot;http://127.0.0.1/&quot;)", "算好的名称")+cell("B2", "1/0", "#DIV/0!")+`</row>`+
		`<row r="3">`+cell("A3", "A2", "第二个")+`</row>`, nil)
	rows, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	sink := newMemory[market.Organization]()
	job := &market.ImportJob{Kind: Organizations}
	if err := NewImporter(Sinks{Organizations: sink.put}, clock).Run(context.Background(), market.System, job, rows, quiet); err != nil {
		t.Fatal(err)
	}
	if job.Created != 1 || sink.docs["name/第二个"].Name != "第二个" || len(job.Problems) != 1 || job.Problems[0].Value != "#DIV/0!" {
		t.Errorf("job %+v, docs %v", job, sink.docs)
	}
}
