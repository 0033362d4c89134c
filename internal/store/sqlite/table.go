package sqlite

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"jishi/internal/market"
	"jishi/internal/store"
)

// maxBody bounds a document, as MongoDB does.
const maxBody = 16 << 20

// table implements store.Table.
type table struct {
	engine   *Engine
	spec     store.Spec
	name     string   // quoted
	fields   []string // paths that have a column
	declared int      // how many of fields the spec names; those that only an earlier spec did may hold anything

	insert, update, exists *sql.Stmt // on the writer's connection
	reads                  sync.Map  // SQL text → *sql.Stmt on the readers; bounded by the shapes of queries that spec serves
}

func (t *table) insertSQL() string {
	names := []string{"id", "version", "created", "changed", "body"}
	for _, path := range t.fields {
		names = append(names, column(path))
	}
	return "INSERT INTO " + t.name + " (" + strings.Join(names, ",") + ") VALUES (" + places(len(names)) + ")"
}

func (t *table) updateSQL() string {
	sets := "version=version+1, changed=?, body=?"
	for _, path := range t.fields {
		sets += ", " + column(path) + "=?"
	}
	return "UPDATE " + t.name + " SET " + sets + " WHERE id=? AND version=?"
}

func places(n int) string { return strings.Repeat("?,", n-1) + "?" }

// Insert implements store.Table.
func (t *table) Insert(ctx context.Context, rec *store.Record) error {
	values, err := t.values(rec)
	if err != nil {
		return err
	}
	wr := &write{size: len(rec.Body)}
	wr.run = func(at int64) error {
		args := append([]any{string(rec.ID), 1, at, at, []byte(rec.Body)}, values...)
		_, err := t.insert.ExecContext(context.Background(), args...)
		if isTaken(err) {
			return t.whichTaken(rec.ID, values, err)
		}
		return err
	}
	if err := t.engine.writer.submit(ctx, wr); err != nil {
		return err
	}
	rec.Version, rec.CreatedAt, rec.ChangedAt = 1, fromMilli(wr.at), fromMilli(wr.at)
	return nil
}

// Update implements store.Table.
func (t *table) Update(ctx context.Context, rec *store.Record) error {
	values, err := t.values(rec)
	if err != nil {
		return err
	}
	wr := &write{size: len(rec.Body)}
	wr.run = func(at int64) error {
		args := append([]any{at, []byte(rec.Body)}, values...)
		result, err := t.update.ExecContext(context.Background(), append(args, string(rec.ID), rec.Version)...)
		if isTaken(err) {
			return t.whichTaken("", values, err)
		}
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); n == 1 || err != nil {
			return err
		}
		return t.whyNotUpdated(rec.ID)
	}
	if err := t.engine.writer.submit(ctx, wr); err != nil {
		return err
	}
	rec.Version++
	rec.ChangedAt = fromMilli(wr.at)
	return nil
}

// values returns the columns of a document in the order of t.fields.
func (t *table) values(rec *store.Record) ([]any, error) {
	if len(rec.Body) > maxBody {
		return nil, market.E(market.TooLarge, "document_too_large", "内容超过 16 MB，请精简后再保存。")
	}
	if !utf8.ValidString(string(rec.ID)) || strings.ContainsRune(string(rec.ID), 0) {
		return nil, market.E(market.Invalid, "bad_id", "编号含有不能使用的字符。")
	}
	values := make([]any, len(t.fields))
	for i, path := range t.fields {
		value, err := columnValue(rec.Body, path)
		if err != nil && i < t.declared {
			return nil, err
		}
		if value == nil && i < len(t.spec.Unique) { // keys come first in Spec.Fields
			return nil, market.E(market.Internal, "no_key", "记录缺少必有的编号，请联系管理员。")
		}
		values[i] = value
	}
	return values, nil
}

// whichTaken returns the verdict of a failed statement: which of its keys is in
// use. An empty id is not looked for.
func (t *table) whichTaken(id market.ID, values []any, cause error) error {
	ctx := context.Background()
	if id != "" {
		if n, err := count(t.exists.QueryRowContext(ctx, string(id))); err != nil || n > 0 {
			return verdict(store.Taken(store.FieldID), err)
		}
	}
	for i, path := range t.spec.Unique {
		query := "SELECT count(*) FROM " + t.name + " WHERE " + column(path) + "=?"
		if n, err := count(t.engine.writer.conn.QueryRowContext(ctx, query, values[i])); err != nil || n > 0 {
			return verdict(store.Taken(path), err)
		}
	}
	return cause
}

// whyNotUpdated returns the verdict of an update that met no document.
func (t *table) whyNotUpdated(id market.ID) error {
	n, err := count(t.exists.QueryRowContext(context.Background(), string(id)))
	if n == 0 {
		return verdict(market.E(market.NotFound, "not_found", "没有找到这条记录，可能已被移走。"), err)
	}
	return verdict(market.E(market.Stale, "stale", "这条记录刚被别人改过，请刷新后再试。"), err)
}

// verdict is v unless finding it out failed.
func verdict(v, err error) error {
	if err != nil {
		return err
	}
	return v
}

func count(row *sql.Row) (n int, err error) {
	err = row.Scan(&n)
	return n, err
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
