package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"jishi/internal/market"
)

// Blobs keeps contents of files, each under its hash: its SHA-256 as 64 lower
// case hex digits. What is there never changes and never goes.
type Blobs interface {
	// Put reads content, which must be size bytes with that hash, and returns
	// once it is durable. A failed Put leaves nothing that Open would find.
	// Putting what is there again is harmless, and mends it if it was damaged.
	Put(ctx context.Context, hash string, size int64, content io.Reader) error
	// Open returns a content after all of it was read and its hash was right:
	// NotFound when there is none, an Internal error when what is there is not
	// what was put (see IsDamaged). Reading on does not need ctx any more.
	Open(ctx context.Context, hash string) (io.ReadCloser, error)
}

// codeDamaged is the code of a content that is not what was put.
const codeDamaged = "blob_damaged"

// BlobDamaged is the error of a stored content that is not what was put.
func BlobDamaged(hash string, cause error) error {
	return market.Wrap(market.Internal, fmt.Errorf("content %s: %w", hash, cause), codeDamaged, "文件内容已损坏，无法打开，请联系管理员。")
}

// IsDamaged reports whether err says that a stored content is not what was put.
func IsDamaged(err error) bool { return code(err) == codeDamaged }

// NoBlob is the error of a content that is not there.
func NoBlob(hash string) error {
	return market.Wrap(market.NotFound, errors.New("no content "+hash), "not_found", "没有找到这个文件的内容，请联系管理员。")
}

// CheckHash returns an Internal error unless hash can name a content. Drivers
// make file names of it.
func CheckHash(hash string) error {
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != hash {
		return market.E(market.Internal, "bad_hash", "文件编号有误。")
	}
	return nil
}

// CopyBlob copies content to w and returns an error unless it is size bytes
// with that hash. It stops when ctx ends.
func CopyBlob(ctx context.Context, w io.Writer, content io.Reader, hash string, size int64) error {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), io.LimitReader(withContext(ctx, content), size+1))
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != size || got != hash {
		return market.Wrap(market.Internal, fmt.Errorf("%w: %s of %d bytes, not %s of %d", ErrContent, got, n, hash, size), "blob_differs", "文件没有传完整，请重新上传。")
	}
	return nil
}

// ErrContent is the cause when a content has not the size and hash it should.
var ErrContent = errors.New("content differs")

// withContext is r until ctx ends.
func withContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
