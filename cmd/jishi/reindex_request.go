package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"jishi/internal/market"
	"jishi/internal/store"
	"jishi/search"
)

const (
	lookEvery = time.Second      // how often a serving process looks for a request
	patience  = 60 * time.Second // how long a request waits for somebody to begin
)

// reindexRequests is how operators ask the process that serves from a data
// folder to rebuild its index. Of many processes on one store each has a
// folder, and so requests, of its own.
type reindexRequests struct {
	docs     store.Collection[operatorSignal]
	id       market.ID
	patience time.Duration
}

// reindexRequests returns the requests of the settings' data folder, which a
// name in it tells from others, wherever it is mounted.
func (h *house) reindexRequests(c config) (reindexRequests, error) {
	path := filepath.Join(c.Data, "index.id")
	if err := writeOnce(path, []byte(newID())); err != nil {
		return reindexRequests{}, failed("写 "+path, err)
	}
	name, err := os.ReadFile(path)
	if err != nil {
		return reindexRequests{}, failed("读 "+path, err)
	}
	return reindexRequests{docs: h.docs.signals, id: "reindex." + market.ID(name), patience: patience}, nil
}

// await asks and waits for the answer. When the process that has the index
// ends before it answers, the index comes back instead: it is the caller's to
// rebuild and close.
func (r reindexRequests) await(ctx context.Context, dir string) (*search.Index, string, error) {
	asked, err := r.ask(ctx)
	if err != nil {
		return nil, "", err
	}
	fmt.Println("服务正在运行，已请它重建索引，等待完成……")
	for ctx.Err() == nil {
		index, err := search.Open(dir, logger()) // waits a moment for the other process to end
		if err == nil || !inUse(err) {
			return index, "", err
		}
		now, err := r.docs.Get(ctx, r.id)
		if err != nil {
			return nil, "", err
		}
		switch {
		case now.Answered.Before(asked) && !now.Begun.After(now.Answered) && time.Since(asked) > r.patience:
			return nil, "", fmt.Errorf("占用索引的进程 %.0f 秒内没有回应。若它也在重建索引，请等它完成后再试；否则请检查服务", r.patience.Seconds())
		case now.Answered.Before(asked):
		case now.Failed:
			return nil, "", errors.New(now.Result)
		default:
			return nil, now.Result, nil
		}
	}
	return nil, "", failed("等待重建索引", ctx.Err())
}

// ask leaves a request and returns when.
func (r reindexRequests) ask(ctx context.Context) (time.Time, error) {
	asked := clock()
	err := r.docs.Insert(ctx, &operatorSignal{Meta: market.Meta{ID: r.id}, Asked: asked})
	if store.IsTaken(err) {
		err = r.change(ctx, func(s *operatorSignal) { s.Asked = asked })
	}
	return asked, err
}

// change edits the signal, if there is one, whoever else does at the same time.
func (r reindexRequests) change(ctx context.Context, edit func(*operatorSignal)) error {
	for {
		s, err := r.docs.Get(ctx, r.id)
		if market.Is(err, market.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		edit(s)
		if err = r.docs.Update(ctx, s); !market.Is(err, market.Stale) {
			return err
		}
	}
}

// answer tells everybody who has asked what came of it: a rebuild ends with
// all that the store holds, so it also serves those who asked while it ran.
func (r reindexRequests) answer(ctx context.Context, result string, failure error) error {
	return r.change(ctx, func(s *operatorSignal) {
		s.Answered, s.Failed, s.Result = clock(), failure != nil, result
		if failure != nil {
			s.Result = "重建索引失败：" + sentence(failure)
		}
	})
}

// answerAll rebuilds when an operator asks for it, until ctx ends.
func (r reindexRequests) answerAll(ctx context.Context, rebuild func(context.Context) (string, error), log *slog.Logger) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := r.answerNext(ctx, rebuild); err != nil && ctx.Err() == nil {
			log.Error("answer a request to reindex", "err", err)
		}
	}
}

// answerNext rebuilds once if somebody waits for it. A rebuild cut short by
// the end of the program stays asked for.
func (r reindexRequests) answerNext(ctx context.Context, rebuild func(context.Context) (string, error)) error {
	s, err := r.docs.Get(ctx, r.id)
	if market.Is(err, market.NotFound) {
		return nil
	}
	if err != nil || !s.Answered.Before(s.Asked) {
		return err
	}
	if err := r.change(ctx, func(s *operatorSignal) { s.Begun = clock() }); err != nil {
		return err
	}
	result, failure := timed(ctx, rebuild)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return r.answer(ctx, result, failure)
}
