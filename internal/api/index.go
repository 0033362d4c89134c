package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// IndexDesk looks after the search index of this process. Denied for who may
// not; Conflict while what is asked for is under way already.
type IndexDesk interface {
	// Health says how the index is.
	Health(ctx context.Context, by market.Actor) (market.IndexHealth, error)
	// Check begins to hold the index against the store.
	Check(ctx context.Context, by market.Actor) error
	// Rebuild begins to fill a new index beside the one that answers.
	Rebuild(ctx context.Context, by market.Actor) error
}

// indexActions are the actions on index.
type indexActions struct{ *API }

func (a indexActions) routes() []Route {
	return []Route{
		{"GET", "/index", a.indexHealth, market.ActTendIndex},
		{"POST", "/index/check", a.checkIndex, market.ActTendIndex},
		{"POST", "/index/rebuild", a.rebuildIndex, market.ActTendIndex},
	}
}

// indexHealth answers GET /index: how the index of the process that answers is.
func (a indexActions) indexHealth(c *fiber.Ctx) error { return a.tended(c, fiber.StatusOK) }

// checkIndex answers POST /index/check with 202; what it finds is told by GET /index.
func (a indexActions) checkIndex(c *fiber.Ctx) error {
	if err := a.Index.Check(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return a.tended(c, fiber.StatusAccepted)
}

// rebuildIndex answers POST /index/rebuild with 202.
func (a indexActions) rebuildIndex(c *fiber.Ctx) error {
	if err := a.Index.Rebuild(c.UserContext(), actor(c)); err != nil {
		return err
	}
	return a.tended(c, fiber.StatusAccepted)
}

func (a indexActions) tended(c *fiber.Ctx, status int) error {
	h, err := a.Index.Health(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return c.Status(status).JSON(h)
}
