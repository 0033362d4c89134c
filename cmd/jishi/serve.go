package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/account"
	"jishi/internal/api"
	"jishi/internal/exchange"
	"jishi/internal/follow"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/server"
	"jishi/internal/site"
	"jishi/internal/turnover"
	"jishi/search"
	"jishi/web"
)

// expireEvery is how often listings whose time is over are taken off.
const expireEvery = 10 * time.Minute

// serveCommand serves pages and API.
func serveCommand() *cli.Command {
	return &cli.Command{
		Name: "serve", Usage: "提供网页与接口服务", Flags: append(storeFlags(), serveFlags()...),
		Action: func(ctx context.Context, c *cli.Command) error {
			cfg := readConfig(c)
			h, err := openHouse(ctx, cfg)
			if err != nil {
				return err
			}
			defer h.close()
			return h.serve(ctx, cfg, func(address string) { fmt.Printf("技市已启动：http://%s\n", address) })
		},
	}
}

// projections are what the store's changes feed: rebuilt from it at any time.
type projections struct {
	index        *search.Index
	cube         *turnover.Cube
	achievements *follow.Follower[market.Achievement]
	demands      *follow.Follower[market.Demand]
	contracts    *follow.Follower[market.Contract]
}

// serve answers until ctx ends. ready is told the address once requests are taken.
func (h *house) serve(ctx context.Context, cfg config, ready func(address string)) error {
	log := logger()
	index, err := search.Open(indexDir(cfg), log)
	if err != nil {
		return err
	}
	defer index.Close()
	p := h.project(index, log)
	figures := turnover.New(p.cube, turnover.Stores{Contracts: h.docs.contracts, Targets: h.docs.targets, Indicators: h.docs.indicators}, time.Now, newID)
	if err := figures.Seed(ctx); err != nil {
		return err
	}
	imports := exchange.NewJobs(h.docs.imports, exchange.NewImporter(h.sinks(), time.Now), time.Now, newID)
	demo, err := h.isDemo(ctx)
	if err != nil {
		return err
	}
	srv, err := h.newServer(cfg, site.Config{Targets: figures, Turnover: figures, Imports: imports, Demo: demo}, api.Config{Turnover: figures, Imports: imports}, p)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("监听 %s: %w", cfg.Listen, err)
	}
	background, stop := context.WithCancel(ctx)
	wait := h.work(background, p, log)
	ready(listener.Addr().String())
	err = srv.Serve(ctx, listener)
	stop()
	wait.Wait()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return errors.Join(err, imports.Close(closing))
}

// project makes the projections and the followers that feed them.
func (h *house) project(index *search.Index, log *slog.Logger) projections {
	cube := turnover.NewCube()
	return projections{
		index: index, cube: cube,
		achievements: &follow.Follower[market.Achievement]{Name: "index of achievements", Source: h.docs.achievements, Sink: index.Achievements(), Log: log},
		demands:      &follow.Follower[market.Demand]{Name: "index of demands", Source: h.docs.demands, Sink: index.Demands(), Log: log},
		contracts:    &follow.Follower[market.Contract]{Name: "turnover cube", Source: h.docs.contracts, Sink: cube, Log: log},
	}
}

// work starts what goes on beside requests; wait for it after ctx has ended.
func (h *house) work(ctx context.Context, p projections, log *slog.Logger) *sync.WaitGroup {
	var wait sync.WaitGroup
	wait.Go(func() { p.achievements.Run(ctx) })
	wait.Go(func() { p.demands.Run(ctx) })
	wait.Go(func() { p.contracts.Run(ctx) })
	wait.Go(func() { h.answerSignals(ctx, p.index, log) })
	wait.Go(func() { h.expire(ctx, log) })
	return &wait
}

// expire takes listings off the market whose time is over, until ctx ends.
func (h *house) expire(ctx context.Context, log *slog.Logger) {
	for {
		for _, expire := range []func(context.Context) (int, error){h.achievements.Expire, h.demands.Expire} {
			if _, err := expire(ctx); err != nil && ctx.Err() == nil {
				log.Error("expire listings", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(expireEvery):
		}
	}
}

// newServer builds sessions, API and pages over the house's services.
func (h *house) newServer(cfg config, pages site.Config, actions api.Config, p projections) (*server.Server, error) {
	sessions, err := h.sessions(cfg)
	if err != nil {
		return nil, err
	}
	if pages.Assets, err = web.NewAssets(); err != nil {
		return nil, err
	}
	if pages.Pages, err = web.NewPages(pages.Assets, time.Now); err != nil {
		return nil, err
	}
	finder := listing.NewFinder(p.index, search.Highlight, h.achievements, h.demands)
	matches := matching.New(h.docs.achievements, h.docs.demands, p.index)
	pages.Now, pages.Secure, pages.Sessions = time.Now, strings.HasPrefix(cfg.PublicURL, "https://"), sessions
	pages.Achievements, pages.Demands, pages.Finder, pages.Matches = h.achievements, h.demands, finder, matches
	pages.Accounts, pages.Contracts = h.accounts, h.contracts
	actions.Sessions, actions.Accounts, actions.Contracts = sessions, h.accounts, h.contracts
	actions.Achievements, actions.Demands, actions.Finder, actions.Matches = h.achievements, h.demands, finder, matches
	return server.New(server.Config{
		Secure: pages.Secure, Metrics: cfg.Metrics, Log: logger(), Checks: h.checks(p),
		Large: []string{api.Prefix + "/imports", "/imports"},
	}, sessions, api.New(actions), site.New(pages)), nil
}

// sessions signs people in with tokens under the configured key.
func (h *house) sessions(cfg config) (*account.Sessions, error) {
	secret, err := readSecret(cfg)
	if err != nil {
		return nil, err
	}
	tokens, err := account.NewTokens(account.Key{ID: "1", Secret: secret}, nil, time.Now)
	if err != nil {
		return nil, err
	}
	return account.NewSessions(h.accounts, h.docs.sessions, tokens), nil
}

// checks is what must work before requests are sent here.
func (h *house) checks(p projections) []server.Check {
	behind := func(caughtUp func() bool) func(context.Context) error {
		return func(context.Context) error {
			if !caughtUp() {
				return errors.New("not caught up with the store yet")
			}
			return nil
		}
	}
	return []server.Check{
		{Name: "store", Run: h.engine.Ping},
		{Name: "index of achievements", Run: behind(p.achievements.CaughtUp)},
		{Name: "index of demands", Run: behind(p.demands.CaughtUp)},
		{Name: "turnover cube", Run: behind(p.contracts.CaughtUp)},
	}
}
