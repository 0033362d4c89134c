package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"jishi/internal/market"
	"jishi/internal/store"
)

// wantFailure fails the test unless err is of kind and code.
func wantFailure(t *testing.T, what string, err error, kind market.Kind, code string) {
	t.Helper()
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Code != code {
		t.Errorf("%s = %v, want kind %d, code %s", what, err, kind, code)
	}
}

func record(t *testing.T, id string, text string) *store.Record {
	t.Helper()
	return &store.Record{Meta: market.Meta{ID: market.ID(id)}, Body: body(t, bson.M{"text": text})}
}

func openTexts(t *testing.T, engine *Engine) store.Table {
	t.Helper()
	table, err := engine.Table(t.Context(), store.Spec{Name: "texts"})
	if err != nil {
		t.Fatalf("Table = %v", err)
	}
	return table
}

// TestOpenFails names the reason why a file cannot be opened.
func TestOpenFails(t *testing.T) {
	folder := t.TempDir()
	garbage := filepath.Join(folder, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path string
		kind       market.Kind
		code       string
	}{
		{"no folder", filepath.Join(folder, "missing", "store.db"), market.Unavailable, "store_io"},
		{"path is a folder", folder, market.Unavailable, "store_io"},
		{"no database", garbage, market.Internal, "store_corrupt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			engine, err := Open(tt.path, time.Now)
			if err == nil {
				engine.Close()
			}
			wantFailure(t, "Open", err, tt.kind, tt.code)
		})
	}
}

// TestFull fills the disk, as far as SQLite is told: writes fail as
// Unavailable, what was acknowledged stays, and room makes writing work again.
func TestFull(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	ctx := t.Context()
	pages := func(n int) {
		if _, err := engine.writer.conn.ExecContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	pages(200)
	var stored []market.ID
	var failed error
	for i := 0; failed == nil && i < 100; i++ {
		rec := record(t, fmt.Sprint("t", i), strings.Repeat("x", 50_000))
		if failed = texts.Insert(ctx, rec); failed == nil {
			stored = append(stored, rec.ID)
		}
	}
	wantFailure(t, "Insert into a full file", failed, market.Unavailable, "store_full")
	got, err := texts.Get(ctx, stored)
	if err != nil || len(got) != len(stored) || len(stored) == 0 {
		t.Errorf("%d of %d acknowledged documents are there, %v", len(got), len(stored), err)
	}
	pages(100_000)
	if err := texts.Insert(ctx, record(t, "last", strings.Repeat("x", 50_000))); err != nil {
		t.Errorf("Insert with room again = %v", err)
	}
}

// hold makes another process's transaction of it: it takes the write lock
// through a connection of its own until release is called.
func hold(t *testing.T, engine *Engine) (release func()) {
	t.Helper()
	other, err := openWriter(filePath(t, engine), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := other.begin(); err != nil {
		t.Fatalf("begin = %v", err)
	}
	return sync.OnceFunc(func() {
		if err := other.rollback(nil); err != nil {
			t.Error(err)
		}
		if err := other.close(); err != nil {
			t.Error(err)
		}
	})
}

func filePath(t *testing.T, engine *Engine) string {
	t.Helper()
	var path string
	if err := engine.readers.QueryRowContext(t.Context(), "SELECT file FROM pragma_database_list").Scan(&path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestBusy meets another process that does not let go of the file.
func TestBusy(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	engine.writer.patience = 30 * time.Millisecond
	release := hold(t, engine)
	defer release()
	wantFailure(t, "Insert", texts.Insert(t.Context(), record(t, "a", "")), market.Unavailable, "store_busy")
	_, err := engine.Table(t.Context(), store.Spec{Name: "others"})
	wantFailure(t, "Table", err, market.Unavailable, "store_busy")
	if _, err := texts.Find(t.Context(), store.Query{Limit: 1}, nil); err != nil {
		t.Errorf("Find while another process writes = %v", err)
	}
	release()
	if err := texts.Insert(t.Context(), record(t, "a", "")); err != nil {
		t.Errorf("Insert after the lock was released = %v", err)
	}
}

// TestDropped ends the contexts of writes that wait for a transaction: they
// return at once and are never done.
func TestDropped(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	release := hold(t, engine)
	defer release()
	var wg sync.WaitGroup
	for i := range queueLength + 20 { // more than the queue takes
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := texts.Insert(ctx, record(t, fmt.Sprint("dropped", i), ""))
			wantFailure(t, "Insert", err, market.Unavailable, "store_interrupted")
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 4*time.Second {
				t.Errorf("Insert = %v after %v", err, time.Since(start))
			}
		})
	}
	wg.Wait()
	release()
	if err := texts.Insert(t.Context(), record(t, "kept", "")); err != nil {
		t.Fatalf("Insert = %v", err)
	}
	records, err := texts.Find(t.Context(), store.Query{Limit: 1000}, nil)
	if err != nil || len(records) != 1 || records[0].ID != "kept" {
		t.Errorf("%d documents stored, %v; want the kept one", len(records), err)
	}
}

// TestCloseWaits closes the engine while writes wait: each is either stored or
// refused, and tells which.
func TestCloseWaits(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	path := filePath(t, engine)
	release := hold(t, engine)
	defer release()
	const writes = 50
	outcome := make([]error, writes)
	var wg sync.WaitGroup
	for i := range writes {
		wg.Go(func() { outcome[i] = texts.Insert(context.Background(), record(t, fmt.Sprint("t", i), "")) })
	}
	for start := time.Now(); len(engine.writer.queue) < writes/2 && time.Since(start) < 10*time.Second; {
		time.Sleep(time.Millisecond)
	}
	closed := make(chan error)
	go func() { closed <- engine.Close() }()
	time.Sleep(10 * time.Millisecond)
	release()
	if err := <-closed; err != nil {
		t.Errorf("Close = %v", err)
	}
	wg.Wait()
	again, err := Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	stored := 0
	for i, err := range outcome {
		got, getErr := openTexts(t, again).Get(t.Context(), []market.ID{market.ID(fmt.Sprint("t", i))})
		if getErr != nil || (err == nil) != (len(got) == 1) {
			t.Errorf("write %d was told %v, and %d such documents are there, %v", i, err, len(got), getErr)
		}
		if err != nil {
			wantFailure(t, "Insert", err, market.Unavailable, "store_closed")
		}
		stored += len(got)
	}
	if stored < writes/2 {
		t.Errorf("%d writes were stored, but %d were queued before Close", stored, writes/2)
	}
}

// TestClosed refuses everything after Close.
func TestClosed(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"Insert":  func() error { return texts.Insert(ctx, record(t, "a", "")) },
		"Update":  func() error { return texts.Update(ctx, record(t, "a", "")) },
		"Get":     func() error { _, err := texts.Get(ctx, []market.ID{"a"}); return err },
		"Find":    func() error { _, err := texts.Find(ctx, store.Query{Limit: 1}, nil); return err },
		"Changes": func() error { _, _, err := texts.Changes(ctx, "", 1); return err },
		"Ping":    func() error { return engine.Ping(ctx) },
		"Table":   func() error { _, err := engine.Table(ctx, store.Spec{Name: "others"}); return err },
	} {
		t.Run(name, func(t *testing.T) { wantFailure(t, name, call(), market.Unavailable, "store_closed") })
	}
}

// TestBrokenTable keeps a batch's writes apart from a failure that is not theirs.
func TestBrokenTable(t *testing.T) {
	engine := openEngine(t)
	texts := openTexts(t, engine)
	if _, err := engine.writer.conn.ExecContext(t.Context(), "DROP TABLE texts"); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, "Insert", texts.Insert(t.Context(), record(t, "a", "")), market.Internal, "store")
	others, err := engine.Table(t.Context(), store.Spec{Name: "others"})
	if err != nil {
		t.Fatal(err)
	}
	if err := others.Insert(t.Context(), record(t, "a", "")); err != nil {
		t.Errorf("Insert into another table = %v", err)
	}
}
