package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/radar"
)

// radarActions are the actions on radar.
type radarActions struct{ *API }

func (a radarActions) routes() []Route {
	return []Route{
		{"GET", "/radar", a.showRadar, market.ActReadRadar},
		{"POST", "/radar/refresh", a.refreshRadar, market.ActRefreshRadar},
	}
}

// radarAnswer is the radar and how far a new one is.
type radarAnswer struct {
	Radar *market.Radar   `json:"radar"` // null before the first was computed
	Run   market.RadarRun `json:"run"`
}

// showRadar answers GET /radar?chain&division.
func (a radarActions) showRadar(c *fiber.Ctx) error {
	seen, run, err := a.Radar.Show(c.UserContext(), actor(c), radar.Filter{Chain: c.Query("chain"), Division: c.Query("division")})
	if err != nil {
		return err
	}
	return c.JSON(radarAnswer{seen, run})
}

func (a radarActions) refreshRadar(c *fiber.Ctx) error {
	run, err := a.Radar.Refresh(c.UserContext(), actor(c))
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusAccepted).JSON(run)
}
