package server

import (
	"context"

	"github.com/gofiber/fiber/v2"
)

// deadline bounds what a handler waits for: the store, the index. A client
// that leaves does not end a context of fiber, so this is all that does. What
// goes on after the handler returned, as streams do, needs a context of its own.
func (s *Server) deadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), s.config.Timeouts.Request)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}
