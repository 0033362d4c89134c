package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// line is one line of a text file, without its line break.
type line struct {
	number  int // 1-based
	text    []byte
	tooLong bool // longer than maxRecord; text is empty
}

// lines reads a text file line by line, passing over lines that are too long.
type lines struct {
	r      *bufio.Reader
	number int
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, 64<<10)} }

// next returns io.EOF after the last line. The text is the caller's to keep.
func (l *lines) next() (line, error) {
	var text []byte
	tooLong, any := false, false
	for {
		part, err := l.r.ReadSlice('\n')
		any = any || len(part) > 0
		if len(text)+len(part) > maxRecord {
			text, tooLong = nil, true
		} else if !tooLong {
			text = append(text, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && !errors.Is(err, io.EOF):
			return line{}, damaged(err)
		case err != nil && !any:
			return line{}, io.EOF
		}
		l.number++
		text = bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
		return line{number: l.number, text: text, tooLong: tooLong}, nil
	}
}

// countLines counts the lines of a text, at the speed of reading it.
func countLines(r io.Reader) int {
	buf := make([]byte, 64<<10)
	n, last := 0, byte('\n')
	for {
		read, err := r.Read(buf)
		n += bytes.Count(buf[:read], []byte("\n"))
		if read > 0 {
			last = buf[read-1]
		}
		if err != nil {
			break
		}
	}
	if last != '\n' {
		n++
	}
	return n
}
