package file_test

import (
	"bytes"
	"errors"
	"path"
	"strings"
	"testing"

	"jishi/internal/file"
	"jishi/internal/market"
)

// FuzzContent looks at any bytes under any ending: it never panics, and what
// it refuses it refuses with one of two codes.
func FuzzContent(f *testing.F) {
	f.Add("a.pdf", pdf(stream("/Type /ObjStm", "1 0 << /S /GoTo >>")))
	f.Add("a.png", pngImage(f))
	f.Add("a.jpg", jpegImage(f))
	f.Add("a.docx", docx(f))
	f.Add("a.xlsx", xlsx(f))
	f.Add("a.zip", archive(f, entry{"a.txt", "x"}, entry{"b.pdf", string(pdf())}))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		_, err := file.Inspect(t.Context(), bytes.NewReader(content), int64(len(content)), strings.TrimPrefix(path.Ext(name), "."))
		var known *market.Error
		if err == nil {
			return
		}
		if !errors.As(err, &known) || known.Kind != market.Invalid {
			t.Fatalf("refused as %v", err)
		}
		switch known.Code {
		case "bad_file_type", "bad_file_content":
		default:
			t.Fatalf("refused as %v", err)
		}
	})
}
