package exchange

import (
	"bytes"
	"io"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

var (
	bomUTF8    = []byte("\xef\xbb\xbf")
	bomUTF16LE = []byte("\xff\xfe")
	bomUTF16BE = []byte("\xfe\xff")
)

func hasUTF16Mark(start []byte) bool {
	return bytes.HasPrefix(start, bomUTF16LE) || bytes.HasPrefix(start, bomUTF16BE)
}

// asUTF8 returns the file as UTF-8 without byte order mark. A file that is not
// valid UTF-8 is read as GB18030, which Chinese spreadsheets save; if it is
// not valid GB18030 either it is taken for UTF-8 with damaged places, which
// come through as they are and are reported row by row.
func asUTF8(r io.ReaderAt, size int64) io.Reader {
	whole := func() io.Reader { return io.NewSectionReader(r, 0, size) }
	start := make([]byte, min(size, 3))
	if n, _ := r.ReadAt(start, 0); n < len(start) {
		start = start[:n]
	}
	switch {
	case bytes.HasPrefix(start, bomUTF8):
		return io.NewSectionReader(r, int64(len(bomUTF8)), size-int64(len(bomUTF8)))
	case hasUTF16Mark(start):
		return transform.NewReader(whole(), unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	case valid(transform.NewReader(whole(), encoding.UTF8Validator)):
		return whole()
	}
	gb := func() io.Reader { return transform.NewReader(whole(), simplifiedchinese.GB18030.NewDecoder()) }
	if holds(gb(), "\uFFFD") {
		return whole()
	}
	return gb()
}

// valid reports whether r can be read to its end.
func valid(r io.Reader) bool {
	_, err := io.Copy(io.Discard, r)
	return err == nil
}

// holds reports whether mark occurs in r.
func holds(r io.Reader, mark string) bool {
	buf := make([]byte, 64<<10)
	kept := 0 // bytes of the last read that may begin a mark
	for {
		n, err := r.Read(buf[kept:])
		if bytes.Contains(buf[:kept+n], []byte(mark)) {
			return true
		}
		if err != nil {
			return false
		}
		tail := min(kept+n, len(mark)-1)
		copy(buf, buf[kept+n-tail:kept+n])
		kept = tail
	}
}
