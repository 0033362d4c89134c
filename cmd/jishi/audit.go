package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"jishi/internal/audit"
	"jishi/internal/follow"
	"jishi/internal/market"
	"jishi/internal/store"
)

// wipeEvery is how often entries are wiped whose time of keeping is over.
const wipeEvery = 24 * time.Hour

// openTrail opens the trail, sealed with a key made from the server's secret.
func openTrail(ctx context.Context, engine store.Engine, c config) (*audit.Trail, error) {
	var stores audit.Stores
	err := errors.Join(
		open(ctx, engine, audit.LineSpec, &stores.Lines), open(ctx, engine, audit.HeadSpec, &stores.Heads),
		open(ctx, engine, audit.PositionSpec, &stores.Positions), open(ctx, engine, audit.CheckSpec, &stores.Checks),
	)
	if err != nil {
		return nil, err
	}
	keys, err := auditKeys(c)
	if err != nil {
		return nil, err
	}
	return audit.New(stores, audit.Options{Keys: keys, Keep: c.AuditKeep, Now: time.Now, Log: logger()})
}

// auditKeys makes the keys of the trail's seals from the secrets: the first
// seals, the others prove what they sealed.
func auditKeys(c config) (audit.Keys, error) {
	secrets, err := readSecrets(c)
	if err != nil {
		return audit.Keys{}, err
	}
	keys := make([]audit.Key, len(secrets))
	for i, secret := range secrets {
		if keys[i], err = audit.NewKey(secret); err != nil {
			return audit.Keys{}, err
		}
	}
	return audit.Keys{Now: keys[0], Before: keys[1:]}, nil
}

// audited is one kind of document whose history the trail repeats.
type audited struct {
	noun     audit.Noun
	follower follower
}

// follower is follow.Follower of any type.
type follower interface{ Run(ctx context.Context) }

// nouns is every kind of document with a history.
func (h *house) nouns(log *slog.Logger) []audited {
	d, t := &h.docs, h.trail
	return []audited{
		noun(t, "achievement", d.achievements, func(a *market.Achievement) []market.Event { return a.History }, log),
		noun(t, "demand", d.demands, func(d *market.Demand) []market.Event { return d.History }, log),
		noun(t, "contract", d.contracts, func(c *market.Contract) []market.Event { return c.History }, log),
		noun(t, "organization", d.orgs, func(o *market.Organization) []market.Event { return o.History }, log),
		noun(t, "user", d.users, func(u *market.User) []market.Event { return u.History }, log),
		noun(t, "ticket", d.tickets, func(t *market.Ticket) []market.Event { return t.History }, log),
		noun(t, "mail", d.mails, func(m *market.Mail) []market.Event { return m.History }, log),
		noun(t, "synonym", d.synonyms, func(s *market.Synonym) []market.Event { return s.History }, log),
		noun(t, "file", d.files.files, func(f *market.File) []market.Event { return f.History }, log),
		noun(t, "saved_search", d.alerts.searches, func(s *market.SavedSearch) []market.Event { return s.History }, log),
		noun(t, "alert_setting", d.alerts.settings, func(s *market.AlertSetting) []market.Event { return s.History }, log),
		noun(t, "target", d.targets, func(t *market.Target) []market.Event { return t.History }, log),
		noun(t, "weighting", d.weightings, func(w *market.Weighting) []market.Event { return w.History }, log),
		noun(t, "verdict", d.judged.verdicts, func(v *market.Verdict) []market.Event { return v.History }, log),
		noun(t, "proposal", d.judged.proposals, func(p *market.Proposal) []market.Event { return p.History }, log),
		noun(t, "quality", d.judged.qualities, func(q *market.Quality) []market.Event { return q.History }, log),
		noun(t, "import", d.imports, importEvents, log),
		noun(t, "duplicate", d.duplicates, func(d *market.Duplicate) []market.Event { return d.History }, log),
		noun(t, "consent", d.private.consents, func(c *market.Consent) []market.Event { return c.History }, log),
	}
}

func noun[T any](trail *audit.Trail, kind string, docs store.Collection[T], history func(*T) []market.Event, log *slog.Logger) audited {
	return audited{
		noun:     audit.NewNoun(kind, docs, history),
		follower: &follow.Follower[T]{Name: "trail of " + kind, Source: docs, Sink: audit.NewSink(trail, kind, history), Log: log},
	}
}

// importEvents is what a report of an import says happened: its beginning, and
// its end once that is there. Rows that came in have events of their own.
func importEvents(job *market.ImportJob) []market.Event {
	begun := market.Event{Seq: 1, At: job.CreatedAt, By: job.By, Org: job.Owner, Action: market.ActImport, To: string(market.ImportRunning)}
	if job.Finished.IsZero() {
		return []market.Event{begun}
	}
	ended := begun
	ended.Seq, ended.At, ended.From, ended.To = 2, job.Finished, begun.To, string(job.State)
	return []market.Event{begun, ended}
}

// watch makes what feeds the trail and verifies it.
func (s *serving) watch() {
	s.audited = s.nouns(s.log)
	s.verifier = s.house.verify(s.audited, func() ([]audit.Anchor, error) { return readAnchors(s.cfg.anchorFile()) })
	s.refusals = audit.NewRefusals(s.trail)
}

// office is what officers read the trail with.
func (s *serving) office() audit.Office {
	return audit.Office{Trail: s.trail, Verifier: s.verifier, Names: audit.Names{Users: s.docs.users, Orgs: s.docs.orgs}}
}

// followAudit copies what happens to documents into the trail until ctx ends,
// and wipes what is over; wait for it after.
func (s *serving) followAudit(ctx context.Context, wait *crew) {
	for _, one := range s.audited {
		wait.keep(ctx, "audit of "+one.noun.Kind(), one.follower.Run)
	}
	wait.keep(ctx, "refusals", s.refusals.Run)
	wait.keep(ctx, "wiping of audit entries", s.wipe)
	wait.keep(ctx, "audit heads", s.keepAnchors)
	wait.keep(ctx, "verifier", func(ctx context.Context) {
		<-ctx.Done()
		s.verifier.Close()
	})
}

// wipe wipes once a day, until ctx ends.
func (s *serving) wipe(ctx context.Context) {
	for {
		n, err := s.trail.Wipe(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			s.log.Error("wipe audit entries", "err", err)
		case n > 0:
			s.log.Info("audit entries wiped", "count", n)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wipeEvery):
		}
	}
}

// verify makes what verifies the trail against every kind of document.
func (h *house) verify(nouns []audited, anchors func() ([]audit.Anchor, error)) *audit.Verifier {
	var all []audit.Noun
	for _, one := range nouns {
		all = append(all, one.noun)
	}
	return audit.NewVerifier(h.trail, all, anchors, newID)
}
