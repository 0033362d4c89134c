package turnover

import (
	"errors"
	"io/fs"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jishi/internal/market"
)

// planFile is the plan's published text, beside the module when the reference
// folder is there.
const planFile = "../../../shared/reference/plan-liangping-2021-2025.txt"

// printed is one row of the plan's 专栏2 as it is printed.
type printed struct{ number, label, base, goal string }

// planRows reads the table: blank-separated cells, each row ends with 预期性,
// sub-rows have no number of their own.
func planRows(t *testing.T) []printed {
	t.Helper()
	raw, err := os.ReadFile(planFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the plan's text is not there")
	}
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(raw), "专栏2")
	table, _, end := strings.Cut(table, "三、重点任务")
	if !found || !end {
		t.Fatal("the plan's table is not where it was")
	}
	var rows []printed
	var cells []string
	for _, cell := range strings.Fields(table[strings.Index(table, "属性")+len("属性"):]) {
		if cell != "预期性" {
			cells = append(cells, cell)
			continue
		}
		row := printed{label: cells[len(cells)-3], base: cells[len(cells)-2], goal: cells[len(cells)-1]}
		if len(cells) == 4 {
			row.number = cells[0]
		}
		rows, cells = append(rows, row), nil
	}
	return rows
}

// bare leaves out brackets and 其中, which the plan prints unevenly.
func bare(label string) string {
	return strings.NewReplacer("其中:", "", "(", "", ")", "").Replace(label)
}

func TestIndicatorsAreThePlans(t *testing.T) {
	plan := planRows(t)
	rows, err := decodeIndicators()
	if err != nil || len(rows) != len(plan) || len(plan) != 33 {
		t.Fatalf("%d rows, %d in the plan, %v; want 33", len(rows), len(plan), err)
	}
	parent, sub := "", 'a'
	for i, p := range plan {
		row, want := rows[i], p.number
		if p.number == "" {
			want, sub = parent+string(sub), sub+1
		} else {
			parent, sub = p.number, 'a'
		}
		t.Run(row.Row, func(t *testing.T) {
			if row.Row != want || row.Order != i+1 || row.ID != market.ID("indicator-"+want) {
				t.Errorf("row %s, order %d, id %s; want %s, %d", row.Row, row.Order, row.ID, want, i+1)
			}
			if got := bare(row.Name) + row.Unit; got != bare(p.label) {
				t.Errorf("label %q, the plan prints %q", got, p.label)
			}
			if row.Base != p.base || row.Goal != p.goal || row.Approx != strings.HasSuffix(p.goal, "左右") {
				t.Errorf("%s → %s, approx %v; the plan prints %s → %s", row.Base, row.Goal, row.Approx, p.base, p.goal)
			}
			if !strings.HasPrefix(row.Source, "梁平府发〔2022〕16号 专栏2 第"+parent+"项") {
				t.Errorf("source %q", row.Source)
			}
		})
	}
}

// What holds for the shipped rows also where the plan's text is not there.
func TestShippedIndicators(t *testing.T) {
	rows, err := decodeIndicators()
	if err != nil || len(rows) != 33 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	var numbers []string
	for _, r := range rows {
		numbers = append(numbers, r.Row)
		if parse(r.Base) == nil || parse(r.Goal) == nil || r.Name == "" {
			t.Errorf("row %+v", r)
		}
	}
	want := "1 2 3 4 5 6 7 8 8a 8b 9 10 11 12 13 14 15 15a 15b 16 17 18 18a 19 20 21 22 23 24 25 26 27 28"
	if got := strings.Join(numbers, " "); got != want {
		t.Errorf("rows %s, want %s", got, want)
	}
	maintain := regexp.MustCompile(`^18a$`)
	for _, r := range rows {
		if p := progress(&r, parse(r.Base)); p.Maintain != maintain.MatchString(r.Row) || p.BasisPoints != 0 {
			t.Errorf("row %s at its base: %+v", r.Row, p)
		}
	}
}

func TestProgress(t *testing.T) {
	tests := []struct {
		name, base, goal, value string
		approx                  bool
		want                    *Progress
	}{
		{"half way", "0.98", "5", "2.99", false, &Progress{BasisPoints: 5000}},
		{"rounded down", "0", "3", "2", false, &Progress{BasisPoints: 6666, NoGrowth: true}},
		{"reached", "205", "400", "400", false, &Progress{BasisPoints: 10000, Reached: true}},
		{"over", "205", "400", "595", false, &Progress{BasisPoints: 20000, Reached: true}},
		{"below the base", "6", "10", "5", false, &Progress{BasisPoints: -2500}},
		{"below by a third", "3", "6", "2", false, &Progress{BasisPoints: -3334}},
		{"base is goal, held", "2", "2", "2", false, &Progress{Maintain: true, Reached: true}},
		{"base is goal, lost", "2", "2", "1", false, &Progress{Maintain: true}},
		{"about, near enough", "33.2", "35左右", "34.5", true, &Progress{BasisPoints: 7222, Approx: true, Reached: true}},
		{"about, not near", "33.2", "35左右", "34.49", true, &Progress{BasisPoints: 7166, Approx: true}},
		{"value is about too", "33.2", "35左右", "35左右", true, &Progress{BasisPoints: 10000, Approx: true, Reached: true}},
		{"no number", "1", "2", "很多", false, nil},
		{"a fraction is no plain decimal", "1", "2", "3/2", false, nil},
		{"no goal", "1", "—", "1", false, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := progress(&market.Indicator{Base: tt.base, Goal: tt.goal, Approx: tt.approx}, parse(tt.value))
			if (got == nil) != (tt.want == nil) || (got != nil && *got != *tt.want) {
				t.Errorf("progress = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestIndicators(t *testing.T) {
	w := newWorld(t)
	if err := w.Seed(ctx); err != nil {
		t.Fatal(err)
	}
	w.insert(t, registered("a", "2024-12-31", "KF", 9*market.Yi), registered("b", "2025-01-01", "KF", 299*market.Yi/100))
	firms, err := w.stores.Indicators.Get(ctx, "indicator-8")
	if err != nil {
		t.Fatal(err)
	}
	firms.Reported = []market.Value{{Year: 2023, Text: "400"}, {Year: 2022, Text: "205"}}
	if err := w.stores.Indicators.Update(ctx, firms); err != nil {
		t.Fatal(err)
	}
	rows, err := w.Indicators(ctx, 2025)
	if err != nil || len(rows) != 33 || !slices.IsSortedFunc(rows, func(a, b IndicatorRow) int { return a.Order - b.Order }) {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, r := range rows {
		switch r.Row {
		case "8":
			if r.Progress == nil || r.Progress.BasisPoints != 10000 || r.Own != nil {
				t.Errorf("row 8: %+v", r)
			}
		case "23":
			if r.Progress != nil || r.Own == nil || r.Own.Text != "2.99" || r.Own.Year != 2025 || r.Own.Count != 1 || r.Own.Progress.BasisPoints != 5000 {
				t.Errorf("row 23: %+v, own %+v", r, r.Own)
			}
		default:
			if r.Progress != nil || r.Own != nil {
				t.Errorf("row %s has figures that nobody reported: %+v", r.Row, r)
			}
		}
	}
	for _, year := range []int{0, 1984, 2101} {
		_, err := w.Indicators(ctx, year)
		wantKind(t, err, market.Invalid, "year")
	}
}

func TestPlainYi(t *testing.T) {
	for fen, want := range map[market.Fen]string{0: "0", 9_800_000_000: "0.98", 12_345 * market.Yi: "12345", 1: "0.0000000001"} {
		if got := plainYi(fen); got != want || parse(got).Cmp(big.NewRat(int64(fen), int64(market.Yi))) != 0 {
			t.Errorf("plainYi(%d) = %s, want %s", fen, got, want)
		}
	}
}
