package sqlite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jishi/internal/store"
	"jishi/internal/store/sqlite"
)

// What was overwritten is in no byte of the file or the log, whether it shared
// a page with other documents or filled pages of its own.
func TestForget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jishi.db")
	engine, err := sqlite.Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	offers, err := store.Open[offer](t.Context(), engine, offerSpec)
	if err != nil {
		t.Fatal(err)
	}
	const secret = "13812345678"
	for i := range 60 {
		doc := newOffer(i)
		doc.Text = strings.Repeat("前后的文字", i*30)
		if i%3 == 0 {
			doc.State, doc.Text = secret+fmt.Sprint(i), strings.Repeat(secret, 1+i*40) // indexed, and up to some pages long
		}
		if err := offers.Insert(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	if !holds(t, path, secret) {
		t.Fatal("the secret is not in the file to begin with: the test proves nothing")
	}
	for i := 0; i < 60; i += 3 {
		doc, err := offers.Get(t.Context(), newOffer(i).ID)
		if err != nil {
			t.Fatal(err)
		}
		doc.State, doc.Text = "erased", ""
		if err := offers.Update(t.Context(), doc); err != nil {
			t.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	for range 4 { // readers come and go all the time
		wait.Go(func() {
			for range 50 {
				if _, err := offers.Find(t.Context(), store.Query{Limit: 60}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if err := engine.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	wait.Wait()
	if holds(t, path, secret) {
		t.Error("what was overwritten is still there")
	}
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("log after Forget: %v, %v", info, err)
	}
}

// holds reports whether a text is in the file of a store or in its log.
func holds(t *testing.T, path, text string) bool {
	t.Helper()
	for _, name := range []string{path, path + "-wal"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte(text)) {
			return true
		}
	}
	return false
}
