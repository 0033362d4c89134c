package exchange

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"jishi/internal/market"
)

// Bounds of a workbook once unpacked.
const (
	maxUnzipped = 256 << 20 // bytes of all parts read
	maxInMemory = 16 << 20  // bytes of a sheet kept in memory; larger ones go through a temporary file
	maxPart     = 4 << 20   // bytes of a part that only describes others
	maxParts    = 10_000
	maxStrings  = 2_000_000
)

const (
	bookPart    = "xl/workbook.xml"
	relsPart    = "xl/_rels/workbook.xml.rels"
	stringsPart = "xl/sharedStrings.xml"
)

// book is a workbook's package and the sheet to read.
type book struct {
	parts map[string]*zip.File // by lower-case name with forward slashes
	sheet bookSheet
	path  string // of the sheet's part
}

type bookSheet struct {
	Name  string `xml:"name,attr"`
	State string `xml:"state,attr"`
	Rel   string `xml:"id,attr"`
}

type bookXML struct {
	Pr struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []bookSheet `xml:"sheets>sheet"`
}

type relsXML struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// readBook finds the first visible sheet of a workbook. Invalid when the
// archive is something else or too large.
func readBook(archive *zip.Reader) (*book, error) {
	b := &book{parts: make(map[string]*zip.File)}
	if len(archive.File) > maxParts {
		return nil, notATable("这个压缩包不是工作簿。请导入 .xlsx、.csv 或 .jsonl 文件。")
	}
	for _, f := range archive.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
		if _, twice := b.parts[name]; twice {
			return nil, damaged(errors.New("part twice: " + name))
		}
		b.parts[name] = f
	}
	if b.part(bookPart) == nil {
		return nil, notATable("这个文件不是 Excel 工作簿（.xlsx）。请在表格软件里另存为 .xlsx 再导入。")
	}
	return b, b.choose()
}

func (b *book) part(name string) *zip.File { return b.parts[strings.ToLower(name)] }

// choose sets the first visible sheet.
func (b *book) choose() error {
	var index bookXML
	var rels relsXML
	if err := errors.Join(b.decode(bookPart, &index), b.decode(relsPart, &rels)); err != nil {
		return damaged(err)
	}
	if index.Pr.Date1904 == "1" || index.Pr.Date1904 == "true" {
		return errDates1904
	}
	for _, sheet := range index.Sheets {
		if sheet.State == "hidden" || sheet.State == "veryHidden" {
			continue
		}
		for _, rel := range rels.All {
			if rel.ID == sheet.Rel {
				b.sheet, b.path = sheet, partPath(rel.Target)
			}
		}
		if b.part(b.path) != nil {
			return nil
		}
	}
	return market.E(market.Invalid, "no_sheet", "工作簿里没有可读的工作表。请检查后再导入。")
}

// partPath resolves a relation of the workbook to the name of a part.
func partPath(target string) string {
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join("xl", target)
}

// decode reads a small part.
func (b *book) decode(name string, into any) error {
	part := b.part(name)
	if part == nil {
		return errors.New("no part " + name)
	}
	if part.UncompressedSize64 > maxPart {
		return errors.New("oversized part " + name)
	}
	r, err := part.Open()
	if err != nil {
		return err
	}
	return errors.Join(xml.NewDecoder(r).Decode(into), r.Close())
}

// check proves that sheet and strings are whole, well-formed and within
// bounds, and counts the sheet's rows.
func (b *book) check() (rows int, err error) {
	sheet, stringsFile := b.part(b.path), b.part(stringsPart)
	unzipped := sheet.UncompressedSize64
	if stringsFile != nil {
		unzipped += stringsFile.UncompressedSize64
	}
	streamed := strings.HasPrefix(strings.ToLower(b.path), "xl/worksheets/sheet") // as the library decides
	if unzipped > maxUnzipped || (!streamed && sheet.UncompressedSize64 > maxInMemory) {
		return 0, market.E(market.TooLarge, "unzipped_too_large", "工作簿展开后太大，请分成几个文件导入。")
	}
	if stringsFile != nil {
		n, err := countElements(stringsFile, "si")
		if err != nil {
			return 0, damaged(err)
		}
		if n > maxStrings {
			return 0, market.E(market.TooLarge, "too_many_strings", "工作簿里的文字太多，请分成几个文件导入。")
		}
	}
	rows, err = countElements(sheet, "row")
	if err != nil {
		return 0, damaged(err)
	}
	return rows, nil
}

// countElements reads a part to its end and counts its elements of a name. It
// fails where the part's checksum or its XML does.
func countElements(part *zip.File, name string) (n int, err error) {
	r, err := part.Open()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	decoder := xml.NewDecoder(r)
	depth := 0
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			if depth != 0 {
				return n, io.ErrUnexpectedEOF
			}
			return n, nil
		}
		if err != nil {
			return n, err
		}
		switch element := token.(type) {
		case xml.StartElement:
			depth++
			if element.Name.Local == name {
				n++
			}
		case xml.EndElement:
			depth--
		}
	}
}

// copyParts writes the parts that the rows need, as they are packed.
func (b *book) copyParts(w io.Writer) error {
	out := zip.NewWriter(w)
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", bookPart, relsPart, stringsPart, b.path} {
		part := b.part(name)
		if part == nil {
			continue
		}
		if name != b.path && name != stringsPart && part.UncompressedSize64 > maxPart {
			return errors.New("oversized part " + name)
		}
		if err := out.Copy(part); err != nil {
			return err
		}
	}
	return out.Close()
}
