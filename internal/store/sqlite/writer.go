package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"jishi/internal/market"
)

const (
	batchWrites  = 256             // most writes in one transaction
	batchBytes   = 8 << 20         // bodies in one transaction, but for the last one
	busyPatience = 5 * time.Second // wait for another process's transaction
	queueLength  = 2 * batchWrites
)

// conn is what statements of a transaction run on.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rowScanner is the part of *sql.Rows that reading needs.
type rowScanner interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

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
	db    *sql.DB
	conn  *sql.Conn
	now   func() time.Time
	queue chan *write
	idle  chan struct{} // closed when the goroutine has ended

	tx     sync.Mutex   // held around each transaction on conn
	gate   sync.RWMutex // held for reading while sending to queue
	closed bool
}

func openWriter(path string, now func() time.Time) (*writer, error) {
	db, err := sql.Open("sqlite", address(path, "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16000)"))
	if err != nil {
		return nil, failure(err)
	}
	w := &writer{db: db, now: now, queue: make(chan *write, queueLength), idle: make(chan struct{})}
	err = retryBusy(openPatience, func() error { return w.connect() })
	if err != nil {
		return nil, errors.Join(failure(err), db.Close())
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
		// hardly ever meets the gap that a busy process leaves. retryBusy does
		// the waiting instead.
		"PRAGMA busy_timeout = 10",
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

// close waits for the queued writes.
func (w *writer) close() error {
	w.gate.Lock()
	if w.closed {
		w.gate.Unlock()
		return nil
	}
	w.closed = true
	close(w.queue)
	w.gate.Unlock()
	<-w.idle
	return errors.Join(w.conn.Close(), w.db.Close())
}

func (w *writer) loop() {
	defer close(w.idle)
	for wr := range w.queue {
		w.batch(wr)
	}
}

// batch runs first and the writes that wait behind it in one transaction and
// tells each its outcome.
func (w *writer) batch(first *write) {
	w.tx.Lock()
	defer w.tx.Unlock()
	err := w.begin()
	batch := w.take(first) // after begin: while it waits, writes can still be given up
	if err == nil {
		err = w.runAll(batch)
	}
	for _, wr := range batch {
		if err != nil { // nothing was stored, so no verdict holds either
			wr.err = err
		}
		close(wr.done)
	}
}

// take collects first and what waits behind it, without those given up.
func (w *writer) take(first *write) []*write {
	var batch []*write
	size := 0
	for wr, ok := first, true; ok; {
		if wr.state.CompareAndSwap(queued, taken) {
			batch = append(batch, wr)
			size += wr.size
		}
		if len(batch) == batchWrites || size >= batchBytes {
			break
		}
		select {
		case wr, ok = <-w.queue:
		default:
			ok = false
		}
	}
	return batch
}

// runAll runs the writes in the transaction that has begun and ends it. An
// error means that none of them happened, or, when the disk failed at the
// commit, that it is not known.
func (w *writer) runAll(batch []*write) error {
	ctx := context.Background()
	at, err := w.tick(ctx)
	if err != nil {
		return w.rollback(err)
	}
	stored := 0
	for _, wr := range batch {
		wr.at = at
		wr.err = wr.run(at)
		var verdict *market.Error
		switch {
		case wr.err == nil:
			stored++
		case !errors.As(wr.err, &verdict):
			return w.rollback(wr.err)
		}
	}
	if stored == 0 {
		return w.rollback(nil)
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return w.rollback(err)
	}
	return nil
}

// tick returns the transaction's time in milliseconds: now, but always later
// than every transaction before it, whatever the clocks say.
func (w *writer) tick(ctx context.Context) (int64, error) {
	var at int64
	err := w.conn.QueryRowContext(ctx, "UPDATE _meta SET last = max(?, last + 1) RETURNING last", w.now().UnixMilli()).Scan(&at)
	return at, err
}

func (w *writer) begin() error {
	return retryBusy(busyPatience, func() error {
		_, err := w.conn.ExecContext(context.Background(), "BEGIN IMMEDIATE")
		return err
	})
}

// rollback ends the transaction and returns the reason. SQLite has ended it
// already after some errors, so that a failing ROLLBACK says nothing.
func (w *writer) rollback(reason error) error {
	_, _ = w.conn.ExecContext(context.Background(), "ROLLBACK")
	return reason
}

// exclusively runs f in a transaction of its own.
func (w *writer) exclusively(ctx context.Context, f func(conn) error) error {
	w.tx.Lock()
	defer w.tx.Unlock()
	if err := ctx.Err(); err != nil {
		return failure(err)
	}
	if err := w.begin(); err != nil {
		return failure(err)
	}
	if err := f(w.conn); err != nil {
		return failure(w.rollback(err))
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return failure(w.rollback(err))
	}
	return nil
}

// prepare prepares the statements by which t writes.
func (w *writer) prepare(t *table) error {
	w.tx.Lock()
	defer w.tx.Unlock()
	ctx := context.Background()
	var err error
	if t.insert, err = w.conn.PrepareContext(ctx, t.insertSQL()); err != nil {
		return failure(err)
	}
	if t.update, err = w.conn.PrepareContext(ctx, t.updateSQL()); err != nil {
		return failure(err)
	}
	return nil
}
