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
}

// Routes returns the route table: every action there is, once.
func (a *API) Routes() []Route {
	routes := []Route{
		{"GET", "/search", a.search},
		{"GET", "/achievements/:id/matches", a.achievementMatches},
		{"GET", "/demands/:id/matches", a.demandMatches},
	}
	routes = append(routes, a.accountRoutes()...)
	routes = append(routes, a.achievements().routes()...)
	routes = append(routes, a.demands().routes()...)
	routes = append(routes, a.contractRoutes()...)
	routes = append(routes, a.turnoverRoutes()...)
	return append(routes, a.importRoutes()...)
}

// Register adds every route to router under Prefix. GET answers HEAD too.
func (a *API) Register(router fiber.Router) {
	router.Get("/api/openapi.json", openapi)
	group := router.Group(Prefix)
	for _, r := range a.Routes() {
		if r.Method == fiber.MethodGet {
			group.Get(r.Path, checkAddress, r.Handle)
			continue
		}
		group.Add(r.Method, r.Path, checkAddress, r.Handle)
	}
}

// signedIn keeps visitors from an action that is about the caller itself.
// Other actions leave it to their use case to ask who it is.
func signedIn(handle fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if !actor(c).SignedIn() {
			return market.E(market.Unauthenticated, "sign_in_first", "请先登录；程序请在 Authorization 头中带上访问令牌。")
		}
		return handle(c)
	}
}
