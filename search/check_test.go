package search

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"go.etcd.io/bbolt"

	"jishi/internal/market"
)

// sampleTexts is enough of them for several segments.
func sampleTexts(n int) []*market.Achievement {
	parts := []string{"镁合金", "压铸", "石墨烯", "电池", "催化剂", "涂层", "传感器", "机器人", "发酵", "废水处理"}
	random := rand.New(rand.NewPCG(5, 5))
	all := make([]*market.Achievement, n)
	for i := range all {
		words := make([]string, 12)
		for j := range words {
			words[j] = parts[random.IntN(len(parts))]
		}
		all[i] = published(market.ID(fmt.Sprint("a", i)), parts[i%len(parts)]+fmt.Sprint(i), strings.Join(words, "用于"))
		all[i].Version = int64(1 + i%3)
	}
	return all
}

// sampleIndex makes an index of sampleTexts in a folder and closes it.
func sampleIndex(t *testing.T, n int) string {
	t.Helper()
	dir := t.TempDir()
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for batch := range slices.Chunk(sampleTexts(n), 10) {
		apply(t, ix, batch, string(batch[len(batch)-1].ID))
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	if err := errors.Join(os.RemoveAll(to), os.CopyFS(to, os.DirFS(from))); err != nil {
		t.Fatal(err)
	}
}

// largest returns the largest file in a folder with an ending.
func largest(t *testing.T, dir, ending string) string {
	t.Helper()
	best, size := "", int64(-1)
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if info, err := entry.Info(); err == nil && !entry.IsDir() && strings.HasSuffix(path, ending) && info.Size() > size {
			best, size = path, info.Size()
		}
		return nil
	})
	if best == "" {
		t.Fatal("no file ", ending)
	}
	return best
}

// newestSegment is the largest segment of the newest snapshot of a closed index.
func newestSegment(t *testing.T, dir string) string {
	t.Helper()
	root := largest(t, dir, "root.bolt")
	list, err := bbolt.Open(root, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	paths, err := newestSegments(list, filepath.Dir(root))
	if err = errors.Join(err, list.Close()); err != nil || len(paths) == 0 {
		t.Fatal("no segments", err)
	}
	best, size := "", int64(-1)
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Size() > size {
			best, size = path, info.Size()
		}
	}
	return best
}

// answers is what an index says to some queries.
func answers(t *testing.T, ix *Index) string {
	t.Helper()
	var b strings.Builder
	for _, text := range []string{"", "镁合金", "石墨烯电池", "废水处理催化剂", "传感器 机器人"} {
		result := find(t, ix, market.SearchQuery{Text: text, Limit: 100})
		fmt.Fprintln(&b, text, result.Total, ids(result), result.Facets)
	}
	return b.String()
}

// The six corruptions of which bleve opens three in silence.
func corruptions(t *testing.T) map[string]func(dir string) error {
	generation := func(dir string) string { return filepath.Join(dir, generations(t, dir)[0]) }
	edit := func(path string, change func([]byte) []byte) error {
		data, err := os.ReadFile(path)
		return errors.Join(err, os.WriteFile(path, change(data), 0o600))
	}
	return map[string]func(string) error{
		"a segment deleted": func(dir string) error { return os.Remove(newestSegment(t, dir)) },
		"bytes of a segment flipped": func(dir string) error {
			return edit(newestSegment(t, dir), func(b []byte) []byte {
				for i := len(b) / 3; i < len(b)/3+8; i++ {
					b[i] ^= 0xff
				}
				return b
			})
		},
		"a segment cut": func(dir string) error {
			return edit(newestSegment(t, dir), func(b []byte) []byte { return b[:len(b)/2] })
		},
		"the list of segments damaged": func(dir string) error {
			return edit(largest(t, dir, "root.bolt"), func(b []byte) []byte {
				for i := range b[:len(b)/2] {
					b[i] ^= 0x5a
				}
				return b
			})
		},
		"the folder of segments gone": func(dir string) error { return os.RemoveAll(filepath.Join(generation(dir), "store")) },
		"the pointer to a missing generation": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, pointer), []byte(generationPrefix()+"99\n"), 0o600)
		},
	}
}

// TestCorruptionsAreDetected opens damaged indexes, as closed and as left by a
// killed process. Each must be noticed: dropped with a word in the log, empty,
// and silent until it is filled again.
func TestCorruptionsAreDetected(t *testing.T) {
	whole := sampleIndex(t, 60)
	for name, harm := range corruptions(t) {
		for _, state := range []string{"closed", "killed"} {
			t.Run(name+", "+state, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "index")
				copyFolder(t, whole, dir)
				if state == "killed" {
					if err := os.Remove(largest(t, dir, sealFile)); err != nil {
						t.Fatal(err)
					}
				}
				if err := harm(dir); err != nil {
					t.Fatal(err)
				}
				log := &words{}
				ix, err := Open(dir, slog.New(slog.NewTextHandler(log, nil)))
				if err != nil {
					t.Fatal(err)
				}
				defer ix.Close()
				var full atomic.Bool
				ix.FilledWhen(full.Load)
				if !strings.Contains(log.String(), "search index dropped") {
					t.Errorf("nothing was noticed: %s", log.String())
				}
				if _, err := ix.Find(t.Context(), market.SearchQuery{}); code(err) != market.CodeIndexFilling {
					t.Errorf("a search says %v, want that the index is filled again", err)
				}
				if position, err := ix.Achievements().Position(t.Context()); err != nil || position != "" {
					t.Errorf("position %q, %v, want the beginning", position, err)
				}
				apply(t, ix, sampleTexts(60), "60")
				full.Store(true)
				if n := find(t, ix, market.SearchQuery{}).Total; n != 60 {
					t.Errorf("%d listings after filling, want 60", n)
				}
			})
		}
	}
}

// words is a log.
type words struct{ strings.Builder }

func code(err error) string {
	var known *market.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return ""
}

// flips is how many bytes are flipped, one at a time.
const flips = 1000

// TestFlippedBytes flips one byte somewhere in all files of an index, closed
// or left by a killed process: it is noticed, or the answers are the same.
func TestFlippedBytes(t *testing.T) {
	whole := sampleIndex(t, 60)
	ix := openIndex(t, copied(t, whole))
	want := answers(t, ix)
	var files []string
	filepath.WalkDir(whole, func(path string, entry fs.DirEntry, err error) error {
		if rel, err := filepath.Rel(whole, path); err == nil && !entry.IsDir() {
			files = append(files, rel)
		}
		return err
	})
	random := rand.New(rand.NewPCG(11, 11))
	for _, state := range []string{"closed", "killed"} {
		t.Run(state, func(t *testing.T) {
			noticed, same := 0, 0
			dir := filepath.Join(t.TempDir(), "index")
			for round := range flips / 2 {
				copyFolder(t, whole, dir)
				if state == "killed" {
					if err := os.Remove(largest(t, dir, sealFile)); err != nil {
						t.Fatal(err)
					}
				}
				where := flipOne(t, dir, files, random)
				switch got := afterFlip(t, dir); got {
				case "":
					noticed++
				case want:
					same++
				default:
					t.Fatalf("round %d, %s: not noticed, and the answers differ:\n%s\nwant\n%s", round, where, got, want)
				}
			}
			t.Logf("%d flips: %d noticed, %d without any effect", noticed+same, noticed, same)
		})
	}
}

func copied(t *testing.T, from string) string {
	dir := filepath.Join(t.TempDir(), "copy")
	copyFolder(t, from, dir)
	return dir
}

// flipOne flips a byte of a file drawn by size and says where.
func flipOne(t *testing.T, dir string, files []string, random *rand.Rand) string {
	t.Helper()
	total, sizes := int64(0), make([]int64, len(files))
	for i, name := range files {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			sizes[i] = info.Size()
			total += info.Size()
		}
	}
	at, file := random.Int64N(total), 0
	for at >= sizes[file] {
		at -= sizes[file]
		file++
	}
	path := filepath.Join(dir, files[file])
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[at] ^= byte(1 + random.IntN(255))
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("byte %d of %s", at, files[file])
}

// afterFlip returns what the index answers, "" when the damage was noticed.
func afterFlip(t *testing.T, dir string) string {
	t.Helper()
	ix, err := Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	if n, err := ix.Count(t.Context()); err != nil || n == 0 {
		return ""
	}
	return answers(t, ix)
}

// TestCheckFindsDamageWhileServing damages an index that is open.
func TestCheckFindsDamageWhileServing(t *testing.T) {
	dir := sampleIndex(t, 60)
	ix := openIndex(t, dir)
	told := make(chan struct{})
	ix.WhenDamaged(func() { close(told) })
	if err := ix.Check(t.Context()); err != nil {
		t.Fatalf("a sound index: %v", err)
	}
	if err := ix.Compact(t.Context()); err != nil { // or bleve may merge the segment away before it is looked at
		t.Fatal(err)
	}
	path := segmentPath(t, ix)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte("damage"), 100); err != nil {
		t.Fatal(err)
	}
	file.Close()
	if err := ix.Check(t.Context()); code(err) != market.CodeIndexDamaged {
		t.Fatalf("Check = %v, want damage", err)
	}
	<-told
	if _, err := ix.Find(t.Context(), market.SearchQuery{}); code(err) != market.CodeIndexDamaged {
		t.Errorf("Find = %v, want damage", err)
	}
	f := &feed{}
	for _, a := range sampleTexts(60) {
		f.put(a)
	}
	if err := ix.Rebuild(t.Context(), f.fill); err != nil {
		t.Fatal(err)
	}
	if n := find(t, ix, market.SearchQuery{}).Total; n != 60 {
		t.Errorf("%d listings after the rebuild, want 60", n)
	}
	if err := ix.Check(t.Context()); err != nil {
		t.Errorf("after the rebuild: %v", err)
	}
}

// segmentPath is the file of a segment in use.
func segmentPath(t *testing.T, ix *Index) string {
	t.Helper()
	path := ""
	err := ix.read(t.Context(), func(v *view) error {
		for _, segment := range v.reader.Segments() {
			if stored, ok := segment.Segment().(interface{ Path() string }); ok {
				path = stored.Path()
			}
		}
		return nil
	})
	if err != nil || path == "" {
		t.Fatal("no segment has a file", err)
	}
	return path
}

// TestTheManifestFollowsEveryChange changes, withdraws and repeats listings.
func TestTheManifestFollowsEveryChange(t *testing.T) {
	ix := openIndex(t, t.TempDir())
	all := sampleTexts(30)
	apply(t, ix, all, "1")
	changed := *all[3]
	changed.Version = 9
	withdrawn := *all[4]
	withdrawn.State = market.StateWithdrawn
	again := *all[5]
	again.Version++
	apply(t, ix, []*market.Achievement{&changed, &withdrawn, all[5], &again, all[6]}, "2")
	census := NewCensus()
	for i, a := range all {
		switch i {
		case 3:
			census.Achievement(&changed)
		case 4:
			census.Achievement(&withdrawn)
		case 5:
			census.Achievement(&again)
		default:
			census.Achievement(a)
		}
	}
	if err := ix.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d, err := ix.Compare(t.Context(), census); err != nil || !d.Empty() {
		t.Errorf("%s, %v", d, err)
	}
	state, err := ix.State()
	if err != nil || state.Tally != census.Tally || state.Tally.Count != 29 {
		t.Errorf("state %+v, %v, want the census %+v", state, err, census.Tally)
	}
	census.Achievement(published("new", "新", "说明"))
	census.marks[hash("a:a3")]++
	delete(census.marks, hash("a:a7"))
	if d, err := ix.Compare(t.Context(), census); err != nil || len(d.Missing) != 1 || len(d.Stale) != 1 || len(d.Extra) != 1 {
		t.Errorf("%s, %v, want one of each", d, err)
	}
}

// TestAnIndexOfAnotherTimeStaysWhole is filled once and answers at once later.
func TestAnIndexOfAnotherTimeStaysWhole(t *testing.T) {
	dir := t.TempDir()
	for round, full := range []bool{false, true, false} {
		ix, err := Open(dir, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ix.FilledWhen(func() bool { return full })
		_, err = ix.Find(t.Context(), market.SearchQuery{})
		if filling := code(err) == market.CodeIndexFilling; filling != (round == 0) {
			t.Errorf("round %d: %v", round, err)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
