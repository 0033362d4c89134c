package sqlite

import (
	"context"
	"errors"
	"time"

	"jishi/internal/market"
)

// Forget moves the log into the file and empties it. Secure_delete, which is
// on, overwrites with zeros whatever a write in the file replaces; the log
// still has the earlier pages until it is written over, which on a quiet day
// takes long. After Forget what was overwritten is in neither. Unavailable
// when somebody reads an earlier state for long.
func (e *Engine) Forget(ctx context.Context) error {
	w := e.writer
	w.tx.Lock()
	defer w.tx.Unlock()
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		var busy, frames, moved int
		err := w.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		switch {
		case err != nil && !isBusy(err):
			return failure(err)
		case err == nil && busy == 0:
			return nil
		case time.Since(start) > w.patience:
			return market.Wrap(market.Unavailable, errors.New("the log is being read"), "log_in_use", "数据库正忙，请稍后再试。")
		}
	}
}
