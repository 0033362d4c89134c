package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"jishi/internal/market"
)

// TestFilesWhere keeps files in the data folder with the embedded store, in
// GridFS with MongoDB and nowhere else, and finds them again after a restart.
func TestFilesWhere(t *testing.T) {
	by := market.Actor{User: "u", Org: "o", Roles: []market.Role{market.RoleManager}}
	content := somePDF("where")
	for _, tt := range []struct {
		name   string
		store  func(t *testing.T) string
		folder bool // the data folder holds contents
	}{
		{"embedded", func(*testing.T) string { return "" }, true},
		{"mongodb", mongoDB, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config{Data: t.TempDir(), Store: tt.store(t), FileQuota: 1}
			var id market.ID
			for range 2 { // the second time the file is there
				h, err := openHouse(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if id == "" {
					f, err := h.files.Add(t.Context(), by, "a.pdf", content)
					if err != nil {
						t.Fatal(err)
					}
					id = f.ID
				}
				_, stored, err := h.files.Open(t.Context(), by, id)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(stored); err != nil || !bytes.Equal(got, content) {
					t.Errorf("read %d bytes, %v", len(got), err)
				}
				stored.Close()
				if _, quota, err := h.files.Use(t.Context(), by); err != nil || quota != 1<<20 {
					t.Errorf("quota %d, %v", quota, err)
				}
				h.close()
			}
			found, err := filepath.Glob(filepath.Join(cfg.Data, "blobs", "*", "*"))
			if err != nil || (len(found) == 1) != tt.folder || len(found) > 1 {
				t.Errorf("contents in the data folder: %v, %v", found, err)
			}
			if info, err := os.Stat(filepath.Join(cfg.Data, "blobs")); tt.folder && (err != nil || info.Mode().Perm() != 0o700) {
				t.Errorf("folder of contents: %v, %v", info, err)
			}
		})
	}
}
