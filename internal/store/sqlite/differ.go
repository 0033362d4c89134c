package sqlite

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// Differs implements store.Checker: the columns of fields are what indexes
// are made of, and nothing but this compares them with the bodies.
func (t *table) Differs(ctx context.Context) (market.ID, string, error) {
	fields := t.fields[:t.declared]
	query := "SELECT id, body"
	for _, path := range fields {
		query += ", " + column(path)
	}
	query += " FROM " + t.name + " WHERE id > ? ORDER BY id LIMIT ?"
	for after, more := "", true; more; {
		ids, path, err := t.differsAmong(ctx, query, fields, after)
		if err != nil || path != "" {
			return market.ID(ids.last), path, err
		}
		after, more = ids.last, ids.count == store.MaxLimit
	}
	return "", "", nil
}

// stretch is the documents that one statement read.
type stretch struct {
	last  string // id
	count int
}

// differsAmong compares the documents after an id. It stops at one that
// differs and returns the path.
func (t *table) differsAmong(ctx context.Context, query string, fields []string, after string) (stretch, string, error) {
	var read stretch
	stmt, err := t.statement(ctx, query)
	if err != nil {
		return read, "", failure(err)
	}
	rows, err := stmt.QueryContext(ctx, after, store.MaxLimit)
	if err != nil {
		return read, "", failure(err)
	}
	defer rows.Close()
	var body []byte
	columns := make([]any, len(fields))
	into := []any{&read.last, &body}
	for i := range columns {
		into = append(into, &columns[i])
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return read, "", failure(err)
		}
		read.count++
		for i, path := range fields {
			want, err := columnValue(bson.Raw(body), path)
			if err != nil || columns[i] != want {
				return read, path, nil
			}
		}
	}
	return read, "", failure(rows.Err())
}
