package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
)

// pointer is the file that names the current generation.
const pointer = "current"

// generation is one bleve index.
type generation struct {
	name  string
	bleve bleve.Index
	store index.Index // what is under bleve
	rows  rowCache
	users sync.WaitGroup // reading or writing it

	closing sync.Once
	writing sync.Mutex            // held to write a batch and its manifest
	partial atomic.Bool           // it has not yet had all that the store holds
	wrong   atomic.Pointer[error] // what is; nil = nothing known
}

func (g *generation) view(ctx context.Context) (*view, error) { return g.rows.view(ctx, g.store) }

// close waits for those who use the generation.
func (g *generation) close() (err error) {
	g.users.Wait()
	g.closing.Do(func() { err = guarded(g.bleve.Close) })
	return err
}

// closeFor closes the generation for a while and seals it.
func (g *generation) closeFor(dir string) error {
	if err := g.close(); err != nil || g.wrong.Load() != nil {
		return err // what is damaged must not be sealed as it is
	}
	return seal(filepath.Join(dir, g.name))
}

// openCurrent opens the generation that the pointer names, or begins a new one
// when there is none that can be used, and removes all others.
func openCurrent(dir string, log *slog.Logger) (*generation, error) {
	name, err := readPointer(dir)
	if err != nil {
		return nil, err
	}
	var g *generation
	if strings.HasPrefix(name, generationPrefix()) && name == filepath.Base(name) {
		if g, err = openGeneration(dir, name); err != nil {
			log.Warn("search index dropped, it fills again from the store", "generation", name, "err", err)
		}
	}
	if g == nil {
		if g, err = newGeneration(dir); err != nil {
			return nil, err
		}
		if err := writePointer(dir, g.name); err != nil {
			return nil, errors.Join(err, g.close())
		}
	}
	removeOthers(dir, g.name, log)
	return g, nil
}

func generationPrefix() string { return fmt.Sprintf("v%d-", layout) }

// settings makes bleve give up, not wait for ever, on a lock that is held.
func settings() map[string]any { return map[string]any{"bolt_timeout": lockWait.String()} }

// openGeneration opens a generation and reads all its rows, so that damage
// shows now and not in a search. bleve trusts its files and panics on some
// damage; what it then leaves open is of a folder that is about to be removed.
func openGeneration(dir, name string) (g *generation, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // a damaged list of segments may point past its end
	defer func() {
		if r := recover(); r != nil {
			g, err = nil, fmt.Errorf("search: reading the index: %v", r)
		}
	}()
	path := filepath.Join(dir, name)
	sealed, err := breakSeal(path)
	if err == nil && !sealed {
		err = renewRoot(path)
	}
	if err != nil {
		return nil, err
	}
	opened, err := bleve.OpenUsing(path, settings())
	if err != nil {
		return nil, err
	}
	if g, err = wrap(name, opened); err == nil {
		err = g.check(context.Background(), false)
	}
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	g.partial.Store(!exists(filepath.Join(path, wholeFile)))
	return g, nil
}

// newGeneration makes an empty generation under the next free number.
func newGeneration(dir string) (*generation, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	next := 1
	for _, entry := range entries {
		var n int
		if _, err := fmt.Sscanf(entry.Name(), generationPrefix()+"%d", &n); err == nil {
			next = max(next, n+1)
		}
	}
	name := fmt.Sprintf("%s%d", generationPrefix(), next)
	made, err := bleve.NewUsing(filepath.Join(dir, name), newMapping(), scorch.Name, scorch.Name, settings())
	if err != nil {
		return nil, err
	}
	g, err := wrap(name, made)
	if err == nil {
		err = made.SetInternal(manifestKey, manifest{}.encode())
	}
	if err != nil {
		return nil, errors.Join(err, made.Close())
	}
	g.partial.Store(true)
	return g, nil
}

func wrap(name string, b bleve.Index) (*generation, error) {
	store, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	return &generation{name: name, bleve: b, store: store}, nil
}

// readPointer returns "" when there is no pointer.
func readPointer(dir string) (string, error) {
	name, err := os.ReadFile(filepath.Join(dir, pointer))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(name)), err
}

// writePointer moves the pointer to a generation in one step that survives a
// power cut.
func writePointer(dir, name string) error {
	temporary := filepath.Join(dir, pointer+".new")
	file, err := os.Create(temporary)
	if err != nil {
		return err
	}
	_, err = file.WriteString(name + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, filepath.Join(dir, pointer)); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// removeOthers removes the generations that are not current: left by a rebuild
// that was cut short, or replaced. What cannot be removed now is removed at
// the next start.
func removeOthers(dir, current string, log *slog.Logger) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		log.Warn("search index: old generations stay", "err", err)
		return
	}
	for _, entry := range entries {
		if !entry.IsDir() || entry.Name() == current || !isGeneration(entry.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			log.Warn("search index: old generation stays", "generation", entry.Name(), "err", err)
		}
	}
}

// isGeneration reports whether a folder's name is one of ours, of any layout.
func isGeneration(name string) bool {
	var version, number int
	n, err := fmt.Sscanf(name, "v%d-%d", &version, &number)
	return err == nil && n == 2
}
