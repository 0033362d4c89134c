package search

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"jishi/internal/market"
	"jishi/search/analysis"
)

// lockWait is how long Open waits for another process to let go of the folder.
const lockWait = 700 * time.Millisecond

// Index is the search index of a folder. It is safe for concurrent use.
type Index struct {
	dir   string
	log   *slog.Logger
	lock  *bbolt.DB     // held while the folder is ours; the kernel lets go when we die
	slots chan struct{} // one for each search that runs; more would starve indexing

	mu      sync.RWMutex
	current *generation // nil when closed

	weighting func(context.Context) market.Weighting // see WeighBy; nil = the one in the code

	synonyms atomic.Pointer[synonyms]

	caughtUp func() bool                // see FilledWhen
	damaged  func()                     // see WhenDamaged
	next     atomic.Pointer[generation] // being filled by a rebuild

	apply    sync.RWMutex // held to write by the last step of a rebuild, to read by sinks
	building sync.Mutex   // held by a rebuild
}

// Open opens the index of a folder, making both when they are not there. An
// index that is damaged or was made for another layout is dropped and begins
// empty: its sinks then stand at the beginning and followers fill it again.
// Unavailable says that another process uses the folder.
func Open(dir string, log *slog.Logger) (*Index, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, market.Wrap(market.Unavailable, err, "index_folder", "无法建立索引目录，请检查磁盘与权限。")
	}
	lock, err := lockFolder(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, market.Wrap(market.Unavailable, err, "index_in_use", "另一个进程正在使用索引，请先停止它再启动。")
	}
	ix := &Index{dir: dir, log: log, lock: lock, slots: make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))}
	go analysis.Warm()
	if ix.current, err = openCurrent(dir, log); err != nil {
		lock.Close()
		return nil, market.Wrap(market.Unavailable, err, "index_unusable", "索引无法打开也无法新建，请检查磁盘空间与权限。")
	}
	return ix, nil
}

// lockFolder takes the lock of a folder. A damaged lock is made anew: that
// nobody holds it is known before it is read.
func lockFolder(path string) (lock *bbolt.DB, err error) {
	take := func() (*bbolt.DB, error) { return bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockWait}) }
	err = guarded(func() (err error) {
		lock, err = take()
		return err
	})
	if err == nil || errors.Is(err, berrors.ErrTimeout) {
		return lock, err
	}
	if err := os.Remove(path); err != nil {
		return nil, err
	}
	return take()
}

// Close waits for searches that run and closes the index. Later calls of its
// methods return Unavailable.
func (ix *Index) Close() error {
	ix.building.Lock() // a rebuild that runs ends first; its context is its caller's
	defer ix.building.Unlock()
	ix.mu.Lock()
	g := ix.current
	ix.current = nil
	ix.mu.Unlock()
	if g == nil {
		return nil
	}
	return errors.Join(g.closeFor(ix.dir), ix.lock.Close())
}

// Count returns how many listings of both kinds can be found.
func (ix *Index) Count(ctx context.Context) (int, error) {
	n := 0
	err := ix.read(ctx, func(v *view) error {
		n = v.live
		return nil
	})
	return n, err
}

// Ready returns nil when the index answers, else Unavailable.
func (ix *Index) Ready(ctx context.Context) error {
	_, err := ix.Count(ctx)
	return err
}

// read runs do on a view of the index.
func (ix *Index) read(ctx context.Context, do func(*view) error) error {
	select {
	case ix.slots <- struct{}{}:
		defer func() { <-ix.slots }()
	case <-ctx.Done():
		return searchError(ctx.Err())
	}
	g, err := ix.use()
	if err != nil {
		return err
	}
	defer g.users.Done()
	if err := ix.trusted(g); err != nil {
		return err
	}
	err = guarded(func() error {
		v, err := g.view(ctx)
		if err != nil {
			return err
		}
		defer v.Close()
		return do(v)
	})
	var known *market.Error
	if err != nil && ctx.Err() == nil && !errors.As(err, &known) { // of bleve's, over what it read
		ix.distrust(g, err)
		return ix.trusted(g)
	}
	return searchError(err)
}

// use returns the current generation, which stays open until users.Done.
func (ix *Index) use() (*generation, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.current == nil {
		return nil, market.E(market.Unavailable, "index_closed", "搜索正在停止，请稍后再试。")
	}
	ix.current.users.Add(1)
	return ix.current, nil
}

// searchError gives an error of bleve or of a context the kind callers know.
func searchError(err error) error {
	var known *market.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled):
		return market.Wrap(market.Unavailable, err, "search_timeout", "搜索超时，请稍后再试，或缩短搜索内容。")
	default:
		return market.Wrap(market.Unavailable, err, "search_failed", "搜索暂时不可用，请稍后再试。")
	}
}
