package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"

	"jishi/internal/exchange"
	"jishi/internal/market"
)

// importCommand brings a file in.
func importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "导入 achievements、demands、organizations 或 contracts（.xlsx、.csv、.jsonl）",
		ArgsUsage: "achievements|demands|organizations|contracts 文件", ArgValidator: takes(2, 2),
		Flags: append(storeFlags(),
			&cli.StringFlag{Name: "org", Usage: "发布单位（已登记的名称或统一社会信用代码），默认为科技主管部门", Sources: cli.EnvVars("JISHI_IMPORT_ORG")},
			&cli.BoolFlag{Name: "dry-run", Usage: "只检查，不写入"},
			&cli.StringFlag{Name: "report", Usage: "逐行报告写入此 CSV 文件"},
		),
		Action: importFile,
	}
}

// importFile reads the file's beginning before it makes or opens a store.
func importFile(ctx context.Context, c *cli.Command) error {
	kind, path := c.Args().Get(0), c.Args().Get(1)
	if !market.ImportKinds.Has(kind) {
		return usage(c)
	}
	rows, err := openRows(path)
	if err != nil {
		return err
	}
	defer rows.Close()
	report, err := createReport(c.String("report"))
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, readConfig(c))
	if err != nil {
		return errors.Join(err, report.Close())
	}
	defer h.close()
	job := &market.ImportJob{Kind: kind, File: filepath.Base(path), DryRun: c.Bool("dry-run")}
	started := time.Now()
	err = h.bring(ctx, c.String("org"), job, rows)
	if err == nil || job.Done > 0 {
		printImport(job, time.Since(started))
	}
	return errors.Join(err, exchange.WriteReport(report, job), report.Close())
}

// fileRows are the rows of an open file.
type fileRows struct {
	exchange.Rows
	file *os.File
}

func (r fileRows) Close() error { return errors.Join(r.Rows.Close(), r.file.Close()) }

func openRows(path string) (exchange.Rows, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, failed("打开文件 "+path, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(failed("打开文件 "+path, err), file.Close())
	}
	if !info.Mode().IsRegular() { // rows are read from more than one place at a time, which a pipe cannot give
		return nil, errors.Join(errors.New(path+" 不是普通文件"), file.Close())
	}
	rows, err := exchange.Open(file, info.Size())
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return fileRows{rows, file}, nil
}

// createReport opens the file of the row report before anything is imported;
// without a path it goes nowhere.
func createReport(path string) (io.WriteCloser, error) {
	if path == "" {
		return nowhere{io.Discard}, nil
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, failed("写报告 "+path, err)
	}
	return file, nil
}

type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }

// bring imports rows for an organization with a progress bar on the terminal.
func (h *house) bring(ctx context.Context, org string, job *market.ImportJob, rows exchange.Rows) error {
	by, err := h.importer(ctx, org, job)
	if err != nil {
		return err
	}
	bar := progressbar.NewOptions(rows.Total(), progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("导入"),
		progressbar.OptionSetVisibility(isTerminal(os.Stderr)),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	if err := h.catchUpDuplicates(ctx, job.Kind); err != nil {
		return err
	}
	err = exchange.NewImporter(h.sinks(), time.Now).Noting(h.likeness).Run(ctx, by, job, rows, func(job *market.ImportJob) {
		bar.ChangeMax(max(job.Total, job.Done, 1))
		bar.Set(job.Done)
	})
	bar.Finish()
	if ctx.Err() != nil {
		return errors.New(job.Error)
	}
	return err
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// printImport tells the operator what became of the rows.
func printImport(job *market.ImportJob, took time.Duration) {
	verb := "导入"
	if job.DryRun {
		verb = "检查（未写入）"
	}
	fmt.Printf("%s %s：共 %d 行，新增 %d，更新 %d，未变 %d，有问题 %d，用时 %.1f 秒\n",
		verb, job.File, job.Done, job.Created, job.Updated, job.Unchanged, job.Failed, took.Seconds())
	const shown = 10
	for i, p := range job.Problems {
		if i == shown {
			fmt.Printf("  ……还有 %d 处，用 --report 写出全部\n", len(job.Problems)-shown)
			break
		}
		fmt.Printf("  第 %d 行 %s “%s”：%s\n", p.Row, p.Column, p.Value, p.Reason)
	}
	printTwins(job)
	for _, note := range job.Notes {
		fmt.Println("  " + note)
	}
}
