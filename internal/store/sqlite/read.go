package sqlite

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

const columns = "id, version, created, changed, body"

// idCounts are the numbers of ids that Get has statements for; a shorter list
// repeats its last id.
var idCounts = []int{1, 20, 100, store.MaxLimit}

// Get implements store.Table.
func (t *table) Get(ctx context.Context, ids []market.ID) ([]store.Record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	size := 0
	for _, size = range idCounts {
		if size >= len(ids) {
			break
		}
	}
	args := make([]any, size)
	for i := range args {
		args[i] = string(ids[min(i, len(ids)-1)])
	}
	return t.read(ctx, "SELECT "+columns+" FROM "+t.name+" WHERE id IN ("+places(size)+")", args)
}

// Find implements store.Table.
func (t *table) Find(ctx context.Context, q store.Query, pos *store.Position) ([]store.Record, error) {
	query, args, err := t.findSQL(q, pos)
	if err != nil {
		return nil, err
	}
	return t.read(ctx, query, args)
}

// Changes implements store.Table. Every transaction has a later time than all
// before it, in any process, and is seen whole: what a reader has not seen yet
// lies after what it has.
func (t *table) Changes(ctx context.Context, since string, limit int) ([]store.Record, string, error) {
	at, id, err := parseSince(since)
	if err != nil {
		return nil, "", err
	}
	records, err := t.read(ctx, t.changesSQL(), []any{at, id, limit})
	if err != nil {
		return nil, "", err
	}
	if n := len(records); n > 0 {
		at, id = records[n-1].ChangedAt.UnixMilli(), string(records[n-1].ID)
	}
	return records, strconv.FormatInt(at, 10) + "." + id, nil
}

func (t *table) changesSQL() string {
	return "SELECT " + columns + " FROM " + t.name + " WHERE (changed, id) > (?, ?) ORDER BY changed, id LIMIT ?"
}

// parseSince reads a cursor of Changes: milliseconds, a dot, an id.
func parseSince(since string) (int64, string, error) {
	if since == "" {
		return 0, "", nil
	}
	ms, id, ok := strings.Cut(since, ".")
	at, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return 0, "", market.E(market.Invalid, "bad_cursor", "读取位置无效，请从头开始。")
	}
	return at, id, nil
}

// read runs a query for whole records.
func (t *table) read(ctx context.Context, query string, args []any) ([]store.Record, error) {
	stmt, err := t.statement(ctx, query)
	if err != nil {
		return nil, failure(err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, failure(err)
	}
	defer rows.Close()
	var records []store.Record
	for rows.Next() {
		var rec store.Record
		var created, changed int64
		var body []byte
		if err := rows.Scan(&rec.ID, &rec.Version, &created, &changed, &body); err != nil {
			return nil, failure(err)
		}
		rec.CreatedAt, rec.ChangedAt, rec.Body = fromMilli(created), fromMilli(changed), body
		records = append(records, rec)
	}
	return records, failure(rows.Err())
}

// statement returns the prepared statement of a query, preparing it once.
func (t *table) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := t.reads.Load(query); ok {
		return stmt.(*sql.Stmt), nil
	}
	stmt, err := t.engine.readers.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if present, ok := t.reads.LoadOrStore(query, stmt); ok {
		return present.(*sql.Stmt), stmt.Close()
	}
	return stmt, nil
}
