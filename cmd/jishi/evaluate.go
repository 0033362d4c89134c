package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"jishi/search/evaluate"
)

// evaluateCommand measures the ranking on texts whose answers are known.
func evaluateCommand() *cli.Command {
	return &cli.Command{
		Name: "evaluate", Usage: "用已知答案的查询测量排序的好坏与快慢，与 bleve 自带的匹配查询对照",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "corpus", Required: true, Usage: "语料文件，每行一个 JSON：external_id、title、summary"},
			&cli.StringSliceFlag{Name: "queries", Required: true, Usage: "查询文件，每行一个 JSON：id、text、relevant；可给出多次"},
			&cli.BoolFlag{Name: "abstracts", Usage: "只编入摘要，不编标题（默认如市场中的条目：标题与摘要）"},
			&cli.BoolFlag{Name: "sweep", Usage: "列出排序参数的试值表：只按一半查询选取，另一半对照"},
			&cli.BoolFlag{Name: "calibrate", Usage: "另把一部分查询的答案留在索引外，按匹配线列出准确率与作答率"},
			&cli.BoolFlag{Name: "json", Usage: "输出 JSON"},
		},
		DisableSliceFlagSeparator: true, // a comma may be part of a file's name
		ArgValidator:              takes(0, 0), Action: evaluateRanking,
	}
}

// querySet is a file of queries.
type querySet struct {
	file    string
	queries []evaluate.Query
}

// evaluateRanking reads all files before it indexes, so that a mistake in the
// last one shows at once. The index is gone when it returns.
func evaluateRanking(ctx context.Context, c *cli.Command) (err error) {
	docs, err := readTexts(c.String("corpus"), evaluate.ReadCorpus)
	if err != nil {
		return err
	}
	var sets []querySet
	for _, file := range c.StringSlice("queries") {
		queries, err := readTexts(file, evaluate.ReadQueries)
		if err != nil {
			return err
		}
		sets = append(sets, querySet{file, queries})
	}
	dir, err := os.MkdirTemp("", "jishi-evaluate-")
	if err != nil {
		return failed("建立临时目录", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	all := listings(docs, !c.Bool("abstracts"))
	if c.Bool("sweep") {
		err := sweep(ctx, dir, all, sets, c.Root().Writer, c.Root().ErrWriter)
		if ctx.Err() != nil {
			return failed("测量没有做完", ctx.Err())
		}
		return err
	}
	results, err := compareIn(ctx, dir, all, sets, c.Root().ErrWriter)
	if err == nil && c.Bool("calibrate") {
		err = calibrate(ctx, all, results, c.Root().ErrWriter)
	}
	if ctx.Err() != nil {
		return failed("测量没有做完", ctx.Err())
	}
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return writeEvaluationJSON(c.Root().Writer, results)
	}
	if err := writeEvaluation(c.Root().Writer, results, !c.Bool("abstracts")); err != nil {
		return err
	}
	return writeCalibration(c.Root().Writer, results)
}

func readTexts[T any](path string, read func(io.Reader) ([]T, error)) ([]T, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, failed("打开文件 "+path, err)
	}
	defer file.Close()
	all, err := read(file)
	if err != nil {
		return nil, fmt.Errorf("%s：%w", path, err)
	}
	return all, nil
}
