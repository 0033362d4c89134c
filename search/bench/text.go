package bench

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/go-json-experiment/json"

	"jishi/internal/market"
)

// Text is one listing of a corpus. Its number is its place in the corpus and
// what every system knows it by.
type Text struct {
	Number    int      `json:"n"`
	Title     string   `json:"title,omitempty"`
	Body      string   `json:"body"`
	Field     string   `json:"field"`
	Industry  string   `json:"industry"`
	Stage     string   `json:"stage"`
	Modes     []string `json:"modes"`
	Low       int64    `json:"low"` // 分; both 0 = negotiable
	High      int64    `json:"high"`
	Published int64    `json:"published"` // Unix milliseconds
}

// Whole is the text that is searched.
func (t *Text) Whole() string {
	if t.Title == "" {
		return t.Body
	}
	return t.Title + "\n" + t.Body
}

// achievement is the text as the marketplace holds it.
func (t *Text) achievement() *market.Achievement {
	a := &market.Achievement{Meta: market.Meta{ID: market.ID(fmt.Sprint(t.Number))}}
	a.Title, a.Summary, a.State = t.Title, t.Body, market.StatePublished
	a.Class.Field, a.Class.Industry, a.Modes = t.Field, t.Industry, t.Modes
	a.Maturity.Stage = t.Stage
	a.Price.Low, a.Price.High = market.Fen(t.Low), market.Fen(t.High)
	a.Published = time.UnixMilli(t.Published)
	return a
}

// The files of a corpus in its folder: one JSON object a line, and for each
// the eight bytes of where it begins, so that a text is read by number without
// holding any in memory.
const (
	textsFile  = "texts.jsonl"
	placesFile = "texts.places"
)

// Texts reads a corpus by number. It is not safe for concurrent use.
type Texts struct {
	lines, places *os.File
	count         int
}

// OpenTexts opens the corpus of a folder.
func OpenTexts(dir string) (*Texts, error) {
	lines, err := os.Open(filepath.Join(dir, textsFile))
	if err != nil {
		return nil, err
	}
	places, err := os.Open(filepath.Join(dir, placesFile))
	if err != nil {
		return nil, errors.Join(err, lines.Close())
	}
	info, err := places.Stat()
	if err != nil {
		return nil, errors.Join(err, lines.Close(), places.Close())
	}
	return &Texts{lines: lines, places: places, count: int(info.Size()/8) - 1}, nil
}

// Close closes the files.
func (t *Texts) Close() error { return errors.Join(t.lines.Close(), t.places.Close()) }

// Read returns the text of a number.
func (t *Texts) Read(number int) (*Text, error) {
	var place [16]byte
	if _, err := t.places.ReadAt(place[:], int64(number)*8); err != nil {
		return nil, err
	}
	from, to := int64(binary.LittleEndian.Uint64(place[:8])), int64(binary.LittleEndian.Uint64(place[8:]))
	line := make([]byte, to-from)
	if _, err := t.lines.ReadAt(line, from); err != nil {
		return nil, err
	}
	text := new(Text)
	return text, json.Unmarshal(line, text)
}

// all hands every text to do, in order.
func (t *Texts) all(do func(*Text) error) error {
	lines := bufio.NewScanner(io.NewSectionReader(t.lines, 0, 1<<62))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text := new(Text)
		if err := json.Unmarshal(lines.Bytes(), text); err != nil {
			return err
		}
		if err := do(text); err != nil {
			return err
		}
	}
	return lines.Err()
}

// writeTexts writes count texts, made one by one, as a corpus.
func writeTexts(dir string, count int, next func(number int) *Text) (err error) {
	lines, err := os.Create(filepath.Join(dir, textsFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lines.Close()) }()
	places, err := os.Create(filepath.Join(dir, placesFile))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, places.Close()) }()
	body, index, at := bufio.NewWriterSize(lines, 1<<20), bufio.NewWriter(places), uint64(0)
	for number := range count {
		line, err := json.Marshal(next(number))
		if err != nil {
			return err
		}
		index.Write(binary.LittleEndian.AppendUint64(nil, at)) // a bufio.Writer keeps its first error for Flush
		body.Write(append(line, '\n'))
		at += uint64(len(line)) + 1
	}
	index.Write(binary.LittleEndian.AppendUint64(nil, at))
	return errors.Join(body.Flush(), index.Flush())
}
