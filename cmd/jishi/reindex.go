package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/market"
	"jishi/search"
)

// reindexCommand rebuilds the search index beside the old one and swaps.
func reindexCommand() *cli.Command {
	return &cli.Command{
		Name: "reindex", Usage: "重建全文索引；服务运行时由服务自己重建，期间照常检索",
		Flags:        append(storeFlags(), &cli.BoolFlag{Name: "check", Usage: "只检查，不重建：文件、校验和、探测查询，并与数据库逐条比对"}),
		ArgValidator: takes(0, 0), Action: reindex,
	}
}

// indexDir is the folder of the search index.
func (c config) indexDir() string { return filepath.Join(c.Data, "index") }

// reindex rebuilds the index itself when nobody serves from the folder, and
// else asks the serving process, which alone may touch its index.
func reindex(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	if err := cfg.mustExist(); err != nil {
		return err
	}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	if c.Bool("check") {
		return h.checkIndex(ctx, cfg)
	}
	requests, err := h.reindexRequests(cfg)
	if err != nil {
		return err
	}
	index, err := search.Open(cfg.indexDir(), logger())
	if inUse(err) {
		var answer string
		if index, answer, err = requests.await(ctx, cfg.indexDir()); err == nil && index == nil {
			fmt.Println(answer)
			return nil
		}
	}
	if err != nil {
		return err
	}
	defer index.Close()
	answer, err := timed(ctx, func(ctx context.Context) (string, error) { return h.docs.rebuild(ctx, index) })
	if err != nil {
		return err
	}
	fmt.Println(answer)
	return requests.answer(ctx, answer, nil) // whoever else asked has what they asked for
}

// checkIndex holds the index against the store. The process that serves from
// it checks it itself.
func (h *house) checkIndex(ctx context.Context, cfg config) error {
	index, err := search.Open(cfg.indexDir(), logger())
	if inUse(err) {
		return errors.New("服务正在使用索引，请在网页 /admin/index 或用接口 POST /api/v1/index/check 检查")
	}
	if err != nil {
		return err
	}
	defer index.Close()
	answer, err := timed(ctx, func(ctx context.Context) (string, error) {
		verdict, _, err := newIndexDesk(index, &h.docs, logger()).look(ctx)
		return verdict, err
	})
	if err != nil {
		return fmt.Errorf("%s。请运行 jishi reindex 重建，或直接启动服务，它会自己补齐", sentence(err))
	}
	fmt.Println(answer)
	return nil
}

// inUse reports whether an index could not be opened because another process has it.
func inUse(err error) bool {
	var known *market.Error
	return errors.As(err, &known) && known.Code == "index_in_use"
}

// timed adds to what rebuild says how long it took.
func timed(ctx context.Context, rebuild func(context.Context) (string, error)) (string, error) {
	started := time.Now()
	answer, err := rebuild(ctx)
	return fmt.Sprintf("%s，用时 %.1f 秒", answer, time.Since(started).Seconds()), err
}
