package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"jishi/internal/market"
)

// csvRows reads CSV. encoding/csv parses the records, but where a record ends
// is decided here: a quote that is never closed would otherwise swallow the
// rest of the file, and with it good rows.
type csvRows struct {
	lines   *lines
	pending []line // lines read ahead and given back
	comma   rune
	number  int // of the record last returned
	total   int
}

func openCSV(r io.ReaderAt, size int64) (Rows, error) {
	c := &csvRows{lines: newLines(asUTF8(r, size)), total: countLines(asUTF8(r, size))}
	first, err := c.peek(headerRows)
	if err != nil {
		return nil, err
	}
	c.comma = separator(first)
	return c, nil
}

func (c *csvRows) Total() int   { return c.total }
func (c *csvRows) Close() error { return nil }

// peek returns the first lines without consuming them.
func (c *csvRows) peek(n int) ([]line, error) {
	for len(c.pending) < n {
		l, err := c.lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		c.pending = append(c.pending, l)
	}
	return c.pending, nil
}

// separator picks the one among comma, tab and semicolon under which the
// first lines name most columns; comma when none does.
func separator(first []line) rune {
	best, most := ',', 0
	for _, comma := range ",\t;" {
		for _, l := range first {
			cells, err := parseRecord(l.text, comma)
			if err != nil {
				continue
			}
			for _, t := range tables {
				if n := t.known(cells); n > most {
					best, most = comma, n
				}
			}
		}
	}
	return best
}

func (c *csvRows) line() (line, error) {
	if len(c.pending) > 0 {
		l := c.pending[0]
		c.pending = c.pending[1:]
		return l, nil
	}
	return c.lines.next()
}

func (c *csvRows) Next() (Row, error) {
	first, err := c.line()
	if err != nil {
		return Row{}, err
	}
	c.number++
	row := Row{Number: c.number}
	if first.tooLong {
		row.Fault = "一行超过 1 MB"
		return row, nil
	}
	if countQuotes(first.text) == 0 { // the common case needs no parser
		row.Cells, row.Fault = plainRecord(first.text, c.comma)
		return row, nil
	}
	record, ahead, err := c.record(first)
	if err != nil {
		return Row{}, err
	}
	cells, bad := parseRecord(record, c.comma)
	switch {
	case bad != nil:
		if len(ahead) > 0 {
			c.pending = append(ahead, c.pending...)
		}
		row.Fault = "引号没有成对：有引号的内容要整个放在引号里，里面的引号写两个"
	case !utf8.Valid(record):
		row.Fault = faultCharacters
	default:
		row.Cells = cells
	}
	return row, nil
}

const faultCharacters = "含有无法识别的字符，请用 UTF-8 或 GB18030 编码保存"

// record joins lines until the quotes are even, which is where the record
// ends if it is well formed. ahead is the lines it took beyond the first.
func (c *csvRows) record(first line) (record []byte, ahead []line, err error) {
	record = bytes.Clone(first.text)
	for quotes := countQuotes(record); quotes%2 == 1; {
		l, err := c.line()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		ahead = append(ahead, l)
		if l.tooLong || len(record)+len(l.text) > maxRecord {
			break
		}
		quotes += countQuotes(l.text)
		record = append(append(record, '\n'), l.text...)
	}
	return record, ahead, nil
}

func countQuotes(text []byte) int { return bytes.Count(text, []byte{'"'}) }

func plainRecord(text []byte, comma rune) (cells []string, fault string) {
	if !utf8.Valid(text) {
		return nil, faultCharacters
	}
	if len(text) == 0 {
		return nil, ""
	}
	cells = strings.Split(string(text), string(comma))
	for i := range cells {
		cells[i] = unguard(cells[i])
	}
	return cells, ""
}

// parseRecord reads one record; it fails when its quotes are not as RFC 4180
// wants them or something follows it.
func parseRecord(record []byte, comma rune) ([]string, error) {
	reader := csv.NewReader(bytes.NewReader(record))
	reader.Comma, reader.FieldsPerRecord = comma, -1
	cells, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if _, err := reader.Read(); !errors.Is(err, io.EOF) {
		return nil, market.E(market.Invalid, "bad_record", "多于一行")
	}
	for i := range cells {
		cells[i] = unguard(cells[i])
	}
	return cells, nil
}
