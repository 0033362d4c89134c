package web

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
)

// builtAssets saves compressing everything for each test.
var builtAssets = sync.OnceValues(NewAssets)

func newAssets(t testing.TB) *Assets {
	t.Helper()
	a, err := builtAssets()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAssetRoundTrip(t *testing.T) {
	a := newAssets(t)
	tests := []struct{ name, contentType string }{
		{"css/jishi.css", "text/css; charset=utf-8"},
		{"js/jishi.js", "text/javascript; charset=utf-8"},
		{"img/favicon.svg", "image/svg+xml"},
		{"img/icons.svg", "image/svg+xml"},
		{"vendor/tabler-core@1.6.1/tabler.min.css", "text/css; charset=utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			address, err := a.URL(tt.name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(address, "/static/") || !strings.HasSuffix(address, "/"+tt.name) {
				t.Errorf("URL = %s", address)
			}
			got, ok := a.Asset(address)
			if !ok || got.ContentType != tt.contentType || got.CacheControl != immutable || len(got.Body) == 0 {
				t.Fatalf("Asset(%s) = %q %q, %d bytes, %v", address, got.ContentType, got.CacheControl, len(got.Body), ok)
			}
			if !strings.HasPrefix(got.ETag, `W/"`) || !strings.Contains(address, strings.Trim(got.ETag, `W/"`)) {
				t.Errorf("ETag %s is not the hash in %s", got.ETag, address)
			}
			if got.Gzip != nil && !bytes.Equal(unpack(t, got.Gzip), got.Body) {
				t.Error("compressed form holds something else")
			}
		})
	}
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestAssetPaths(t *testing.T) {
	a := newAssets(t)
	good, err := a.URL("css/jishi.css")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, path, cache string
		found             bool
	}{
		{"right hash", good, immutable, true},
		{"hash of another version", "/static/000000000000/css/jishi.css", "no-cache", true},
		{"no hash", "/static/css/jishi.css", "", false},
		{"unknown file", "/static/000000000000/css/none.css", "", false},
		{"parent", "/static/000000000000/../web.go", "", false},
		{"not a kind we serve", "/static/000000000000/vendor/MANIFEST.json", "", false},
		{"icon outside the sprite", "/static/000000000000/vendor/tabler-icons@3.51.0/home.svg", "", false},
		{"other prefix", "/css/jishi.css", "", false},
		{"empty", "", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := a.Asset(tt.path)
			if ok != tt.found || got.CacheControl != tt.cache {
				t.Errorf("Asset(%q) = %q, %v, want %q, %v", tt.path, got.CacheControl, ok, tt.cache, tt.found)
			}
		})
	}
	for name, url := range map[string]func(string) (string, error){"URL": a.URL, "IconURL": a.IconURL} {
		if got, err := url("nothing"); err == nil {
			t.Errorf("%s of an unknown name = %q, want an error", name, got)
		}
	}
}

// First view: what every page loads, compressed, within the budget.
func TestFirstLoadBudget(t *testing.T) {
	const budget = 160 << 10
	a := newAssets(t)
	sum := 0
	for name, asset := range a.byName {
		if strings.Contains(name, "echarts") {
			continue // only on pages with a chart
		}
		sum += min(len(asset.Body), max(len(asset.Gzip), 1))
	}
	if sum > budget {
		t.Errorf("first load is %d bytes compressed, budget %d", sum, budget)
	}
}

func TestSpriteIsWellFormed(t *testing.T) {
	sprite, names, err := readIcons(files)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(sprite))
	symbols := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "symbol" {
			symbols++
		}
	}
	if symbols != len(names) || symbols == 0 {
		t.Errorf("%d symbols for %d icons", symbols, len(names))
	}
}
