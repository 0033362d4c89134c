package exchange

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"jishi/internal/market"
)

// readAll opens a file and returns its rows until the first error.
func readAll(data []byte) ([]Row, error) {
	rows, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Row
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, row)
	}
}

// cellsOf returns the cells of rows, with the fault in place of cells.
func cellsOf(rows []Row) [][]string {
	var all [][]string
	for _, r := range rows {
		if r.Fault != "" {
			all = append(all, []string{"!" + r.Fault})
			continue
		}
		all = append(all, r.Cells)
	}
	return all
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		code string
	}{
		{"nothing", nil, "not_a_table"},
		{"only a byte order mark", bomUTF8, "not_a_table"},
		{"only white space", []byte(" \r\n\t\n"), "not_a_table"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), "not_a_table"},
		{"an old workbook", append(bytes.Clone(oleMagic), make([]byte, 600)...), "not_a_table"},
		{"a JSON array", []byte(`[{"title":"a"}]`), "not_a_table"},
		{"a cut archive", []byte("PK\x03\x04 and no more"), "file_damaged"},
		{"an archive that is no workbook", workbook(t, "", map[string]string{bookPart: ""}), "not_a_table"},
		{"a workbook whose index is torn", workbook(t, "", map[string]string{bookPart: "<workbook><sheets>"}), "file_damaged"},
		{"a workbook without relations", workbook(t, "", map[string]string{relsPart: ""}), "file_damaged"},
		{"a workbook whose sheet is away", workbook(t, "", map[string]string{"xl/worksheets/sheet1.xml": ""}), "no_sheet"},
		{"a sheet cut short", workbook(t, "", map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v>"}), "file_damaged"},
		{"a sheet torn in the middle", workbook(t, `<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>&nope;</v></c></row>`, nil), "file_damaged"},
		{"a control character in the sheet", workbook(t, "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>a\x0bb</v></c></row>", nil), "file_damaged"},
		{"torn strings", workbook(t, "", map[string]string{stringsPart: "<sst><si><t>"}), "file_damaged"},
		{"other epoch", workbook(t, "", map[string]string{bookPart: `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`}), "dates_1904"},
		{"only hidden sheets", workbook(t, "", map[string]string{bookPart: `<workbook xmlns:r="r"><sheets><sheet name="a" state="hidden" r:id="rId1"/></sheets></workbook>`}), "no_sheet"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := readAll(tt.data)
			var e *market.Error
			if !errors.As(err, &e) || e.Code != tt.code || !strings.HasSuffix(e.Message, "。") {
				t.Errorf("rows %v, error %v; want code %s and a sentence", rows, err, tt.code)
			}
		})
	}
}

func TestOpenRefusesLargeFiles(t *testing.T) {
	_, err := Open(bytes.NewReader(nil), MaxFile+1)
	if codeOf(err) != "file_too_large" {
		t.Errorf("Open = %v", err)
	}
}

func TestReadCSV(t *testing.T) {
	tests := []struct {
		name, text string
		want       [][]string
	}{
		{"plain", "title,summary\n甲,乙\n", [][]string{{"title", "summary"}, {"甲", "乙"}}},
		{"no line break at the end", "title\n甲", [][]string{{"title"}, {"甲"}}},
		{"CRLF and quotes", "title,summary\r\n\"甲,\"\"乙\"\"\",丙\r\n", [][]string{{"title", "summary"}, {`甲,"乙"`, "丙"}}},
		{"line break in quotes", "title,summary\n\"甲\n乙\",丙\n丁,戊\n", [][]string{{"title", "summary"}, {"甲\n乙", "丙"}, {"丁", "戊"}}},
		{"tabs", "成果名称\t成果简介\n甲,乙\t丙\n", [][]string{{"成果名称", "成果简介"}, {"甲,乙", "丙"}}},
		{"semicolons under a title with commas", "一,二,三\n名称;简介\n甲;乙\n", [][]string{{"一,二,三"}, {"名称", "简介"}, {"甲", "乙"}}},
		{"lists do not make the separator", "title,summary\n甲,a;b;c;d\n", [][]string{{"title", "summary"}, {"甲", "a;b;c;d"}}},
		{"mixed widths", "title,summary\n甲\n乙,丙,丁\n", [][]string{{"title", "summary"}, {"甲"}, {"乙", "丙", "丁"}}},
		{"blank line keeps its number", "title,summary\n\n甲,乙\n", [][]string{{"title", "summary"}, nil, {"甲", "乙"}}},
		{"guarded", "title\n'=1\n'普通\n", [][]string{{"title"}, {"=1"}, {"'普通"}}},
		{"open quote spoils one row", "title,summary\n甲,\"乙\n丙,丁\n戊,己\n", [][]string{{"title", "summary"}, {"!引号"}, {"丙", "丁"}, {"戊", "己"}}},
		{"two open quotes", "title,summary\n甲,\"乙\n丙,\"丁\n戊,己\n", [][]string{{"title", "summary"}, {"!引号"}, {"!引号"}, {"戊", "己"}}},
		{"quote inside a word", "title,summary\n6\" 管,乙\n丙,丁\n", [][]string{{"title", "summary"}, {"!引号"}, {"丙", "丁"}}},
		{"even quotes in the wrong place", "title,summary\na\"b\"c,乙\n丙,丁\n", [][]string{{"title", "summary"}, {"!引号"}, {"丙", "丁"}}},
	}
	for _, tt := range tests {
		for charset, data := range encodings(t, tt.text) {
			t.Run(tt.name+" "+charset, func(t *testing.T) {
				rows, err := readAll(data)
				if got := cellsOf(rows); err != nil || !sameRows(got, tt.want) {
					t.Errorf("rows %q, %v; want %q", got, err, tt.want)
				}
			})
		}
	}
}

// sameRows compares rows; a wanted fault need only be the beginning.
func sameRows(got, want [][]string) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		if len(want[i]) == 1 && strings.HasPrefix(want[i][0], "!") {
			if len(got[i]) != 1 || !strings.HasPrefix(got[i][0], want[i][0]) {
				return false
			}
		} else if len(got[i])+len(want[i]) > 0 && !reflect.DeepEqual(got[i], want[i]) {
			return false
		}
	}
	return true
}

// encodings returns a text as each charset a CSV file may come in.
func encodings(t *testing.T, text string) map[string][]byte {
	t.Helper()
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{"UTF-8": []byte(text), "UTF-8 with BOM": append(bytes.Clone(bomUTF8), text...), "GB18030": gb, "UTF-16": utf16}
}

func TestDamagedCharactersSpoilOneRow(t *testing.T) {
	for name, start := range map[string]string{"plain": "", "with BOM": string(bomUTF8)} {
		t.Run(name, func(t *testing.T) {
			rows, err := readAll([]byte(start + "title,summary\n甲,乙\n丙\xff\xff,丁\n\"戊\xff\",己\n庚,辛\n"))
			want := [][]string{{"title", "summary"}, {"甲", "乙"}, {"!含有无法识别"}, {"!含有无法识别"}, {"庚", "辛"}}
			if err != nil || !sameRows(cellsOf(rows), want) {
				t.Errorf("rows %q, %v", cellsOf(rows), err)
			}
		})
	}
}

func TestLongRecordsSpoilOneRow(t *testing.T) {
	long := strings.Repeat("长", maxRecord/3+1)
	rows, err := readAll([]byte("title,summary\n" + long + ",乙\n丙,丁\n"))
	if want := [][]string{{"title", "summary"}, {"!一行超过"}, {"丙", "丁"}}; err != nil || !sameRows(cellsOf(rows), want) {
		t.Errorf("csv: %d rows, %v", len(rows), err)
	}
	rows, err = readAll([]byte(`{"title":"甲"}` + "\n" + `{"title":"` + long + `"}` + "\n" + `{"title":"丙"}`))
	if want := [][]string{{"甲"}, {"!一行超过"}, {"丙"}}; err != nil || !sameRows(cellsOf(rows), want) {
		t.Errorf("jsonl: %d rows, %v", len(rows), err)
	}
}

// TestUnclosedQuotesAreRead proves that a file full of odd quotes is read in
// time that grows with its size only.
func TestUnclosedQuotesAreRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("title,summary\n\"")
	for range 100_000 {
		b.WriteString("a\"b\"c,d\n")
	}
	rows, err := readAll([]byte(b.String()))
	if err != nil || len(rows) != 100_001 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

func TestReadJSONL(t *testing.T) {
	tests := []struct {
		name, text string
		want       [][]string
		names      []string // of the first row
	}{
		{"values", `{"title":"甲","trl":7,"anonymous":true,"price":1.50,"source":null}`, [][]string{{"true", "1.50", "", "甲", "7"}}, []string{"anonymous", "price", "source", "title", "trl"}},
		{"list", `{"keywords":["一、二","三"]}`, [][]string{{`一\、二；三`}}, []string{"keywords"}},
		{"blank lines", "\n {\"title\":\"甲\"}\n\n{\"title\":\"乙\"}\n", [][]string{{"甲"}, {"乙"}}, []string{"title"}},
		{"bad lines spoil themselves", "{\"title\":\"甲\"}\n{\"title\":\n[1]\nnull\n{\"a\":{}}\n{\"a\":[1]}\n{} {}\n{\"title\":\"乙\"}", [][]string{{"甲"}, {"!不是"}, {"!不是"}, {"!不是"}, {"!“a”"}, {"!“a”"}, {"!一行里不止"}, {"乙"}}, []string{"title"}},
		{"large numbers keep their digits", `{"total_fen":1234567890123456789}`, [][]string{{"1234567890123456789"}}, []string{"total_fen"}},
		{"text is not a formula", `{"title":"'=1"}`, [][]string{{"'=1"}}, []string{"title"}},
		{"not UTF-8 anywhere", "{\"title\":\"甲\"}\n{\"title\":\"\xff\xff\"}", [][]string{{"甲"}, {"!含有"}}, []string{"title"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := readAll([]byte(tt.text))
			if got := cellsOf(rows); err != nil || !sameRows(got, tt.want) {
				t.Fatalf("rows %q, %v; want %q", got, err, tt.want)
			}
			if !reflect.DeepEqual(rows[0].Names, tt.names) {
				t.Errorf("names %q, want %q", rows[0].Names, tt.names)
			}
		})
	}
}

func TestReadXLSX(t *testing.T) {
	sst := `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r></si></sst>`
	rels := `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>`
	tests := []struct {
		name, sheet string
		want        [][]string
	}{
		{"shared strings", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>`, [][]string{{"甲", "乙丙"}}},
		{"inline strings", `<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c></row>`, [][]string{{"甲"}}},
		{"gaps", `<row r="2"><c r="C2"><v>1</v></c></row>`, [][]string{nil, {"", "", "1"}}},
		{"no references", `<row><c><v>1</v></c><c><v>2</v></c></row>`, [][]string{{"1", "2"}}},
		{"numbers as spreadsheets store them", `<row r="1"><c r="A1"><v>0.97999999999999998</v></c><c r="B1"><v>1.3812345678E10</v></c><c r="C1"><v>1001.0</v></c></row>`, [][]string{{"0.98", "13812345678", "1001"}}},
		{"a styled day is its serial number", `<row r="1"><c r="A1" s="5"><v>46112</v></c></row>`, [][]string{{"46112"}}},
		{"formula: the value last computed", `<row r="1"><c r="A1"><f>1+1</f><v>3</v></c><c r="B1" t="str"><f>HYPERLINK("x")</f><v>甲</v></c><c r="C1"><f>NOW()</f></c></row>`, [][]string{{"3", "甲", ""}}},
		{"truth and errors", `<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#N/A</v></c></row>`, [][]string{{"TRUE", "#N/A"}}},
		{"a string that is not there", `<row r="1"><c r="A1" t="s"><v>99</v></c><c r="B1"><v>1</v></c></row>`, [][]string{{"", "1"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, err := readAll(workbook(t, tt.sheet, map[string]string{stringsPart: sst, relsPart: rels}))
			if got := cellsOf(rows); err != nil || !sameRows(got, tt.want) {
				t.Errorf("rows %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestHostileWorkbooks(t *testing.T) {
	const sheet = "xl/worksheets/sheet1.xml"
	rows := "<worksheet><sheetData>" + strings.Repeat("<row><c><v>1</v></c></row>", 1000) + "</sheetData></worksheet>"
	true64 := uint64(len(rows))
	tests := []struct {
		name  string
		parts map[string]string
		raw   rawPart
		code  string
		rows  int
	}{
		{"an honest sheet", map[string]string{sheet: ""}, rawPart{sheet, rows, true64, false}, "", 1000},
		{"a sheet that unpacks to more than we take", map[string]string{sheet: ""}, rawPart{sheet, rows, maxUnzipped + 1, false}, "unzipped_too_large", 0},
		{"a sheet that unpacks to more than it says", map[string]string{sheet: ""}, rawPart{sheet, rows, 100, false}, "file_damaged", 0},
		{"a sheet that unpacks to less than it says", map[string]string{sheet: ""}, rawPart{sheet, rows, true64 + 1, false}, "file_damaged", 0},
		{"a sheet whose packing is torn", map[string]string{sheet: ""}, rawPart{sheet, rows, true64, true}, "file_damaged", 0},
		{"styles of any size are never unpacked", nil, rawPart{"xl/styles.xml", "", maxUnzipped + 1, true}, "", 1},
		{"an oversized index", map[string]string{relsPart: ""}, rawPart{relsPart, "<Relationships/>", maxPart + 1, false}, "file_damaged", 0},
		{"an oversized list of contents", map[string]string{"[Content_Types].xml": ""}, rawPart{"[Content_Types].xml", "<Types/>", maxPart + 1, false}, "file_damaged", 0},
		{"a part twice", nil, rawPart{"XL/workbook.xml", "<workbook/>", 11, false}, "file_damaged", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readAll(workbook(t, `<row r="1"><c r="A1"><v>1</v></c></row>`, tt.parts, tt.raw))
			if codeOf(err) != tt.code || len(got) != tt.rows {
				t.Errorf("%d rows, %v; want %d and code %q", len(got), err, tt.rows, tt.code)
			}
		})
	}
}
