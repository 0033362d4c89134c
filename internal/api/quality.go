package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/quality"
)

// qualityActions are the actions on quality.
type qualityActions struct{ *API }

func (a qualityActions) routes() []Route {
	return []Route{
		{"GET", "/quality", a.showQuality, market.ActPublic},
		{"POST", "/quality/measure", a.measureQuality, market.ActMeasureQuality},
	}
}

func (a qualityActions) showQuality(c *fiber.Ctx) error {
	shown, err := a.Judging.Quality.Show(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(shown)
}

// measuring says whether a measurement goes on after the answer.
type measuring struct {
	Running bool `json:"running"`
	*quality.Shown
}

func (a qualityActions) measureQuality(c *fiber.Ctx) error {
	if err := decodeOptional(c, &struct{}{}); err != nil {
		return err
	}
	if err := a.Judging.Quality.Measure(c.UserContext(), actor(c)); err != nil {
		return err
	}
	shown, err := a.Judging.Quality.Show(c.UserContext())
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(measuring{a.Judging.Quality.Running(), shown})
}
