package disk_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jishi/internal/market"
	"jishi/internal/store/disk"
	"jishi/internal/store/storetest"
)

func open(t *testing.T, folder string) *disk.Blobs {
	t.Helper()
	blobs, err := disk.Open(folder)
	if err != nil {
		t.Fatalf("Open = %v", err)
	}
	return blobs
}

func TestConformance(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "blobs")
	storetest.RunBlobs(t, storetest.BlobStore{Blobs: open(t, folder), Damage: damageIn(folder)}, 20<<20)
	checkFolder(t, folder)
}

// damageIn changes a byte, cuts one off, adds one, empties.
func damageIn(folder string) func(t *testing.T, hash string, kind int) bool {
	return func(t *testing.T, hash string, kind int) bool {
		path := filepath.Join(folder, hash[:2], hash[2:])
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		switch kind {
		case 0:
			content[len(content)/2] ^= 1
		case 1:
			content = content[:len(content)-1]
		case 2:
			content = append(content, 0)
		case 3:
			content = nil
		default:
			return false
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return true
	}
}

// checkFolder holds every file and folder to be for its owner alone, and
// nothing to be left half written.
func checkFolder(t *testing.T, folder string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
	if left, err := os.ReadDir(filepath.Join(folder, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("left half written: %v, %v", left, err)
	}
}

// TestLeftBehind clears away what is old, and not what somebody is writing.
func TestLeftBehind(t *testing.T) {
	folder := t.TempDir()
	open(t, folder)
	old, young := filepath.Join(folder, "tmp", "put-old"), filepath.Join(folder, "tmp", "put-young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * time.Hour)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	open(t, folder)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old one: %v, want gone", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("the young one: %v", err)
	}
}

// TestNoFolder says so when the folder cannot be made.
func TestNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(path); err == nil {
		t.Error("a file passed for a folder")
	}
}

// Where the folder cannot be used the error says so and nothing is there
// afterwards.
func TestAwayFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := disk.Open(filepath.Join(file, "blobs")); !market.Is(err, market.Unavailable) {
		t.Errorf("Open below a file = %v", err)
	}
	sum := sha256.Sum256([]byte("content"))
	hash := hex.EncodeToString(sum[:])
	for name, breaks := range map[string]func(folder string) error{
		"no place to write": func(folder string) error { return os.RemoveAll(filepath.Join(folder, "tmp")) },
		"a file in the way": func(folder string) error { return os.WriteFile(filepath.Join(folder, hash[:2]), nil, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			blobs := open(t, folder)
			if err := breaks(folder); err != nil {
				t.Fatal(err)
			}
			if err := blobs.Put(t.Context(), hash, 7, strings.NewReader("content")); !market.Is(err, market.Unavailable) {
				t.Errorf("Put = %v", err)
			}
			if _, err := blobs.Open(t.Context(), hash); err == nil {
				t.Error("there is a content after a failed Put")
			}
		})
	}
}
