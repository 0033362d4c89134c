// Package sqlite keeps collections in one SQLite file: one table per
// collection, holding each document as BSON beside one column per indexed
// field. Several processes may open the same file.
//
// Writes go through one goroutine that puts all waiting writes into one
// transaction, so that they share its fsync. Each transaction has a time of its
// own, later than every transaction before it in any process; that is what lets
// Changes promise that it misses nothing.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"jishi/internal/market"
	"jishi/internal/store"
)

// openPatience bounds how long Open waits for another process that is opening
// or recovering the same file.
const openPatience = 10 * time.Second

// Engine is one open file. It is safe for use by many goroutines.
type Engine struct {
	readers *sql.DB
	writer  *writer

	mu     sync.Mutex // guards tables and serializes changes of the schema
	tables map[string]*table
}

var _ store.Engine = (*Engine)(nil)

// Open opens the file at path, making it if it is not there, for its owner
// only; its folder must exist. now is the clock of CreatedAt and ChangedAt.
func Open(path string, now func() time.Time) (*Engine, error) {
	path, err := makeFile(path)
	if err != nil {
		return nil, market.Wrap(market.Unavailable, err, "store_io", "数据文件打不开，请检查路径和权限。")
	}
	writer, err := openWriter(path, now)
	if err != nil {
		return nil, err
	}
	readers, err := sql.Open("sqlite", address(path, "busy_timeout(5000)", "query_only(1)", "cache_size(-8000)"))
	if err != nil {
		return nil, errors.Join(failure(err), writer.close())
	}
	conns := max(4, runtime.GOMAXPROCS(0))
	readers.SetMaxOpenConns(conns)
	readers.SetMaxIdleConns(conns)
	return &Engine{readers: readers, writer: writer, tables: make(map[string]*table)}, nil
}

// makeFile makes sure that a file is at path and returns its absolute path.
// SQLite would make one that everybody can read. A file that is there is left
// alone: closing it here would end the locks of an engine that has it open.
func makeFile(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return path, nil
	}
	if err != nil {
		return "", err
	}
	return path, file.Close()
}

// address is the data source name of path with pragmas that each connection runs.
func address(path string, pragmas ...string) string {
	var b strings.Builder
	b.WriteString("file:")
	b.WriteString((&url.URL{Path: filepath.ToSlash(path)}).EscapedPath())
	for i, pragma := range pragmas {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString("_pragma=" + pragma)
	}
	return b.String()
}

// Table implements store.Engine. It adds the columns and indexes that an older
// file lacks and fills them from the documents. Asking again with another spec
// of the same name is an Internal error. Processes that share a file must
// declare the same specs.
func (e *Engine) Table(ctx context.Context, spec store.Spec) (store.Table, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if t, ok := e.tables[spec.Name]; ok {
		if !reflect.DeepEqual(t.spec, spec) {
			return nil, market.E(market.Internal, "spec_differs", "同一个集合有两种声明。")
		}
		return t, nil
	}
	t, err := e.openTable(ctx, spec)
	if err != nil {
		return nil, err
	}
	e.tables[spec.Name] = t
	return t, nil
}

// Ping implements store.Engine.
func (e *Engine) Ping(ctx context.Context) error {
	var last int64
	return failure(e.readers.QueryRowContext(ctx, "SELECT last FROM _meta").Scan(&last))
}

// Close lets the queued writes finish, refuses new ones as Unavailable and
// closes the file. Closing twice is harmless.
func (e *Engine) Close() error {
	e.writer.drain()
	// The last connection to close moves the log into the file, and a reader may not.
	return errors.Join(e.readers.Close(), e.writer.close())
}
