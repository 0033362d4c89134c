// Package disk keeps contents of files in a folder, each in a file named by
// its hash. It serves beside store/sqlite; several processes may share a folder.
package disk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
)

const (
	folderMode = 0o700
	// stale is the age at which a temporary file counts as left behind: no Put
	// lasts as long.
	stale = time.Hour
)

// Blobs is a folder of contents. It is safe for use by many goroutines.
type Blobs struct {
	root string // ab/cdef…: the content with hash abcdef…
	temp string // what is being written, on the same file system
}

var _ store.Blobs = (*Blobs)(nil)

// Open opens a folder of contents, making it if need be, and clears away what
// processes that died have left half written.
func Open(folder string) (*Blobs, error) {
	b := &Blobs{root: folder, temp: filepath.Join(folder, "tmp")}
	if err := os.MkdirAll(b.temp, folderMode); err != nil {
		return nil, failure(err)
	}
	left, err := os.ReadDir(b.temp)
	if err != nil {
		return nil, failure(err)
	}
	for _, entry := range left {
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) > stale {
			err = os.Remove(filepath.Join(b.temp, entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, failure(err)
		}
	}
	return b, nil
}

// path returns where the content with a hash is.
func (b *Blobs) path(hash string) string { return filepath.Join(b.root, hash[:2], hash[2:]) }

// Put implements store.Blobs. The content becomes visible, whole and on disk,
// by one rename.
func (b *Blobs) Put(ctx context.Context, hash string, size int64, content io.Reader) error {
	if err := store.CheckHash(hash); err != nil {
		return err
	}
	temp, err := os.CreateTemp(b.temp, "put-") // mode 0600
	if err != nil {
		return failure(err)
	}
	defer os.Remove(temp.Name()) // nothing to remove after the rename
	err = store.CopyBlob(ctx, temp, content, hash, size)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return failure(err)
	}
	return failure(b.place(temp.Name(), b.path(hash)))
}

// place moves a synced file to its place and makes that durable, the folder's
// own entry too.
func (b *Blobs) place(from, to string) error {
	folder := filepath.Dir(to)
	if err := os.Mkdir(folder, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return errors.Join(syncFolder(folder), syncFolder(b.root))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// Open implements store.Blobs.
func (b *Blobs) Open(ctx context.Context, hash string) (io.ReadCloser, error) {
	if err := store.CheckHash(hash); err != nil {
		return nil, err
	}
	file, err := os.Open(b.path(hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.NoBlob(hash)
	}
	if err != nil {
		return nil, failure(err)
	}
	if err := check(ctx, file, hash); err != nil {
		file.Close()
		return nil, failure(err)
	}
	return file, nil
}

// check reads a file through and goes back to its beginning.
func check(ctx context.Context, file *os.File, hash string) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	err = store.CopyBlob(ctx, io.Discard, file, hash, info.Size())
	if errors.Is(err, store.ErrContent) {
		return store.BlobDamaged(hash, err)
	}
	if err != nil {
		return err
	}
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// failure turns an error of the file system into one of ours; nil stays nil
// and our own errors stay as they are.
func failure(err error) error {
	var own *market.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return market.Wrap(market.Unavailable, err, "store_interrupted", "操作被中断，请稍后再试。")
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return market.Wrap(market.Unavailable, err, "store_full", "存储空间不足，暂时不能保存，请通知管理员。")
	}
	return market.Wrap(market.Unavailable, fmt.Errorf("contents on disk: %w", err), "store_unreachable", "暂时不能读写文件，请稍后再试。")
}
