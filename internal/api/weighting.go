package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// matchActions are the actions on weighting.
type matchActions struct{ *API }

func (a matchActions) routes() []Route {
	return []Route{
		{"GET", "/matches/:id", a.match, market.ActReadDraft},
		{"GET", "/weighting", a.weighting, market.ActReadWeighting},
		{"PUT", "/weighting", a.setWeighting, market.ActSetWeighting},
	}
}

// match answers GET /matches/{demand.achievement}: one pair with its card.
func (a matchActions) match(c *fiber.Ctx) error {
	m, err := a.Matches.Match(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return c.JSON(m)
}

// weighting answers GET /weighting: how many points each part can give.
func (a matchActions) weighting(c *fiber.Ctx) error {
	w, err := a.Judging.Weightings.Get(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, w.Meta, w)
}

// weightingInput is what PUT /weighting takes.
type weightingInput struct {
	Parts []market.Weight `json:"parts"`
	Note  string          `json:"note"`
}

func (a matchActions) setWeighting(c *fiber.Ctx) error {
	var input weightingInput
	if err := decode(c, &input); err != nil {
		return err
	}
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	w, err := a.Judging.Weightings.Change(c.UserContext(), actor(c), input.Parts, version, input.Note)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, w.Meta, w)
}
