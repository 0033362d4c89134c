package sqlite_test

import (
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

// TestKill kills a writing process at a random moment, twenty times over: what
// it had acknowledged is there, whole, and the file is sound.
func TestKill(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "store.db")
	acked := make(map[market.ID]int64)
	for round := range 20 {
		c := startChild(t, path, fmt.Sprint("r", round))
		c.wait(t)
		time.Sleep(time.Duration(random.IntN(300)) * time.Millisecond)
		c.kill(t)
		maps.Copy(acked, c.acked)
		stored := readEntries(t, path)
		for id, version := range acked {
			if stored[id] < version {
				t.Errorf("round %d: %s was acknowledged at version %d, stored is %d", round, id, version, stored[id])
			}
		}
		checkIntegrity(t, path)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d documents acknowledged by 20 killed processes", len(acked))
}

// readEntries opens the file anew and returns the version of every entry.
func readEntries(t *testing.T, path string) map[market.ID]int64 {
	t.Helper()
	engine := open(t, path)
	defer engine.Close()
	entries, err := store.Open[entry](t.Context(), engine, entrySpec)
	if err != nil {
		t.Fatalf("reopen = %v", err)
	}
	versions := make(map[market.ID]int64)
	for query := (store.Query{Limit: store.MaxLimit}); ; {
		page, err := entries.Find(t.Context(), query)
		if err != nil {
			t.Fatalf("Find = %v", err)
		}
		for _, e := range page.Items {
			if e.Round != e.Version || e.Number != string(e.ID) {
				t.Errorf("%s at version %d holds %d", e.ID, e.Version, e.Round)
			}
			versions[e.ID] = e.Version
		}
		if query.After = page.Next; query.After == "" {
			return versions
		}
	}
}

func checkIntegrity(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var answer string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&answer); err != nil || answer != "ok" {
		t.Errorf("integrity_check = %q, %v", answer, err)
	}
}
