package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/cmd/jishi/demo"
	"jishi/internal/account"
	"jishi/internal/exchange"
	"jishi/internal/market"
	"jishi/internal/store"
)

// demoPassword is the password of every demonstration sign-in. It exists in
// demonstration stores only.
const demoPassword = "Jishi-demo-2026"

// demoUsers are the sign-ins of a demonstration store, one at least for each
// role; the first of each organization looks after it.
var demoUsers = []struct {
	login, name, org string
	roles            []market.Role
}{
	{"university@demo", "示例周老师", demo.University, []market.Role{market.RoleSupplier, market.RoleManager}},
	{"enterprise@demo", "示例郑经理", demo.Enterprise, []market.Role{market.RoleDemander, market.RoleManager}},
	{"broker@demo", "示例孙经纪", demo.Broker, []market.Role{market.RoleBroker, market.RoleManager}},
	{"bureau@demo", "示例王科长", demo.Bureau, []market.Role{market.RoleOfficer, market.RoleManager}},
	{"admin@demo", "示例何主任", demo.Bureau, []market.Role{market.RoleAdmin, market.RoleManager}},
	{"consultant@demo", "示例吕顾问", demo.Broker, []market.Role{market.RoleBroker}},
}

// demoCommand serves a store of demonstration data.
func demoCommand() *cli.Command {
	flags := append([]cli.Flag{
		&cli.StringFlag{Name: "data", Usage: "数据目录，默认新建临时目录", Sources: cli.EnvVars("JISHI_DATA")},
		secretFlag(), previousFlag(),
	}, serveFlags()...)
	return &cli.Command{Name: "demo", Usage: "在新目录中建立演示数据并提供服务", Flags: flags, ArgValidator: takes(0, 0), Action: runDemo}
}

func runDemo(ctx context.Context, c *cli.Command) error {
	cfg := readConfig(c)
	cfg.Store, cfg.Data = "", c.String("data")
	at, err := cfg.listen()
	if err != nil {
		return err
	}
	defer at.close()
	if cfg.Data == "" {
		if cfg.Data, err = os.MkdirTemp("", "jishi-demo-"); err != nil {
			return failed("新建数据目录", err)
		}
	}
	cfg.Listen = at.pages.Addr().String()
	h, err := openHouse(ctx, cfg)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.fillDemo(ctx); err != nil {
		return err
	}
	return h.serve(ctx, cfg, at, func() {
		fmt.Printf("技市演示已就绪：http://%s\n数据目录：%s\n登录账号（口令均为 %s）：\n", at.pages.Addr(), cfg.Data, demoPassword)
		for _, u := range demoUsers {
			fmt.Printf("  %-18s %s\n", u.login, u.org)
		}
	})
}

// demoSignal is there for ever once a store holds demonstration data, and
// answered when it holds all of it.
const demoSignal market.ID = "demo"

// isDemo reports whether the store holds demonstration data.
func (h *house) isDemo(ctx context.Context) (bool, error) {
	_, err := h.docs.signals.Get(ctx, demoSignal)
	if market.Is(err, market.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// fillDemo brings the demonstration data in, once: what people then change in
// it stays. A store with data of its own is refused, as the sign-ins' password
// is known to everybody.
func (h *house) fillDemo(ctx context.Context) error {
	mark, err := h.docs.signals.Get(ctx, demoSignal)
	if market.Is(err, market.NotFound) {
		mark, err = h.markDemo(ctx)
	}
	if err != nil || !mark.Answered.IsZero() {
		return err
	}
	if err := h.bringDemo(ctx); err != nil {
		return fmt.Errorf("演示数据: %w", err)
	}
	mark.Answered = clock()
	return h.docs.signals.Update(ctx, mark)
}

// markDemo marks an empty store as one of demonstration data.
func (h *house) markDemo(ctx context.Context) (*operatorSignal, error) {
	page, err := h.docs.orgs.Find(ctx, store.Query{Limit: 1}) // whatever a store holds belongs to an organization
	if err != nil {
		return nil, err
	}
	if len(page.Items) > 0 {
		return nil, errors.New("这个数据目录中已有正式数据，不能放入演示数据。请不带 --data 运行，或换一个新目录")
	}
	mark := &operatorSignal{Meta: market.Meta{ID: demoSignal}, Asked: clock()}
	return mark, h.docs.signals.Insert(ctx, mark)
}

// bringDemo imports the files and adds the sign-ins, who save their searches
// before there is anything to find. Doing it again after it was cut short
// completes it.
func (h *house) bringDemo(ctx context.Context) error {
	if err := h.fillKind(ctx, exchange.Organizations, "organizations.jsonl"); err != nil {
		return err
	}
	for _, u := range demoUsers {
		org, err := h.organizations.LookUpOrganization(ctx, market.System, "", u.org)
		if err != nil {
			return fmt.Errorf("organization of %s: %w", u.login, err)
		}
		if err := h.demoUser(ctx, account.NewUser{Login: u.login, Name: u.name, Org: org.ID, Roles: u.roles, Password: demoPassword}); err != nil {
			return err
		}
	}
	if err := h.fillAlerts(ctx); err != nil {
		return err
	}
	files := []struct{ kind, name string }{
		{exchange.Achievements, "achievements.jsonl"}, {exchange.Demands, "demands.jsonl"}, {exchange.Contracts, "contracts.jsonl"},
	}
	for _, f := range files {
		if err := h.fillKind(ctx, f.kind, f.name); err != nil {
			return err
		}
	}
	if err := errors.Join(h.fillPeople(ctx), h.fillOrganizations(ctx)); err != nil {
		return err
	}
	return h.fillVerdicts(ctx)
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
			return h.organizations.PutOrganization(ctx, by, doc, external, dryRun)
		},
		Achievements: func(ctx context.Context, _ market.Actor, doc *market.Achievement, external string, dryRun bool) (market.Outcome, error) {
			by, err := h.actingFor(ctx, doc.Holder)
			if err != nil {
				return 0, err
			}
			doc.Demo = true
			return h.achievements.Put(ctx, by, doc, external, dryRun)
		},
		Demands: func(ctx context.Context, _ market.Actor, doc *market.Demand, external string, dryRun bool) (market.Outcome, error) {
			by, err := h.actingFor(ctx, demo.OwnerOf(doc.Demander))
			if err != nil {
				return 0, err
			}
			doc.Demo = true
			return h.demands.Put(ctx, by, doc, external, dryRun)
		},
		Contracts: h.putDemoContract,
	}
}
