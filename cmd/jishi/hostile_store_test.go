package main

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// ownTime is the collections of the trail, which something is written to with
// every refusal.
var ownTime = []string{"audit", "audit_heads", "audit_positions", "audit_checks"}

// wholeStore is what every document there is was, to compare with later.
func wholeStore(t testing.TB, data string) map[string]string {
	t.Helper()
	all, err := readStore(data)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// readStore reads every document straight from the file below the data folder,
// whatever collections a slice brings: what is compared with it later is
// everything. It returns version and digest by table and id.
func readStore(data string) (map[string]string, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "jishi.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tables, err := tablesOf(db)
	if err != nil {
		return nil, err
	}
	if len(tables) < 12 {
		return nil, fmt.Errorf("only the collections %v", tables)
	}
	all := map[string]string{}
	for _, table := range tables {
		if err := readTable(db, table, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func tablesOf(db *sql.DB) ([]string, error) {
	names, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%body BLOB%'")
	if err != nil {
		return nil, err
	}
	defer names.Close()
	var tables []string
	for names.Next() {
		var name string
		if err := names.Scan(&name); err != nil {
			return nil, err
		}
		tables = append(tables, name)
	}
	return tables, names.Err()
}

func readTable(db *sql.DB, table string, into map[string]string) error {
	rows, err := db.Query("SELECT id, version, body FROM \"" + table + "\"")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var version int64
		var body []byte
		if err := rows.Scan(&id, &version, &body); err != nil {
			return err
		}
		into[table+"/"+id] = fmt.Sprintf("%d %x", version, sha256.Sum256(body))
	}
	return rows.Err()
}

// sameStore fails for every document that is not as it was.
func sameStore(t testing.TB, data string, before map[string]string, but ...string) {
	t.Helper()
	after, wrong := wholeStore(t, data), 0
	except := slices.Concat(ownTime, but)
	for _, id := range slices.Sorted(maps.Keys(after)) {
		table, _, _ := strings.Cut(id, "/")
		if before[id] == after[id] || slices.Contains(except, table) {
			continue
		}
		if wrong++; wrong <= 10 {
			t.Errorf("%s is %.20s, was %.20s", id, after[id], before[id])
		}
	}
	if len(after) < len(before) {
		t.Errorf("%d documents, were %d", len(after), len(before))
	}
}
