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

// wholeStore reads every document there is straight from the file below the
// data folder, whatever collections a slice brings: what is compared with it
// later is everything.
func wholeStore(t testing.TB, data string) map[string]string {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "jishi.db")+"?mode=ro&_pragma=busy_timeout(5000)")
	must(err)
	defer db.Close()
	names, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%body BLOB%'")
	must(err)
	var tables []string
	for names.Next() {
		var name string
		must(names.Scan(&name))
		tables = append(tables, name)
	}
	must(names.Err())
	all := map[string]string{}
	for _, table := range tables {
		rows, err := db.Query("SELECT id, version, body FROM \"" + table + "\"")
		must(err)
		for rows.Next() {
			var id string
			var version int64
			var body []byte
			must(rows.Scan(&id, &version, &body))
			all[table+"/"+id] = fmt.Sprintf("%d %x", version, sha256.Sum256(body))
		}
		must(rows.Err())
	}
	if len(tables) < 12 {
		t.Fatalf("only the collections %v", tables)
	}
	return all
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
