package bench

import (
	"context"
	"io/fs"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"jishi/internal/market"
	"jishi/search"
)

// chunk is how many texts are indexed in one step, as a rebuild does.
const chunk = 1000

func buildOurs(ctx context.Context, dir string, texts *Texts, tick func(int)) error {
	index, err := search.Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	sink := index.Achievements()
	var batch []*market.Achievement
	flush := func(number int) error {
		if err := sink.Apply(ctx, batch, strconv.Itoa(number)); err != nil {
			return err
		}
		batch = batch[:0]
		tick(number)
		return nil
	}
	err = texts.all(func(t *Text) error {
		if batch = append(batch, t.achievement()); len(batch) < chunk {
			return nil
		}
		return flush(t.Number + 1)
	})
	if err == nil && len(batch) > 0 {
		err = flush(texts.count)
	}
	if err == nil {
		err = index.Compact(ctx) // as a rebuild does
	}
	if err != nil {
		index.Close()
		return err
	}
	return index.Close()
}

// settled waits, a minute at most, until nothing in a folder changes any more:
// some systems still merge what they have written.
func settled(ctx context.Context, dir string) error {
	last, since := int64(-1), time.Now()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(200 * time.Millisecond) {
		size, err := folderSize(dir)
		if err != nil {
			return err
		}
		if size != last {
			last, since = size, time.Now()
		} else if time.Since(since) > time.Second {
			return nil
		}
	}
	return ctx.Err()
}

// folderSize adds up the bytes of all files in a folder.
func folderSize(dir string) (int64, error) {
	total := int64(0)
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil // gone meanwhile: merged away
		}
		if info, err := entry.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total, err
}

// ourServer is the index of this marketplace as its pages use it.
type ourServer struct {
	index *search.Index
	texts *Texts
}

func openOurs(dir string, texts *Texts) (server, error) {
	index, err := search.Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return ourServer{index, texts}, nil
}

func (s ourServer) Close() error { return s.index.Close() }

func (s ourServer) count(ctx context.Context) (int, error) { return s.index.Count(ctx) }

// short marks the texts of the page as the search page does.
func (s ourServer) short(ctx context.Context, text string) ([]int, int, error) {
	result, err := s.index.Find(ctx, market.SearchQuery{Text: text, Limit: pageSize})
	if err != nil {
		return nil, 0, err
	}
	found := make([]int, len(result.Hits))
	for i, hit := range result.Hits {
		found[i], _ = strconv.Atoi(string(hit.ID))
	}
	return found, result.Total, mark(s.texts, text, found)
}

func mark(texts *Texts, query string, found []int) error {
	for _, number := range found {
		t, err := texts.Read(number)
		if err != nil {
			return err
		}
		search.Snippet(query, t.Whole(), snippet)
	}
	return nil
}

func (s ourServer) match(ctx context.Context, text string) ([]int, error) {
	found, err := s.index.Candidates(ctx, text, market.KindAchievement, matchSize)
	return numbers(found), err
}

func numbers(found []market.Candidate) []int {
	all := make([]int, len(found))
	for i, c := range found {
		all[i], _ = strconv.Atoi(string(c.ID))
	}
	return all
}

// stockServer is bleve's own match query on the same index. It counts no
// facets: the index has no fields that bleve could count.
type stockServer struct{ ourServer }

func openStock(dir string, texts *Texts) (server, error) {
	s, err := openOurs(dir, texts)
	if err != nil {
		return nil, err
	}
	return stockServer{s.(ourServer)}, nil
}

func (s stockServer) short(ctx context.Context, text string) ([]int, int, error) {
	result, err := s.index.StockCandidates(ctx, text, pageSize)
	found := numbers(result)
	if err != nil {
		return nil, 0, err
	}
	return found, 0, mark(s.texts, text, found)
}

func (s stockServer) match(ctx context.Context, text string) ([]int, error) {
	found, err := s.index.StockCandidates(ctx, text, matchSize)
	return numbers(found), err
}

// release gives memory that is not in use back to the machine.
func release() { debug.FreeOSMemory() }
