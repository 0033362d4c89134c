package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"jishi/internal/market"
)

const (
	batchWrites = 256     // most writes in one transaction
	batchBytes  = 8 << 20 // bodies in one transaction, but for the last one
)

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
	err := w.clock.QueryRowContext(ctx, w.now().UnixMilli()).Scan(&at)
	return at, err
}

func (w *writer) begin() error {
	return retryBusy(w.patience, func() error {
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
func (w *writer) exclusively(ctx context.Context, f func(*sql.Conn) error) error {
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
	if _, err := w.conn.ExecContext(context.WithoutCancel(ctx), "COMMIT"); err != nil {
		return failure(w.rollback(err))
	}
	return nil
}

// prepare prepares a statement for use within transactions.
func (w *writer) prepare(query string) (*sql.Stmt, error) {
	w.tx.Lock()
	defer w.tx.Unlock()
	stmt, err := w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, failure(err)
	}
	w.prepared = append(w.prepared, stmt)
	return stmt, nil
}
