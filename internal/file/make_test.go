package file_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// Contents of every kind, made where they are needed: none is kept as a file.

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pdf is a document of one page with more objects in it.
func pdf(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" +
		"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n")
	for i, object := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", 4+i, object)
	}
	b.WriteString("trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n")
	return b.Bytes()
}

// stream is an object whose content is packed.
func stream(dictionary, content string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(content)) // to memory
	_ = w.Close()
	return fmt.Sprintf("<< %s /Filter /FlateDecode /Length %d >>\nstream\r\n%s\nendstream", dictionary, b.Len(), b.String())
}

func picture(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w {
		m.Set(i, i%h, color.RGBA{uint8(i), 120, 60, 255})
	}
	return m
}

func pngImage(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, png.Encode(&b, picture(40, 30)))
	return b.Bytes()
}

func jpegImage(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, picture(40, 30), nil))
	return b.Bytes()
}

// entry is a file in an archive.
type entry struct{ name, content string }

func archive(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.Create(e.name)
		must(t, err)
		_, err = f.Write([]byte(e.content))
		must(t, err)
	}
	must(t, w.Close())
	return b.Bytes()
}

const (
	contentTypes = `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"></Types>`
	relations    = `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
)

func docx(t testing.TB, more ...entry) []byte {
	t.Helper()
	return archive(t, append([]entry{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", fmt.Sprintf(relations, "")},
		{"word/document.xml", `<?xml version="1.0"?><w:document/>`},
	}, more...)...)
}

func xlsx(t testing.TB, more ...entry) []byte {
	t.Helper()
	return archive(t, append([]entry{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", fmt.Sprintf(relations, "")},
		{"xl/workbook.xml", `<?xml version="1.0"?><workbook/>`}, {"xl/worksheets/sheet1.xml", "<worksheet/>"},
	}, more...)...)
}

// edited is a copy of content in which old, which must be there, is new.
func edited(t testing.TB, content []byte, old, new string) []byte {
	t.Helper()
	if !bytes.Contains(content, []byte(old)) {
		t.Fatalf("no %q to edit", old)
	}
	return bytes.ReplaceAll(content, []byte(old), []byte(new))
}

// joined is contents one after another.
func joined(contents ...[]byte) []byte { return bytes.Join(contents, nil) }

// long is a text of n characters.
func long(n int) string { return strings.Repeat("名", n) }
