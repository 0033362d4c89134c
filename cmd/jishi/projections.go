package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"jishi/internal/account"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/server"
	"jishi/internal/store"
	"jishi/internal/turnover"
	"jishi/search"
)

// projections are what the store's changes feed: rebuilt from it at any time.
type projections struct {
	index        *search.Index
	cube         *turnover.Cube
	achievements *follow.Follower[market.Achievement]
	demands      *follow.Follower[market.Demand]
	contracts    *follow.Follower[market.Contract]
	orgs         *follow.Follower[market.Organization]
	brokers      *follow.Follower[market.User]
	agreed       *follow.Follower[market.Consent]
}

// project makes the projections of the house's collections and what feeds them.
func (h *house) project(index *search.Index, log *slog.Logger) *projections {
	cube, docs, brokers := turnover.NewCube(), &h.docs, h.people.Brokers()
	return &projections{
		index: index, cube: cube,
		achievements: &follow.Follower[market.Achievement]{Name: "index of achievements", Source: docs.achievements, Sink: index.Achievements(), Log: log},
		demands:      &follow.Follower[market.Demand]{Name: "index of demands", Source: docs.demands, Sink: index.Demands(), Log: log},
		contracts:    &follow.Follower[market.Contract]{Name: "turnover cube", Source: docs.contracts, Sink: cube, Log: log},
		orgs:         &follow.Follower[market.Organization]{Name: "directory of organizations", Source: docs.orgs, Sink: h.organizations.Directory(), Log: log},
		brokers:      &follow.Follower[market.User]{Name: "brokers", Source: docs.users, Sink: account.BrokerUsers{Brokers: brokers}, Log: log},
		agreed:       &follow.Follower[market.Consent]{Name: "consents of brokers", Source: docs.private.consents, Sink: account.BrokerConsents{Brokers: brokers}, Log: log},
	}
}

// follow keeps the projections up to date until ctx ends; wait for it after.
func (p *projections) follow(ctx context.Context, wait *crew) {
	wait.keep(ctx, p.achievements.Name, p.achievements.Run)
	wait.keep(ctx, p.demands.Name, p.demands.Run)
	wait.keep(ctx, p.contracts.Name, p.contracts.Run)
	wait.keep(ctx, p.orgs.Name, p.orgs.Run)
	wait.keep(ctx, p.brokers.Name, p.brokers.Run)
	wait.keep(ctx, p.agreed.Name, p.agreed.Run)
}

// indexed reports whether the index has had all listings of the store.
func (p *projections) indexed() bool { return p.achievements.CaughtUp() && p.demands.CaughtUp() }

// checks is which projections must have caught up before requests are sent here.
func (p *projections) checks() []server.Check {
	behind := func(caughtUp func() bool) func(context.Context) error {
		return func(context.Context) error {
			if !caughtUp() {
				return errors.New("not caught up with the store yet")
			}
			return nil
		}
	}
	return []server.Check{
		{Name: "index of achievements", Run: behind(p.achievements.CaughtUp)},
		{Name: "index of demands", Run: behind(p.demands.CaughtUp)},
		{Name: "turnover cube", Run: behind(p.contracts.CaughtUp)},
		{Name: "directory of organizations", Run: behind(p.orgs.CaughtUp)},
		{Name: "brokers", Run: behind(p.brokers.CaughtUp)},
		{Name: "consents of brokers", Run: behind(p.agreed.CaughtUp)},
	}
}

// rebuild fills a new index from the store beside the old one, swaps, and says
// in Chinese what there is now. Large steps: a document costs a fifth less than
// in those of a follower, which has someone waiting for each.
func (d *collections) rebuild(ctx context.Context, index *search.Index) (string, error) {
	err := index.Rebuild(ctx, func(ctx context.Context, into search.Sinks) error {
		achievements := follow.Follower[market.Achievement]{Name: "achievements", Source: d.achievements, Sink: into.Achievements, Batch: store.MaxLimit}
		if err := achievements.CatchUp(ctx); err != nil {
			return err
		}
		demands := follow.Follower[market.Demand]{Name: "demands", Source: d.demands, Sink: into.Demands, Batch: store.MaxLimit}
		return demands.CatchUp(ctx)
	})
	if err != nil {
		return "", err
	}
	n, err := index.Count(ctx)
	return fmt.Sprintf("索引已重建：%d 条", n), err
}
