package site

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"

	"jishi/internal/market"
)

func TestWalk(t *testing.T) {
	away := errors.New("away")
	pages := func(sizes ...int) reader[int] {
		at := 0
		return func(after string) ([]*int, string, error) {
			if at == len(sizes) {
				return nil, "", away
			}
			rows, next := make([]*int, sizes[at]), "more"
			if at++; at == len(sizes) {
				next = ""
			}
			return rows, next, nil
		}
	}
	tests := []struct {
		name string
		read reader[int]
		rows int
		kind market.Kind
		ok   bool
	}{
		{"nothing", pages(0), 0, 0, true},
		{"one page", pages(3), 3, 0, true},
		{"short and empty pages", pages(3, 0, 2, 0), 5, 0, true},
		{"as much as may be", pages(5_000, 5_000), 10_000, 0, true},
		{"one more", pages(5_000, 5_000, 1), 10_000, market.TooLarge, false},
		{"away", pages(), 0, market.Internal, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, failed := 0, error(nil)
			for _, err := range walk(tt.read) {
				if err != nil {
					failed = err
					break
				}
				rows++
			}
			if rows != tt.rows || (failed == nil) != tt.ok || !tt.ok && market.KindOf(failed) != tt.kind {
				t.Errorf("%d rows, %v; want %d", rows, failed, tt.rows)
			}
		})
	}
}

func (a *answer) rows() [][]string {
	a.t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	must(a.t, err)
	return rows
}

// What a search finds goes out as its hits show it: without contacts and
// confidential texts; each kind has a file of its own.
func TestSearchExport(t *testing.T) {
	w := newWorld(t)
	w.publish("university", "/achievements", magnesium())
	w.publish("enterprise", "/demands", housing())
	tests := []struct {
		name, as, query string
		status, rows    int
	}{
		{"achievements", "rival", "kind=achievement", 200, 1}, {"demands", "broker", "kind=demand&q=镁合金", 200, 1},
		{"nothing found", "rival", "kind=achievement&field=01", 200, 0},
		{"both kinds", "rival", "q=x", 422, 0}, {"a bad price", "rival", "kind=demand&price_min=x", 422, 0},
		{"an unknown field", "rival", "kind=demand&field=99", 422, 0}, {"a visitor", "", "kind=demand", 303, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			answer := w.get(tt.as, "/search/export/csv?"+encode(tt.query)).is(tt.status)
			if tt.status != 200 {
				return
			}
			if got := len(answer.rows()) - 1; got != tt.rows {
				t.Errorf("%d rows, want %d", got, tt.rows)
			}
			answer.hides("13800138000", "zhou@example.com", "023-53220000", "轧制温度")
			if book := w.get(tt.as, "/search/export/xlsx?"+encode(tt.query)).is(200); !strings.HasPrefix(book.body, "PK") {
				t.Error("the workbook is none")
			}
		})
	}
	links := map[string]int{"": 0, "rival": 2, "officer": 2}
	for as, want := range links {
		for _, path := range []string{"/search", "/search?kind=demand"} {
			exports := w.get(as, path).is(200).all(".jishi-exports")
			got := 0
			for _, one := range exports {
				got += len(find(one, "a"))
			}
			if got != want {
				t.Errorf("%s at %s: %d links, want %d", as, path, got, want)
			}
		}
	}
}

// One's own listings go out whole, and come in again as what they are.
func TestOwnExportComesBack(t *testing.T) {
	w := newWorld(t)
	w.post("university", "/achievements", magnesium()).leads("/achievements/")
	file := w.get("university", "/desk/achievements/export/csv").is(200)
	if rows := file.rows(); len(rows) != 2 || !strings.Contains(file.body, "13800138000") || !strings.Contains(file.body, "轧制温度 380℃") {
		t.Errorf("the file misses what is the university's own: %s", file.body)
	}
	if rows := w.get("rival", "/desk/achievements/export/csv").is(200).rows(); len(rows) != 1 {
		t.Errorf("%d rows for somebody else", len(rows)-1)
	}
	w.get("", "/desk/demands/export/csv").is(303)
	w.get("enterprise", "/desk/demands/export/xlsx").is(200)
	w.get("university", "/desk/achievements").is(200).shows("导出 .xlsx", "批量导入")
	again := w.upload("university", "own.csv", file.body, "kind", "achievements", "dry_run", "yes").leads("/imports/")
	w.finished("university", again).shows("有问题 0").hides("没有做完")
}
