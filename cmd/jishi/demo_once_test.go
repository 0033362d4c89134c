package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"jishi/internal/market"
)

// settledDemo is a data folder with the demonstration in it, made once for all
// tests that ask for it and removed by TestMain.
var settledDemo struct {
	once sync.Once
	dir  string
	err  error
}

// demoData returns a new data folder with a demonstration in it, as `jishi
// demo` leaves it once all that happens by itself after the first start has
// happened. Filling and indexing it, telling everybody of everything and
// writing its trail takes seconds; tests that each begin with a copy do not
// wait for that, and meet no follower that is still busy with it.
func demoData(t testing.TB) string {
	t.Helper()
	s := &settledDemo
	s.once.Do(func() {
		if s.dir, s.err = os.MkdirTemp("", "jishi-demo-"); s.err == nil {
			s.err = settleDemo(s.dir)
		}
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
	data := t.TempDir()
	if err := copyFolder(s.dir, data); err != nil {
		t.Fatal(err)
	}
	return data
}

// copyFolder copies what is below a folder into another, with its modes: the
// program refuses secrets that others can read.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == from {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.Mkdir(filepath.Join(to, name), 0o700)
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), raw, info.Mode().Perm())
	})
}

// removeDemo removes what demoData made copies of.
func removeDemo() {
	if settledDemo.dir != "" {
		os.RemoveAll(settledDemo.dir)
	}
}

// newDemo returns a data folder with a demonstration that nobody has served
// yet: of its trail only the beginning is kept elsewhere.
func newDemo(t testing.TB) string {
	t.Helper()
	data := t.TempDir()
	h, err := openHouse(t.Context(), config{Data: data})
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if err := h.fillDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	return data
}

// settleDemo fills a folder and serves from it until nothing changes any more.
func settleDemo(dir string) error {
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Minute)
	defer stop()
	cfg := config{Data: dir, Listen: "127.0.0.1:0"}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.fillDemo(ctx); err != nil {
		return err
	}
	at, err := cfg.listen()
	if err != nil {
		return err
	}
	serving, end := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- h.serve(serving, cfg, at, func() {}) }()
	failed := h.rest(ctx, dir)
	end()
	if err := <-ended; err != nil {
		return err
	}
	return failed
}

// restTime is how long nothing may have changed for the program to be at rest:
// longer than any follower waits before it looks again.
const restTime = time.Second

// rest waits until what is computed in the background is there and nothing
// more is written.
func (h *house) rest(ctx context.Context, dir string) error {
	var before map[string]string
	for {
		now, err := readStore(dir)
		if err != nil {
			return err
		}
		_, missing := h.docs.radars.Get(ctx, "latest")
		if missing == nil && maps.Equal(before, now) {
			return nil
		}
		if missing != nil && !market.Is(missing, market.NotFound) {
			return missing
		}
		before = now
		if !pause(ctx, restTime) {
			return ctx.Err()
		}
	}
}
