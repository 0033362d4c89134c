package search

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
)

func TestReopenKeepsAll(t *testing.T) {
	dir := t.TempDir()
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	apply(t, ix, []*market.Achievement{published("a1", "镁合金", "说明")}, "7")
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	ix = openIndex(t, dir)
	if n := find(t, ix, market.SearchQuery{Text: "镁合金"}).Total; n != 1 {
		t.Errorf("%d hits after reopening, want 1", n)
	}
	if cursor, err := ix.Achievements().Position(t.Context()); err != nil || cursor != "7" {
		t.Errorf("position %q, %v, want 7", cursor, err)
	}
	if cursor, err := ix.Demands().Position(t.Context()); err != nil || cursor != "" {
		t.Errorf("position of demands %q, %v, want the beginning", cursor, err)
	}
}

func TestSecondOpenerIsTurnedAway(t *testing.T) {
	dir := t.TempDir()
	openIndex(t, dir)
	begin := time.Now()
	_, err := Open(dir, slog.New(slog.DiscardHandler))
	var e *market.Error
	if !errors.As(err, &e) || e.Kind != market.Unavailable || !strings.Contains(e.Message, "另一个进程正在使用索引") {
		t.Errorf("second Open = %v, want Unavailable", err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("the second opener waited %v", took)
	}
}

func TestClosedIndexIsUnavailable(t *testing.T) {
	ix, err := Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := ix.Ready(t.Context()); err != nil {
		t.Errorf("Ready = %v", err)
	}
	for range 2 {
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := ix.Ready(t.Context()); !market.Is(err, market.Unavailable) {
		t.Errorf("Ready = %v, want Unavailable", err)
	}
	if err := ix.Achievements().Apply(t.Context(), nil, "1"); !market.Is(err, market.Unavailable) {
		t.Errorf("Apply = %v, want Unavailable", err)
	}
	if _, err := ix.Demands().Position(t.Context()); !market.Is(err, market.Unavailable) {
		t.Errorf("Position = %v, want Unavailable", err)
	}
	if err := ix.Rebuild(t.Context(), nil); !market.Is(err, market.Unavailable) {
		t.Errorf("Rebuild = %v, want Unavailable", err)
	}
}

// TestDamageBeginsAnew breaks an index in ways a disk or a person can. It must
// open, with either all that was in it or nothing and an empty position, so
// that followers fill it again.
func TestDamageBeginsAnew(t *testing.T) {
	file := func(pattern string, harm func(string) error) func(string) error {
		return func(dir string) error {
			paths, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil || len(paths) == 0 {
				return errors.Join(err, errors.New("nothing to damage at "+pattern))
			}
			for _, path := range paths {
				err = errors.Join(err, harm(path))
			}
			return err
		}
	}
	garbage := func(path string) error { return os.WriteFile(path, []byte("garbage"), 0o600) }
	empty := func(path string) error { return os.Truncate(path, 0) }
	overwrite := func(path string) error {
		data, err := os.ReadFile(path)
		for i := range data[:len(data)*9/10] {
			data[i] ^= 0x5a
		}
		return errors.Join(err, os.WriteFile(path, data, 0o600))
	}
	tests := []struct {
		name string
		harm func(dir string) error
	}{
		{"pointer lost", file("current", os.Remove)},
		{"pointer to nothing", file("current", func(path string) error { return os.WriteFile(path, []byte("v1-99\n"), 0o600) })},
		{"pointer outside", file("current", func(path string) error { return os.WriteFile(path, []byte("../../etc\n"), 0o600) })},
		{"pointer to another layout", file("current", func(path string) error { return os.WriteFile(path, []byte("v0-1\n"), 0o600) })},
		{"generation lost", file("v*", os.RemoveAll)},
		{"settings lost", file("v*/index_meta.json", os.Remove)},
		{"settings garbled", file("v*/index_meta.json", garbage)},
		{"root lost", file("v*/store/root.bolt", os.Remove)},
		{"root garbled", file("v*/store/root.bolt", garbage)},
		{"root empty", file("v*/store/root.bolt", empty)},
		{"segment lost", file("v*/store/*.zap", os.Remove)},
		{"segment empty", file("v*/store/*.zap", empty)},
		{"segment garbled", file("v*/store/*.zap", garbage)},
		{"segment overwritten", file("v*/store/*.zap", overwrite)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			ix, err := Open(dir, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			apply(t, ix, []*market.Achievement{published("a1", "镁合金", "说明"), published("a2", "铝合金", "说明")}, "7")
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			if err := tt.harm(dir); err != nil {
				t.Fatal(err)
			}
			ix = openIndex(t, dir)
			cursor, err := ix.Achievements().Position(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			n, err := ix.Count(t.Context())
			if err != nil || cursor == "" && n != 0 || cursor != "" && n != 2 {
				t.Errorf("position %q with %d of 2 listings, %v", cursor, n, err)
			}
			apply(t, ix, []*market.Achievement{published("a1", "镁合金", "说明")}, "8")
			if got := ids(find(t, ix, market.SearchQuery{Text: "镁合金"})); !slices.Contains(got, "a1") {
				t.Errorf("after filling again found %v", got)
			}
			if names := generations(t, dir); len(names) != 1 {
				t.Errorf("generations %v, want one", names)
			}
		})
	}
}
