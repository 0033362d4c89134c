package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/urfave/cli/v3"

	"jishi/internal/api"
	"jishi/internal/audit"
	"jishi/internal/exchange"
	"jishi/internal/follow"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/radar"
	"jishi/internal/turnover"
	"jishi/search"
)

const (
	expireEvery  = 10 * time.Minute // how often listings whose time is over are taken off
	shutdownTime = 8 * time.Second  // for requests and imports under way when the program stops
)

// serveCommand serves pages and API.
func serveCommand() *cli.Command {
	return &cli.Command{
		Name: "serve", Usage: "提供网页与接口服务", Flags: append(append(storeFlags(), serveFlags()...), productionFlag()), ArgValidator: takes(0, 0),
		Action: func(ctx context.Context, c *cli.Command) error {
			cfg, advice := readConfig(c), notProduction+"\n"
			if cfg.Production {
				if err := cfg.ready(ctx); err != nil {
					return err
				}
				advice = ""
			}
			at, err := cfg.listen()
			if err != nil {
				return err
			}
			defer at.close()
			cfg.Listen = at.pages.Addr().String() // the port may be the system's choice
			h, err := openHouse(ctx, cfg)
			if err != nil {
				return err
			}
			defer h.close()
			return h.serve(ctx, cfg, at, func() { fmt.Printf("技市已启动：http://%s\n%s", at.pages.Addr(), advice) })
		},
	}
}

// serving is a house that answers requests.
type serving struct {
	*house
	cfg         config
	at          listeners
	log         *slog.Logger
	projections *projections
	desk        *indexDesk
	suggestions *suggestions
	figures     *turnover.Service
	imports     *exchange.Jobs
	audited     []audited
	verifier    *audit.Verifier
	refusals    *audit.Refusals
	judging     api.Judging
	radar       *radar.Service
}

// serve answers at the listeners, which it closes, until ctx ends. ready is
// called once requests are taken.
func (h *house) serve(ctx context.Context, cfg config, at listeners, ready func()) error {
	defer at.close()
	s := &serving{house: h, cfg: cfg, at: at, log: logger()}
	index, err := search.Open(cfg.indexDir(), s.log)
	if err != nil {
		return err
	}
	defer index.Close()
	index.WeighBy(h.weightings.Current)
	s.projections = h.project(index, s.log)
	index.FilledWhen(s.projections.indexed)
	s.desk = newIndexDesk(index, &h.docs, s.log)
	s.suggestions = h.suggest(index, s.log)
	s.figures = turnover.New(s.projections.cube, turnover.Stores{Contracts: h.docs.contracts, Targets: h.docs.targets, Indicators: h.docs.indicators}, time.Now, newID)
	s.imports = exchange.NewJobs(h.docs.imports, exchange.NewImporter(h.sinks(), time.Now).Noting(h.likeness), time.Now, newID)
	s.judge()
	s.watch()
	return s.run(ctx, ready)
}

func (s *serving) run(ctx context.Context, ready func()) error {
	if err := errors.Join(s.figures.Seed(ctx), s.weightings.Seed(ctx), s.synonyms.Seed(ctx)); err != nil {
		return err
	}
	srv, err := s.server(ctx)
	if err != nil {
		return err
	}
	courier, err := s.cfg.Mail.courier()
	if err != nil {
		return err
	}
	asked, err := s.reindexRequests(s.cfg)
	if err != nil {
		return err
	}
	background, stop := context.WithCancel(ctx)
	defer stop()
	wait := &crew{log: s.log}
	s.projections.follow(background, wait)
	s.suggestions.follow(background, wait)
	wait.keep(background, "search index", func(ctx context.Context) { s.desk.run(ctx, s.projections.indexed) })
	wait.keep(background, "erasures", s.erasures().Run)
	wait.keep(background, "takedown", s.takedown().Run)
	s.followDuplicates(background, wait)
	wait.keep(background, "radar", s.radar.Run)
	s.followAudit(background, wait)
	s.followAlerts(background, wait)
	s.followVerdicts(background, wait)
	wait.keep(background, "expiry", s.expire)
	wait.keep(background, "reindex requests", func(ctx context.Context) { asked.answerAll(ctx, s.rebuild, s.log) })
	wait.keep(background, "end of imports", s.endImports)
	if courier != nil {
		wait.keep(background, "outbox", func(ctx context.Context) { s.outbox.Run(ctx, courier) })
	}
	ready()
	err = srv.Serve(ctx, s.at.pages)
	stop()
	wait.Wait()
	return err
}

func (s *serving) rebuild(ctx context.Context) (string, error) {
	return s.docs.rebuild(ctx, s.projections.index)
}

// takedown withdraws the listings of organizations that the bureau suspended.
func (s *serving) takedown() *follow.Follower[market.Organization] {
	return &follow.Follower[market.Organization]{
		Name: "takedown", Source: s.docs.orgs, Sink: listing.NewTakedown(s.achievements, s.demands), Log: s.log,
	}
}

// expire takes listings off the market whose time is over, until ctx ends.
func (s *serving) expire(ctx context.Context) {
	for {
		for _, expire := range []func(context.Context) (int, error){s.achievements.Expire, s.demands.Expire} {
			if _, err := expire(ctx); err != nil && ctx.Err() == nil {
				s.log.Error("expire listings", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(expireEvery):
		}
	}
}

// endImports stops the imports that run when ctx ends and lets them store how
// far they came.
func (s *serving) endImports(ctx context.Context) {
	<-ctx.Done()
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := s.imports.Close(closing); err != nil {
		s.log.Error("end imports", "err", err)
	}
}
