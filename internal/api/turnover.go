package api

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/turnover"
)

// turnoverActions are the actions on turnover.
type turnoverActions struct{ *API }

func (a turnoverActions) routes() []Route {
	return []Route{
		{"GET", "/turnover", a.turnover, market.ActPublic},
		{"GET", "/turnover/target", a.targets, market.ActPublic},
		{"GET", "/indicators", a.indicators, market.ActPublic},
	}
}

// turnover answers GET /turnover?from&to&by=month,type&basis=total|technology|paid:
// rows and their sum in 分 over registered contracts.
func (a turnoverActions) turnover(c *fiber.Ctx) error {
	q := market.TurnoverQuery{From: market.Month(c.Query("from")), To: market.Month(c.Query("to")), Basis: market.Basis(c.Query("basis"))}
	for _, dimension := range strings.Split(c.Query("by"), ",") {
		if dimension != "" {
			q.By = append(q.By, market.Dimension(dimension))
		}
	}
	total, err := a.Turnover.Total(c.UserContext(), q)
	if err != nil {
		return err
	}
	if total.Rows == nil {
		total.Rows = []market.TurnoverRow{}
	}
	return c.JSON(total)
}

func (a turnoverActions) targets(c *fiber.Ctx) error {
	targets, err := a.Turnover.Targets(c.UserContext())
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"targets": targets})
}

// indicators answers GET /indicators?year: the plan's 33 values with the
// platform's own figures of that year, by default the plan's last.
func (a turnoverActions) indicators(c *fiber.Ctx) error {
	year := turnover.PlanYear
	if text := c.Query("year"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return invalidField("year", "应为四位年份")
		}
		year = n
	}
	rows, err := a.Turnover.Indicators(c.UserContext(), year)
	if err != nil {
		return err
	}
	return c.JSON(fiber.Map{"year": year, "indicators": rows})
}
