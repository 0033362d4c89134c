package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jishi/cmd/jishi/demo"
)

// TestExport writes what an organization owns in both shapes and brings it
// back: nothing changes.
func TestExport(t *testing.T) {
	t.Parallel()
	data := demoData(t)
	before := everything(t, data)
	for _, tt := range []struct {
		kind, org string
		least     int
	}{
		{"organizations", "", 30}, {"organizations", demo.University, 1}, {"achievements", demo.University, 5},
		{"demands", demo.Enterprise, 1}, {"demands", demo.Bureau, 1}, {"contracts", demo.University, 1},
	} {
		for _, ending := range []string{".csv", ".xlsx"} {
			t.Run(tt.kind+ending+" "+tt.org, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "out"+ending)
				jishi(t, nil, "export", tt.kind, path, "--data", data, "--org", tt.org).works(t)
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
					t.Errorf("%v, %v", info, err)
				}
				rows, _, _, unchanged, _ := counts(t, jishi(t, nil, "import", tt.kind, path, "--data", data, "--org", tt.org).works(t))
				if rows != unchanged || rows < tt.least {
					t.Errorf("%d of %d unchanged, want at least %d", unchanged, rows, tt.least)
				}
			})
		}
	}
	if everything(t, data) != before {
		t.Error("what came back changed something")
	}
	t.Run("standard output", func(t *testing.T) {
		out := jishi(t, nil, "export", "organizations", "--data", data, "--org", demo.Broker).works(t).out
		if lines := strings.Count(out, "\n"); lines != 2 || !strings.Contains(out, demo.Broker) {
			t.Errorf("%q", out)
		}
	})
	for _, tt := range []struct {
		name  string
		args  []string
		words []string
	}{
		{"no store", []string{"achievements", "--data", t.TempDir()}, []string{"jishi.db", "--data", "没有这个文件"}},
		{"no folder", []string{"achievements", filepath.Join(data, "none", "x.csv"), "--data", data}, []string{"写文件", "没有这个文件或目录"}},
		{"no such organization", []string{"achievements", "--data", data, "--org", "某某大学"}, []string{"没有登记过这个单位"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			jishi(t, nil, append([]string{"export"}, tt.args...)...).says(t, tt.words...)
		})
	}
}

// A file that is there stays until the new one is whole.
func TestReplaceFile(t *testing.T) {
	path := tempFile(t, "list.csv", []byte("old"))
	broken := errors.New("disk gone")
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{{"cut short", broken, "old"}, {"whole", nil, "new"}} {
		t.Run(tt.name, func(t *testing.T) {
			err := replaceFile(path, func(w io.Writer) error {
				_, err := io.WriteString(w, "new")
				return errors.Join(err, tt.err)
			})
			content, readErr := os.ReadFile(path)
			if !errors.Is(err, tt.err) || readErr != nil || string(content) != tt.want {
				t.Errorf("%v, %q, %v", err, content, readErr)
			}
			if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}
