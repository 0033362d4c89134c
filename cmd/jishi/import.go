package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v3"

	"jishi/internal/account"
	"jishi/internal/exchange"
	"jishi/internal/market"
)

// importCommand brings a file in.
func importCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "导入 achievements、demands、organizations 或 contracts（.xlsx、.csv、.jsonl）",
		ArgsUsage: "KIND FILE",
		Flags: append(storeFlags(),
			&cli.StringFlag{Name: "org", Usage: "发布单位（名称或统一社会信用代码），默认为科技主管部门", Sources: cli.EnvVars("JISHI_IMPORT_ORG")},
			&cli.BoolFlag{Name: "dry-run", Usage: "只检查，不写入"},
			&cli.StringFlag{Name: "report", Usage: "逐行报告写入此 CSV 文件"},
		),
		Action: importFile,
	}
}

func importFile(ctx context.Context, c *cli.Command) error {
	kind, path := c.Args().Get(0), c.Args().Get(1)
	if !market.ImportKinds.Has(kind) || path == "" {
		return fmt.Errorf("用法：jishi import achievements|demands|organizations|contracts FILE")
	}
	h, err := openHouse(ctx, readConfig(c))
	if err != nil {
		return err
	}
	defer h.close()
	by, err := h.operator(ctx, c.String("org"))
	if err != nil {
		return err
	}
	job := &market.ImportJob{Meta: market.Meta{ID: newID()}, Kind: kind, File: filepath.Base(path), Owner: by.Org, By: by.User, DryRun: c.Bool("dry-run")}
	started := time.Now()
	err = h.bring(ctx, by, job, path)
	printImport(job, time.Since(started))
	if report := c.String("report"); report != "" && job.Done > 0 {
		err = errors.Join(err, writeReport(report, job))
	}
	return err
}

// operator is the System acting for an organization: the one named, else the
// bureau, which is added when the store has none.
func (h *house) operator(ctx context.Context, org string) (market.Actor, error) {
	if org == "" {
		page, err := h.accounts.FindOrganizations(ctx, market.System, account.OrganizationFilter{Kind: "bureau", Limit: 1})
		if err != nil {
			return market.Actor{}, err
		}
		org = "科技局"
		if len(page.Items) > 0 {
			org = page.Items[0].Name
		}
	}
	owner, err := h.organization(ctx, org, "bureau")
	if err != nil {
		return market.Actor{}, err
	}
	return systemFor(owner), nil
}

// systemFor is the System acting for an organization.
func systemFor(org *market.Organization) market.Actor {
	by := market.System
	by.Org, by.OrgName = org.ID, org.Name
	return by
}

// sinks is where imported documents go.
func (h *house) sinks() exchange.Sinks {
	return exchange.Sinks{
		Achievements: h.achievements.Put, Demands: h.demands.Put,
		Organizations: h.accounts.PutOrganization, Contracts: h.putContract,
	}
}

// putContract brings in one contract, its parties tied to the organizations
// on the platform that the row names by credit code or name.
func (h *house) putContract(ctx context.Context, by market.Actor, doc *market.Contract, external string, dryRun bool) (market.Outcome, error) {
	if err := h.tieParties(ctx, doc); err != nil {
		return 0, err
	}
	return h.contracts.Put(ctx, by, doc, external, dryRun)
}

func (h *house) tieParties(ctx context.Context, doc *market.Contract) error {
	for _, side := range [][]market.Party{doc.Sellers, doc.Buyers} {
		for i := range side {
			org, err := h.accounts.LookUpOrganization(ctx, market.System, side[i].Code, side[i].Name)
			if market.Is(err, market.NotFound) || market.Is(err, market.Invalid) {
				continue // not on the platform; a bad code is the sink's to report
			}
			if err != nil {
				return err
			}
			side[i].Org = org.ID
		}
	}
	return nil
}

// bring imports one file with a progress bar on the terminal.
func (h *house) bring(ctx context.Context, by market.Actor, job *market.ImportJob, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("打开文件: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("打开文件: %w", err)
	}
	rows, err := exchange.Open(file, info.Size())
	if err != nil {
		return err
	}
	defer rows.Close()
	bar := progressbar.NewOptions(rows.Total(), progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("导入"),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
	err = exchange.NewImporter(h.sinks(), time.Now).Run(ctx, by, job, rows, func(job *market.ImportJob) {
		bar.ChangeMax(max(job.Total, job.Done, 1))
		bar.Set(job.Done)
	})
	bar.Finish()
	return err
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
			fmt.Printf("  ……还有 %d 处，用 --report FILE 取全部\n", len(job.Problems)-shown)
			break
		}
		fmt.Printf("  第 %d 行 %s “%s”：%s\n", p.Row, p.Column, p.Value, p.Reason)
	}
}

func writeReport(path string, job *market.ImportJob) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("写报告: %w", err)
	}
	return errors.Join(exchange.WriteReport(file, job), file.Close())
}
