package bench

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-json-experiment/json"

	"jishi/search/analysis"
)

// Indexing is what it took to index a corpus, and what came of it.
type Indexing struct {
	Documents int     `json:"documents"`
	Seconds   float64 `json:"seconds"`     // until all could be found
	CPU       float64 `json:"cpu_seconds"` // of the whole process, with merging after that
	Bytes     int64   `json:"bytes"`       // of the index, without texts
	Peak      int64   `json:"peak_rss"`    // bytes
	Earlier   bool    `json:"built_before,omitempty"`
}

// builtFile is written into an index's folder when it is complete.
const builtFile = "built.json"

// recipe numbers the way texts are grown; raise it with every change of that.
const recipe = 2

// fingerprint tells one corpus from another.
func (o *Options) fingerprint(size int) string {
	h := fnv.New64a()
	for _, d := range o.Documents {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00", d.ID, d.Title, d.Summary)
	}
	return fmt.Sprintf("%x %d %v %d %d", h.Sum64(), size, o.Titles, o.Seed, recipe)
}

// corpus makes the corpus of a size in its folder, unless it is there.
func (o *Options) corpus(size int) (string, error) {
	dir := filepath.Join(o.Dir, fmt.Sprint(size))
	made, want := filepath.Join(dir, "corpus"), o.fingerprint(size)
	if have, err := os.ReadFile(made); err == nil && string(have) == want {
		return dir, nil
	} else if err == nil { // ours, of other texts
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	o.tell("语料 %d 篇……", size)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	if err := writeTexts(dir, size, newGrower(o.Documents, o.Titles, o.Seed).text); err != nil {
		return "", err
	}
	return dir, os.WriteFile(made, []byte(want), 0o600)
}

// index builds the index of a system unless it is there, and returns its
// folder. That of stock bleve is a copy of ours.
func (o *Options) index(ctx context.Context, system, corpus string) (string, Indexing, error) {
	dir := filepath.Join(corpus, system)
	if system == Bleve {
		_, built, err := o.index(ctx, Ours, corpus)
		if err == nil {
			err = linkFolder(filepath.Join(corpus, Ours), dir)
		}
		return dir, built, err
	}
	var built Indexing
	if text, err := os.ReadFile(filepath.Join(corpus, system+"."+builtFile)); err == nil && json.Unmarshal(text, &built) == nil {
		built.Earlier = !slices.Contains(o.fresh, dir)
		return dir, built, nil
	}
	if err := os.RemoveAll(dir); err != nil {
		return dir, built, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return dir, built, err
	}
	built, err := o.build(ctx, system, corpus, dir)
	if err != nil {
		return dir, built, fmt.Errorf("%s：%w", system, err)
	}
	text, err := json.Marshal(built)
	if err != nil {
		return dir, built, err
	}
	o.fresh = append(o.fresh, dir)
	return dir, built, os.WriteFile(filepath.Join(corpus, system+"."+builtFile), text, 0o600)
}

// build runs the process that builds and reads its progress.
func (o *Options) build(ctx context.Context, system, corpus, dir string) (Indexing, error) {
	c, err := start(o.command(ctx, "build", system, corpus, dir))
	if err != nil {
		return Indexing{}, err
	}
	fed := make(chan error, 1)
	go func() { fed <- feed(system, corpus, c.in) }()
	var last answer
	told := time.Now()
	for {
		a, err := c.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.cmd.Process.Kill()
			break
		}
		if last = a; time.Since(told) > 5*time.Second {
			told = time.Now()
			o.tell("%s：已编入 %d 篇", system, a.Total)
		}
	}
	err = <-fed
	state, ended := c.end()
	if ended != nil {
		return Indexing{}, errors.Join(ctx.Err(), ended)
	}
	if err != nil {
		return Indexing{}, err
	}
	built := Indexing{Documents: last.Total, Seconds: float64(last.Micros) / 1e6, CPU: (state.UserTime() + state.SystemTime()).Seconds(), Peak: peak(state)}
	built.Bytes, err = indexBytes(system, dir)
	return built, err
}

// feed gives Xapian the texts cut into the terms that ours are cut into.
// Others read the corpus themselves.
func feed(system, corpus string, in io.WriteCloser) error {
	if system != Xapian {
		return nil
	}
	texts, err := OpenTexts(corpus)
	if err != nil {
		return errors.Join(err, in.Close())
	}
	err = texts.all(func(t *Text) error {
		line, err := json.Marshal(map[string]any{"n": t.Number, "terms": cut(t.Whole()), "codes": []string{t.Field, t.Industry, t.Stage, t.Modes[0]}})
		if err != nil {
			return err
		}
		_, err = in.Write(append(line, '\n'))
		return err
	})
	return errors.Join(err, texts.Close(), in.Close())
}

func cut(text string) []string {
	terms := analysis.Terms(text)
	all := make([]string, len(terms))
	for i, t := range terms {
		all[i] = t.Text
	}
	return all
}

func indexBytes(system, dir string) (int64, error) {
	if system == SQLite {
		return sqliteBytes(dir)
	}
	return folderSize(dir)
}

// linkFolder makes a copy of an index's folder. Segments never change, so hard
// links do for them; all else is copied.
func linkFolder(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if filepath.Ext(path) == ".zap" {
			return os.Link(path, target)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o600)
	})
}
