package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/listing"
	"jishi/internal/market"
	"jishi/web"
)

// listingPages is the pages of one kind of listing: read, write, decide.
type listingPages[T any, P listing.Kind[T]] struct {
	*Site
	noun[T]
	book *listing.Book[T, P]
}

// noun is what the pages of achievements and of demands differ in.
type noun[T any] struct {
	path   string // of the pages: "/achievements"
	word   string // 成果
	kind   market.ListingKind
	create market.Action

	blank  func(market.Actor) *T                           // what a new form starts with
	values func(*T) url.Values                             // a document as its form shows it
	read   func(*form) *T                                  // the document a form says
	groups func(*form) []web.Group                         // the form's fields with what was typed and what is wrong
	item   func(*T) web.Item                               // a document as a list shows it
	fill   func(*listingPage, *T)                          // the kind's own part of the page
	fits   func(*Site, *fiber.Ctx, *listingPage, *T) error // the suggestions on the page
	reveal func(*Site, *fiber.Ctx) (market.Contact, error) // the contact in full, noted
}

func (s *Site) achievementPages() listingPages[market.Achievement, *market.Achievement] {
	return listingPages[market.Achievement, *market.Achievement]{Site: s, book: s.Achievements, noun: noun[market.Achievement]{
		path: "/achievements", word: "成果", kind: market.KindAchievement, create: market.ActCreateAchievement,
		blank: blankAchievement, values: achievementValues, read: readAchievement, groups: achievementGroups,
		item: achievementItem, fill: fillAchievement, fits: achievementFits,
		reveal: func(s *Site, c *fiber.Ctx) (market.Contact, error) {
			return s.Private.Listings.OfAchievement(c.UserContext(), actor(c), id(c))
		},
	}}
}

func (s *Site) demandPages() listingPages[market.Demand, *market.Demand] {
	return listingPages[market.Demand, *market.Demand]{Site: s, book: s.Demands, noun: noun[market.Demand]{
		path: "/demands", word: "需求", kind: market.KindDemand, create: market.ActCreateDemand,
		blank: blankDemand, values: demandValues, read: readDemand, groups: demandGroups,
		item: demandItem, fill: fillDemand, fits: demandFits,
		reveal: func(s *Site, c *fiber.Ctx) (market.Contact, error) {
			return s.Private.Listings.OfDemand(c.UserContext(), actor(c), id(c))
		},
	}}
}

// href returns the address of one listing.
func (n noun[T]) href(id market.ID) string { return n.path + "/" + url.PathEscape(string(id)) }

// list returns the address where all of the kind are found.
func (n noun[T]) list() web.Crumb {
	return web.Crumb{Href: "/search?kind=" + string(n.kind), Text: n.word}
}

// id returns the document named in the path.
func id(c *fiber.Ctx) market.ID { return market.ID(c.Params("id")) }
