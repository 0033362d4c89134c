package exchange

import (
	"fmt"
	"slices"
	"strings"

	"jishi/internal/market"
)

// The kinds of import, codes of market.ImportKinds.
const (
	Achievements  = "achievements"
	Demands       = "demands"
	Organizations = "organizations"
	Contracts     = "contracts"
)

// table is what exchange knows of one kind of document.
type table[T Importable] struct {
	kind      string
	importers []market.Role // who may import it
	columns   []column[T]
	index     map[string]int // label name → place in columns

	finish   func(doc *T)                          // derives what several columns say together; may be nil
	check    func(doc *T, today market.Date) error // normalises; Invalid naming broken fields
	external func(doc *T) string                   // takes the external id off the document
	names    func(doc *T) []string                 // what no two documents may share
}

// newTable indexes the columns. Two columns under one name are a mistake in
// the program.
func newTable[T Importable](t table[T]) *table[T] {
	t.index = make(map[string]int)
	for i, col := range t.columns {
		for _, name := range append([]string{col.Key, col.Name}, col.Also...) {
			name = readLabel(name).name
			if old, taken := t.index[name]; taken && old != i {
				panic(fmt.Sprintf("exchange: %s: columns %s and %s are both called %s", t.kind, t.columns[old].Key, col.Key, name))
			}
			t.index[name] = i
		}
	}
	return &t
}

// match is what one cell of a header stands for.
type match struct {
	column int    // place in the table's columns, -1 when the cell is not read
	title  string // the cell as it stands in the file, clipped
	unit   market.Fen
	note   string // why it is not read, "" when it is or when it is blank
}

// maxTitle bounds how much of a header cell is kept for reports, in characters.
const maxTitle = 40

// match finds the column a header cell names. Invalid when it states a unit
// of money nobody here knows.
func (t *table[T]) match(cell string) (match, error) {
	l := readLabel(cell)
	m := match{column: -1, title: market.Clip(strings.TrimSpace(cell), maxTitle), unit: l.unit}
	i, known := t.index[l.name]
	switch {
	case l.name == "":
	case !known:
		m.note = "未识别的列“" + m.title + "”没有读入"
	case t.columns[i].ExportOnly:
		m.note = "列“" + m.title + "”只用于导出，没有读入"
	case t.columns[i].Unit > 0 && l.foreign != "":
		return m, market.E(market.Invalid, "unknown_unit", "列“"+m.title+"”的单位读不懂，请改成元、万元或亿元再导入。")
	default:
		m.column = i
	}
	return m, nil
}

// matchAll matches a whole header. Invalid when a required column is missing.
func (t *table[T]) matchAll(header []string) ([]match, error) {
	matches := make([]match, len(header))
	seen := make(map[int]string)
	for i, cell := range header {
		m, err := t.match(cell)
		if err != nil {
			return nil, err
		}
		if first, twice := seen[m.column]; twice && m.column >= 0 {
			m.note = "列“" + m.title + "”与“" + first + "”相同，只读了前一列"
			m.column = -1
		}
		seen[m.column] = m.title
		matches[i] = m
	}
	var missing []string
	for i, col := range t.columns {
		if _, ok := seen[i]; col.Required && !ok {
			missing = append(missing, col.Name)
		}
	}
	if len(missing) > 0 {
		return nil, market.E(market.Invalid, "columns_missing",
			"文件缺少必填的列："+strings.Join(missing, "、")+"。请对照模板补上后再导入。")
	}
	return matches, nil
}

// known counts the cells of a row that name columns.
func (t *table[T]) known(row []string) int {
	n := 0
	for _, cell := range row {
		if i, ok := t.index[readLabel(cell).name]; ok && !t.columns[i].ExportOnly {
			n++
		}
	}
	return n
}

// at returns the place of the column that a field path of market.FieldError
// belongs to: the column with just that path, else one whose path begins with
// it or with which it begins; -1 when none does.
func (t *table[T]) at(field string) int {
	near := func(a, b string) bool { return strings.HasPrefix(a, b+".") }
	for _, fits := range []func(path string) bool{
		func(path string) bool { return path == field },
		func(path string) bool { return near(path, field) },
		func(path string) bool { return near(field, path) },
	} {
		if i := slices.IndexFunc(t.columns, func(c column[T]) bool { return !c.ExportOnly && fits(c.field()) }); i >= 0 {
			return i
		}
	}
	return -1
}

// anyTable is what of a table does not depend on the document's type.
type anyTable interface {
	name() string
	heads() []head
	known(row []string) int
	roles() []market.Role
}

func (t *table[T]) name() string         { return t.kind }
func (t *table[T]) roles() []market.Role { return t.importers }

func (t *table[T]) heads() []head {
	heads := make([]head, len(t.columns))
	for i, col := range t.columns {
		heads[i] = col.head
	}
	return heads
}

// tables is every kind, in the order of market.ImportKinds.
var tables = []anyTable{achievements, demands, organizations, contracts}

// tableOf returns the table of a document type.
func tableOf[T Importable]() *table[T] {
	for _, t := range tables {
		if found, ok := t.(*table[T]); ok {
			return found
		}
	}
	panic("exchange: no table for this type") // Importable and tables list the same types; a test says so
}

// tableNamed returns the table of a kind, Invalid when there is none.
func tableNamed(kind string) (anyTable, error) {
	for _, t := range tables {
		if t.name() == kind {
			return t, nil
		}
	}
	return nil, market.E(market.Invalid, "unknown_kind", "没有“"+market.Clip(kind, maxTitle)+"”这种数据，可选：科技成果、技术需求、单位、技术合同。")
}

// Permit returns nil when by may import a kind: Unauthenticated for a visitor,
// Denied without the role, Invalid for an unknown kind.
func Permit(by market.Actor, kind string) error {
	t, err := tableNamed(kind)
	if err != nil {
		return err
	}
	if err := market.Permit(by, market.ActImport); err != nil {
		return err
	}
	if by.User == market.System.User || slices.ContainsFunc(t.roles(), by.Has) {
		return nil
	}
	return market.E(market.Denied, "not_allowed", "您的账号没有权限导入"+market.ImportKinds.Name(kind)+"。")
}
