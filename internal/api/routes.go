package api

import (
	"slices"

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
	routes = append(routes, a.accountRoutes()...)
	routes = append(routes, a.organizationRoutes()...)
	routes = append(routes, slices.Concat(a.memberRoutes(), a.invitationRoutes(), a.userRoutes(), a.certificateRoutes())...)
	routes = append(routes, a.achievements().routes()...)
	routes = append(routes, slices.Concat(a.entrustRoutes(), a.demands().routes())...)
	routes = append(routes, a.contractRoutes()...)
	routes = append(routes, a.turnoverRoutes()...)
	routes = append(routes, slices.Concat(a.privacyRoutes(), a.contactRoutes())...)
	routes = append(routes, a.auditRoutes()...)
	routes = append(routes, slices.Concat(a.mailRoutes(), a.synonymRoutes(), a.noticeRoutes(), a.savedSearchRoutes())...)
	routes = append(routes, a.fileRoutes()...)
	routes = append(routes, slices.Concat(a.duplicateRoutes(), a.radarRoutes())...)
	routes = append(routes, slices.Concat(a.verdictRoutes(), a.qualityRoutes())...)
	routes = append(routes, a.matchRoutes()...)
	routes = append(routes, a.indexRoutes()...)
	return append(routes, a.importRoutes()...)
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
