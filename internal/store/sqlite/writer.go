package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

const queueLength = 2 * batchWrites

// What has become of a write: only a queued one can be given up.
const (
	queued int32 = iota
	taken
	dropped
)

// write is one statement that waits for a transaction.
type write struct {
	run   func(at int64) error // verdicts are *market.Error; any other error fails the transaction
	size  int                  // bytes of the body
	state atomic.Int32
	at    int64 // the transaction's time, milliseconds; set before done is closed
	err   error // set before done is closed
	done  chan struct{}
}

// writer owns the only connection of this process that writes.
type writer struct {
	db       *sql.DB
	conn     *sql.Conn
	now      func() time.Time
	patience time.Duration // wait for another process's transaction
	queue    chan *write
	idle     chan struct{} // closed when the goroutine has ended

	tx       sync.Mutex   // held around each transaction on conn
	prepared []*sql.Stmt  // on conn
	clock    *sql.Stmt    // see tick
	gate     sync.RWMutex // held for reading while sending to queue
	closed   bool
}

func openWriter(path string, now func() time.Time) (*writer, error) {
	db, err := sql.Open("sqlite", address(path, "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16000)", "secure_delete(ON)"))
	if err != nil {
		return nil, failure(err)
	}
	w := &writer{db: db, now: now, patience: 5 * time.Second, queue: make(chan *write, queueLength), idle: make(chan struct{})}
	err = retryBusy(openPatience, func() error { return w.connect() })
	if err != nil {
		return nil, errors.Join(failure(err), db.Close())
	}
	w.clock, err = w.prepare("UPDATE _meta SET last = max(?, last + 1) RETURNING last")
	if err != nil {
		return nil, errors.Join(err, w.conn.Close(), db.Close())
	}
	go w.loop()
	return w, nil
}

func (w *writer) connect() error {
	ctx := context.Background()
	c, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	for _, statement := range []string{
		"CREATE TABLE IF NOT EXISTS _meta (one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL)",
		"INSERT INTO _meta VALUES (1, 0) ON CONFLICT DO NOTHING",
		// SQLite's own waiting sleeps longer and longer, up to 100 ms, and so
		// hardly ever meets the gap between two transactions of a busy process:
		// 1.7 s for one write were measured, 0.05 s with retryBusy.
		"PRAGMA busy_timeout = 3",
	} {
		if _, err := c.ExecContext(ctx, statement); err != nil {
			return errors.Join(err, c.Close())
		}
	}
	w.conn = c
	return nil
}

// retryBusy repeats f while another process holds the lock.
func retryBusy(patience time.Duration, f func() error) error {
	for start := time.Now(); ; {
		err := f()
		if !isBusy(err) || time.Since(start) > patience {
			return err
		}
		time.Sleep(time.Millisecond) // SQLite does not always wait before it says busy
	}
}

// submit queues a write and waits for its outcome. A write whose ctx ends while
// it is queued is dropped; once it is in a transaction the outcome counts.
func (w *writer) submit(ctx context.Context, wr *write) error {
	wr.done = make(chan struct{})
	if err := w.send(ctx, wr); err != nil {
		return failure(err)
	}
	select {
	case <-wr.done:
	case <-ctx.Done():
		if wr.state.CompareAndSwap(queued, dropped) {
			return failure(ctx.Err())
		}
		<-wr.done
	}
	return failure(wr.err)
}

func (w *writer) send(ctx context.Context, wr *write) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.gate.RLock()
	defer w.gate.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.queue <- wr:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// drain refuses new writes and waits for the queued ones.
func (w *writer) drain() {
	w.gate.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.gate.Unlock()
	<-w.idle
}

// close drains and closes the connection. Closing twice is harmless.
func (w *writer) close() error {
	w.drain()
	w.tx.Lock()
	defer w.tx.Unlock()
	var errs []error
	for _, stmt := range w.prepared { // database/sql forgets those of a Conn, and SQLite stays open for them
		errs = append(errs, stmt.Close())
	}
	w.prepared = nil
	if err := w.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		errs = append(errs, err)
	}
	return errors.Join(append(errs, w.db.Close())...)
}
