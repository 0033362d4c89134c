package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"jishi/internal/exchange"
	"jishi/internal/market"
)

// TestAPIImports brings files in over HTTP.
func TestAPIImports(t *testing.T) {
	w := startAPI(t)
	t.Run("csv with bad rows", func(t *testing.T) { w.in(t).importCSV() })
	t.Run("dry run", func(t *testing.T) { w.in(t).importDry() })
	t.Run("jsonl", func(t *testing.T) { w.in(t).importJSONL() })
	t.Run("workbook", func(t *testing.T) { w.in(t).importXLSX() })
	t.Run("who may", func(t *testing.T) { w.in(t).importDenied() })
	t.Run("one at a time, and stopped", func(t *testing.T) { w.in(t).importStopped() })
	t.Run("templates", func(t *testing.T) { w.in(t).templates() })
}

type job struct {
	ID, State, File, Error                           string
	Total, Done, Created, Updated, Unchanged, Failed int
	DryRun                                           bool `json:"dry_run"`
	Problems                                         []market.RowProblem
}

// bring sends a file in and follows it to its end.
func (w *apiWorld) bring(as, query string, file []byte) job {
	w.Helper()
	a := w.ask(as, "POST", "/imports?"+query, file).want(202)
	var j job
	a.read(&j)
	if a.header.Get("Location") != "/api/v1/imports/"+j.ID || j.ID == "" {
		w.Errorf("import %q at %s", j.ID, a.header.Get("Location"))
	}
	seen := 0
	w.eventually(15*time.Second, "imported", func() bool {
		w.ask(as, "GET", "/imports/"+j.ID, nil).want(200).read(&j)
		if j.Done < seen || j.Total < j.Done {
			w.Errorf("progress went from %d to %d of %d", seen, j.Done, j.Total)
		}
		seen = j.Done
		return j.State != "running"
	})
	return j
}

const goodHeader = "成果编号,成果名称,成果简介,技术领域,合作方式,所处阶段,第一完成单位,报价下限（万元）\n"

func (w *apiWorld) importCSV() {
	file := goodHeader +
		"i-1,接口导入成果之一,第一条简介,新材料及其应用,技术许可,中期阶段,示例大学,120\n" +
		"i-2,,没有名称,新材料及其应用,技术许可,中期阶段,示例大学,\n" +
		"i-3,接口导入成果之三,=cmd|'/c calc'!A1,没有这个领域,技术许可,中期阶段,示例大学,一百万\n" +
		"i-4,接口导入成果之四,第四条简介,新材料及其应用,技术许可,中期阶段,示例大学,\n"
	j := w.bring(bureau, "kind=achievements&file=试验.csv", []byte(file))
	if j.State != "done" || j.Created != 2 || j.Failed != 2 || j.Done != 4 || j.Total != 4 || j.File != "试验.csv" {
		w.Fatalf("job %+v", j)
	}
	rows := map[int][]string{}
	for _, p := range j.Problems {
		rows[p.Row] = append(rows[p.Row], p.Column)
	}
	if fmt.Sprint(rows[2]) != "[成果名称]" || len(rows[3]) != 2 {
		w.Errorf("problems %+v", j.Problems)
	}
	w.report(j.ID)
	w.eventually(time.Second, "found", func() bool { return w.find("q=接口导入成果之一").Total > 0 })
	again := w.bring(bureau, "kind=achievements", []byte(file))
	if again.Unchanged != 2 || again.Created != 0 || again.Updated != 0 {
		w.Errorf("the same file again: %+v", again)
	}
}

// report is the problems as a file that no spreadsheet runs anything from.
func (w *apiWorld) report(id string) {
	a := w.ask(bureau, "GET", "/imports/"+id+"/report", nil).want(200)
	if kind := a.header.Get("Content-Disposition"); kind != `attachment; filename="report.csv"` {
		w.Errorf("report comes as %s", kind)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(a.body, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 4 {
		w.Fatalf("report: %v\n%s", err, a.body)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@") {
				w.Errorf("the report has a live formula: %q", cell)
			}
		}
	}
	book := w.ask(bureau, "GET", "/imports/"+id+"/report?format=xlsx", nil).want(200)
	if !bytes.HasPrefix(book.body, []byte("PK")) {
		w.Errorf("no workbook: %.20q", book.body)
	}
	w.ask(bureau, "GET", "/imports/"+id+"/report?format=pdf", nil).want(422)
	w.ask(enterprise, "GET", "/imports/"+id, nil).want(403)
	w.ask(visitor, "GET", "/imports/"+id+"/report", nil).want(401)
	w.ask(bureau, "POST", "/imports/"+id+"/cancel", nil).want(404, "not_running")
}

func (w *apiWorld) importDry() {
	before := w.versions()
	file := goodHeader + "d-1,只试一试的成果,简介,新材料及其应用,技术许可,中期阶段,示例大学,\n"
	j := w.bring(university, "kind=achievements&dry_run=true", []byte(file))
	if j.State != "done" || j.Created != 1 || !j.DryRun {
		w.Errorf("job %+v", j)
	}
	after := w.versions()
	delete(after, "imports/"+j.ID)
	if len(before) != len(after) {
		w.Errorf("a dry run wrote: %d documents before, %d after", len(before), len(after))
	}
	w.ask(university, "POST", "/imports?kind=achievements&dry_run=yes", []byte(file)).want(422)
}

func (w *apiWorld) importJSONL() {
	file := `{"external_id":"l-1","title":"接口导入需求之一","summary":"想找在线除杂方法","field":"05","modes":"技术许可","demand_kind":"problem","demander":"示例镁合金制品有限公司"}` + "\n" +
		`{"external_id":"l-2","title":` + "\n"
	j := w.bring(enterprise, "kind=demands", []byte(file))
	if j.State != "done" || j.Created != 1 || j.Failed != 1 {
		w.Fatalf("job %+v", j)
	}
	own := w.walkAs(enterprise, "/demands?scope=own", 50)
	if d := w.ask(enterprise, "GET", "/demands/"+own[0], nil).want(200).doc(); d.State != "submitted" || d.Title != "接口导入需求之一" {
		w.Errorf("imported: %+v", d)
	}
}

// importXLSX brings in a workbook as export writes it: a contract that the
// register holds already, which counts at once.
func (w *apiWorld) importXLSX() {
	fresh := market.Contract{
		ImportKey: "x-1", Project: "接口导入合同", Type: "FW", Sellers: []market.Party{{Name: "示例大学"}}, Buyers: []market.Party{{Name: "示例半导体有限公司"}},
		Amounts: market.Amounts{Total: 7_000_000, Technology: 6_000_000, Paid: 1_000_000},
		Term:    market.Term{Signed: "2026-05-06"}, Class: market.ContractClass{Field: "01"},
	}
	fresh.Register.Number, fresh.Register.At = "20265001559950", market.Date("2026-05-20").Time()
	var book bytes.Buffer
	one := func() iter.Seq2[*market.Contract, error] {
		return func(yield func(*market.Contract, error) bool) { yield(&fresh, nil) }
	}
	w.must(exchange.WriteXLSX(&book, one()))
	before := w.headline()
	j := w.bring(bureau, "kind=contracts&file=register.xlsx", book.Bytes())
	if j.State != "done" || j.Created != 1 {
		w.Fatalf("job %+v", j)
	}
	w.eventually(time.Second, "counted", func() bool { return w.headline().Achieved == before.Achieved+7_000_000 })
	if j = w.bring(bureau, "kind=contracts&file=register.xlsx", book.Bytes()); j.Unchanged != 1 {
		w.Errorf("the same workbook again: %+v", j)
	}
}

func (w *apiWorld) importDenied() {
	before := w.versions()
	file := []byte(goodHeader)
	w.ask(visitor, "POST", "/imports?kind=achievements", file).want(401)
	w.ask(broker, "POST", "/imports?kind=achievements", file).want(403)
	w.ask(enterprise, "POST", "/imports?kind=achievements", file).want(403)
	w.ask(university, "POST", "/imports?kind=organizations", file).want(403)
	for name, file := range map[string][]byte{
		"empty": {}, "zeros": make([]byte, 100), "array": []byte("[1]"), "old workbook": {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1},
	} {
		if p := w.send(w.request(bureau, "POST", "/imports?kind=achievements", file)).want(422).problem(); p.Code != "not_a_table" {
			w.Errorf("%s: %+v", name, p)
		}
	}
	w.send(w.request(bureau, "POST", "/imports?kind=secrets", file)).want(422, "unknown_kind")
	w.send(w.request(bureau, "POST", "/imports?kind=achievements", make([]byte, 33<<20))).want(413)
	w.send(w.request(visitor, "POST", "/imports?kind=achievements", make([]byte, 3<<20))).want(413)
	if after := w.versions(); len(before) != len(after) {
		w.Errorf("refused files left %d documents", len(after)-len(before))
	}
	torn := w.bring(bureau, "kind=achievements", []byte("PK\x03\x04 and no more"))
	if torn.State != "failed" || torn.Error == "" {
		w.Errorf("torn workbook: %+v", torn)
	}
}

func (w *apiWorld) importStopped() {
	var file bytes.Buffer
	file.WriteString(goodHeader)
	for i := range 20_000 {
		fmt.Fprintf(&file, "s-%d,会被中止的导入第%d条,简介,新材料及其应用,技术许可,中期阶段,示例大学,\n", i, i)
	}
	var j job
	w.ask(university, "POST", "/imports?kind=achievements", file.Bytes()).want(202).read(&j)
	w.ask(university, "POST", "/imports?kind=achievements", []byte(goodHeader)).want(429, "import_running")
	w.ask(enterprise, "POST", "/imports/"+j.ID+"/cancel", nil).want(403)
	w.ask(university, "POST", "/imports/"+j.ID+"/cancel", nil).want(200)
	w.eventually(10*time.Second, "stopped", func() bool {
		w.ask(university, "GET", "/imports/"+j.ID, nil).want(200).read(&j)
		return j.State != "running"
	})
	if j.State != "failed" || j.Done == 20_000 || j.Error == "" {
		w.Errorf("stopped: %+v", j)
	}
}

func (w *apiWorld) templates() {
	for _, kind := range market.ImportKinds {
		a := w.ask(visitor, "GET", "/imports/template/"+kind.Code, nil).want(200)
		if _, err := exchange.Open(bytes.NewReader(a.body), int64(len(a.body))); err != nil {
			w.Errorf("template of %s: %v", kind.Code, err)
		}
	}
	w.ask(visitor, "GET", "/imports/template/secrets", nil).want(404, "not_found")
}
