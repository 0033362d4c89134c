package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

var collectionName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// fieldPrefix keeps the columns of fields apart from the table's own.
const fieldPrefix = "f_"

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// column is the quoted column that holds a field path.
func column(path string) string {
	switch path {
	case store.FieldID:
		return "id"
	case store.FieldVersion:
		return "version"
	case store.FieldCreated:
		return "created"
	case store.FieldChanged:
		return "changed"
	}
	return quote(fieldPrefix + path)
}

// openTable brings the schema of spec's collection up to date, in one
// transaction, so that a crash leaves the old one, and prepares its statements.
func (e *Engine) openTable(ctx context.Context, spec store.Spec) (*table, error) {
	if !collectionName.MatchString(spec.Name) {
		return nil, market.Wrap(market.Internal, fmt.Errorf("collection name %q", spec.Name), "bad_spec", "集合名称有误。")
	}
	t := &table{engine: e, spec: spec, name: quote(spec.Name)}
	if err := e.writer.exclusively(ctx, func(c *sql.Conn) error { return t.migrate(ctx, c) }); err != nil {
		return nil, err
	}
	var err error
	if t.insert, err = e.writer.prepare(t.insertSQL()); err != nil {
		return nil, err
	}
	if t.update, err = e.writer.prepare(t.updateSQL()); err != nil {
		return nil, err
	}
	t.exists, err = e.writer.prepare("SELECT count(*) FROM " + t.name + " WHERE id=?")
	return t, err
}

// migrate makes what the table lacks and sets t.fields. A column that the spec
// no longer names is kept up, so that it is whole when a later spec names it
// again.
func (t *table) migrate(ctx context.Context, c *sql.Conn) error {
	if err := createTable(ctx, c, t.name); err != nil {
		return err
	}
	present, err := fieldColumns(ctx, c, t.spec.Name)
	if err != nil {
		return err
	}
	t.fields = t.spec.Fields()
	t.declared = len(t.fields)
	for _, path := range present {
		if !slices.Contains(t.fields, path) {
			t.fields = append(t.fields, path)
		}
	}
	if err := addColumns(ctx, c, t, present); err != nil {
		return err
	}
	if err := dropKeys(ctx, c, t.spec); err != nil {
		return err
	}
	return createIndexes(ctx, c, t.spec)
}

// createTable makes an ordinary table: one WITHOUT ROWID was measured to answer
// three times as slowly, since bodies are long and its tree holds them inside.
func createTable(ctx context.Context, c *sql.Conn, name string) error {
	_, err := c.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+name+` (
		id TEXT PRIMARY KEY NOT NULL,
		version INTEGER NOT NULL,
		created INTEGER NOT NULL,
		changed INTEGER NOT NULL,
		body BLOB NOT NULL)`)
	return err
}

// fieldColumns returns the field paths that the table has columns for.
func fieldColumns(ctx context.Context, c *sql.Conn, name string) ([]string, error) {
	names, err := texts(ctx, c, "SELECT name FROM pragma_table_info(?)", name)
	var paths []string
	for _, name := range names {
		if path, ok := strings.CutPrefix(name, fieldPrefix); ok {
			paths = append(paths, path)
		}
	}
	return paths, err
}

// texts returns the only column of a query's rows.
func texts(ctx context.Context, c *sql.Conn, query string, args ...any) ([]string, error) {
	rows, err := c.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// addColumns adds a column per field that has none and fills it from the documents.
func addColumns(ctx context.Context, c *sql.Conn, t *table, present []string) error {
	var added []string
	for _, path := range t.fields {
		if slices.Contains(present, path) {
			continue
		}
		// No declared type: SQLite then keeps values as they are bound.
		if _, err := c.ExecContext(ctx, "ALTER TABLE "+t.name+" ADD COLUMN "+column(path)); err != nil {
			return err
		}
		added = append(added, path)
	}
	if len(added) == 0 {
		return nil
	}
	return fill(ctx, c, t.name, added)
}

// fill sets the columns of paths in every row, walking the rows by id.
func fill(ctx context.Context, c *sql.Conn, name string, paths []string) error {
	sets := make([]string, len(paths))
	for i, path := range paths {
		sets[i] = column(path) + "=?"
	}
	update, err := c.PrepareContext(ctx, "UPDATE "+name+" SET "+strings.Join(sets, ",")+" WHERE id=?")
	if err != nil {
		return err
	}
	defer update.Close()
	for after, more := "", true; more; {
		rows, err := c.QueryContext(ctx, "SELECT id, body FROM "+name+" WHERE id>? ORDER BY id LIMIT 500", after)
		if err != nil {
			return err
		}
		batch, err := fillArgs(rows, paths)
		if err != nil {
			return err
		}
		for _, args := range batch {
			if _, err := update.ExecContext(ctx, args...); err != nil {
				return err
			}
			after = args[len(paths)].(string)
		}
		more = len(batch) > 0
	}
	return nil
}

// fillArgs reads rows of id and body into arguments of fill's update.
func fillArgs(rows *sql.Rows, paths []string) ([][]any, error) {
	defer rows.Close()
	var batch [][]any
	for rows.Next() {
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return nil, err
		}
		args := make([]any, 0, len(paths)+1)
		for _, path := range paths {
			value, err := columnValue(bson.Raw(body), path)
			if err != nil {
				return nil, err
			}
			args = append(args, value)
		}
		batch = append(batch, append(args, id))
	}
	return batch, rows.Err()
}
