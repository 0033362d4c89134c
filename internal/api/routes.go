package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// Prefix is where the API lives.
const Prefix = "/api/v1"

// API is all actions over their services. Safe for concurrent use.
type API struct{ Config }

// New returns the actions over the services of config.
func New(config Config) *API { return &API{Config: config} }

// Route is one row of the route table.
type Route struct {
	Method string
	Path   string // below Prefix, parameters as :name
	Handle fiber.Handler
	Needs  market.Action // what the caller must be allowed on some document; the use case decides about the one at hand
}

// Routes returns the route table: every action there is, once.
func (a *API) Routes() []Route {
	routes := []Route{
		{"GET", "/search", a.search, market.ActPublic},
		{"GET", "/suggest", a.suggest, market.ActPublic},
		{"GET", "/achievements/:id/matches", a.achievementMatches, market.ActReadDraft},
		{"GET", "/demands/:id/matches", a.demandMatches, market.ActReadDraft},
	}
	for _, noun := range []interface{ routes() []Route }{
		sessionActions{a}, organizationActions{a}, memberActions{a}, invitationActions{a}, userActions{a}, certificateActions{a},
		a.achievements(), entrustActions{a}, a.demands(), contractActions{a}, turnoverActions{a}, privacyActions{a}, contactActions{a},
		auditActions{a}, mailActions{a}, synonymActions{a}, noticeActions{a}, savedSearchActions{a}, fileActions{a}, duplicateActions{a},
		radarActions{a}, verdictActions{a}, qualityActions{a}, matchActions{a}, indexActions{a}, importActions{a},
	} {
		routes = append(routes, noun.routes()...)
	}
	return routes
}

// Register adds every route to router under Prefix. GET answers HEAD too.
func (a *API) Register(router fiber.Router) {
	router.Get("/api/openapi.json", openapi)
	group := router.Group(Prefix)
	for _, r := range a.Routes() {
		if r.Method == fiber.MethodGet {
			group.Get(r.Path, checkAddress, admit(r.Needs), a.naming(r.Handle))
			continue
		}
		group.Add(r.Method, r.Path, checkAddress, admit(r.Needs), a.naming(r.Handle))
	}
}

// admit refuses callers who may do what a route is for on no document at all.
func admit(needs market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if err := market.Admit(actor(c), needs); err != nil {
			return err
		}
		return c.Next()
	}
}
