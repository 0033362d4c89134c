package api

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// maxMatches bounds the matches of one answer.
const maxMatches = 50

func (a *API) demandMatches(c *fiber.Ctx) error { return matches(c, a.Matches.ForDemand) }

func (a *API) achievementMatches(c *fiber.Ctx) error { return matches(c, a.Matches.ForAchievement) }

func matches(c *fiber.Ctx, suggest func(context.Context, market.Actor, market.ID, int) (market.Answer, error)) error {
	limit, err := queryInt(c, "limit", 10, maxMatches)
	if err != nil {
		return err
	}
	answer, err := suggest(c.UserContext(), actor(c), id(c), limit)
	if err != nil {
		return err
	}
	return c.JSON(answer)
}
