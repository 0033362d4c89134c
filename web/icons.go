package web

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// iconFolder starts the path of every vendored icon; the version follows.
const iconFolder = "static/vendor/tabler-icons@"

// iconRoot is the opening tag of the sprite. Colour and line width come from
// the page: a symbol inherits them from the <svg> that uses it.
const iconRoot = `<svg xmlns="http://www.w3.org/2000/svg">`

func isIcon(name string) bool {
	return strings.HasPrefix(name, iconFolder) && path.Ext(name) == ".svg"
}

// readIcons puts all vendored icons into one SVG file with a symbol each and
// returns it with the set of their names.
func readIcons(from fs.FS) ([]byte, map[string]bool, error) {
	paths, err := fs.Glob(from, iconFolder+"*/*.svg")
	if err != nil {
		return nil, nil, err
	}
	var b bytes.Buffer
	names := make(map[string]bool)
	b.WriteString(iconRoot)
	for _, p := range paths {
		source, err := fs.ReadFile(from, p)
		if err != nil {
			return nil, nil, err
		}
		name := strings.TrimSuffix(path.Base(p), ".svg")
		shapes, err := inside(source)
		if err != nil {
			return nil, nil, fmt.Errorf("icon %s: %w", name, err)
		}
		fmt.Fprintf(&b, "\n"+`<symbol id="%s" viewBox="0 0 24 24">%s</symbol>`, name, shapes)
		names[name] = true
	}
	b.WriteString("\n</svg>\n")
	return b.Bytes(), names, nil
}

// inside returns what stands between the root tags of an SVG file.
func inside(source []byte) ([]byte, error) {
	start := bytes.IndexByte(source, '>')
	end := bytes.LastIndex(source, []byte("</svg>"))
	if start < 0 || end < start {
		return nil, fmt.Errorf("not an SVG file")
	}
	lines := bytes.Fields(source[start+1 : end])
	return bytes.Join(lines, []byte(" ")), nil
}
