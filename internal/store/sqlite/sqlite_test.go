package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine { return open(t, filepath.Join(t.TempDir(), "store.db")) }, size)
}

// open opens an engine that is closed at the end of the test.
func open(t testing.TB, path string) *sqlite.Engine {
	t.Helper()
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
	})
	return engine
}
