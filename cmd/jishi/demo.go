package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/cmd/jishi/demo"
	"jishi/internal/account"
	"jishi/internal/exchange"
	"jishi/internal/market"
)

// demoPassword is the password of every demonstration sign-in. It exists in
// demonstration stores only.
const demoPassword = "Jishi-demo-2026"

// demoUsers are the sign-ins of a demonstration store, one for each role.
var demoUsers = []struct {
	login, name, org string
	roles            []market.Role
}{
	{"university@demo", "示例周老师", demo.University, []market.Role{market.RoleSupplier}},
	{"enterprise@demo", "示例郑经理", demo.Enterprise, []market.Role{market.RoleDemander}},
	{"broker@demo", "示例孙经纪", demo.Broker, []market.Role{market.RoleBroker}},
	{"bureau@demo", "示例王科长", demo.Bureau, []market.Role{market.RoleOfficer}},
}

// demoCommand serves a store of demonstration data.
func demoCommand() *cli.Command {
	flags := append([]cli.Flag{
		&cli.StringFlag{Name: "data", Usage: "数据目录，默认新建临时目录", Sources: cli.EnvVars("JISHI_DATA")},
	}, serveFlags()...)
	return &cli.Command{Name: "demo", Usage: "在新目录中建立演示数据并提供服务", Flags: flags, Action: runDemo}
}

func runDemo(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	cfg.Store = ""
	if cfg.Data == "" {
		dir, err := os.MkdirTemp("", "jishi-demo-")
		if err != nil {
			return fmt.Errorf("数据目录: %w", err)
		}
		cfg.Data = dir
	}
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.fillDemo(ctx); err != nil {
		return fmt.Errorf("演示数据: %w", err)
	}
	return h.serve(ctx, cfg, func(address string) {
		fmt.Printf("技市演示已就绪：http://%s\n数据目录：%s\n登录账号（口令均为 %s）：\n", address, cfg.Data, demoPassword)
		for _, u := range demoUsers {
			fmt.Printf("  %-18s %s\n", u.login, u.org)
		}
	})
}

// fillDemo brings the demonstration data in. Doing it again changes nothing.
func (h *house) fillDemo(ctx context.Context) error {
	if err := h.markDemo(ctx); err != nil {
		return err
	}
	files := []struct{ kind, name string }{
		{exchange.Organizations, "organizations.jsonl"}, {exchange.Achievements, "achievements.jsonl"},
		{exchange.Demands, "demands.jsonl"}, {exchange.Contracts, "contracts.jsonl"},
	}
	for _, f := range files {
		if err := h.fillKind(ctx, f.kind, f.name); err != nil {
			return err
		}
	}
	for _, u := range demoUsers {
		org, err := h.accounts.LookUpOrganization(ctx, market.System, "", u.org)
		if err != nil {
			return fmt.Errorf("organization of %s: %w", u.login, err)
		}
		_, err = h.accounts.CreateUser(ctx, market.System, account.NewUser{Login: u.login, Name: u.name, Org: org.ID, Roles: u.roles, Password: demoPassword})
		if err != nil && !market.Is(err, market.Conflict) {
			return err
		}
	}
	return nil
}

// fillKind imports one file; a row that does not go in is an error, for the
// data is ours.
func (h *house) fillKind(ctx context.Context, kind, name string) error {
	raw, err := demo.Files.ReadFile(name)
	if err != nil {
		return err
	}
	rows, err := exchange.Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return err
	}
	defer rows.Close()
	job := &market.ImportJob{Kind: kind, File: name}
	importer := exchange.NewImporter(h.demoSinks(), time.Now)
	if err := importer.Run(ctx, market.System, job, rows, func(*market.ImportJob) {}); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if job.Failed > 0 {
		return fmt.Errorf("%s: %d rows failed, first %+v", name, job.Failed, job.Problems[0])
	}
	return nil
}

// demoSinks marks every document as demonstration data and has each listed or
// entered by the organization it names.
func (h *house) demoSinks() exchange.Sinks {
	return exchange.Sinks{
		Organizations: func(ctx context.Context, by market.Actor, doc *market.Organization, external string, dryRun bool) (market.Outcome, error) {
			doc.Demo = true
			return h.accounts.PutOrganization(ctx, by, doc, external, dryRun)
		},
		Achievements: func(ctx context.Context, _ market.Actor, doc *market.Achievement, external string, dryRun bool) (market.Outcome, error) {
			by, err := h.operator(ctx, doc.Holder)
			if err != nil {
				return 0, err
			}
			doc.Demo = true
			return h.achievements.Put(ctx, by, doc, external, dryRun)
		},
		Demands: func(ctx context.Context, _ market.Actor, doc *market.Demand, external string, dryRun bool) (market.Outcome, error) {
			by, err := h.operator(ctx, demo.OwnerOf(doc.Demander))
			if err != nil {
				return 0, err
			}
			doc.Demo = true
			return h.demands.Put(ctx, by, doc, external, dryRun)
		},
		Contracts: h.putDemoContract,
	}
}
