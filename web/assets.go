package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

const (
	staticPrefix = "/static/"
	spriteName   = "img/icons.svg"
	hashLength   = 12 // hexadecimal digits of SHA-256 in an address

	immutable = "public, max-age=31536000, immutable"
)

// contentTypes lists what is served at all; other embedded files are not.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Asset is one static file ready to be answered. Body and Gzip are shared:
// nobody may change them.
type Asset struct {
	Body         []byte
	Gzip         []byte // nil when compressing does not pay
	ContentType  string
	ETag         string // weak, holds for both encodings
	CacheControl string
	hash         string
}

// Assets are the static files of the program under addresses that hold a hash
// of the content: a changed file has a new address, so browsers keep each for
// ever. Safe for concurrent use.
type Assets struct {
	byName map[string]Asset
	icons  map[string]bool
}

// NewAssets reads the embedded files, builds the icon sprite and compresses
// everything once.
func NewAssets() (*Assets, error) {
	a := &Assets{byName: make(map[string]Asset)}
	sprite, names, err := readIcons(files)
	if err != nil {
		return nil, err
	}
	a.icons = names
	if err := a.add(spriteName, sprite); err != nil {
		return nil, err
	}
	err = fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || contentTypes[path.Ext(name)] == "" || isIcon(name) {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return a.add(strings.TrimPrefix(name, "static/"), body)
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	return a, nil
}

func (a *Assets) add(name string, body []byte) error {
	packed, err := pack(body)
	if err != nil {
		return fmt.Errorf("compress %s: %w", name, err)
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])[:hashLength]
	a.byName[name] = Asset{
		Body:         body,
		Gzip:         packed,
		ContentType:  contentTypes[path.Ext(name)],
		ETag:         `W/"` + hash + `"`,
		CacheControl: immutable,
		hash:         hash,
	}
	return nil
}

// URL returns the address of a static file by its name below static/, for
// instance "css/jishi.css". An unknown name is an error, so that a wrong one
// in a template fails the page's test and not the reader.
func (a *Assets) URL(name string) (string, error) {
	asset, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("web: no static file %q", name)
	}
	return staticPrefix + asset.hash + "/" + name, nil
}

// IconURL returns the address of an icon inside the sprite, for <use href>.
func (a *Assets) IconURL(name string) (string, error) {
	if !a.icons[name] {
		return "", fmt.Errorf("web: no icon %q", name)
	}
	sprite, err := a.URL(spriteName)
	return sprite + "#" + name, err
}

// Asset returns the file at a request path such as
// "/static/0123456789ab/css/jishi.css". With the hash of another version,
// which happens while replicas are being replaced, it returns the present
// content to be used but not kept.
func (a *Assets) Asset(path string) (Asset, bool) {
	rest, ok := strings.CutPrefix(path, staticPrefix)
	if !ok {
		return Asset{}, false
	}
	hash, name, _ := strings.Cut(rest, "/")
	asset, ok := a.byName[name]
	if !ok || len(hash) != hashLength {
		return Asset{}, false
	}
	if hash != asset.hash {
		asset.CacheControl = "no-cache"
	}
	return asset, true
}

// pack compresses body; nil means it did not get smaller by a tenth.
func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if b.Len() > len(body)/10*9 {
		return nil, nil
	}
	return b.Bytes(), nil
}
