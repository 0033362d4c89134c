package file_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image/jpeg"
	"strings"
	"testing"

	"jishi/internal/market"
)

// hostile is an upload that must not be taken.
type hostile struct {
	what, name string
	content    []byte
	code       string // "" = bad_file_content
}

// TestHostileFiles uploads what must not be taken: nothing is stored, nothing
// is charged, and the answer says what to do.
func TestHostileFiles(t *testing.T) {
	w := newWorld(t, 0)
	all := append(append(append(hostileNames(), hostileImages(t)...), hostilePDFs(t)...), append(hostileArchives(t), hostileOffice(t)...)...)
	for _, h := range all {
		t.Run(h.what, func(t *testing.T) {
			if h.code == "" {
				h.code = "bad_file_content"
			}
			_, err := w.files.Upload(t.Context(), member, h.name, bytes.NewReader(h.content))
			var known *market.Error
			if !errors.As(err, &known) || known.Code != h.code || known.Message == "" {
				t.Errorf("Upload(%q) = %v, want %s", h.name, err, h.code)
			}
			if err := w.files.Check(t.Context(), h.name, h.content); !errors.As(err, &known) || known.Code != h.code {
				t.Errorf("Check(%q) = %v, want %s", h.name, err, h.code)
			}
		})
	}
	if docs, blobs := w.docCount(), w.blobCount(); docs != 0 || blobs != 0 {
		t.Errorf("%d files and %d contents were stored", docs, blobs)
	}
	if used, _, err := w.files.Use(t.Context(), member); err != nil || used != 0 {
		t.Errorf("%d bytes charged, %v", used, err)
	}
	if len(all) < 70 {
		t.Errorf("only %d hostile files", len(all))
	}
	t.Logf("%d hostile files, 0 stored", len(all))
}

func hostileNames() []hostile {
	good := pdf()
	return []hostile{
		{"name turns the reading direction", "invoice\u202efdp.exe.pdf", good, "bad_file_name"},
		{"name isolates a direction", "a\u2066b\u2069.pdf", good, "bad_file_name"},
		{"name with a character of no width", "a\u200b.pdf", good, "bad_file_name"},
		{"name with NUL before another ending", "a.exe\x00.pdf", good, "bad_file_name"},
		{"name with a line end", "a\r\nSet-Cookie: x=y.pdf", good, "bad_file_name"},
		{"name with a line separator", "a\u2028b.pdf", good, "bad_file_name"},
		{"name in GBK", "\xb1\xa8\xb8\xe6.pdf", good, "bad_file_name"},
		{"name in overlong UTF-8", "a\xc0\xae\xc0\xae/b.pdf", good, "bad_file_name"},
		{"no name", "", good, "bad_file_type"},
		{"no ending", "报告", good, "bad_file_type"},
		{"folders only", "../../", good, "bad_file_type"},
		{"ending of a program", "a.pdf.exe", good, "bad_file_type"},
		{"ending behind a stream", "a.exe::$DATA", good, "bad_file_type"},
		{"ending in Cyrillic", "a.рdf", good, "bad_file_type"},
		{"page", "a.html", []byte("<script>alert(1)</script>"), "bad_file_type"},
		{"drawing", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "bad_file_type"},
		{"program as pdf", "a.pdf", []byte("MZ\x90\x00" + strings.Repeat("\x00", 200)), "bad_file_type"},
		{"script as pdf", "a.pdf", []byte("#!/bin/sh\nrm -rf /\n"), "bad_file_type"},
		{"page as png", "a.png", []byte("<html><script>alert(1)</script></html>"), "bad_file_type"},
		{"drawing as png", "a.png", []byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "bad_file_type"},
		{"pdf as png", "a.png", good, "bad_file_type"},
		{"gzip as zip", "a.zip", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00"), "bad_file_type"},
		{"rar as zip", "a.zip", []byte("Rar!\x1a\x07\x00" + strings.Repeat("x", 50)), "bad_file_type"},
		{"old office format as docx", "a.docx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), "bad_file_type"},
		{"nothing", "a.pdf", nil, ""},
		{"zeros", "a.pdf", make([]byte, 5000), "bad_file_type"},
	}
}

func hostileImages(t *testing.T) []hostile {
	p, j := pngImage(t), jpegImage(t)
	a := archive(t, entry{"a.txt", "x"})
	comment := joined([]byte("\xff\xfe"), binary.BigEndian.AppendUint16(nil, uint16(len(a)+2)), a)
	return []hostile{
		{"png with an archive behind", "a.png", joined(p, a), ""},
		{"png with a page behind", "a.png", joined(p, []byte("<script>alert(1)</script>")), ""},
		{"png cut short", "a.png", p[:len(p)-6], ""},
		{"png of its head alone", "a.png", p[:8], ""},
		{"png with a wrong checksum", "a.png", flip(p, len(p)-20), ""},
		{"png of huge size", "a.png", pngOfSize(100_000, 100_000), ""},
		{"png of no size", "a.png", pngOfSize(0, 10), ""},
		{"png of many pixels", "a.png", pngOfSize(20_000, 20_000), ""},
		{"png with a page before", "a.png", joined([]byte("<html>"), p), "bad_file_type"},
		{"jpeg with an archive behind", "a.jpg", joined(j, a), ""},
		{"jpeg with a page behind", "a.jpg", joined(j, []byte("<?php system($_GET[0]); ?>")), ""},
		{"jpeg with an archive in a comment to its end", "a.jpg", zipInComment(t, j), ""},
		{"jpeg cut short", "a.jpg", j[:len(j)-2], ""},
		{"jpeg of its head alone", "a.jpg", j[:4], ""},
		{"jpeg of nine pictures", "a.jpg", bytes.Repeat(j, 9), ""},
		{"jpeg as png", "a.png", j, "bad_file_type"},
		{"jpeg whose comment is longer than it", "a.jpg", joined(j[:2], comment[:4], j[2:]), ""},
	}
}

// flip is content with one bit changed.
func flip(content []byte, at int) []byte {
	changed := bytes.Clone(content)
	changed[at] ^= 1
	return changed
}

// pngOfSize is an image that says it is of a size, and holds no line of it.
func pngOfSize(w, h uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		body := append([]byte(kind), data...)
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return joined([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 0, 0, 0, 0)), chunk("IEND", nil))
}

// zipInComment is an image that is an archive too: the archive lies in a
// comment of the image, the image's rest in the comment of the archive.
func zipInComment(t *testing.T, j []byte) []byte {
	t.Helper()
	rest := j[2:]
	var b bytes.Buffer
	b.Write(j[:2])
	w := zip.NewWriter(&b)
	f, err := w.Create("a.txt")
	must(t, err)
	_, err = f.Write([]byte("x"))
	must(t, err)
	must(t, w.SetComment(string(rest)))
	must(t, w.Close())
	inside := b.Bytes()[2 : b.Len()-len(rest)]
	polyglot := joined(j[:2], []byte("\xff\xfe"), binary.BigEndian.AppendUint16(nil, uint16(len(inside)+2)), inside, rest)
	if _, err := jpeg.DecodeConfig(bytes.NewReader(polyglot)); err != nil {
		t.Fatalf("the polyglot is no image: %v", err)
	}
	if z, err := zip.NewReader(bytes.NewReader(polyglot), int64(len(polyglot))); err != nil || len(z.File) != 1 {
		t.Fatalf("the polyglot is no archive: %v", err)
	}
	return polyglot
}

func hostilePDFs(t *testing.T) []hostile {
	good := pdf()
	return []hostile{
		{"pdf with a script", "a.pdf", pdf("<< /S /JavaScript /JS (app.alert(1)) >>"), ""},
		{"pdf with a script, letters written as numbers", "a.pdf", pdf("<< /S /J#61v#61Script /JS (app.alert(1)) >>"), ""},
		{"pdf with a script in packed objects", "a.pdf", pdf(stream("/Type /ObjStm /N 1 /First 4", "9 0 << /S /JavaScript /JS (1) >>")), ""},
		{"pdf with a script in packed objects that do not say so", "a.pdf", pdf(stream("", "9 0 << /S /JavaScript /JS (1) >>")), ""},
		{"pdf with a script among names", "a.pdf", pdf("<< /Names << /JavaScript 5 0 R >> >>"), ""},
		{"pdf that starts a program", "a.pdf", pdf("<< /S /Launch /F (cmd.exe) >>"), ""},
		{"pdf with a file inside", "a.pdf", pdf("<< /Type /EmbeddedFile >>"), ""},
		{"pdf with files inside, by name", "a.pdf", pdf("<< /Names << /EmbeddedFiles 5 0 R >> >>"), ""},
		{"pdf with a dynamic form", "a.pdf", pdf("<< /AcroForm << /XFA [(a) 5 0 R] >> >>"), ""},
		{"pdf with rich media", "a.pdf", pdf("<< /Subtype /RichMedia >>"), ""},
		{"pdf under a password", "a.pdf", pdf("<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length 20 >>\nstream\n\x07\x13secretsecretsecret\nendstream"), ""},
		{"pdf with a page before", "a.pdf", joined([]byte("<html><script>alert(1)</script>\n"), good), ""},
		{"pdf with white space before", "a.pdf", joined([]byte("\n\n"), good), ""},
		{"pdf with a page in its head", "a.pdf", edited(t, good, "%\xe2\xe3\xcf\xd3", "%<script>alert(1)</script>"), ""},
		{"pdf with an archive behind", "a.pdf", joined(good, archive(t, entry{"a.txt", "x"})), ""},
		{"pdf with a program behind", "a.pdf", joined(good, []byte("MZ\x90\x00")), ""},
		{"pdf with an archive before its end", "a.pdf", joined(good[:len(good)-6], archive(t, entry{"a.txt", "%%EOF"}), []byte("%%EOF\n")), ""},
		{"pdf without end", "a.pdf", good[:len(good)-7], ""},
		{"pdf of its head alone", "a.pdf", []byte("%PDF-1.7\n"), ""},
		{"pdf of another version", "a.pdf", edited(t, good, "%PDF-1.7", "%PDF-9.9"), ""},
		{"pdf that unpacks to too much", "a.pdf", pdf(stream("/Type /ObjStm", "1 0 "+strings.Repeat("0 ", 3<<20))), ""},
	}
}
