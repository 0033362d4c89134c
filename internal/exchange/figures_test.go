package exchange

import (
	"bytes"
	"slices"
	"testing"

	"github.com/xuri/excelize/v2"
)

var someFigures = Figures{
	Name:    "按领域",
	Columns: []FigureColumn{{Name: "技术领域"}, {Name: "份数", Number: true}, {Name: "=金额", Number: true}},
	Rows:    [][]string{{"电子信息", "3", "1234567890123.45"}, {"=1+1", "0", ""}, {"-甲,乙", "-1", "-0.5"}},
}

func TestFiguresCSV(t *testing.T) {
	var b bytes.Buffer
	if err := someFigures.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "\ufeff技术领域,份数,'=金额\n电子信息,3,1234567890123.45\n'=1+1,0,\n\"'-甲,乙\",-1,-0.5\n"
	if got := b.String(); got != want {
		t.Errorf("WriteCSV = %q, want %q", got, want)
	}
}

func TestFiguresXLSX(t *testing.T) {
	var b bytes.Buffer
	if err := someFigures.WriteXLSX(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tests := []struct {
		cell, want string
		kind       excelize.CellType
	}{
		{"A1", "技术领域", excelize.CellTypeInlineString}, {"A3", "=1+1", excelize.CellTypeInlineString},
		{"B2", "3", excelize.CellTypeUnset}, {"C2", "1234567890123.45", excelize.CellTypeUnset}, {"C4", "-0.5", excelize.CellTypeUnset},
	}
	for _, tt := range tests {
		t.Run(tt.cell, func(t *testing.T) {
			value, err := f.GetCellValue(someFigures.Name, tt.cell)
			kind, kindErr := f.GetCellType(someFigures.Name, tt.cell)
			formula, formulaErr := f.GetCellFormula(someFigures.Name, tt.cell)
			if err != nil || kindErr != nil || formulaErr != nil {
				t.Fatal(err, kindErr, formulaErr)
			}
			if value != tt.want || kind != tt.kind || formula != "" {
				t.Errorf("%s = %q of type %v, formula %q; want %q of type %v", tt.cell, value, kind, formula, tt.want, tt.kind)
			}
		})
	}
	if rows, err := f.GetRows(someFigures.Name); err != nil || len(rows) != 4 || !slices.Equal(rows[2], []string{"=1+1", "0"}) {
		t.Errorf("rows %v, %v", rows, err)
	}
}

func TestFiguresThatAreNone(t *testing.T) {
	broken := Figures{Name: "x", Columns: []FigureColumn{{Name: "n", Number: true}}, Rows: [][]string{{"三"}}}
	if err := broken.WriteXLSX(&bytes.Buffer{}); err == nil {
		t.Error("a word went in as a number")
	}
}
