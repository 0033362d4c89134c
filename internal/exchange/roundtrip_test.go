package exchange

import (
	"bytes"
	"context"
	"io"
	"iter"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jishi/internal/market"
)

var testNow = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return testNow }

// one gives one document to an exporter.
func one[T Importable](docs ...*T) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, doc := range docs {
			if !yield(doc, nil) {
				return
			}
		}
	}
}

// got is a document that reached a sink.
type got[T Importable] struct {
	doc      T
	external string
}

// bringIn imports a file into memory and returns what arrived, by row order of
// arrival (one worker at a time is not promised, so tests use single rows or sort).
func bringIn[T Importable](t interface{ Fatalf(string, ...any) }, kind string, data []byte) ([]got[T], *market.ImportJob) {
	var arrived []got[T]
	put := func(_ context.Context, _ market.Actor, doc *T, external string, _ bool) (market.Outcome, error) {
		arrived = append(arrived, got[T]{*doc, external}) // single rows only: no lock needed
		return market.Created, nil
	}
	var sinks Sinks
	switch put := any(Put[T](put)).(type) {
	case Put[market.Achievement]:
		sinks.Achievements = put
	case Put[market.Demand]:
		sinks.Demands = put
	case Put[market.Organization]:
		sinks.Organizations = put
	case Put[market.Contract]:
		sinks.Contracts = put
	}
	rows, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer rows.Close()
	job := &market.ImportJob{Kind: kind}
	if err := NewImporter(sinks, clock).Run(context.Background(), market.System, job, rows, func(*market.ImportJob) {}); err != nil {
		t.Fatalf("import: %v", err)
	}
	return arrived, job
}

// roundTrip exports a document in a format, imports that and compares.
func roundTrip[T Importable](t *rapid.T, kind string, doc *T, check func(*T) error, bare func(*T), write func(io.Writer, iter.Seq2[*T, error]) error) {
	var file bytes.Buffer
	if err := write(&file, one(doc)); err != nil {
		t.Fatalf("export: %v", err)
	}
	arrived, job := bringIn[T](t, kind, file.Bytes())
	if len(arrived) != 1 || job.Failed != 0 {
		t.Fatalf("%d documents, problems %+v", len(arrived), job.Problems)
	}
	want := *doc
	bare(&want)
	if err := check(&want); err != nil {
		t.Fatalf("drawn document is not valid: %v", err)
	}
	if !reflect.DeepEqual(normal(reflect.ValueOf(arrived[0].doc)), normal(reflect.ValueOf(want))) {
		t.Fatalf("came back as\n%+v\nwant\n%+v", arrived[0].doc, want)
	}
}

// normal prints a value with nil and empty lists alike.
func normal(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Struct:
		fields := map[string]any{}
		for i := range v.NumField() {
			if _, ok := v.Field(i).Interface().(time.Time); !ok {
				fields[v.Type().Field(i).Name] = normal(v.Field(i))
			}
		}
		return fields
	case reflect.Slice:
		items := make([]any, v.Len())
		for i := range items {
			items[i] = normal(v.Index(i))
		}
		return items
	}
	return v.Interface()
}

func TestRoundTripAchievements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawAchievement(t)
		bare := func(a *market.Achievement) { a.Owner, a.ImportKey = "", "" }
		check := func(a *market.Achievement) error { return a.Check(false) }
		roundTrip(t, Achievements, doc, check, bare, WriteCSV[market.Achievement])
		roundTrip(t, Achievements, doc, check, bare, WriteXLSX[market.Achievement])
	})
}

func TestRoundTripDemands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawDemand(t)
		bare := func(d *market.Demand) { d.Owner, d.ImportKey = "", "" }
		check := func(d *market.Demand) error { return d.Check(false) }
		roundTrip(t, Demands, doc, check, bare, WriteCSV[market.Demand])
		roundTrip(t, Demands, doc, check, bare, WriteXLSX[market.Demand])
	})
}

func TestRoundTripOrganizations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawOrganization(t)
		bare := func(*market.Organization) {}
		check := func(o *market.Organization) error { return o.Check() }
		roundTrip(t, Organizations, doc, check, bare, WriteCSV[market.Organization])
		roundTrip(t, Organizations, doc, check, bare, WriteXLSX[market.Organization])
	})
}

func TestRoundTripContracts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := drawContract(t)
		bare := func(c *market.Contract) { c.Owner, c.ImportKey = "", "" }
		check := func(c *market.Contract) error { return c.CheckDraft(market.DateOf(testNow)) }
		roundTrip(t, Contracts, doc, check, bare, WriteCSV[market.Contract])
		roundTrip(t, Contracts, doc, check, bare, WriteXLSX[market.Contract])
	})
}

func TestExternalIDSurvivesTheRoundTrip(t *testing.T) {
	tests := []struct{ name, key, want string }{
		{"given by the owner", "org-1/=A-1", "=A-1"},
		{"with a slash", "org-1/2026/7", "2026/7"},
		{"made on the platform", "0199-abcd", "0199-abcd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := &market.Achievement{Listing: market.Listing{Title: "题", Summary: "文", Owner: "org-1", ImportKey: tt.key}}
			var file bytes.Buffer
			if err := WriteCSV(&file, one(doc)); err != nil {
				t.Fatal(err)
			}
			arrived, _ := bringIn[market.Achievement](t, Achievements, file.Bytes())
			if len(arrived) != 1 || arrived[0].external != tt.want || arrived[0].doc.ImportKey != "" {
				t.Errorf("arrived %+v, want external id %q", arrived, tt.want)
			}
		})
	}
}

func TestExportsHoldNoLiveFormula(t *testing.T) {
	doc := &market.Organization{Name: `=HYPERLINK("http://x","y")`, Summary: "＝1+1", Contact: market.Contact{Name: "+1", Phone: "@A1"}}
	var csvFile, xlsxFile bytes.Buffer
	if err := WriteCSV(&csvFile, one(doc)); err != nil {
		t.Fatal(err)
	}
	if err := WriteXLSX(&xlsxFile, one(doc)); err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{`"'=HYPERLINK(""http://x"",""y"")"`, "'＝1+1", "'+1", "'@A1"} {
		if !strings.Contains(csvFile.String(), cell) {
			t.Errorf("CSV lacks %s:\n%s", cell, csvFile.String())
		}
	}
	sheetXML := unzipped(t, xlsxFile.Bytes(), "xl/worksheets/sheet1.xml")
	if strings.Contains(sheetXML, "<f>") || strings.Count(sheetXML, `t="inlineStr"`) < 4 {
		t.Errorf("sheet is not all typed texts: %s", sheetXML)
	}
}

func TestAmountsAreNumbersInWorkbooks(t *testing.T) {
	doc := &market.Contract{Project: "p", Amounts: market.Amounts{Total: 123456, Technology: 100}}
	var file bytes.Buffer
	if err := WriteXLSX(&file, one(doc)); err != nil {
		t.Fatal(err)
	}
	if xml := unzipped(t, file.Bytes(), "xl/worksheets/sheet1.xml"); !strings.Contains(xml, "<v>1234.56</v>") || !strings.Contains(xml, "<v>1</v>") {
		t.Errorf("amounts are no numbers: %s", xml)
	}
}
