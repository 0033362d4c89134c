package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"jishi/internal/market"
	"jishi/internal/store"
)

// index is one index of a table: its name says all about it, so that a file
// shows which ones it has.
type index struct {
	unique  bool
	columns []string
}

func (i index) name(collection string) string {
	kind := "index"
	if i.unique {
		kind = "key"
	}
	return collection + ":" + kind + ":" + strings.Join(i.columns, ",")
}

// indexes returns the indexes that spec needs. Each ends in the id, which is the
// order of documents that are otherwise equal.
func indexes(spec store.Spec) []index {
	all := []index{{columns: []string{"changed", "id"}}}
	for _, path := range spec.Unique {
		all = append(all, index{unique: true, columns: []string{column(path)}})
	}
	for _, paths := range spec.Indexes {
		var columns []string
		for _, path := range paths {
			columns = append(columns, column(path))
		}
		if !slices.Contains(columns, "id") {
			columns = append(columns, "id")
		}
		all = append(all, index{columns: columns})
	}
	return all
}

func createIndexes(ctx context.Context, c *sql.Conn, spec store.Spec) error {
	for _, i := range indexes(spec) {
		unique := ""
		if i.unique {
			unique = "UNIQUE "
		}
		_, err := c.ExecContext(ctx, "CREATE "+unique+"INDEX IF NOT EXISTS "+quote(i.name(spec.Name))+
			" ON "+quote(spec.Name)+" ("+strings.Join(i.columns, ",")+")")
		if isTaken(err) {
			return market.Wrap(market.Conflict, err, "key_has_duplicates", "已有记录的唯一编号重复，无法升级数据文件。")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dropKeys drops unique keys that the spec no longer declares: they would go on
// refusing documents. Other indexes do no harm and stay.
func dropKeys(ctx context.Context, c *sql.Conn, spec store.Spec) error {
	names, err := texts(ctx, c, "SELECT name FROM sqlite_master WHERE type='index' AND tbl_name=? AND name LIKE '%:key:%'", spec.Name)
	if err != nil {
		return err
	}
	var keep []string
	for _, i := range indexes(spec) {
		keep = append(keep, i.name(spec.Name))
	}
	for _, name := range names {
		if slices.Contains(keep, name) {
			continue
		}
		if _, err := c.ExecContext(ctx, "DROP INDEX "+quote(name)); err != nil {
			return err
		}
	}
	return nil
}
