package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

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
		Flags: append(storeFlags(),
			&cli.StringFlag{Name: "org", Usage: "只导出此单位（已登记的名称或统一社会信用代码）的；用 import --org 可再导入"},
		),
		Action: exportFile,
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
	var owner market.ID
	if name := c.String("org"); name != "" {
		org, err := h.lookUp(ctx, name)
		if err != nil {
			return err
		}
		owner = org.ID
	}
	noted := market.NewEntry(ctx, market.System, time.Now(), market.ActExport, "page", owner)
	if noted.Detail = "jishi export " + kind; owner != "" {
		noted.Kind = "organization"
	}
	if err := h.trail.Append(ctx, noted); err != nil {
		return err
	}
	write := func(w io.Writer) error { return h.export(ctx, kind, owner, w, xlsx) }
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

// export writes the documents of a kind that an organization owns, all of
// them when owner is empty.
func (h *house) export(ctx context.Context, kind string, owner market.ID, w io.Writer, xlsx bool) error {
	switch kind {
	case exchange.Achievements:
		return write(w, xlsx, owned(every(ctx, h.docs.achievements), owner, func(a *market.Achievement) market.ID { return a.Owner }))
	case exchange.Demands:
		return write(w, xlsx, owned(every(ctx, h.docs.demands), owner, func(d *market.Demand) market.ID { return d.Owner }))
	case exchange.Organizations:
		return write(w, xlsx, owned(every(ctx, h.docs.orgs), owner, func(o *market.Organization) market.ID { return o.ID }))
	default:
		return write(w, xlsx, owned(every(ctx, h.docs.contracts), owner, func(c *market.Contract) market.ID { return c.Owner }))
	}
}

func write[T exchange.Importable](w io.Writer, xlsx bool, docs iter.Seq2[*T, error]) error {
	if xlsx {
		return exchange.WriteXLSX(w, docs)
	}
	return exchange.WriteCSV(w, docs)
}

// owned leaves out what another organization owns; an empty owner keeps all.
func owned[T any](docs iter.Seq2[*T, error], owner market.ID, of func(*T) market.ID) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for doc, err := range docs {
			if err == nil && owner != "" && of(doc) != owner {
				continue
			}
			if !yield(doc, err) {
				return
			}
		}
	}
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
