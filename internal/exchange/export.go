package exchange

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// WriteCSV writes documents as CSV in UTF-8 with a byte order mark, one after
// the other as docs gives them, under the Chinese column names. Texts that a
// spreadsheet would take for a formula begin with an apostrophe. It stops at
// the first error of docs or w.
func WriteCSV[T Importable](w io.Writer, docs iter.Seq2[*T, error]) error {
	t := tableOf[T]()
	if _, err := w.Write(bomUTF8); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	record := make([]string, len(t.columns))
	for i, col := range t.columns {
		record[i] = col.Name
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for doc, err := range docs {
		if err != nil {
			return err
		}
		for i, col := range t.columns {
			record[i] = col.Get(doc)
			if !col.Number {
				record[i] = guard(record[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteXLSX writes documents as a workbook with one sheet. Texts are typed as
// texts, so none is taken for a formula; amounts are numbers. The workbook is
// kept in a temporary file while it grows and written to w at the end.
// TooLarge when there are more rows than a sheet holds; Invalid when a text is
// longer than a cell holds.
func WriteXLSX[T Importable](w io.Writer, docs iter.Seq2[*T, error]) error {
	t := tableOf[T]()
	sheet, err := newSheet(market.ImportKinds.Name(t.kind), t.heads())
	if err != nil {
		return err
	}
	defer sheet.file.Close()
	cells := make([]any, len(t.columns))
	for doc, err := range docs {
		if err != nil {
			return err
		}
		for i, col := range t.columns {
			if cells[i], err = typed(col.head, col.Get(doc)); err != nil {
				return err
			}
		}
		if err := sheet.add(cells); err != nil {
			return err
		}
	}
	return sheet.write(w)
}

// typed is a cell's value as the workbook library types it; nil for blank.
func typed(h head, text string) (any, error) {
	if text == "" {
		return nil, nil
	}
	if h.Number {
		return strconv.ParseFloat(text, 64) // exact: amounts have at most 15 digits
	}
	if len(utf16.Encode([]rune(text))) > maxCell {
		return nil, market.E(market.Invalid, "cell_too_long", "“"+h.Name+"”有一格超过 32767 字，Excel 放不下，请改用 CSV 导出。")
	}
	return text, nil
}

// sheet is a workbook with one sheet that grows row by row.
type sheet struct {
	file   *excelize.File
	stream *excelize.StreamWriter
	row    int
}

// newSheet begins a sheet with a header that stays in view.
func newSheet(name string, heads []head) (*sheet, error) {
	s := &sheet{file: excelize.NewFile()}
	if err := s.begin(name, heads); err != nil {
		s.file.Close()
		return nil, err
	}
	return s, nil
}

func (s *sheet) begin(name string, heads []head) (err error) {
	if err := s.file.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if s.stream, err = s.file.NewStreamWriter(name); err != nil {
		return err
	}
	bold, err := s.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	header := make([]any, len(heads))
	for i, h := range heads {
		header[i] = excelize.Cell{StyleID: bold, Value: h.Name}
	}
	if err := s.stream.SetColWidth(1, len(heads), columnWidth); err != nil {
		return err
	}
	if err := s.stream.SetPanes(frozenHeader); err != nil {
		return err
	}
	return s.add(header)
}

// columnWidth is the width of every column, in characters.
const columnWidth = 18

var frozenHeader = &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}

// add appends a row.
func (s *sheet) add(cells []any) error {
	s.row++
	if s.row > excelize.TotalRows {
		return market.E(market.TooLarge, "too_many_rows", "内容超过一张工作表的行数，请改用 CSV 导出，或先筛选再导出。")
	}
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	return s.stream.SetRow(at, cells)
}

func (s *sheet) write(w io.Writer) error {
	if err := s.stream.Flush(); err != nil {
		return err
	}
	_, err := s.file.WriteTo(w)
	return err
}
