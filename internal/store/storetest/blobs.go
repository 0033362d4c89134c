package storetest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"sync"
	"testing"
	"testing/iotest"

	"jishi/internal/market"
	"jishi/internal/store"
)

// BlobStore is contents under test.
type BlobStore struct {
	store.Blobs
	// Damage changes, shortens and takes parts away of the content with a hash,
	// behind the store's back: one kind of damage for each number from 0 on. It
	// returns false for a number that stands for none.
	Damage func(t *testing.T, hash string, kind int) bool
}

// RunBlobs runs the suite that every driver of contents must pass. largest is
// the size of the largest content that is put.
func RunBlobs(t *testing.T, blobs BlobStore, largest int) {
	b := blobSuite{blobs, largest}
	t.Run("round trip", b.roundTrip)
	t.Run("none there", b.noneThere)
	t.Run("put twice", b.putTwice)
	t.Run("refused contents leave nothing", b.refused)
	t.Run("many put one", b.manyPutOne)
	t.Run("damage is found and mended", b.damage)
	t.Run("reading outlives the context", b.outlives)
}

type blobSuite struct {
	BlobStore
	largest int
}

func (b blobSuite) content(size int) ([]byte, string) {
	content := make([]byte, size)
	_, _ = rand.Read(content) // never fails
	sum := sha256.Sum256(content)
	return content, hex.EncodeToString(sum[:])
}

func (b blobSuite) put(t *testing.T, hash string, content []byte) {
	t.Helper()
	if err := b.Put(t.Context(), hash, int64(len(content)), bytes.NewReader(content)); err != nil {
		t.Fatalf("Put of %d bytes = %v", len(content), err)
	}
}

func (b blobSuite) holds(t *testing.T, hash string, content []byte) {
	t.Helper()
	stored, err := b.Open(t.Context(), hash)
	if err != nil {
		t.Fatalf("Open of %d bytes = %v", len(content), err)
	}
	defer stored.Close()
	got, err := io.ReadAll(stored)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes, %v, want the %d that were put", len(got), err, len(content))
	}
}

// roundTrip covers sizes around the bounds at which drivers cut.
func (b blobSuite) roundTrip(t *testing.T) {
	for _, size := range []int{0, 1, 4096, 255<<10 - 1, 255 << 10, 255<<10 + 1, b.largest} {
		content, hash := b.content(size)
		b.put(t, hash, content)
		b.holds(t, hash, content)
	}
}

func (b blobSuite) noneThere(t *testing.T) {
	_, hash := b.content(10)
	_, err := b.Open(t.Context(), hash)
	wantKind(t, "Open of nothing", err, market.NotFound)
	for _, bad := range []string{"", "../../etc/passwd", hash[:63], hash + "0", "A" + hash[1:], hash[:62] + "/."} {
		_, err := b.Open(t.Context(), bad)
		wantKind(t, "Open of "+bad, err, market.Internal)
		wantKind(t, "Put of "+bad, b.Put(t.Context(), bad, 0, bytes.NewReader(nil)), market.Internal)
	}
}

func (b blobSuite) putTwice(t *testing.T) {
	content, hash := b.content(300 << 10)
	b.put(t, hash, content)
	b.put(t, hash, content)
	b.holds(t, hash, content)
}

// refused puts what is not what it is said to be, or ends half way.
func (b blobSuite) refused(t *testing.T) {
	content, hash := b.content(600 << 10)
	size := int64(len(content))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("the client left")
	for _, tt := range []struct {
		name    string
		ctx     context.Context
		size    int64
		content io.Reader
	}{
		{"another content", t.Context(), size, bytes.NewReader(make([]byte, size))},
		{"too short", t.Context(), size, bytes.NewReader(content[:size-1])},
		{"too long", t.Context(), size, io.MultiReader(bytes.NewReader(content), bytes.NewReader(content))},
		{"size too small", t.Context(), size - 1, bytes.NewReader(content)},
		{"breaks off", t.Context(), size, io.MultiReader(bytes.NewReader(content[:size/2]), iotest.ErrReader(broken))},
		{"context ended", ended, size, bytes.NewReader(content)},
	} {
		if err := b.Put(tt.ctx, hash, tt.size, tt.content); err == nil {
			t.Errorf("%s: accepted", tt.name)
		}
		if stored, err := b.Open(t.Context(), hash); err == nil {
			stored.Close()
			t.Errorf("%s: something is there", tt.name)
		} else {
			wantKind(t, tt.name+": Open", err, market.NotFound)
		}
	}
	b.put(t, hash, content)
	b.holds(t, hash, content)
}

func (b blobSuite) manyPutOne(t *testing.T) {
	content, hash := b.content(400 << 10)
	ctx, cancel := background()
	defer cancel()
	var wait sync.WaitGroup
	failures := make(chan error, 8)
	for range cap(failures) {
		wait.Go(func() {
			failures <- b.Put(ctx, hash, int64(len(content)), bytes.NewReader(content))
		})
	}
	wait.Wait()
	close(failures)
	for err := range failures {
		if err != nil {
			t.Errorf("one of many: %v", err)
		}
	}
	b.holds(t, hash, content)
}

func (b blobSuite) damage(t *testing.T) {
	kinds := 0
	for ; ; kinds++ {
		content, hash := b.content(600<<10 + kinds)
		b.put(t, hash, content)
		if !b.Damage(t, hash, kinds) {
			break
		}
		if _, err := b.Open(t.Context(), hash); !store.IsDamaged(err) || !market.Is(err, market.Internal) {
			t.Errorf("damage %d: Open = %v, want damaged", kinds, err)
		}
		b.put(t, hash, content)
		b.holds(t, hash, content)
	}
	if kinds < 2 {
		t.Errorf("only %d kinds of damage were tried", kinds)
	}
}

func (b blobSuite) outlives(t *testing.T) {
	content, hash := b.content(300 << 10)
	b.put(t, hash, content)
	ctx, cancel := context.WithCancel(t.Context())
	stored, err := b.Open(ctx, hash)
	cancel()
	if err != nil {
		t.Fatal(err)
	}
	defer stored.Close()
	if got, err := io.ReadAll(stored); err != nil || !bytes.Equal(got, content) {
		t.Errorf("after the context ended: %d bytes, %v", len(got), err)
	}
}
