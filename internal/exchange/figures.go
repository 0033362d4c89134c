package exchange

import (
	"encoding/csv"
	"io"
	"iter"
)

// Figures is a table to export, which is no list of documents that can be
// imported again.
type Figures struct {
	Name    string // of the sheet in a workbook: at most 31 characters, none of : \ / ? * [ ]
	Columns []FigureColumn
	Rows    [][]string // a cell for each column
}

// FigureColumn is one column of Figures.
type FigureColumn struct {
	Name   string
	Number bool // every cell is a plain decimal of at most 15 digits, or blank
}

// WriteCSV writes the figures as CSV in UTF-8 with a byte order mark. Texts
// that a spreadsheet would take for a formula begin with an apostrophe.
func (f Figures) WriteCSV(w io.Writer) error { return f.StreamCSV(w, f.rows()) }

// WriteXLSX writes the figures as a workbook with one sheet. Texts are typed
// as texts, numbers as numbers.
func (f Figures) WriteXLSX(w io.Writer) error { return f.StreamXLSX(w, f.rows()) }

func (f Figures) rows() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for _, row := range f.Rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// StreamCSV is WriteCSV of rows that come one after the other, in place of
// f.Rows. It stops at the first error.
func (f Figures) StreamCSV(w io.Writer, rows iter.Seq2[[]string, error]) error {
	if _, err := w.Write(bomUTF8); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	record := make([]string, len(f.Columns))
	for i, col := range f.Columns {
		record[i] = guard(col.Name)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, col := range f.Columns {
			if record[i] = row[i]; !col.Number {
				record[i] = guard(row[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// StreamXLSX is WriteXLSX of rows that come one after the other, in place of
// f.Rows. It stops at the first error.
func (f Figures) StreamXLSX(w io.Writer, rows iter.Seq2[[]string, error]) error {
	heads := make([]head, len(f.Columns))
	for i, col := range f.Columns {
		heads[i] = head{Name: col.Name, Number: col.Number}
	}
	sheet, err := newSheet(f.Name, heads)
	if err != nil {
		return err
	}
	defer sheet.file.Close()
	cells := make([]any, len(heads))
	for row, err := range rows {
		if err != nil {
			return err
		}
		for i, h := range heads {
			if cells[i], err = typed(h, row[i]); err != nil {
				return err
			}
		}
		if err := sheet.add(cells); err != nil {
			return err
		}
	}
	return sheet.write(w)
}
