package sqlite

import (
	"context"
	"database/sql"
	"errors"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"jishi/internal/market"
)

var errClosed = errors.New("sqlite: engine is closed")

// failure turns an error of the driver into one of ours; nil stays nil and our
// own errors stay as they are.
func failure(err error) error {
	if err == nil {
		return nil
	}
	var own *market.Error
	if errors.As(err, &own) {
		return err
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return market.Wrap(market.Unavailable, err, "store_interrupted", "操作被中断，请稍后再试。")
	case errors.Is(err, errClosed), errors.Is(err, sql.ErrConnDone), err.Error() == "sql: database is closed":
		return market.Wrap(market.Unavailable, err, "store_closed", "系统正在停止，请稍后再试。")
	}
	switch resultCode(err) & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return market.Wrap(market.Unavailable, err, "store_busy", "系统正忙，请稍后再试。")
	case sqlite3.SQLITE_INTERRUPT:
		return market.Wrap(market.Unavailable, err, "store_interrupted", "操作被中断，请稍后再试。")
	case sqlite3.SQLITE_FULL:
		return market.Wrap(market.Unavailable, err, "store_full", "磁盘空间不足，暂时不能保存，请通知管理员。")
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return market.Wrap(market.Unavailable, err, "store_io", "数据文件暂时不能读写，请通知管理员。")
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return market.Wrap(market.Internal, err, "store_corrupt", "数据文件已损坏，请通知管理员从备份恢复。")
	}
	return market.Wrap(market.Internal, err, "store", "数据库出错，请联系管理员。")
}

// resultCode returns SQLite's extended result code, 0 if err has none.
func resultCode(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

func isBusy(err error) bool { return resultCode(err)&0xff == sqlite3.SQLITE_BUSY }

// isTaken reports whether a statement failed because a key is in use.
func isTaken(err error) bool {
	code := resultCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
}
