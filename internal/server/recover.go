package server

import (
	"fmt"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// contain turns a panic into an Internal error that carries the stack for the
// log. A panic in a body stream writer happens after this returned and must be
// caught there.
func (s *Server) contain(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	return c.Next()
}

func panicked(p any) *market.Error {
	return market.Wrap(market.Internal, fmt.Errorf("panic: %v\n%s", p, debug.Stack()), codeInternal, sentenceInternal)
}
