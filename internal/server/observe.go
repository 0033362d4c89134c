package server

import (
	"errors"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// observe turns a failure into its answer, counts the request and logs one
// line about it: never a body, a query, a header or a token.
func (s *Server) observe(c *fiber.Ctx) error {
	start := time.Now()
	err := c.Next()
	route := pattern(c, err)
	if err != nil {
		s.answer(c, err)
	}
	took, status, method := time.Since(start), c.Response().StatusCode(), c.Method()
	s.metrics.count(method, route, status, took)
	if route == "/healthz" || route == "/readyz" {
		return nil // asked every few seconds
	}
	s.log.LogAttrs(c.UserContext(), slog.LevelInfo, "request",
		slog.String("request_id", market.RequestOf(c.UserContext()).ID),
		slog.String("method", method), slog.String("route", route),
		slog.Int("status", status), slog.Int64("ms", took.Milliseconds()))
	return nil
}

// unmatched is the route of requests that no route is for: their paths are
// the client's choice and must not become labels.
const unmatched = "unmatched"

// pattern returns the path pattern of the route that answered.
func pattern(c *fiber.Ctx, err error) string {
	var none *fiber.Error
	if errors.As(err, &none) && (none.Code == fiber.StatusNotFound || none.Code == fiber.StatusMethodNotAllowed) {
		return unmatched
	}
	return c.Route().Path
}
