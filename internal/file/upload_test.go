package file_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"testing"

	"github.com/xuri/excelize/v2"

	"jishi/internal/market"
)

// goodFiles is what people upload, of every kind.
func goodFiles(t *testing.T) map[string][]byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	must(t, book.SetCellStr("Sheet1", "A1", "金额"))
	must(t, book.AddChart("Sheet1", "C1", &excelize.Chart{Type: excelize.Col, Series: []excelize.ChartSeries{{Name: "Sheet1!$A$1", Values: "Sheet1!$A$1:$A$2"}}}))
	workbook, err := book.WriteToBuffer()
	must(t, err)
	return map[string][]byte{
		"报告.pdf":     pdf(),
		"版面.pdf":     pdf(stream("", "BT /F1 12 Tf (text) Tj ET"), stream("/Type /ObjStm /N 1 /First 4", "9 0 << /Type /Font >>")),
		"大写.PDF":     joined(pdf(), []byte("\r\n\x00\x00")),
		"图.png":      pngImage(t),
		"照片.jpg":     jpegImage(t),
		"手机.jpeg":    joined(jpegImage(t), make([]byte, 20), jpegImage(t)),
		"合同.docx":    docx(t, entry{"word/embeddings/oleObject1.bin", "\xd0\xcf\x11\xe0 Equation"}, entry{"word/_rels/document.xml.rels", fmt.Sprintf(relations, `<Relationship Type="http://x/hyperlink" Target="http://example.com" TargetMode="External"/>`)}),
		"内嵌.docx":    docx(t, entry{"word/embeddings/Microsoft_Excel_Sheet1.xlsx", string(xlsx(t))}),
		"表.xlsx":     workbook.Bytes(),
		"空表.xlsx":    xlsx(t),
		"材料.zip":     archive(t, entry{"一/报告.pdf", string(pdf())}, entry{"二.png", string(pngImage(t))}, entry{"说明.txt", "说明\r\n"}, entry{"表.xlsx", string(xlsx(t))}),
		"mac.zip":    archive(t, entry{"报告.pdf", string(pdf())}, entry{"__MACOSX/._报告.pdf", "\x00\x05\x16\x07\x00\x02"}, entry{".DS_Store", "\x00\x00\x00\x01Bud1"}),
		"gbk.zip":    archive(t, entry{"\xb1\xa8\xb8\xe6.txt", "\xb1\xa8\xb8\xe6"}),
		"a.b.c.pdf ": pdf(),
	}
}

// TestGoodFiles takes in what people upload and gives the same bytes out.
func TestGoodFiles(t *testing.T) {
	w := newWorld(t, 0)
	files := goodFiles(t)
	for name, content := range files {
		t.Run(name, func(t *testing.T) {
			w := &world{T: t, files: w.files, docs: w.docs}
			f := w.upload(member, name, content)
			sum := sha256.Sum256(content)
			if f.Hash != hex.EncodeToString(sum[:]) || f.Size != int64(len(content)) || !market.FileTypes.Has(f.Type) {
				t.Errorf("file %+v", f)
			}
			if f.Owner != member.Org || f.User != member.User || len(f.History) != 1 || f.History[0].Action != market.ActUpload {
				t.Errorf("owner %s, user %s, history %+v", f.Owner, f.User, f.History)
			}
			_, stored, err := w.files.Open(t.Context(), colleague, f.ID)
			must(t, err)
			defer stored.Close()
			if got, err := io.ReadAll(stored); err != nil || !bytes.Equal(got, content) {
				t.Errorf("read %d bytes, %v, want %d", len(got), err, len(content))
			}
		})
	}
	if got := w.docCount(); got != len(files) {
		t.Errorf("%d files are known, want %d", got, len(files))
	}
}
