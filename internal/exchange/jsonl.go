package exchange

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// jsonRows reads JSON lines: one object a line. A line that is none becomes a
// row with a Fault; the lines after it are read.
type jsonRows struct {
	lines *lines
	total int
}

func openJSONL(r io.ReaderAt, size int64) (Rows, error) {
	return &jsonRows{lines: newLines(asUTF8(r, size)), total: countLines(asUTF8(r, size))}, nil
}

func (j *jsonRows) Total() int   { return j.total }
func (j *jsonRows) Close() error { return nil }

func (j *jsonRows) Next() (Row, error) {
	for {
		line, err := j.lines.next()
		if err != nil {
			return Row{}, err
		}
		if len(bytes.TrimSpace(line.text)) > 0 || line.tooLong {
			return jsonRow(line), nil
		}
	}
}

func jsonRow(l line) Row {
	row := Row{Number: l.number, Names: []string{}}
	switch {
	case l.tooLong:
		row.Fault = "一行超过 " + strconv.Itoa(maxRecord>>20) + " MB"
	case !utf8.Valid(l.text):
		row.Fault = "含有无法识别的字符，请用 UTF-8 编码保存"
	default:
		row.Names, row.Cells, row.Fault = jsonCells(l.text)
	}
	return row
}

// jsonCells reads one object. Keys come in alphabetical order, so that the
// same object always makes the same row.
func jsonCells(text []byte) (names, cells []string, fault string) {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil || object == nil {
		return []string{}, nil, "不是一个 JSON 对象"
	}
	if _, err := decoder.Token(); err != io.EOF {
		return []string{}, nil, "一行里不止一个 JSON 对象"
	}
	names = make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		cell, ok := jsonCell(object[name])
		if !ok {
			return []string{}, nil, "“" + name + "”的值应是文字、数字、true/false 或文字的列表"
		}
		cells = append(cells, cell)
	}
	return names, cells, ""
}

// jsonCell writes a value the way a spreadsheet cell would hold it.
func jsonCell(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case []any:
		words := make([]string, 0, len(v))
		for _, item := range v {
			word, ok := item.(string)
			if !ok {
				return "", false
			}
			words = append(words, word)
		}
		return joinWords(words), true
	}
	return "", false
}
