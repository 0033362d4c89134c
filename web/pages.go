package web

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

const (
	layoutFile = "layout.html"
	mainBlock  = "main" // what every page defines and the layout shows
)

// Pages renders the embedded pages, each from a template set of its own, so
// two pages may define blocks of the same name. Safe for concurrent use. It
// has the methods of fiber.Views.
type Pages struct {
	byName map[string]*template.Template
}

// NewPages parses every page with layout and parts. It fails on the first
// page that does not parse, misses "main" or could not be escaped safely. now
// is the clock behind "3 天前".
func NewPages(assets *Assets, now func() time.Time) (*Pages, error) {
	return parsePages(files, functions(assets, now))
}

func parsePages(from fs.FS, funcs template.FuncMap) (*Pages, error) {
	base, err := template.New(layoutFile).Funcs(funcs).ParseFS(from, "templates/"+layoutFile, "templates/part/*.html")
	if err != nil {
		return nil, fmt.Errorf("parse layout and parts: %w", err)
	}
	paths, err := fs.Glob(from, "templates/page/*.html")
	if err != nil {
		return nil, err
	}
	p := &Pages{byName: make(map[string]*template.Template, len(paths))}
	for _, file := range paths {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if p.byName[name], err = parsePage(base, from, file); err != nil {
			return nil, fmt.Errorf("page %s: %w", name, err)
		}
	}
	return p, nil
}

func parsePage(base *template.Template, from fs.FS, file string) (*template.Template, error) {
	set, err := base.Clone()
	if err != nil {
		return nil, err
	}
	if set, err = set.ParseFS(from, file); err != nil {
		return nil, err
	}
	if set.Lookup(mainBlock) == nil {
		return nil, fmt.Errorf("does not define %q", mainBlock)
	}
	// Escaping is worked out at the first execution. Running the set once on
	// nothing brings those errors forward; that nothing has no fields is fine.
	var unsafe *template.Error
	if err := set.ExecuteTemplate(io.Discard, layoutFile, nil); errors.As(err, &unsafe) {
		return nil, unsafe
	}
	return set, nil
}

// Load does nothing, NewPages has parsed everything. It is there for fiber.
func (p *Pages) Load() error { return nil }

// Names returns the names of all pages in order.
func (p *Pages) Names() []string {
	names := make([]string, 0, len(p.byName))
	for name := range p.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Render writes a whole page. data is a struct with a field Base of type
// Base. Nothing is written when rendering fails. layouts is there for fiber
// and not used: every page has the one layout.
func (p *Pages) Render(w io.Writer, name string, data interface{}, layouts ...string) error {
	if data == nil {
		return fmt.Errorf("web: page %q wants data with a field Base", name)
	}
	return p.execute(w, name, layoutFile, data)
}

// Fragment writes one named block of a page without the layout, for answers
// that replace part of a page in the browser. Nothing is written when
// rendering fails.
func (p *Pages) Fragment(w io.Writer, name, block string, data any) error {
	return p.execute(w, name, block, data)
}

func (p *Pages) execute(w io.Writer, name, block string, data any) error {
	set, ok := p.byName[name]
	if !ok {
		return fmt.Errorf("web: no page %q", name)
	}
	var page bytes.Buffer
	if err := set.ExecuteTemplate(&page, block, data); err != nil {
		return fmt.Errorf("render page %s: %w", name, err)
	}
	_, err := w.Write(page.Bytes())
	return err
}
