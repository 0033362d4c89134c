package main

import (
	"context"
	"errors"
	"time"

	"jishi/internal/alert"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/site"
	"jishi/internal/store"
	"jishi/search"
	"jishi/search/analysis"
)

// alertBatch is how many listings one step tells of: few, so that little is
// gone through again after a stop.
const alertBatch = 20

// alertDocs is what is kept about who wants to be told of what, and was.
type alertDocs struct {
	searches  store.Collection[market.SavedSearch]
	notices   store.Collection[market.Notice]
	settings  store.Collection[market.AlertSetting]
	digests   store.Collection[alert.Digest]
	positions store.Collection[alert.Position]
}

func (d *alertDocs) open(ctx context.Context, engine store.Engine) error {
	return errors.Join(
		open(ctx, engine, alert.SearchSpec, &d.searches),
		open(ctx, engine, alert.NoticeSpec, &d.notices),
		open(ctx, engine, alert.SettingSpec, &d.settings),
		open(ctx, engine, alert.DigestSpec, &d.digests),
		open(ctx, engine, alert.PositionSpec, &d.positions),
	)
}

// openAlerts builds what people are told by. It comes after the outbox.
func (h *house) openAlerts() *alert.Service {
	d := &h.docs
	return alert.New(alert.Stores{
		Searches: d.alerts.searches, Notices: d.alerts.notices, Settings: d.alerts.settings, Digests: d.alerts.digests, Positions: d.alerts.positions,
		Tickets: d.tickets, Users: d.users, Links: d.links, Orgs: d.orgs, Achievements: d.achievements, Demands: d.demands,
	}, alert.Parts{Mail: h.outbox, Read: site.ReadQuery, Terms: termsOf, Log: logger()}, time.Now, newID)
}

// termsOf cuts a text into terms as the index does.
func termsOf(text string) []string {
	found := analysis.Terms(text)
	terms := make([]string, len(found))
	for i, term := range found {
		terms[i] = term.Text
	}
	return terms
}

// counterparts is what fits a listing by the matching and the index.
type counterparts struct {
	matches *matching.Service
	index   *search.Index
}

// Of implements alert.Counterparts.
func (c counterparts) Of(ctx context.Context, kind market.ListingKind, id market.ID, limit int) ([]market.ID, error) {
	ask := c.matches.ForAchievement
	if kind == market.KindDemand {
		ask = c.matches.ForDemand
	}
	answer, err := ask(ctx, market.System, id, limit)
	var ids []market.ID
	for _, m := range answer.Matches {
		if m.Achievement != nil {
			ids = append(ids, m.Achievement.ID)
		} else if m.Demand != nil {
			ids = append(ids, m.Demand.ID)
		}
	}
	return ids, err
}

// Indexed implements alert.Counterparts.
func (c counterparts) Indexed(ctx context.Context, kind market.ListingKind, id market.ID) (bool, error) {
	return c.index.Has(ctx, kind, id)
}

// Alike implements alert.Counterparts.
func (c counterparts) Alike(text string) []string {
	var words []string
	for _, one := range c.index.Substitutes(text) {
		words = append(words, one.Word)
	}
	return words
}

// followAlerts tells people of what becomes public, and sends the daily
// digests, until ctx ends; wait for it after.
func (s *serving) followAlerts(ctx context.Context, wait *crew) {
	fits := counterparts{s.matches(), s.projections.index}
	achievements := &follow.Follower[market.Achievement]{
		Name: "alerts of achievements", Source: s.docs.achievements, Sink: s.alerts.Achievements(fits), Batch: alertBatch, Log: s.log,
	}
	demands := &follow.Follower[market.Demand]{
		Name: "alerts of demands", Source: s.docs.demands, Sink: s.alerts.Demands(fits), Batch: alertBatch, Log: s.log,
	}
	wait.keep(ctx, achievements.Name, achievements.Run)
	wait.keep(ctx, demands.Name, demands.Run)
	wait.keep(ctx, "digests", func(ctx context.Context) { s.alerts.RunDigests(ctx, digestAt(s.cfg.Mail.DigestAt)) })
}

// defaultDigestAt is when digests go out, in Asia/Shanghai.
const defaultDigestAt = "08:00"

// checkDigestAt returns an error unless a text is a time of day. An empty one
// leaves it at the default.
func checkDigestAt(text string) error {
	if text == "" {
		return nil
	}
	if _, err := time.Parse("15:04", text); err != nil {
		return errors.New("汇总邮件的时刻（JISHI_DIGEST_AT）应为 08:00 的样子")
	}
	return nil
}

// digestAt is the time since midnight that a time of day names; what names
// none is the default.
func digestAt(text string) time.Duration {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return alert.DigestTime
	}
	return time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
}
