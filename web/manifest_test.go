package web

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

func TestManifestMatchesFiles(t *testing.T) {
	list, err := Manifest()
	if err != nil {
		t.Fatal(err)
	}
	listed := make(map[string]Vendored)
	for _, v := range list {
		listed[v.File] = v
		t.Run(v.File, func(t *testing.T) {
			data, err := os.ReadFile(v.File)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(data)
			if got := hex.EncodeToString(sum[:]); got != v.SHA256 {
				t.Errorf("sha256 = %s, manifest says %s", got, v.SHA256)
			}
			if len(data) != v.Bytes {
				t.Errorf("bytes = %d, manifest says %d", len(data), v.Bytes)
			}
			if v.Licence == "" || !strings.HasPrefix(v.Integrity, "sha512-") || !strings.Contains(v.File, "@"+v.Version+"/") {
				t.Errorf("incomplete entry %+v", v)
			}
			if _, err := os.Stat(path.Join(path.Dir(v.File), "LICENSE")); err != nil {
				t.Errorf("no licence beside it: %v", err)
			}
		})
	}
	for _, root := range []string{"static/vendor", "testdata/vendor"} {
		err := fs.WalkDir(os.DirFS("."), root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || path.Dir(name) == "static/vendor" {
				return err // the manifest, the icon list and the script are ours
			}
			if _, ok := listed[name]; !ok {
				t.Errorf("%s is not in the manifest", name)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestManifestNamesNoHost(t *testing.T) {
	for _, name := range []string{"static/vendor/MANIFEST.json", "static/vendor/refresh.sh"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "://") {
			t.Errorf("%s holds an address; package names are enough", name)
		}
	}
}

func TestIconListMatchesFiles(t *testing.T) {
	data, err := os.ReadFile("static/vendor/icons.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, names, err := readIcons(files)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Fields(string(data))
	for _, name := range wanted {
		if !names[name] {
			t.Errorf("icon %s is listed but not there", name)
		}
	}
	if len(wanted) != len(names) {
		t.Errorf("%d icons listed, %d there", len(wanted), len(names))
	}
}
