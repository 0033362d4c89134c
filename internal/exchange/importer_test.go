package exchange

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// memory is a sink that keeps demands and achievements by external id, as the
// use cases do: created, updated, unchanged.
type memory[T Importable] struct {
	mu     sync.Mutex
	docs   map[string]T
	order  []string // external ids as they came
	writes int
	before func(external string) error // may fail or wait; nil for neither
}

func newMemory[T Importable]() *memory[T] { return &memory[T]{docs: make(map[string]T)} }

func (m *memory[T]) put(_ context.Context, _ market.Actor, doc *T, external string, dryRun bool) (market.Outcome, error) {
	if m.before != nil {
		if err := m.before(external); err != nil {
			return 0, err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.order = append(m.order, external)
	old, known := m.docs[external]
	if !dryRun {
		m.docs[external] = *doc
		m.writes++
	}
	switch {
	case !known:
		return market.Created, nil
	case reflect.DeepEqual(old, *doc):
		return market.Unchanged, nil
	default:
		return market.Updated, nil
	}
}

// importText runs a file into a sink.
func importText(ctx context.Context, sinks Sinks, kind, text string, progress func(*market.ImportJob)) (*market.ImportJob, error) {
	job := &market.ImportJob{Kind: kind}
	rows, err := Open(strings.NewReader(text), int64(len(text)))
	if err != nil {
		return job, err
	}
	defer rows.Close()
	return job, NewImporter(sinks, time.Now).Run(ctx, market.System, job, rows, progress)
}

func quiet(*market.ImportJob) {}

func TestImportReportsRows(t *testing.T) {
	text := strings.Join([]string{
		"二〇二六年需求汇总",
		"编号,需求名称,需求简介,预算(万元),技术指标,手机,备注",
		"D-1,镁合金轧制,需要轧制技术,50,抗拉强度≥350MPa,13812345678,甲",
		"D-2,,没有名称,五十,快,1,",
		"",
		"D-3,预算没有问题,好,60,,,,多出一格",
		"D-4,还可以,好,70,,,",
	}, "\n")
	sink := newMemory[market.Demand]()
	job, err := importText(context.Background(), Sinks{Demands: sink.put}, Demands, text, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if job.State != market.ImportDone || job.Done != 4 || job.Total != 4 || job.Created != 2 || job.Failed != 2 || job.Finished.IsZero() {
		t.Errorf("job %+v", job)
	}
	want := []market.RowProblem{
		{Row: 2, Column: "预算(万元)", Value: "五十", Reason: "不是金额，请写成 1234.56 或 98万元 的样子"},
		{Row: 2, Column: "技术指标", Value: "快", Reason: "“快”读不懂，请写成 抗拉强度≥350MPa 的样子，多项用；分开"},
		{Row: 2, Column: "需求名称", Reason: "必填"},
		{Row: 2, Column: "手机", Value: "*", Reason: "应为 11 位手机号，或 023-12345678 样子的座机"},
		{Row: 4, Value: "多出一格", Reason: "比表头多出一格，可能是内容里有没加引号的分隔符"},
	}
	if !reflect.DeepEqual(job.Problems, want) {
		t.Errorf("problems\n%+v\nwant\n%+v", job.Problems, want)
	}
	if !reflect.DeepEqual(job.Notes, []string{"未识别的列“备注”没有读入"}) {
		t.Errorf("notes %q", job.Notes)
	}
	if got := sink.docs["D-1"]; got.BudgetHigh != 50*market.Wan || got.Criteria[0].Value != "350" || got.Contact.Phone != "13812345678" {
		t.Errorf("D-1 is %+v", got)
	}
}

func TestImportAgain(t *testing.T) {
	first := "external_id,title,summary\nA-1,甲,一\nA-2,乙,二\n"
	steps := []struct {
		name, text                          string
		dryRun                              bool
		created, updated, unchanged, writes int
	}{
		{"dry run writes nothing", first, true, 2, 0, 0, 0},
		{"first", first, false, 2, 0, 0, 2},
		{"again", first, false, 0, 0, 2, 4},
		{"one changed", "external_id,title,summary\nA-1,甲,改了\nA-2,乙,二\n", false, 0, 1, 1, 6},
		{"other columns, other order, same thing", "摘要,题名,编号\n二,乙,A-2\n", false, 0, 0, 1, 7},
		{"as JSON lines", `{"external_id":"A-2","title":"乙","summary":"二"}`, false, 0, 0, 1, 8},
	}
	sink := newMemory[market.Achievement]()
	for _, tt := range steps {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := Open(strings.NewReader(tt.text), int64(len(tt.text)))
			if err != nil {
				t.Fatal(err)
			}
			job := &market.ImportJob{Kind: Achievements, DryRun: tt.dryRun}
			if err := NewImporter(Sinks{Achievements: sink.put}, clock).Run(context.Background(), market.System, job, rows, quiet); err != nil {
				t.Fatal(err)
			}
			if job.Created != tt.created || job.Updated != tt.updated || job.Unchanged != tt.unchanged || sink.writes != tt.writes {
				t.Errorf("created %d updated %d unchanged %d writes %d, want %+v", job.Created, job.Updated, job.Unchanged, sink.writes, tt)
			}
		})
	}
}

func TestFileErrorsStopTheImport(t *testing.T) {
	tests := []struct{ name, kind, text, code string }{
		{"no header", Demands, "甲,乙\n丙,丁\n", "no_header"},
		{"required column missing", Demands, "需求名称,备注\n甲,乙\n", "columns_missing"},
		{"foreign money", Contracts, "项目名称,合同成交额（美元）\n甲,1\n", "unknown_unit"},
		{"header of another kind", Contracts, "成果名称,成果简介\n甲,乙\n", "no_header"},
		{"too many columns", Demands, "需求名称,需求简介" + strings.Repeat(",x", maxColumns) + "\n", "too_many_columns"},
		{"unknown kind", "users", "a,b\n", "unknown_kind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			job, err := importText(context.Background(), Sinks{Demands: newMemory[market.Demand]().put, Contracts: newMemory[market.Contract]().put}, tt.kind, tt.text, quiet)
			if codeOf(err) != tt.code || job.State != market.ImportFailed || !strings.HasSuffix(job.Error, "。") || job.Done != 0 {
				t.Errorf("Run = %v, job %+v; want %s", err, job, tt.code)
			}
		})
	}
}

func TestSinkErrors(t *testing.T) {
	text := "external_id,title,summary,专利号\nA-1,甲,一,\nA-2,乙,二,ZL201710601862.3\nA-3,丙,三,\n"
	tests := []struct {
		name    string
		err     error // of row 2
		stops   bool
		problem market.RowProblem
	}{
		{"invalid", &market.Error{Kind: market.Invalid, Code: "invalid_fields", Message: "见下。", Fields: []market.FieldError{{Field: "rights", Reason: "失效"}}}, false,
			market.RowProblem{Row: 2, Column: "专利号", Value: "ZL201710601862.3", Reason: "失效"}},
		{"conflict", &market.Error{Kind: market.Conflict, Code: "duplicate_listing", Message: "已有同名成果。", Fields: []market.FieldError{{Field: "title", Reason: "已被使用"}}}, false,
			market.RowProblem{Row: 2, Column: "title", Value: "乙", Reason: "已有同名成果。"}},
		{"conflict without a field", market.E(market.Conflict, "withdrawn", "这条内容已被撤回。"), false, market.RowProblem{Row: 2, Reason: "这条内容已被撤回。"}},
		{"unknown field", &market.Error{Kind: market.Invalid, Fields: []market.FieldError{{Field: "owner", Reason: "不对"}}}, false, market.RowProblem{Row: 2, Column: "owner", Reason: "不对"}},
		{"away", market.E(market.Unavailable, "store_away", "数据库连不上。"), true, market.RowProblem{}},
		{"ours", errors.New("boom"), true, market.RowProblem{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := newMemory[market.Achievement]()
			sink.before = func(external string) error {
				if external == "A-2" {
					return tt.err
				}
				return nil
			}
			job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, text, quiet)
			if tt.stops {
				if !errors.Is(err, tt.err) || job.State != market.ImportFailed || job.Error == "" || strings.Contains(job.Error, "boom") || job.Done != job.Created {
					t.Errorf("Run = %v, job %+v", err, job)
				}
				if job.Created != len(sink.docs) {
					t.Errorf("%d counted, %d went in", job.Created, len(sink.docs))
				}
				return
			}
			if err != nil || job.Created != 2 || job.Failed != 1 || len(job.Problems) != 1 || job.Problems[0] != tt.problem {
				t.Errorf("Run = %v, problems %+v; want %+v", err, job.Problems, tt.problem)
			}
		})
	}
}

func TestSinkPanicEndsTheImportOnly(t *testing.T) {
	sink := newMemory[market.Achievement]()
	sink.before = func(string) error { panic("boom") }
	job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, "title,summary\n甲,乙\n", quiet)
	if err == nil || job.State != market.ImportFailed || strings.Contains(job.Error, "boom") {
		t.Errorf("Run = %v, job %+v", err, job)
	}
}

func TestDeniedBeforeAnyRow(t *testing.T) {
	sink := newMemory[market.Organization]()
	rows, err := Open(strings.NewReader("单位名称\n甲\n"), 20)
	if err != nil {
		t.Fatal(err)
	}
	job := &market.ImportJob{Kind: Organizations}
	by := market.Actor{User: "u", Org: "o", Roles: []market.Role{market.RoleSupplier}}
	if err := NewImporter(Sinks{Organizations: sink.put}, clock).Run(context.Background(), by, job, rows, quiet); !market.Is(err, market.Denied) || sink.writes != 0 {
		t.Errorf("Run = %v, %d writes", err, sink.writes)
	}
}

func TestCancelStopsCleanly(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sink := newMemory[market.Achievement]()
	var once sync.Once
	sink.before = func(string) error {
		sink.mu.Lock()
		enough := len(sink.docs) >= 100
		sink.mu.Unlock()
		if enough {
			once.Do(cancel)
		}
		return nil
	}
	var b strings.Builder
	b.WriteString("external_id,title,summary\n")
	for i := range 20_000 {
		fmt.Fprintf(&b, "A-%d,题%d,文\n", i, i)
	}
	job, err := importText(ctx, Sinks{Achievements: sink.put}, Achievements, b.String(), quiet)
	if !errors.Is(err, context.Canceled) || job.State != market.ImportFailed || !strings.Contains(job.Error, "中止") {
		t.Errorf("Run = %v, job %v %s", err, job.State, job.Error)
	}
	if job.Created != len(sink.docs) || job.Created < 100 || job.Created > 10_000 {
		t.Errorf("%d counted, %d went in", job.Created, len(sink.docs))
	}
}

// TestLaterRowWins sends rows with shared external ids through a sink that
// takes its time with the earlier ones.
func TestLaterRowWins(t *testing.T) {
	var b strings.Builder
	b.WriteString("external_id,title,summary\n")
	for i := range 400 {
		fmt.Fprintf(&b, "A-%d,题%d,第%d版\n", i%7, i, i)
	}
	sink := newMemory[market.Achievement]()
	var mu sync.Mutex
	busy := map[string]bool{}
	sink.before = func(external string) error {
		mu.Lock()
		if busy[external] {
			t.Errorf("%s is put twice at once", external)
		}
		busy[external] = true
		mu.Unlock()
		time.Sleep(200 * time.Microsecond)
		mu.Lock()
		busy[external] = false
		mu.Unlock()
		return nil
	}
	job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, b.String(), quiet)
	if err != nil || job.Created != 7 || job.Updated != 393 {
		t.Fatalf("Run = %v, %+v", err, job)
	}
	for i := 393; i < 400; i++ {
		if got := sink.docs[fmt.Sprintf("A-%d", i%7)].Summary; got != fmt.Sprintf("第%d版", i) {
			t.Errorf("A-%d is %s, want 第%d版", i%7, got, i)
		}
	}
}

// TestTenThousandRows is the size the product promises: 10,000 rows of which
// 500 are wrong in one of several ways.
func TestTenThousandRows(t *testing.T) {
	var b strings.Builder
	b.WriteString("external_id,title,summary,trl,专利号\n")
	for i := range 10_000 {
		switch {
		case i%20 != 7:
			fmt.Fprintf(&b, "A-%d,题%d,文,%d,\n", i, i, i%9+1)
		case i%60 == 7:
			fmt.Fprintf(&b, "A-%d,,文,1,\n", i)
		case i%60 == 27:
			fmt.Fprintf(&b, "A-%d,题%d,文,10,\n", i, i)
		default:
			fmt.Fprintf(&b, "A-%d,题%d,文,1,发明专利:ZL201710601862.4\n", i, i)
		}
	}
	sink := newMemory[market.Achievement]()
	calls, last := 0, 0
	job, err := importText(context.Background(), Sinks{Achievements: sink.put}, Achievements, b.String(), func(job *market.ImportJob) {
		calls++
		if job.Done < last || job.Done != job.Created+job.Updated+job.Unchanged+job.Failed {
			t.Errorf("progress went from %d to %+v", last, job)
		}
		last = job.Done
	})
	if err != nil || job.Created != 9_500 || job.Failed != 500 || len(job.Problems) != 500 || len(sink.docs) != 9_500 || job.Total != 10_000 {
		t.Fatalf("Run = %v, created %d failed %d problems %d stored %d", err, job.Created, job.Failed, len(job.Problems), len(sink.docs))
	}
	for i, p := range job.Problems {
		if want := i*20 + 8; p.Row != want {
			t.Fatalf("problem %d is of row %d, want %d", i, p.Row, want)
		}
	}
	if calls < 1 || calls > 50 || last != 10_000 {
		t.Errorf("%d calls of progress, last at %d", calls, last)
	}
}

func TestTooManyRows(t *testing.T) {
	text := "单位名称\n" + strings.Repeat("甲\n", MaxRows+1)
	sink := newMemory[market.Organization]()
	job, err := importText(context.Background(), Sinks{Organizations: sink.put}, Organizations, text, quiet)
	if codeOf(err) != "too_many_rows" || job.Done != MaxRows || job.State != market.ImportFailed {
		t.Errorf("Run = %v, %d rows done", err, job.Done)
	}
}

// TestProblemsAreBounded keeps reports storable when every row is wrong.
func TestProblemsAreBounded(t *testing.T) {
	text := "成果名称,成果简介,成熟度\n" + strings.Repeat(",,x\n", market.MaxRowProblems)
	job, err := importText(context.Background(), Sinks{Achievements: newMemory[market.Achievement]().put}, Achievements, text, quiet)
	if err != nil || job.Failed != market.MaxRowProblems || len(job.Problems) != market.MaxRowProblems {
		t.Fatalf("Run = %v, failed %d, problems %d", err, job.Failed, len(job.Problems))
	}
	var report bytes.Buffer
	if err := WriteReport(&report, job); err != nil || !strings.Contains(report.String(), "行有问题，没有一一列出") {
		t.Errorf("report: %v", err)
	}
}

func TestJSONLinesNameTheirColumns(t *testing.T) {
	text := strings.Join([]string{
		`{"external_id":"C-1","project":"轧制","type":"KF","seller_name":"示例大学","buyer_name":"示例镁业","total_fen":123456,"technology_yuan":1000.5,"signed":"2026-03-31","field":"新材料及其应用","seller":"重名"}`,
		`{"external_id":"C-2","project":"铸造","type":"技术转让","total":1}`,
		`{"external_id":"C-3","total（美元）":1}`,
	}, "\n")
	sink := newMemory[market.Contract]()
	job, err := importText(context.Background(), Sinks{Contracts: sink.put}, Contracts, text, quiet)
	if err != nil || job.Created != 1 || job.Failed != 2 {
		t.Fatalf("Run = %v, %+v", err, job)
	}
	c := sink.docs["C-1"]
	if c.Amounts.Total != 123456 || c.Amounts.Technology != 100050 || c.Class.Field != "05" || c.Sellers[0].Name == "" {
		t.Errorf("contract %+v", c)
	}
	if p := job.Problems[0]; p.Row != 2 || p.Column != "total" || !strings.Contains(p.Reason, "单位") {
		t.Errorf("a bare amount without unit: %+v", p)
	}
	if p := job.Problems[1]; p.Row != 3 || !strings.Contains(p.Reason, "单位") {
		t.Errorf("a foreign unit: %+v", p)
	}
}

func TestRulesThatCompareWaitForBothValues(t *testing.T) {
	text := "项目名称,合同类型,卖方,买方,合同成交额（元）,技术交易额（元）,签订日期,技术领域\n甲,KF,乙,丙,一百万,80,2026-03-31,05\n"
	job, err := importText(context.Background(), Sinks{Contracts: newMemory[market.Contract]().put}, Contracts, text, quiet)
	if err != nil || len(job.Problems) != 1 || job.Problems[0].Column != "合同成交额（元）" {
		t.Errorf("Run = %v, problems %+v", err, job.Problems)
	}
}
