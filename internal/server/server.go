// Package server is the HTTP server: limits, middleware, the way from errors
// to answers, health and metrics, start and stop. What is answered is the
// business of packages api and site.
package server

import (
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"

	"jishi/internal/site"
)

// Server answers requests.
type Server struct {
	config   Config
	sessions Sessions
	pages    Pages
	cookie   site.SessionCookie
	log      *slog.Logger
	metrics  *metrics
	silent   *silent
	rates    *limiter

	visitorBodies *rate.Limiter
	app           *fiber.App
}

// New returns a server of the API's and the pages' routes.
func New(config Config, sessions Sessions, actions API, pages Pages) *Server {
	config.Timeouts = config.Timeouts.withDefaults()
	s := &Server{
		config: config, sessions: sessions, pages: pages, log: config.Log,
		cookie: site.SessionCookie{Secure: config.Secure}, metrics: newMetrics(), silent: newSilent(), visitorBodies: newVisitorBodies(), rates: newLimiter(config.Rates),
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.app = fiber.New(fiber.Config{
		AppName: "jishi", DisableStartupMessage: true,
		Immutable:     true, // strings from the request outlive the handler
		CaseSensitive: true,
		BodyLimit:     MaxBody, ReadBufferSize: maxHeader, Concurrency: maxClients,
		ReadTimeout: config.Timeouts.Read, WriteTimeout: config.Timeouts.Write, IdleTimeout: config.Timeouts.Idle,
		DisablePreParseMultipartForm: true, // no file reaches the disk before its sender is known
		ErrorHandler:                 s.failedEarly,
	})
	s.app.Server().Handler = s.strict(s.app.Server().Handler)
	s.app.Server().HeaderReceived = s.limits
	s.app.Server().ConnState = s.silent.note
	s.app.Server().CloseOnShutdown = true
	s.app.Use(s.identify, s.observe, s.contain, s.headers)
	s.app.Get("/healthz", s.alive)
	s.app.Get("/readyz", s.ready)
	s.app.Use(s.plainBody, s.deadline, s.crossOrigin, s.session, s.remember, s.limitRate)
	actions.Register(s.app)
	pages.Register(s.app)
	return s
}

// isAPI reports whether a request is a program's.
func isAPI(c *fiber.Ctx) bool {
	return c.Path() == "/api" || strings.HasPrefix(c.Path(), "/api/")
}
