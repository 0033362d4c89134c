package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/urfave/cli/v3"

	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/store"
)

// exportCommand writes every document of a kind to a file.
func exportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Usage: "导出 achievements、demands、organizations 或 contracts 为 .xlsx 或 .csv",
		ArgsUsage: "KIND FILE", Flags: storeFlags(), Action: exportFile,
	}
}

func exportFile(ctx context.Context, c *cli.Command) error {
	kind, path := c.Args().Get(0), c.Args().Get(1)
	if !market.ImportKinds.Has(kind) || (!strings.HasSuffix(path, ".xlsx") && !strings.HasSuffix(path, ".csv")) {
		return fmt.Errorf("用法：jishi export achievements|demands|organizations|contracts FILE.xlsx|FILE.csv")
	}
	h, err := openHouse(ctx, readConfig(c))
	if err != nil {
		return err
	}
	defer h.close()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("写文件: %w", err)
	}
	return errors.Join(h.export(ctx, kind, file, strings.HasSuffix(path, ".xlsx")), file.Close())
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
