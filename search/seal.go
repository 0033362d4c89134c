package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/blevesearch/bleve/v2/util"
	"go.etcd.io/bbolt"
)

// sealFile lists the files of a generation that was closed, with sizes and
// checksums. It is there only while nobody has the generation open.
const sealFile = "seal"

// seal writes down what a closed generation consists of.
func seal(dir string) error {
	sums, err := sumFolder(dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, s := range sums {
		fmt.Fprintf(&b, "%08x %d %s\n", s.sum, s.size, s.name)
	}
	fmt.Fprintf(&b, "%08x\n", crc32.ChecksumIEEE([]byte(b.String())))
	half := filepath.Join(dir, sealFile+".new") // a seal that is cut short must not pass for one
	if err := os.WriteFile(half, []byte(b.String()), 0o600); err != nil {
		return errors.Join(err, os.Remove(half))
	}
	return os.Rename(half, filepath.Join(dir, sealFile))
}

// breakSeal compares a generation with its seal and takes the seal away, for
// now the files will change. It reports whether there was one.
func breakSeal(dir string) (bool, error) {
	path := filepath.Join(dir, sealFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	sums, err := sumFolder(dir)
	if err != nil {
		return true, err
	}
	var b strings.Builder
	lines := bufio.NewScanner(strings.NewReader(string(text)))
	for _, s := range sums {
		line := fmt.Sprintf("%08x %d %s", s.sum, s.size, s.name)
		if !lines.Scan() || lines.Text() != line {
			return true, fmt.Errorf("search: %s is not as it was sealed (sealed %q, found %q)", s.name, lines.Text(), line)
		}
		b.WriteString(line + "\n")
	}
	if b.WriteString(fmt.Sprintf("%08x\n", crc32.ChecksumIEEE([]byte(b.String())))); b.String() != string(text) {
		return true, errors.New("search: a file of the generation is gone, or its seal is damaged")
	}
	return true, os.Remove(path)
}

// fileSum is a file with its checksum.
type fileSum struct {
	name string
	size int64
	sum  uint32
}

// sumFolder reads all files of a folder but its seal, on all processors.
func sumFolder(dir string) ([]fileSum, error) {
	var sums []fileSum
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if !strings.HasPrefix(name, sealFile) {
			sums = append(sums, fileSum{name: filepath.ToSlash(name)})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return sums, parallel(len(sums), func(i int) (err error) {
		sums[i].sum, sums[i].size, err = sumFile(filepath.Join(dir, sums[i].name), 0)
		return err
	})
}

// parallel does n things on all processors and returns what went wrong.
func parallel(n int, do func(i int) error) error {
	failures, slots := make([]error, n), make(chan struct{}, runtime.GOMAXPROCS(0))
	var wait sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wait.Go(func() {
			failures[i] = do(i)
			<-slots
		})
	}
	wait.Wait()
	return errors.Join(failures...)
}

// sumFile returns the checksum of a file without its last bytes, and the bytes read.
func sumFile(path string, without int64) (uint32, int64, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	sum := crc32.NewIEEE()
	size, err := io.CopyBuffer(struct{ io.Writer }{sum}, io.LimitReader(file, max(0, info.Size()-without)), make([]byte, 1<<18))
	return sum.Sum32(), size, err
}

// checkSegments compares the files of a view's segments with the checksums
// that bleve writes at their ends and never looks at.
func (v *view) checkSegments() error {
	var paths []string
	for _, segment := range v.reader.Segments() {
		if stored, ok := segment.Segment().(interface{ Path() string }); ok { // else still in memory only
			paths = append(paths, stored.Path())
		}
	}
	return parallel(len(paths), func(i int) error { return checkSegment(paths[i]) })
}

func checkSegment(path string) error {
	sum, size, err := sumFile(path, crc32.Size)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var end [crc32.Size]byte
	if _, err := file.ReadAt(end[:], size); err != nil {
		return fmt.Errorf("search: %s is cut short: %w", filepath.Base(path), err)
	}
	if binary.BigEndian.Uint32(end[:]) != sum {
		return fmt.Errorf("search: %s is damaged: its checksum does not fit", filepath.Base(path))
	}
	return nil
}

// checkRoot reads through the segments of the newest snapshot: bleve goes back
// to an older one in silence when one is gone.
func checkRoot(list *bbolt.DB, store string) error {
	paths, err := newestSegments(list, store)
	if err != nil {
		return err
	}
	return parallel(len(paths), func(i int) error { return checkSegment(paths[i]) })
}

// newestSegments returns the files that a list of segments names for its newest snapshot.
func newestSegments(list *bbolt.DB, store string) (paths []string, err error) {
	err = list.View(func(tx *bbolt.Tx) error {
		snapshots := tx.Bucket(util.BoltSnapshotsBucket)
		if snapshots == nil {
			return errors.New("search: the list of segments has no snapshot")
		}
		key, _ := snapshots.Cursor().Last()
		newest := snapshots.Bucket(key)
		if newest == nil {
			return errors.New("search: the newest snapshot cannot be read")
		}
		return newest.ForEachBucket(func(key []byte) error {
			if name := newest.Bucket(key).Get(util.BoltPathKey); name != nil {
				paths = append(paths, filepath.Join(store, filepath.Base(string(name))))
			}
			return nil
		})
	})
	return paths, err
}

// renewRoot checks a generation that was not closed, as far as files go, and
// copies what can be read of its list of segments into a new file.
// A list that was not closed may be damaged where only the next write would
// notice, and that one panics in a goroutine of bleve's.
func renewRoot(dir string) error {
	path := filepath.Join(dir, "store", "root.bolt")
	old, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait, ReadOnly: true})
	if err != nil {
		return err
	}
	if err := checkRoot(old, filepath.Dir(path)); err != nil {
		return errors.Join(err, old.Close())
	}
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, old.Close())
	}
	made, err := bbolt.Open(fresh, 0o600, nil)
	if err == nil {
		err = errors.Join(bbolt.Compact(made, old, 0), made.Sync(), made.Close())
	}
	err = errors.Join(err, old.Close())
	if noSpace(err) { // not the fault of the old one, which was read so far
		return os.Remove(fresh)
	}
	if err != nil {
		return err
	}
	return os.Rename(fresh, path)
}

// noSpace reports whether an error says that nothing more can be written.
func noSpace(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT)
}
