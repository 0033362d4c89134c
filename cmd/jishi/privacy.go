package main

import (
	"cmp"
	"context"
	"errors"
	"time"

	"jishi/internal/account"
	"jishi/internal/audit"
	"jishi/internal/contract"
	"jishi/internal/follow"
	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/internal/privacy"
	"jishi/internal/store"
)

// privateDocs is what is kept about what people agreed to and asked for.
type privateDocs struct {
	consents store.Collection[market.Consent]
	erasures store.Collection[market.Erasure]
	reveals  store.Collection[privacy.Count]
}

func (d *privateDocs) open(ctx context.Context, engine store.Engine) error {
	return errors.Join(
		open(ctx, engine, privacy.ConsentSpec, &d.consents),
		open(ctx, engine, privacy.ErasureSpec, &d.erasures),
		open(ctx, engine, privacy.RevealSpec, &d.reveals),
	)
}

// private is the use cases that show masked data, after it was noted.
type private struct {
	Listings      *listing.Contacts
	Organizations *account.Contacts
	Identities    *contract.Identities
}

// openPrivacy builds what people decide about their own data. It comes before
// the accounts, which give consents by it.
func (h *house) openPrivacy() *privacy.Service {
	d := &h.docs
	return privacy.New(privacy.Stores{
		Users: d.users, Organizations: d.orgs, Consents: d.private.consents, Erasures: d.private.erasures, Sessions: d.sessions,
		Tickets: d.tickets, Mails: d.mails, Files: d.files.files, Achievements: d.achievements, Demands: d.demands,
		Verdicts: d.judged.verdicts, Alerts: privacy.Alerts{Searches: d.alerts.searches, Notices: d.alerts.notices, Settings: d.alerts.settings},
	}, privacy.Parts{Passwords: h.passwords, Members: leavers{h}, Sealer: h.vault, Trail: h.trail, Entries: ownEntries{h.trail}}, time.Now)
}

// openPrivate builds what shows masked data of others. limit is for each user
// and day, 0 = privacy.DailyReveals.
func (h *house) openPrivate(limit int) private {
	reveals := privacy.NewReveals(h.docs.private.reveals, h.trail, cmp.Or(limit, privacy.DailyReveals), time.Now)
	return private{
		Listings:      listing.NewContacts(h.achievements, h.demands, reveals),
		Organizations: account.NewContacts(h.organizations, reveals), Identities: contract.NewIdentities(h.contracts, reveals),
	}
}

// leavers writes users by the accounts, which are built later.
type leavers struct{ h *house }

// WriteErased implements privacy.Members.
func (l leavers) WriteErased(ctx context.Context, before, after *market.User) error {
	return l.h.people.WriteErased(ctx, before, after)
}

// ownEntries finds what the trail has of somebody's own doing.
type ownEntries struct{ trail *audit.Trail }

// OfUser implements privacy.Entries.
func (o ownEntries) OfUser(ctx context.Context, user market.ID, limit int) ([]market.Entry, error) {
	var own []market.Entry
	for f := (audit.Filter{User: user, Limit: market.MaxPageSize}); len(own) < limit; {
		page, err := o.trail.Find(ctx, market.System, f)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			if !row.Wiped {
				own = append(own, row.Entry)
			}
		}
		if f.After = page.Next; page.Next == "" {
			break
		}
	}
	return own[:min(len(own), limit)], nil
}

// forgetter is a store that keeps what was overwritten until it is told.
type forgetter interface{ Forget(context.Context) error }

// erasures carries out what people who closed their accounts asked for.
func (s *serving) erasures() *follow.Follower[market.Erasure] {
	var forget func(context.Context) error
	if engine, ok := s.engine.(forgetter); ok {
		forget = engine.Forget
	}
	return &follow.Follower[market.Erasure]{
		Name: "erasures", Source: s.docs.private.erasures, Sink: privacy.NewEraser(s.privacy, forget), Log: s.log,
	}
}

// demoUser adds a demonstration sign-in that has agreed to what the platform
// does, so that it can be tried at once. Adding it again completes it.
func (h *house) demoUser(ctx context.Context, n account.NewUser) error {
	_, err := h.people.CreateUser(ctx, market.System, n)
	if err != nil && !market.Is(err, market.Conflict) {
		return err
	}
	page, err := h.docs.users.Find(ctx, store.Query{Equal: []store.Equal{{Field: "login", Value: n.Login}}, Limit: 1})
	if err != nil || len(page.Items) == 0 {
		return err
	}
	u := page.Items[0]
	return h.privacy.Give(ctx, market.Actor{User: u.ID, Org: u.Org}, []string{market.PurposeAccount, market.PurposeContact, market.PurposePublish})
}
