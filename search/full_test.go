package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"jishi/internal/market"
)

// TestFullDisk runs an index in a process that may write no more from some
// moment on, as on a full disk, while it indexes and while it rebuilds; and
// then may again.
func TestFullDisk(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0])
	child.Env = append(os.Environ(), "JISHI_CRASH=full:"+t.TempDir())
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "nothing is lost") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(strings.TrimSpace(string(out)))
}

// space bounds how large a file of this process may become.
func space(bytes uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	limit.Cur = min(bytes, limit.Max)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)
}

func fullDisk(ix *Index) error {
	signal.Ignore(syscall.SIGXFSZ)
	f := &feed{}
	for _, a := range sampleTexts(200) {
		f.put(a)
	}
	if err := f.catchUp(context.Background(), ix.Achievements()); err != nil {
		return err
	}
	if err := space(512); err != nil {
		return err
	}
	for i := range 100 {
		a := published(market.ID(fmt.Sprint("late", i)), "磁盘已满以后", strings.Repeat("发布的成果。", 50))
		f.put(a)
	}
	begin := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := f.catchUp(ctx, ix.Achievements()); !market.Is(err, market.Unavailable) {
		return fmt.Errorf("indexing on a full disk: %w, want Unavailable", err)
	}
	fmt.Println("indexing failed after", time.Since(begin))
	if err := answersAll(ix, 200); err != nil {
		return fmt.Errorf("on a full disk: %w", err)
	}
	begin = time.Now()
	if err := ix.Rebuild(ctx, f.fill); err == nil {
		return errors.New("a rebuild succeeded on a full disk")
	}
	fmt.Println("rebuilding failed after", time.Since(begin))
	if err := answersAll(ix, 200); err != nil {
		return fmt.Errorf("after a rebuild on a full disk: %w", err)
	}
	if err := space(1 << 62); err != nil {
		return err
	}
	if err := f.catchUp(context.Background(), ix.Achievements()); err != nil {
		return fmt.Errorf("indexing with space again: %w", err)
	}
	if err := errors.Join(answersAll(ix, 300), ix.Check(context.Background())); err != nil {
		return fmt.Errorf("with space again: %w", err)
	}
	if err := errors.Join(ix.Rebuild(context.Background(), f.fill), answersAll(ix, 300), ix.Close()); err != nil {
		return fmt.Errorf("rebuilding with space again: %w", err)
	}
	fmt.Println("nothing is lost")
	return nil
}

// answersAll fails unless at least so many listings are found.
func answersAll(ix *Index, least int) error {
	result, err := ix.Find(context.Background(), market.SearchQuery{})
	if err == nil && result.Total < least {
		err = fmt.Errorf("%d listings found, want %d", result.Total, least)
	}
	return err
}
