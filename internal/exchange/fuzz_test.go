package exchange

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"testing"
	"unicode/utf8"

	"jishi/internal/market"
)

// readFuzzed reads all rows of hostile data and checks what every reader
// promises: errors are for users, numbers rise, cells are valid text, a faulty
// row has no cells.
func readFuzzed(t *testing.T, open func(io.ReaderAt, int64) (Rows, error), data []byte) {
	var known *market.Error
	rows, err := open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if !errors.As(err, &known) || known.Kind == market.Internal {
			t.Fatalf("open: %v", err)
		}
		return
	}
	defer rows.Close()
	number := 0
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			if !errors.As(err, &known) || known.Kind == market.Internal {
				t.Fatalf("next: %v", err)
			}
			return
		}
		if row.Number <= number {
			t.Fatalf("row %d after row %d", row.Number, number)
		}
		number = row.Number
		if row.Fault != "" && len(row.Cells) > 0 {
			t.Fatalf("row %d has a fault and cells", number)
		}
		if row.Names != nil && len(row.Names) != len(row.Cells) {
			t.Fatalf("row %d has %d names and %d cells", number, len(row.Names), len(row.Cells))
		}
		for _, c := range row.Cells {
			if !utf8.ValidString(c) {
				t.Fatalf("row %d has the invalid text %q", number, c)
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("title,summary\n甲,\"乙\n丙\"\n"))
	f.Add([]byte("\xff\xfea\x00,\x00b\x00"))
	f.Add([]byte("\xb3\xc9\xb9\xfb,\xff\n\"\"\"\n\""))
	f.Fuzz(func(t *testing.T, data []byte) { readFuzzed(t, openCSV, data) })
}

func FuzzJSONL(f *testing.F) {
	f.Add([]byte("{\"title\":\"甲\",\"keywords\":[\"a\",\"b\"],\"n\":1.5e3,\"b\":true,\"z\":null}\n{\"a\":{}}\n[]\n"))
	f.Fuzz(func(t *testing.T, data []byte) { readFuzzed(t, openJSONL, data) })
}

func FuzzXLSX(f *testing.F) {
	f.Add(workbook(f, `<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="C1"><f>1</f><v>2</v></c></row>`, nil))
	f.Add(workbook(f, `<row r="9"><c r="XFD9" t="s"><v>0</v></c></row>`, map[string]string{stringsPart: `<sst><si><t>a</t></si></sst>`}))
	f.Fuzz(func(t *testing.T, data []byte) { readFuzzed(t, openXLSX, data) })
}

// FuzzSheet fuzzes the XML of a sheet, which random bytes in an archive with
// checksums would seldom reach.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="C1"><f>1</f><v>2</v></c></row>`)
	f.Add(`<row><c t="s"><v>-1</v></c><c r="A0"/><c r="ZZZ1"><v>1</v></c></row>`)
	f.Fuzz(func(t *testing.T, sheet string) { readFuzzed(t, openXLSX, workbook(t, sheet, nil)) })
}

func FuzzCriteria(f *testing.F) {
	for _, seed := range []string{"抗拉强度≥350MPa；密度≤1.80g/cm³", "温度介于20~30℃", "a|≥|b|c", `x\；y=1`, "350以上"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readCriteria(text)
		if err != nil || !utf8.ValidString(text) { // readers pass on valid text only
			return
		}
		for _, c := range read {
			if again, err := readCriteria(writeCriterion(c)); err != nil || !slices.Equal(again, []market.Criterion{c}) {
				t.Fatalf("%q read %+v, written %q, read %+v, %v", text, c, writeCriterion(c), again, err)
			}
		}
	})
}

func FuzzRights(f *testing.F) {
	for _, seed := range []string{"发明专利:ZL201710601862.3（已授权，至2037-07-20）；软件著作权:2023SR0000001", "97101765.4、技术秘密", "发明专利|x|已受理|"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readRights(text)
		if err != nil || !utf8.ValidString(text) { // readers pass on valid text only
			return
		}
		for _, r := range read {
			if again, err := readRights(writeRight(r)); err != nil || !slices.Equal(again, []market.Right{r}) {
				t.Fatalf("%q read %+v, written %q, read %+v, %v", text, r, writeRight(r), again, err)
			}
		}
	})
}

// FuzzImport runs hostile tables through whole imports of every kind: whatever
// reaches a sink is valid, and the counts add up.
func FuzzImport(f *testing.F) {
	f.Add("成果名称,成果简介,成熟度,报价（万元）\n甲,乙,7,98\n,,,\n丙,丁,x,一\n")
	f.Add("项目名称,合同类型,卖方,买方,合同成交额（元）,技术交易额（元）,签订日期,技术领域\n甲,KF,乙,丙,100,80,2026-03-31,05\n")
	f.Add("需求名称,需求简介,技术指标,是否匿名\n甲,乙,强度≥350MPa,是\n")
	f.Add("单位名称,统一社会信用代码\n甲,12100000400000624d\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, kind := range market.ImportKinds {
			sinks := Sinks{
				Achievements:  onlyValid(t, func(a *market.Achievement) error { return a.Check(false) }),
				Demands:       onlyValid(t, func(d *market.Demand) error { return d.Check(false) }),
				Organizations: onlyValid(t, func(o *market.Organization) error { return o.Check() }),
				Contracts:     onlyValid(t, func(c *market.Contract) error { return c.CheckDraft(market.DateOf(testNow)) }),
			}
			job, _ := importText(context.Background(), sinks, kind.Code, text, quiet)
			if job.Done != job.Created+job.Failed || (job.Failed > 0) != (len(job.Problems) > 0) {
				t.Errorf("counts do not add up: %+v", job)
			}
		}
	})
}

// onlyValid is a sink that takes valid documents only.
func onlyValid[T Importable](t *testing.T, check func(*T) error) Put[T] {
	return func(_ context.Context, _ market.Actor, doc *T, _ string, _ bool) (market.Outcome, error) {
		if err := check(doc); err != nil {
			t.Errorf("%+v reaches the sink: %v", doc, err)
		}
		return market.Created, nil
	}
}
