// Package site answers browsers with pages. An action reads the request,
// calls one use case, chooses what follows and answers: a page after a read, a
// redirect after a write, the form again when the use case refused it. Rules
// and permissions live in the use cases, looks in package web.
package site

import (
	"context"
	"time"

	"jishi/internal/account"
	"jishi/internal/alert"
	"jishi/internal/audit"
	"jishi/internal/contract"
	"jishi/internal/duplicate"
	"jishi/internal/exchange"
	"jishi/internal/file"
	"jishi/internal/listing"
	"jishi/internal/mail"
	"jishi/internal/market"
	"jishi/internal/privacy"
	"jishi/internal/radar"
	"jishi/internal/signin"
	"jishi/internal/synonym"
	"jishi/internal/turnover"
	"jishi/web"
)

// Config is what the pages are made from. Every service must be there.
type Config struct {
	Pages  *web.Pages
	Assets *web.Assets
	Now    func() time.Time

	Sessions      *signin.Sessions
	People        *account.People
	Organizations *account.Organizations
	Achievements  *listing.Achievements
	Demands       *listing.Demands
	Finder        *listing.Finder
	Synonyms      *synonym.Book
	Matches       Matches
	Judging       Judging
	Contracts     *contract.Service
	Targets       Targets
	Turnover      *turnover.Service
	Imports       *exchange.Jobs
	Audit         audit.Office
	Mails         *mail.Desk
	Privacy       *privacy.Service
	Private       Private
	Files         *file.Service
	Duplicates    *duplicate.Service
	Radar         *radar.Service
	Alerts        *alert.Service
	Entrusting    *listing.Entrusting
	Index         IndexDesk

	Demo   bool // the store holds demonstration data: pages say so and sign-in offers the demo accounts
	Secure bool // people come by https: cookies are sent over nothing else
}

// Matches suggests what fits a listing, best first, or says why nothing does.
type Matches interface {
	// ForDemand returns the published achievements that fit a demand.
	ForDemand(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error)
	// ForAchievement returns the published demands that an achievement fits.
	ForAchievement(ctx context.Context, by market.Actor, id market.ID, limit int) (market.Answer, error)
	// Match returns one pair, whatever its score.
	Match(ctx context.Context, by market.Actor, id market.ID) (*market.Match, error)
}

// IndexDesk looks after the search index of this process. Denied for who may
// not; Conflict while what is asked for is under way already.
type IndexDesk interface {
	// Health says how the index is.
	Health(ctx context.Context, by market.Actor) (market.IndexHealth, error)
	// Check begins to hold the index against the store.
	Check(ctx context.Context, by market.Actor) error
	// Rebuild begins to fill a new index beside the one that answers.
	Rebuild(ctx context.Context, by market.Actor) error
}

// Targets knows how far the targets are reached, the headline one first.
type Targets interface {
	Targets(ctx context.Context) ([]market.TargetProgress, error)
}

// Site is all pages. Safe for concurrent use.
type Site struct {
	Config
	Session SessionCookie // how the browser keeps the session; the server reads it with each request
}

// New returns the pages over the services of config.
func New(config Config) *Site {
	return &Site{Config: config, Session: SessionCookie{Secure: config.Secure}}
}
