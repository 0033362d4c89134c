// Package api answers programs with JSON under /api/v1. An action reads the
// request, calls one use case and answers; rules and permissions live in the
// use cases. Money is int64 分 in fields that end in _fen, times are RFC 3339
// in UTC, days are YYYY-MM-DD in Shanghai. Errors are RFC 9457 problems.
package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

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
)

// ActorKey is where the server leaves, as a market.Actor in the request's
// locals, who acts. Nothing there means a visitor.
const ActorKey = "actor"

// Config is the services behind the actions. Every one must be there.
type Config struct {
	Sessions      *signin.Sessions
	People        *account.People
	Organizations *account.Organizations
	Achievements  *listing.Achievements
	Demands       *listing.Demands
	Finder        *listing.Finder
	Suggest       Suggester
	Synonyms      *synonym.Book
	Matches       Matches
	Judging       Judging
	Contracts     *contract.Service
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
}

// Suggester completes what is typed into a search box: at most limit
// suggestions, none for what completes to nothing.
type Suggester interface {
	Suggest(ctx context.Context, typed string, limit int) []market.Suggestion
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

// actor returns who asks.
func actor(c *fiber.Ctx) market.Actor {
	by, _ := c.Locals(ActorKey).(market.Actor)
	return by
}

// id returns the document named in the path.
func id(c *fiber.Ctx) market.ID { return market.ID(c.Params("id")) }
