package main

import (
	"context"
	"time"

	"jishi/internal/api"
	"jishi/internal/listing"
	"jishi/internal/mail"
	"jishi/internal/server"
	"jishi/internal/signin"
	"jishi/internal/site"
	"jishi/search"
	"jishi/web"
)

// server builds sessions, API and pages over the house's services.
func (s *serving) server(ctx context.Context) (*server.Server, error) {
	secure, err := s.cfg.secure()
	if err != nil {
		return nil, err
	}
	proxies, err := s.cfg.proxies()
	if err != nil {
		return nil, err
	}
	rates, err := s.cfg.rates()
	if err != nil {
		return nil, err
	}
	sessions, err := s.sessions()
	if err != nil {
		return nil, err
	}
	actions := s.actions(sessions)
	pages, err := s.pages(ctx, actions, secure)
	if err != nil {
		return nil, err
	}
	return server.New(server.Config{
		Secure: secure, Proxies: proxies, Metrics: s.at.metrics, Rates: rates, Refusals: s.refusals, Log: s.log,
		Checks:   append([]server.Check{{Name: "store", Run: s.engine.Ping}}, s.projections.checks()...),
		Large:    largeBodies(),
		Timeouts: server.Timeouts{Shutdown: shutdownTime},
	}, sessions, api.New(actions), site.New(pages)), nil
}

// actions is what the API calls.
func (s *serving) actions(sessions *signin.Sessions) api.Config {
	s.radar, s.desk.trail = s.openRadar(), s.trail
	return api.Config{
		Sessions: sessions, People: s.people, Organizations: s.organizations, Contracts: s.contracts,
		Achievements: s.achievements, Demands: s.demands,
		Suggest: s.suggestions.suggester, Synonyms: s.synonyms,
		Finder:  listing.NewFinder(s.projections.index, search.Highlight, s.achievements, s.demands),
		Matches: s.matches(), Judging: s.judging, Entrusting: listing.NewEntrusting(s.demands, s.people, s.alerts.Notices()),
		Turnover: s.figures, Imports: s.imports, Audit: s.office(), Files: s.files,
		Mails:   mail.NewDesk(s.outbox, s.trail, s.cfg.Mail.Server != ""),
		Privacy: s.privacy, Private: api.Private(s.openPrivate(s.cfg.Reveals)), Alerts: s.alerts, Index: s.desk, Duplicates: s.duplicates, Radar: s.radar,
	}
}

// pages is what the pages call and show.
func (s *serving) pages(ctx context.Context, actions api.Config, secure bool) (site.Config, error) {
	demo, err := s.isDemo(ctx)
	if err != nil {
		return site.Config{}, err
	}
	assets, err := web.NewAssets()
	if err != nil {
		return site.Config{}, err
	}
	views, err := web.NewPages(assets, time.Now)
	if err != nil {
		return site.Config{}, err
	}
	return site.Config{
		Pages: views, Assets: assets, Now: time.Now, Secure: secure, Demo: demo,
		Sessions: actions.Sessions, People: s.people, Organizations: s.organizations, Contracts: s.contracts,
		Achievements: s.achievements, Demands: s.demands, Finder: actions.Finder, Synonyms: actions.Synonyms, Entrusting: actions.Entrusting, Matches: actions.Matches, Judging: site.Judging(actions.Judging),
		Targets: s.figures, Turnover: s.figures, Imports: s.imports, Audit: s.office(), Files: s.files, Mails: actions.Mails,
		Privacy: s.privacy, Private: site.Private(actions.Private), Alerts: s.alerts, Index: s.desk, Duplicates: s.duplicates, Radar: s.radar,
	}, nil
}
