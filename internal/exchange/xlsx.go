package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// xlsxRows reads the first visible sheet of a workbook, row by row. Formulas
// are read as the values last computed for them.
//
// The library reads what it is given leniently: broken XML ends a sheet
// without an error, and every part of the package is loaded. So the sheet is
// proved to be whole first (check), and the library gets a package that holds
// nothing but the sheet and its strings (strip). Without styles it also leaves
// numbers as numbers: a day stays a serial number, a phone number keeps its
// digits.
type xlsxRows struct {
	file   *excelize.File
	rows   *excelize.Rows
	number int
	total  int
}

func openXLSX(r io.ReaderAt, size int64) (rows Rows, err error) {
	defer contain(&err)
	archive, err := asZip(r, size)
	if err != nil {
		return nil, err
	}
	book, err := readBook(archive)
	if err != nil {
		return nil, err
	}
	total, err := book.check()
	if err != nil {
		return nil, err
	}
	stripped, err := book.strip()
	if err != nil {
		return nil, damaged(err)
	}
	file, err := excelize.OpenReader(stripped, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, damaged(err)
	}
	sheet, err := file.Rows(book.sheet.Name)
	if err != nil {
		return nil, errors.Join(damaged(err), file.Close())
	}
	return &xlsxRows{file: file, rows: sheet, total: total}, nil
}

func (x *xlsxRows) Total() int { return x.total }

func (x *xlsxRows) Close() error {
	return errors.Join(x.rows.Close(), x.file.Close())
}

func (x *xlsxRows) Next() (row Row, err error) {
	defer contain(&err)
	if !x.rows.Next() {
		if err := x.rows.Error(); err != nil {
			return Row{}, damaged(err)
		}
		return Row{}, io.EOF
	}
	x.number++
	cells, err := x.rows.Columns()
	if err != nil {
		return Row{}, damaged(err)
	}
	return Row{Number: x.number, Cells: cells}, nil
}

// contain turns a panic of the library on a hostile file into the error of a
// damaged file.
func contain(err *error) {
	if p := recover(); p != nil {
		*err = damaged(fmt.Errorf("panic: %v", p))
	}
}

// strip writes a package of the parts that carry the sheet's rows, without
// unpacking them.
func (b *book) strip() (*bytes.Reader, error) {
	var out bytes.Buffer
	if err := b.copyParts(&out); err != nil {
		return nil, err
	}
	return bytes.NewReader(out.Bytes()), nil
}

var errDates1904 = market.E(market.Invalid, "dates_1904",
	"这个工作簿用的是 1904 日期系统，日期会差四年。请在表格软件的选项里取消“使用 1904 日期系统”，核对日期后再导入。")
