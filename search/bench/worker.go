package bench

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
)

// What a worker can be asked for.
const (
	opOpen   = "open"   // open the index and answer the query once
	opShort  = "short"  // one page with facet counts and highlights
	opMatch  = "match"  // the nearest texts to a demand
	opElite  = "elite"  // the same by a query of the best terms only; Xapian alone
	opPlain  = "plain"  // the texts of a page only, without facets and highlights; Xapian alone
	opSettle = "settle" // give back what memory can be given back
)

// pageSize and matchSize are how many texts a page and a match return.
const (
	pageSize  = 20
	matchSize = 50
	snippet   = 120 // characters
)

// request is one line to a worker, answer one line from it: the protocol is
// the same for ours and for those in other languages.
type request struct {
	Op    string   `json:"op"`
	Text  string   `json:"text"`
	Terms []string `json:"terms,omitempty"` // the text cut by us, for systems that do not cut themselves
	Limit int64    `json:"limit"`           // milliseconds
}

type answer struct {
	Found   []int  `json:"found"`   // numbers of texts, best first
	Total   int    `json:"total"`   // texts found; for open: texts in the index
	Micros  int64  `json:"us"`      // what the worker took
	Timeout bool   `json:"timeout"` // it did not end within the limit
	Error   string `json:"error"`
}

// server is an index that answers.
type server interface {
	// short returns the numbers of a page and how many texts there are in all.
	short(ctx context.Context, text string) ([]int, int, error)
	match(ctx context.Context, text string) ([]int, error)
	count(ctx context.Context) (int, error)
	Close() error
}

// engine is a system that runs in our own binary.
type engine struct {
	build func(ctx context.Context, dir string, texts *Texts, tick func(done int)) error
	open  func(dir string, texts *Texts) (server, error)
}

var engines = map[string]engine{
	Ours:   {build: buildOurs, open: openOurs},
	Bleve:  {open: openStock}, // its index is a copy of ours
	SQLite: {build: buildSQLite, open: openSQLite},
}

// Build indexes the corpus of a folder with one of our own engines and tells
// on out when all can be found: one line with the microseconds since begin.
func Build(ctx context.Context, system, corpus, dir string, out io.Writer) error {
	engine, known := engines[system]
	if !known || engine.build == nil {
		return fmt.Errorf("bench: %q builds no index", system)
	}
	texts, err := OpenTexts(corpus)
	if err != nil {
		return err
	}
	defer texts.Close()
	begin := time.Now()
	err = engine.build(ctx, dir, texts, func(done int) { fmt.Fprintf(out, "{\"total\":%d}\n", done) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "{\"total\":%d,\"us\":%d}\n", texts.count, time.Since(begin).Microseconds())
	return errors.Join(err, settled(ctx, dir))
}

// Serve answers requests, a JSON object a line, until in ends.
func Serve(ctx context.Context, system, corpus, dir string, in io.Reader, out io.Writer) error {
	engine, known := engines[system]
	if !known {
		return fmt.Errorf("bench: no system %q", system)
	}
	texts, err := OpenTexts(corpus)
	if err != nil {
		return err
	}
	defer texts.Close()
	w := worker{open: func() (server, error) { return engine.open(dir, texts) }}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return err
		}
		line, err := json.Marshal(w.answer(ctx, r))
		if err != nil {
			return err
		}
		if _, err := out.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	if w.server != nil {
		return errors.Join(lines.Err(), w.server.Close())
	}
	return lines.Err()
}

// worker holds what a serving process has open.
type worker struct {
	open   func() (server, error)
	server server
}

func (w *worker) answer(ctx context.Context, r request) answer {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(r.Limit)*time.Millisecond)
	defer cancel()
	begin := time.Now()
	a, err := w.do(ctx, r)
	a.Micros = time.Since(begin).Microseconds()
	switch {
	case ctx.Err() != nil:
		a.Timeout = true
	case err != nil:
		a.Error = err.Error()
	}
	return a
}

func (w *worker) do(ctx context.Context, r request) (a answer, err error) {
	switch r.Op {
	case opOpen:
		if w.server, err = w.open(); err != nil {
			return a, err
		}
		if _, _, err = w.server.short(ctx, r.Text); err != nil {
			return a, err
		}
		a.Total, err = w.server.count(ctx)
	case opShort:
		a.Found, a.Total, err = w.server.short(ctx, r.Text)
	case opMatch:
		a.Found, err = w.server.match(ctx, r.Text)
	case opSettle:
		release()
	default:
		err = fmt.Errorf("bench: no op %q", r.Op)
	}
	return a, err
}
