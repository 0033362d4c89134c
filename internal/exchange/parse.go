package exchange

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"jishi/internal/market"
)

// maxValue bounds how much of a cell a report repeats, in characters.
const maxValue = 100

// maxNotes bounds the notes of one import.
const maxNotes = 50

// parser turns the rows of one file into documents.
type parser[T Importable] struct {
	table  *table[T]
	today  market.Date
	header []match          // of the header row; nil for JSON lines
	offset int              // number of the header row
	named  map[string]match // matches of JSON names met so far
	notes  []string
}

// parsed is one row understood.
type parsed[T Importable] struct {
	blank    bool
	number   int
	doc      *T
	external string // as the file says, may be empty
	cells    []cell
	problems []market.RowProblem
}

// cell is one cell with the column it belongs to.
type cell struct {
	match
	text string
}

// note keeps a remark about the file, once and not too many.
func (p *parser[T]) note(text string) {
	if text != "" && len(p.notes) < maxNotes && !slices.Contains(p.notes, text) {
		p.notes = append(p.notes, text)
	}
}

// setHeader takes a row for the header.
func (p *parser[T]) setHeader(row Row) error {
	if len(row.Cells) > maxColumns {
		return market.E(market.Invalid, "too_many_columns", "文件超过 "+strconv.Itoa(maxColumns)+" 列，请删去不用的列再导入。")
	}
	header, err := p.table.matchAll(row.Cells)
	if err != nil {
		return err
	}
	p.header, p.offset = header, row.Number
	for _, m := range header {
		p.note(m.note)
	}
	return nil
}

// parse understands one row: every cell by itself, then the document as a
// whole. All that is wrong is reported at once.
func (p *parser[T]) parse(row Row) parsed[T] {
	number := row.Number - p.offset
	if row.Fault != "" {
		return parsed[T]{problems: numbered(number, []market.RowProblem{{Reason: row.Fault}})}
	}
	cells, problems := p.cells(row)
	if len(cells) == 0 {
		return parsed[T]{blank: len(problems) == 0, problems: numbered(number, problems)}
	}
	doc := new(T)
	broken := make(map[string]bool) // keys of columns that could not be read
	for _, c := range cells {
		if err := p.set(doc, c); err != nil {
			problems = append(problems, p.problem(c, sentence(err)))
			broken[p.table.columns[c.column].Key] = true
		}
	}
	if p.table.finish != nil {
		p.table.finish(doc)
	}
	if err := p.table.check(doc, p.today); err != nil {
		problems = append(problems, p.explain(err, cells, broken)...)
	}
	result := parsed[T]{doc: doc, cells: cells, number: number, problems: numbered(number, problems)}
	if len(problems) == 0 {
		result.external = p.table.external(doc)
	}
	return result
}

// numbered sets the row of problems.
func numbered(row int, problems []market.RowProblem) []market.RowProblem {
	for i := range problems {
		problems[i].Row = row
	}
	return problems
}

// cells returns the cells of a row that are not blank and belong to a column.
func (p *parser[T]) cells(row Row) (cells []cell, problems []market.RowProblem) {
	for i, raw := range row.Cells {
		text := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n"))
		if text == "" {
			continue
		}
		c := cell{text: text}
		switch {
		case row.Names != nil:
			var err error
			if c.match, err = p.matchName(row.Names[i]); err != nil {
				problems = append(problems, p.problem(c, sentence(err)))
			}
		case i < len(p.header):
			c.match = p.header[i]
		default:
			return nil, []market.RowProblem{{Value: quoted(text), Reason: "比表头多出一格，可能是内容里有没加引号的分隔符"}}
		}
		if c.column >= 0 {
			cells = append(cells, c)
		}
	}
	return cells, problems
}

// matchName matches a JSON name; the answer is kept for the next line.
func (p *parser[T]) matchName(name string) (match, error) {
	if m, met := p.named[name]; met {
		return m, nil
	}
	m, err := p.table.match(name)
	if err != nil {
		m.column = -1
		return m, err
	}
	p.note(m.note)
	if p.named == nil {
		p.named = make(map[string]match)
	}
	if len(p.named) < 10*maxColumns { // a hostile file has new names on every line
		p.named[name] = m
	}
	return m, nil
}

var formulaErrors = []string{"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}

// set writes one cell into the document.
func (p *parser[T]) set(doc *T, c cell) error {
	if slices.Contains(formulaErrors, c.text) {
		return badCell("是公式的错误值，请改成内容")
	}
	if utf8.RuneCountInString(c.text) > maxCell {
		return badCell("一格最多 " + strconv.Itoa(maxCell) + " 字")
	}
	return p.table.columns[c.column].Set(doc, value{Text: c.text, Unit: c.unit})
}

// problem is what is wrong with one cell. Reports are kept, so what people are
// reached by stands in them masked, and no identity card does at all.
func (p *parser[T]) problem(c cell, reason string) market.RowProblem {
	said := market.RowProblem{Column: c.title, Value: quoted(c.text), Reason: market.MaskIdentityCards(reason)}
	if c.column >= 0 {
		switch p.table.columns[c.column].Field {
		case "contact.phone":
			said.Value = market.MaskPhone(c.text)
		case "contact.email":
			said.Value = market.MaskEmail(c.text)
		}
	}
	return said
}

// quoted is the beginning of a text for a report.
func quoted(text string) string { return market.Clip(market.MaskIdentityCards(text), maxValue) }

// explain maps an error about a document to the cells it came from. Rules of
// columns that could not be read, or that compare with such a column, are left
// out: they would speak of a value that is not in the file.
func (p *parser[T]) explain(err error, cells []cell, broken map[string]bool) []market.RowProblem {
	var e *market.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return []market.RowProblem{{Reason: sentence(err)}}
	}
	var problems []market.RowProblem
	for _, f := range e.Fields {
		reason := f.Reason
		if e.Kind != market.Invalid {
			reason = e.Message // of a conflict the sentence says more than the field
		}
		at := p.table.at(f.Field)
		if at < 0 {
			problems = append(problems, market.RowProblem{Column: f.Field, Reason: reason})
			continue
		}
		col := p.table.columns[at]
		if broken[col.Key] || slices.ContainsFunc(col.Needs, func(key string) bool { return broken[key] }) {
			continue
		}
		found := market.RowProblem{Column: col.Name, Reason: reason}
		if i := slices.IndexFunc(cells, func(c cell) bool { return c.column == at }); i >= 0 {
			found = p.problem(cells[i], reason)
		}
		problems = append(problems, found)
	}
	return problems
}

// sentence returns what a user may read of an error.
func sentence(err error) string {
	var e *market.Error
	if errors.As(err, &e) && e.Kind != market.Internal {
		return e.Message
	}
	return "处理失败，请稍后再试。"
}
