package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/store"
)

// exportCommand writes every document of a kind to a file.
func exportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Usage: "导出 achievements、demands、organizations 或 contracts 为 .xlsx 或 .csv；不给文件则把 CSV 写到标准输出",
		ArgsUsage: "achievements|demands|organizations|contracts [文件.xlsx|文件.csv]", ArgValidator: takes(1, 2),
		Flags: storeFlags(), Action: exportFile,
	}
}

func exportFile(ctx context.Context, c *cli.Command) error {
	kind, path := c.Args().Get(0), c.Args().Get(1)
	xlsx := strings.HasSuffix(path, ".xlsx")
	if !market.ImportKinds.Has(kind) || (path != "" && !xlsx && !strings.HasSuffix(path, ".csv")) {
		return usage(c)
	}
	cfg := readConfig(c)
	if err := cfg.mustExist(); err != nil {
		return err
	}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	write := func(w io.Writer) error { return h.export(ctx, kind, w, xlsx) }
	if path == "" {
		return write(os.Stdout)
	}
	if err := replaceFile(path, write); err != nil {
		return failed("写文件 "+path, err)
	}
	return nil
}

// replaceFile writes a file for its owner only and puts it in place when it
// is whole; until then what was there stays.
func replaceFile(path string, write func(io.Writer) error) error {
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if err := errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func (h *house) export(ctx context.Context, kind string, w io.Writer, xlsx bool) error {
	switch kind {
	case exchange.Achievements:
		return write(w, xlsx, every(ctx, h.docs.achievements))
	case exchange.Demands:
		return write(w, xlsx, every(ctx, h.docs.demands))
	case exchange.Organizations:
		return write(w, xlsx, every(ctx, h.docs.orgs))
	default:
		return write(w, xlsx, every(ctx, h.docs.contracts))
	}
}

func write[T exchange.Importable](w io.Writer, xlsx bool, docs iter.Seq2[*T, error]) error {
	if xlsx {
		return exchange.WriteXLSX(w, docs)
	}
	return exchange.WriteCSV(w, docs)
}

// every walks a collection in id order, a page at a time.
func every[T any](ctx context.Context, docs store.Reader[T]) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		q := store.Query{Limit: store.MaxLimit}
		for {
			page, err := docs.Find(ctx, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, doc := range page.Items {
				if !yield(doc, nil) {
					return
				}
			}
			if q.After = page.Next; page.Next == "" {
				return
			}
		}
	}
}
