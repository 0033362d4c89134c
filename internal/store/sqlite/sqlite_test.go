package sqlite_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"jishi/internal/store"
	"jishi/internal/store/sqlite"
	"jishi/internal/store/storetest"
)

// TestMain lets the test binary be the other process of a test.
func TestMain(m *testing.M) {
	if path := os.Getenv(childPath); path != "" {
		os.Exit(runChild(path, os.Getenv(childName)))
	}
	os.Exit(m.Run())
}

// TestConformance runs the suite under a clock that is worse than any real one.
func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Engine {
		engine, err := sqlite.Open(filepath.Join(t.TempDir(), "store.db"), poorClock)
		if err != nil {
			t.Fatalf("Open = %v", err)
		}
		t.Cleanup(func() {
			if err := engine.Close(); err != nil {
				t.Errorf("Close = %v", err)
			}
		})
		return engine
	}, size)
}

// poorClock ticks three times a second and often goes back.
func poorClock() time.Time {
	return time.Now().Truncate(300 * time.Millisecond).Add(-time.Duration(rand.IntN(200)) * time.Millisecond)
}

// open opens an engine that is closed at the end of the test.
func open(t testing.TB, path string) *sqlite.Engine {
	t.Helper()
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}
