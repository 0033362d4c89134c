package sqlite

import (
	"strings"

	"jishi/internal/store"
)

// clause collects conditions with their arguments.
type clause struct {
	conditions []string
	args       []any
}

func (c *clause) add(condition string, args ...any) {
	c.conditions = append(c.conditions, condition)
	c.args = append(c.args, args...)
}

// findSQL writes the statement of a query. Only its shape goes into the text;
// values are arguments.
func (t *table) findSQL(q store.Query, pos *store.Position) (string, []any, error) {
	if q.Sort == "" {
		q.Sort = store.FieldID
	}
	var where clause
	for _, e := range q.Equal {
		value, err := queryValue(e.Value)
		if err != nil {
			return "", nil, err
		}
		where.add(column(e.Field)+" = ?", value)
	}
	if err := where.bounds(q, pos != nil); err != nil {
		return "", nil, err
	}
	if err := where.after(q, pos); err != nil {
		return "", nil, err
	}
	query := "SELECT " + columns + " FROM " + t.name
	if len(where.conditions) > 0 {
		query += " WHERE " + strings.Join(where.conditions, " AND ")
	}
	direction := ""
	if q.Desc {
		direction = " DESC"
	}
	query += " ORDER BY "
	if q.Sort != store.FieldID {
		query += column(q.Sort) + direction + ", "
	}
	return query + "id" + direction + " LIMIT ?", append(where.args, q.Limit), nil
}

// bounds adds the range. The bound on the side where the page begins is kept
// out of the choice of index when there is a cursor, which bounds that side
// more closely: SQLite would take either.
func (c *clause) bounds(q store.Query, paging bool) error {
	if q.Range == nil {
		return nil
	}
	for _, bound := range []struct {
		value any
		op    string
		first bool // the side where the page begins
	}{{q.Range.From, " >= ?", !q.Desc}, {q.Range.To, " < ?", q.Desc}} {
		if bound.value == nil {
			continue
		}
		value, err := queryValue(bound.value)
		if err != nil {
			return err
		}
		name := column(q.Sort)
		if paging && bound.first {
			name = "+" + name
		}
		c.add(name+bound.op, value)
	}
	return nil
}

// after adds the condition that continues behind pos.
func (c *clause) after(q store.Query, pos *store.Position) error {
	if pos == nil {
		return nil
	}
	op := " > "
	if q.Desc {
		op = " < "
	}
	if q.Sort == store.FieldID {
		c.add("id"+op+"?", string(pos.ID))
		return nil
	}
	value, err := scalar(pos.Value)
	if err != nil {
		return err
	}
	c.add("("+column(q.Sort)+", id)"+op+"(?, ?)", value, string(pos.ID))
	return nil
}
