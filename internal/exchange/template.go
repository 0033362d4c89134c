package exchange

import (
	"fmt"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// The sheets of a template.
const (
	helpSheet  = "说明"
	codesSheet = "代码表"
)

// templateRows is how many rows of a template are prepared with lists to choose from.
const templateRows = 10_000

// Template returns a workbook to fill in for a kind of import: an empty sheet
// with the column names, whose cells are typed as text so that long numbers
// keep their digits and code lists can be chosen from; a sheet that explains
// each column with an example; a sheet of the code lists. Invalid for an
// unknown kind.
func Template(kind string) ([]byte, error) {
	t, err := tableNamed(kind)
	if err != nil {
		return nil, err
	}
	var heads []head
	for _, h := range t.heads() {
		if !h.ExportOnly {
			heads = append(heads, h)
		}
	}
	f := excelize.NewFile()
	defer f.Close()
	data := market.ImportKinds.Name(kind)
	b := &templateBook{file: f, data: data, heads: heads}
	for _, step := range []func() error{b.sheets, b.header, b.help, b.codes} {
		if err := step(); err != nil {
			return nil, fmt.Errorf("template of %s: %w", kind, err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("template of %s: %w", kind, err)
	}
	return out.Bytes(), nil
}

// templateBook is a template in the making.
type templateBook struct {
	file  *excelize.File
	data  string // name of the sheet to fill in
	heads []head
}

func (b *templateBook) sheets() error {
	if err := b.file.SetSheetName("Sheet1", b.data); err != nil {
		return err
	}
	for _, name := range []string{helpSheet, codesSheet} {
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
	}
	return b.file.SetPanes(b.data, frozenHeader)
}

// header writes the column names, required ones in red, over columns of text.
func (b *templateBook) header() error {
	const asText = 49 // the spreadsheet number format "@"
	texts, err := b.file.NewStyle(&excelize.Style{NumFmt: asText})
	if err != nil {
		return err
	}
	bold, err := b.file.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	red, err := b.file.NewStyle(&excelize.Style{NumFmt: asText, Font: &excelize.Font{Bold: true, Color: "B02A37"}})
	if err != nil {
		return err
	}
	for i, h := range b.heads {
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		style := bold
		if h.Required {
			style = red
		}
		if err := b.headerCell(column, h, texts, style); err != nil {
			return err
		}
	}
	return nil
}

func (b *templateBook) headerCell(column string, h head, texts, style int) error {
	if err := b.file.SetColWidth(b.data, column, column, columnWidth); err != nil {
		return err
	}
	if !h.Number {
		if err := b.file.SetColStyle(b.data, column, texts); err != nil {
			return err
		}
	}
	if err := b.file.SetCellStr(b.data, column+"1", h.Name); err != nil {
		return err
	}
	return b.file.SetCellStyle(b.data, column+"1", column+"1", style)
}

// help writes the sheet that explains the columns.
func (b *templateBook) help() error {
	rows := [][]any{
		{"请在“" + b.data + "”表里填写，从第 2 行起，一行一条。列的次序可以变，不用的列可以删去。红色的列必填。"},
		{"列名", "英文列名", "必填", "怎样填写"},
	}
	for _, h := range b.heads {
		required, hint := "", h.Hint
		if h.Required {
			required = "是"
		}
		if h.Unit > 0 {
			hint += "（也可以在格里写单位，如 98万元）"
		}
		if h.Codes != nil {
			hint += "（可填的内容见“代码表”，写名称或代码都可以）"
		}
		rows = append(rows, []any{h.Name, h.Key, required, hint})
	}
	if err := b.file.SetColWidth(helpSheet, "A", "B", 2*columnWidth); err != nil {
		return err
	}
	if err := b.file.SetColWidth(helpSheet, "D", "D", 5*columnWidth); err != nil {
		return err
	}
	return b.rows(helpSheet, rows)
}

// codes writes the code lists side by side and lets the cells of their columns
// be chosen from them.
func (b *templateBook) codes() error {
	at := 1
	for i, h := range b.heads {
		if h.Codes == nil {
			continue
		}
		names, err := excelize.ColumnNumberToName(at)
		if err != nil {
			return err
		}
		column, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := b.codeList(at, h); err != nil {
			return err
		}
		choose := excelize.NewDataValidation(true)
		choose.Sqref = fmt.Sprintf("%s2:%s%d", column, column, templateRows+1)
		choose.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$2:$%s$%d", codesSheet, names, names, len(h.Codes)+1))
		choose.ShowErrorMessage = false // codes, and several values, may be typed too
		if err := b.file.AddDataValidation(b.data, choose); err != nil {
			return err
		}
		at += 2
	}
	return nil
}

// codeList writes names and codes of one list in two columns.
func (b *templateBook) codeList(at int, h head) error {
	for row := 0; row <= len(h.Codes); row++ {
		cells := []string{h.Name, "代码"}
		if row > 0 {
			cells = []string{h.Codes[row-1].Name, h.Codes[row-1].Code}
		}
		for i, text := range cells {
			cell, err := excelize.CoordinatesToCellName(at+i, row+1)
			if err != nil {
				return err
			}
			if err := b.file.SetCellStr(codesSheet, cell, text); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *templateBook) rows(sheet string, rows [][]any) error {
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := b.file.SetSheetRow(sheet, at, &row); err != nil {
			return err
		}
	}
	return nil
}
