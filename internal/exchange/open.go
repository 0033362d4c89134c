package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strconv"

	"jishi/internal/market"
)

// Bounds of a file to import.
const (
	MaxFile    = 32 << 20 // bytes
	MaxRows    = 200_000  // rows that are not blank
	maxColumns = 200
	maxCell    = 32_767  // characters, what a spreadsheet cell can hold
	maxRecord  = 1 << 20 // bytes of one JSON line or one CSV record
)

// Row is one row of a file, not yet understood.
type Row struct {
	Number int      // 1-based: place in the sheet or CSV file, line of JSON lines
	Names  []string // the row's own column names (JSON lines); nil when a header row names them
	Cells  []string
	Fault  string // why the row could not be read, a Chinese sentence fragment; Cells is empty then
}

// Rows gives the rows of one file from top to bottom.
type Rows interface {
	// Next returns io.EOF after the last row. Any other error is a
	// *market.Error about the file as a whole; no row follows it.
	Next() (Row, error)
	// Total is how many rows the file has as far as is known before reading, an
	// estimate for progress only.
	Total() int
	Close() error
}

// Open reads the rows of a file: .xlsx, .csv (UTF-8, UTF-16 or GB18030) or
// JSON lines, told apart by content, whatever its name says. It returns
// TooLarge over MaxFile and Invalid, with a sentence that says what to do, for
// what is none of these. r must stay readable until the rows are closed.
func Open(r io.ReaderAt, size int64) (Rows, error) {
	format, err := sniff(r, size)
	if err != nil {
		return nil, err
	}
	switch format {
	case formatXLSX:
		return openXLSX(r, size)
	case formatJSONL:
		return openJSONL(r, size)
	default:
		return openCSV(r, size)
	}
}

type format int

const (
	formatCSV format = iota
	formatXLSX
	formatJSONL
)

var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
)

// sniff tells the format from the first bytes.
func sniff(r io.ReaderAt, size int64) (format, error) {
	if size > MaxFile {
		return 0, market.E(market.TooLarge, "file_too_large", "文件超过 "+strconv.Itoa(MaxFile>>20)+" MB，请分成几个文件导入。")
	}
	start := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return 0, market.Wrap(market.Unavailable, err, "file_unreadable", "文件读不出来，请重新选择文件。")
	} else {
		start = start[:n]
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(start, bomUTF8), " \t\r\n")
	switch {
	case bytes.HasPrefix(start, zipMagic):
		return formatXLSX, nil
	case bytes.HasPrefix(start, oleMagic):
		return 0, notATable("这是旧版 .xls 或加了密码的工作簿，请在表格软件里去掉密码、另存为 .xlsx 再导入。")
	case len(text) == 0:
		return 0, notATable("文件是空的，请检查后再导入。")
	case bytes.IndexByte(start, 0) >= 0 && !hasUTF16Mark(start):
		return 0, notATable("这不是表格文件。请导入 .xlsx、.csv 或 .jsonl 文件，可先下载模板。")
	case text[0] == '{':
		return formatJSONL, nil
	case text[0] == '[':
		return 0, notATable("JSON 请写成每行一个对象（.jsonl），不要整个文件是一个数组。")
	}
	return formatCSV, nil
}

func notATable(message string) error { return market.E(market.Invalid, "not_a_table", message) }

// damaged is the error of a file that begins right and breaks off or is torn.
func damaged(cause error) error {
	return market.Wrap(market.Invalid, cause, "file_damaged", "文件内容损坏，读不完整。请在表格软件里打开另存一份再导入。")
}

func tooManyRows() error {
	return market.E(market.TooLarge, "too_many_rows", "文件超过 "+strconv.Itoa(MaxRows)+" 行，后面的没有读入。请分成几个文件导入。")
}

// asZip opens the file as an archive.
func asZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	return archive, nil
}
