package server

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// checkTime bounds all checks of one /readyz together.
const checkTime = 3 * time.Second

// alive answers /healthz: this process answers.
func (s *Server) alive(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"alive": true})
}

// readiness is the answer of /readyz.
type readiness struct {
	Ready  bool     `json:"ready"`
	Failed []string `json:"failed"` // names of checks; why is in the log
}

// ready answers /readyz: 200 when every check passes, else 503.
func (s *Server) ready(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(c.UserContext(), checkTime)
	defer cancel()
	answer := readiness{Failed: []string{}}
	for _, check := range s.config.Checks {
		if err := check.Run(ctx); err != nil {
			answer.Failed = append(answer.Failed, check.Name)
			s.log.WarnContext(ctx, "not ready", "check", check.Name, "error", err.Error())
		}
	}
	answer.Ready = len(answer.Failed) == 0
	c.Set(fiber.HeaderCacheControl, "no-store")
	if !answer.Ready {
		c.Status(fiber.StatusServiceUnavailable)
	}
	return c.JSON(answer)
}
