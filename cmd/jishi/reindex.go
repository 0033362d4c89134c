package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/search"
)

// reindexCommand rebuilds the search index beside the old one and swaps.
func reindexCommand() *cli.Command {
	return &cli.Command{
		Name: "reindex", Usage: "重建全文索引；服务运行时由服务自己重建，期间照常检索",
		Flags:  storeFlags(),
		Action: reindex,
	}
}

// reindex rebuilds the index itself when nobody serves from the folder, and
// else asks the serving process, which alone may touch its index.
func reindex(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	started := time.Now()
	index, err := search.Open(indexDir(cfg), logger())
	if err != nil {
		var known *market.Error
		if errors.As(err, &known) && known.Code == "index_in_use" {
			return h.askReindex(ctx)
		}
		return err
	}
	defer index.Close()
	result, err := h.rebuild(ctx, index)
	if err != nil {
		return err
	}
	fmt.Printf("%s，用时 %.1f 秒\n", result, time.Since(started).Seconds())
	return nil
}

func indexDir(c config) string { return filepath.Join(c.Data, "index") }

// rebuild fills a new index from the store beside the old one and swaps.
func (h *house) rebuild(ctx context.Context, index *search.Index) (string, error) {
	err := index.Rebuild(ctx, func(ctx context.Context, into search.Sinks) error {
		achievements := follow.Follower[market.Achievement]{Name: "achievements", Source: h.docs.achievements, Sink: into.Achievements, Log: logger()}
		if err := achievements.CatchUp(ctx); err != nil {
			return err
		}
		demands := follow.Follower[market.Demand]{Name: "demands", Source: h.docs.demands, Sink: into.Demands, Log: logger()}
		return demands.CatchUp(ctx)
	})
	if err != nil {
		return "", err
	}
	n, err := index.Count(ctx)
	return fmt.Sprintf("索引已重建：%d 条", n), err
}

// askReindex leaves a request in the store and waits for the answer.
func (h *house) askReindex(ctx context.Context) error {
	asked, err := h.ask(ctx)
	if err != nil {
		return err
	}
	fmt.Println("服务正在运行，已请它重建索引，等待完成……")
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(300 * time.Millisecond):
		}
		answer, err := h.docs.signals.Get(ctx, reindexSignal)
		if err != nil {
			return err
		}
		if answer.Answered.Before(asked) {
			continue
		}
		if answer.Failed {
			return errors.New(answer.Result)
		}
		fmt.Println(answer.Result)
		return nil
	}
}

// ask writes the request, whoever else asks at the same time.
func (h *house) ask(ctx context.Context) (time.Time, error) {
	for {
		now := time.Now().UTC().Truncate(time.Millisecond)
		err := h.docs.signals.Insert(ctx, &operatorSignal{Meta: market.Meta{ID: reindexSignal}, Asked: now})
		if err == nil || !market.Is(err, market.Conflict) {
			return now, err
		}
		present, err := h.docs.signals.Get(ctx, reindexSignal)
		if err != nil {
			return now, err
		}
		present.Asked = now
		if err = h.docs.signals.Update(ctx, present); err == nil || !market.Is(err, market.Stale) {
			return now, err
		}
	}
}

// answerSignals rebuilds when an operator asks for it, until ctx ends.
func (h *house) answerSignals(ctx context.Context, index *search.Index, log *slog.Logger) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := h.answerSignal(ctx, index); err != nil && ctx.Err() == nil {
			log.Error("signal", "err", err)
		}
	}
}

func (h *house) answerSignal(ctx context.Context, index *search.Index) error {
	request, err := h.docs.signals.Get(ctx, reindexSignal)
	if market.Is(err, market.NotFound) {
		return nil
	}
	if err != nil || !request.Answered.Before(request.Asked) {
		return err
	}
	started := time.Now()
	request.Failed = false
	request.Result, err = h.rebuild(ctx, index)
	if err != nil {
		request.Failed, request.Result = true, "重建索引失败："+sentence(err)
	} else {
		request.Result += fmt.Sprintf("，用时 %.1f 秒", time.Since(started).Seconds())
	}
	request.Answered = time.Now().UTC().Truncate(time.Millisecond)
	return h.docs.signals.Update(ctx, request)
}
