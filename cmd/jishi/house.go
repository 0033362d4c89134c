package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"jishi/internal/account"
	"jishi/internal/alert"
	"jishi/internal/audit"
	"jishi/internal/contract"
	"jishi/internal/duplicate"
	"jishi/internal/file"
	"jishi/internal/listing"
	"jishi/internal/mail"
	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/privacy"
	"jishi/internal/radar"
	"jishi/internal/signin"
	"jishi/internal/store"
	"jishi/internal/store/mongodb"
	"jishi/internal/store/sqlite"
	"jishi/internal/synonym"
	"jishi/internal/turnover"
	"jishi/internal/vault"
)

// house is the store and the use cases on it: what every subcommand needs.
type house struct {
	engine        store.Engine
	vault         *vault.Vault
	claims        store.Claims
	trail         *audit.Trail
	docs          collections
	achievements  *listing.Achievements
	demands       *listing.Demands
	people        *account.People
	organizations *account.Organizations
	passwords     *signin.Passwords
	contracts     *contract.Service
	files         *file.Service
	privacy       *privacy.Service
	outbox        *mail.Outbox
	synonyms      *synonym.Book
	duplicates    *duplicate.Service
	alerts        *alert.Service
	weightings    *matching.Weightings
}

// collections are the documents that followers and use cases share.
type collections struct {
	achievements store.Collection[market.Achievement]
	demands      store.Collection[market.Demand]
	contracts    store.Collection[market.Contract]
	orgs         store.Collection[market.Organization]
	users        store.Collection[market.User]
	links        store.Collection[market.MemberLink]
	tickets      store.Collection[market.Ticket]
	guards       store.Collection[account.Guard]
	sessions     store.Collection[market.Session]
	targets      store.Collection[market.Target]
	indicators   store.Collection[market.Indicator]
	imports      store.Collection[market.ImportJob]
	duplicates   store.Collection[market.Duplicate]
	radars       store.Collection[market.Radar]
	mails        store.Collection[market.Mail]
	synonyms     store.Collection[market.Synonym]
	weightings   store.Collection[market.Weighting]
	judged       judgedDocs
	files        fileDocs
	private      privateDocs
	alerts       alertDocs
	signals      store.Collection[operatorSignal]
}

// newID makes a random, time-ordered id (UUIDv7, RFC 9562).
func newID() market.ID { return market.ID(uuid.Must(uuid.NewV7()).String()) }

// openHouse opens the store named by the settings and builds the use cases on it.
func openHouse(ctx context.Context, c config) (*house, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, failed("建立数据目录 "+c.Data, err)
	}
	engine, err := openEngine(ctx, c)
	if err != nil {
		return nil, err
	}
	h := &house{engine: engine}
	if h.vault, err = openVault(c); err != nil {
		engine.Close()
		return nil, err
	}
	if err := h.build(ctx, c); err != nil {
		engine.Close()
		return nil, err
	}
	return h, nil
}

func openEngine(ctx context.Context, c config) (store.Engine, error) {
	path, embedded, err := c.storePath()
	if err != nil {
		return nil, err
	}
	if !embedded {
		return mongodb.Open(ctx, c.Store, time.Now)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, failed("建立目录 "+filepath.Dir(path), err)
	}
	return sqlite.Open(path, time.Now)
}

func (h *house) build(ctx context.Context, c config) error {
	var err error
	if err := errors.Join(open(ctx, h.engine, store.ClaimSpec, &h.claims), h.docs.open(ctx, h.engine)); err != nil {
		return err
	}
	if h.files, err = openFiles(ctx, h.engine, h.docs.files, c); err != nil {
		return err
	}
	if h.trail, err = openTrail(ctx, h.engine, c); err != nil {
		return err
	}
	h.outbox = mail.New(mail.Config{Mails: h.docs.mails, Sealer: h.vault, Base: c.base(), Now: time.Now, NewID: newID, Log: logger()})
	h.alerts = h.openAlerts()
	h.synonyms = synonym.New(h.docs.synonyms, time.Now, newID)
	h.achievements = listing.NewAchievements(h.docs.achievements, h.claims, time.Now, newID)
	h.demands = listing.NewDemands(h.docs.demands, h.claims, time.Now, newID)
	h.duplicates = h.openDuplicates()
	h.weightings = matching.NewWeightings(h.docs.weightings, time.Now)
	h.contracts = contract.New(h.docs.contracts, h.claims, h.vault, time.Now, newID)
	if h.passwords, err = signin.NewPasswords(signin.WeakestHash); err != nil {
		return err
	}
	h.privacy = h.openPrivacy()
	h.people, h.organizations = account.New(account.Stores{
		Organizations: h.docs.orgs, Users: h.docs.users, Links: h.docs.links, Tickets: h.docs.tickets, Guards: h.docs.guards,
		Files: h.docs.files.files,
	}, account.Parts{Passwords: h.passwords, Mail: h.outbox, Consents: h.privacy, Files: h.files, Address: c.base()}, time.Now, newID)
	return h.beginTrail(ctx, c)
}

// open opens every collection; all failures are told.
func (d *collections) open(ctx context.Context, engine store.Engine) error {
	return errors.Join(
		open(ctx, engine, listing.AchievementSpec, &d.achievements),
		open(ctx, engine, listing.DemandSpec, &d.demands),
		open(ctx, engine, contract.Spec, &d.contracts),
		open(ctx, engine, account.OrganizationSpec, &d.orgs),
		open(ctx, engine, account.UserSpec, &d.users),
		open(ctx, engine, account.MemberLinkSpec, &d.links),
		open(ctx, engine, account.TicketSpec, &d.tickets),
		open(ctx, engine, account.GuardSpec, &d.guards),
		open(ctx, engine, signin.SessionSpec, &d.sessions),
		open(ctx, engine, turnover.TargetSpec, &d.targets),
		open(ctx, engine, turnover.IndicatorSpec, &d.indicators),
		open(ctx, engine, importSpec, &d.imports),
		open(ctx, engine, duplicate.Spec, &d.duplicates),
		open(ctx, engine, radar.Spec, &d.radars),
		open(ctx, engine, mail.Spec, &d.mails),
		open(ctx, engine, synonym.Spec, &d.synonyms),
		open(ctx, engine, matching.WeightingSpec, &d.weightings),
		open(ctx, engine, file.Spec, &d.files.files),
		open(ctx, engine, file.UseSpec, &d.files.uses),
		d.private.open(ctx, engine),
		d.alerts.open(ctx, engine),
		d.judged.open(ctx, engine),
		open(ctx, engine, signalSpec, &d.signals),
	)
}

// open opens one collection into place.
func open[T any, P interface {
	*T
	store.Document
}](ctx context.Context, engine store.Engine, spec store.Spec, into *store.Collection[T]) (err error) {
	*into, err = store.Open[T, P](ctx, engine, spec)
	return err
}

// importSpec declares the collection of import reports.
var importSpec = store.Spec{Name: "imports"}

// close ends the trail and lets go of the store.
func (h *house) close() {
	h.trail.Close()
	if err := h.engine.Close(); err != nil {
		logger().Error("close store", "err", err)
	}
}
