package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/search/bench"
	"jishi/search/evaluate"
)

// benchCommand measures what things cost.
func benchCommand() *cli.Command {
	return &cli.Command{
		Name: "bench", Usage: "测量耗时、占用与快慢",
		Commands: []*cli.Command{benchSearchCommand(), benchWorkerCommand()},
		Action:   explain,
	}
}

// benchSearchCommand measures searching side by side with what else there is.
func benchSearchCommand() *cli.Command {
	return &cli.Command{
		Name: "search", Usage: "检索与匹配的快慢、占用与好坏，与 bleve、SQLite FTS5、Xapian 在同一批文本上逐条轮流对照",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "corpus", Required: true, Usage: "语料文件，每行一个 JSON：external_id、title、summary，可有 kind、discipline"},
			&cli.StringSliceFlag{Name: "queries", Required: true, Usage: "查询文件，每行一个 JSON：id、text、relevant；可给出多次"},
			&cli.IntSliceFlag{Name: "size", Value: []int{10_000}, Usage: "多少篇文本；可给出多次"},
			&cli.StringFlag{Name: "systems", Value: strings.Join(bench.Systems(), ","), Usage: "测哪些，以逗号分开"},
			&cli.StringFlag{Name: "dir", Usage: "索引放在哪个目录，下次再用；不给则用临时目录，用完删除"},
			&cli.BoolFlag{Name: "abstracts", Usage: "只编入摘要，不编标题（默认如市场中的条目：标题与摘要）"},
			&cli.IntFlag{Name: "samples", Value: 200, Usage: "两种查询各计时多少条"},
			&cli.IntFlag{Name: "judged", Value: 200, Usage: "每个查询文件评判多少条，0 为全部"},
			&cli.IntFlag{Name: "growth", Value: 5000, Usage: "看内存增长时搜索多少次"},
			&cli.DurationFlag{Name: "limit", Value: 5 * time.Second, Usage: "一条查询最多等多久"},
			&cli.Uint64Flag{Name: "seed", Value: 42, Usage: "随机种子"},
			&cli.BoolFlag{Name: "json", Usage: "输出 JSON"},
		},
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		ArgValidator:              takes(0, 0), Action: benchSearch,
	}
}

// benchWorkerCommand is how the bench starts itself once for each system.
func benchWorkerCommand() *cli.Command {
	return &cli.Command{
		Name: "worker", Usage: "由 bench search 启动：建立一种索引，或用它回答", ArgsUsage: "build|serve 系统 语料目录 索引目录", Hidden: true,
		ArgValidator: takes(4, 4),
		Action: func(ctx context.Context, c *cli.Command) error {
			system, corpus, dir := c.Args().Get(1), c.Args().Get(2), c.Args().Get(3)
			if c.Args().Get(0) == "build" {
				return bench.Build(ctx, system, corpus, dir, c.Root().Writer)
			}
			return bench.Serve(ctx, system, corpus, dir, os.Stdin, c.Root().Writer)
		},
	}
}

func benchSearch(ctx context.Context, c *cli.Command) (err error) {
	o, err := benchOptions(c)
	if err != nil {
		return err
	}
	absent := map[string]string{}
	o.Systems = slices.DeleteFunc(o.Systems, func(system string) bool {
		if why := bench.Missing(ctx, system); why != "" {
			absent[system] = why
		}
		return absent[system] != ""
	})
	if o.Dir == "" {
		if o.Dir, err = os.MkdirTemp("", "jishi-bench-"); err != nil {
			return failed("建立临时目录", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	}
	results, err := bench.Run(ctx, o)
	if ctx.Err() != nil {
		return failed("测量没有做完", ctx.Err())
	}
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return writeBenchJSON(c.Root().Writer, o, results, absent)
	}
	return writeBench(c.Root().Writer, o, results, absent)
}

// benchOptions reads flags and files; a mistake shows before anything is built.
func benchOptions(c *cli.Command) (o bench.Options, err error) {
	o = bench.Options{
		Dir: c.String("dir"), Sizes: c.IntSlice("size"), Systems: strings.Split(c.String("systems"), ","), Titles: !c.Bool("abstracts"), Seed: c.Uint64("seed"),
		Samples: c.Int("samples"), Judged: c.Int("judged"), Growth: c.Int("growth"), Limit: c.Duration("limit"), Progress: c.Root().ErrWriter,
	}
	for i, system := range o.Systems {
		if !slices.Contains(bench.Systems(), system) || slices.Contains(o.Systems[:i], system) {
			return o, fmt.Errorf("--systems 里的 %q 不认识或重复，可用 %s", system, strings.Join(bench.Systems(), "、"))
		}
	}
	for _, size := range o.Sizes {
		if size < 1 || size > 10_000_000 {
			return o, fmt.Errorf("--size %d 不行，应为 1 至 10000000", size)
		}
	}
	if o.Samples < 1 || o.Judged < 0 || o.Growth < 0 || o.Limit < time.Millisecond {
		return o, errors.New("--samples 至少为 1，--judged 与 --growth 不能为负，--limit 至少 1ms")
	}
	if o.Self, err = os.Executable(); err != nil {
		return o, failed("找本程序", err)
	}
	if o.Documents, err = readTexts(c.String("corpus"), evaluate.ReadCorpus); err != nil {
		return o, err
	}
	for _, file := range c.StringSlice("queries") {
		queries, err := readTexts(file, evaluate.ReadQueries)
		if err != nil {
			return o, err
		}
		o.Sets = append(o.Sets, bench.Set{File: file, Queries: queries})
	}
	return o, nil
}

// processors says how many the machine lets us use.
func processors() int { return runtime.GOMAXPROCS(0) }
