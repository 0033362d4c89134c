package bench

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // the embedded database, with FTS5
)

// sqliteFile holds texts and index; only the index counts as its size.
const sqliteFile = "fts.db"

// sqliteSchema is an index without texts of its own over the table of texts.
const sqliteSchema = `
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
CREATE TABLE doc(id INTEGER PRIMARY KEY, text TEXT, field TEXT, industry TEXT, stage TEXT, mode TEXT);
CREATE VIRTUAL TABLE fts USING fts5(text, content='doc', content_rowid='id', tokenize='trigram');`

func openDB(dir string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, sqliteFile))
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

func buildSQLite(ctx context.Context, dir string, texts *Texts, tick func(int)) (err error) {
	db, err := openDB(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, sqliteSchema); err != nil {
		return err
	}
	var tx *sql.Tx
	commit := func(number int) error {
		err := tx.Commit()
		tx = nil
		tick(number)
		return err
	}
	err = texts.all(func(t *Text) (err error) {
		if tx == nil {
			if tx, err = db.BeginTx(ctx, nil); err != nil {
				return err
			}
		}
		if err := insertText(tx, t); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if (t.Number+1)%chunk == 0 {
			return commit(t.Number + 1)
		}
		return nil
	})
	if err == nil && tx != nil {
		err = commit(texts.count)
	}
	return err
}

func insertText(tx *sql.Tx, t *Text) error {
	if _, err := tx.Exec("INSERT INTO doc VALUES(?,?,?,?,?,?)", t.Number, t.Whole(), t.Field, t.Industry, t.Stage, t.Modes[0]); err != nil {
		return err
	}
	_, err := tx.Exec("INSERT INTO fts(rowid, text) VALUES(?,?)", t.Number, t.Whole())
	return err
}

// sqliteBytes is the pages of the index alone.
func sqliteBytes(dir string) (n int64, err error) {
	db, err := openDB(dir)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	return n, db.QueryRow("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'fts%'").Scan(&n)
}

// sqliteServer asks for any of the trigrams of a text, ranked by bm25().
type sqliteServer struct{ db *sql.DB }

func openSQLite(dir string, _ *Texts) (server, error) {
	db, err := openDB(dir)
	if err != nil {
		return nil, err
	}
	return sqliteServer{db}, nil
}

func (s sqliteServer) Close() error { return s.db.Close() }

func (s sqliteServer) count(ctx context.Context) (n int, err error) {
	return n, s.db.QueryRowContext(ctx, "SELECT count(*) FROM doc").Scan(&n)
}

// trigrams is a query for any three characters in a row of the text, "" when
// there are none: words of two characters find nothing.
func trigrams(text string) string {
	var all []string
	seen := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		runes := []rune(word)
		for i := 0; i+3 <= len(runes); i++ {
			if three := string(runes[i : i+3]); !seen[three] {
				seen[three] = true
				all = append(all, `"`+strings.ReplaceAll(three, `"`, `""`)+`"`)
			}
		}
	}
	return strings.Join(all, " OR ")
}

func (s sqliteServer) short(ctx context.Context, text string) ([]int, int, error) {
	query := trigrams(text)
	if query == "" {
		return nil, 0, nil
	}
	found, err := s.rank(ctx, "SELECT rowid, snippet(fts, 0, '<b>', '</b>', '…', 64) FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT "+strconv.Itoa(pageSize), query)
	if err != nil {
		return nil, 0, err
	}
	total, err := s.facets(ctx, query)
	return found, total, err
}

// facets counts the codes of all texts found, in one walk.
func (s sqliteServer) facets(ctx context.Context, query string) (int, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT field, industry, stage, mode FROM fts JOIN doc ON doc.id = fts.rowid WHERE fts MATCH ?", query)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	total, counts := 0, [4]map[string]int{{}, {}, {}, {}}
	for rows.Next() {
		var codes [4]string
		if err := rows.Scan(&codes[0], &codes[1], &codes[2], &codes[3]); err != nil {
			return 0, err
		}
		for i, code := range codes {
			counts[i][code]++
		}
		total++
	}
	return total, rows.Err()
}

func (s sqliteServer) match(ctx context.Context, text string) ([]int, error) {
	query := trigrams(text)
	if query == "" {
		return nil, nil
	}
	return s.rank(ctx, "SELECT rowid, '' FROM fts WHERE fts MATCH ? ORDER BY rank LIMIT "+strconv.Itoa(matchSize), query)
}

func (s sqliteServer) rank(ctx context.Context, statement, query string) ([]int, error) {
	rows, err := s.db.QueryContext(ctx, statement, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []int
	for rows.Next() {
		var number int
		var marked string
		if err := rows.Scan(&number, &marked); err != nil {
			return nil, err
		}
		found = append(found, number)
	}
	return found, rows.Err()
}
