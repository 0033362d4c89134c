package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/internal/matching"
	"jishi/internal/quality"
)

// Judging is what people say of matches, and what follows from it.
type Judging struct {
	Verdicts   *matching.Verdicts
	Weightings *matching.Weightings
	Proposals  *matching.Proposals
	Quality    *quality.Service
}

// verdictActions are the actions on verdicts.
type verdictActions struct{ *API }

func (a verdictActions) routes() []Route {
	return []Route{
		{"POST", "/matches/:id/verdict", a.judge, market.ActJudge},
		{"DELETE", "/matches/:id/verdict", a.retractVerdict, market.ActRetractVerdict},
		{"GET", "/matches/:id/verdicts", a.matchVerdicts, market.ActReadVerdicts},
		{"GET", "/verdicts", a.ownVerdicts, market.ActSelf},
	}
}

// saying is the body of a verdict.
type saying struct {
	Judgement market.Judgement `json:"judgement"`
	Reason    string           `json:"reason"`
	Note      string           `json:"note"`
}

func (a verdictActions) judge(c *fiber.Ctx) error {
	var body saying
	if err := decode(c, &body); err != nil {
		return err
	}
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	v, err := a.Judging.Verdicts.Judge(c.UserContext(), actor(c), id(c), matching.Saying{
		Judgement: body.Judgement, Reason: body.Reason, Note: body.Note, Version: version,
	})
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, v.Meta, v)
}

func (a verdictActions) retractVerdict(c *fiber.Ctx) error {
	if _, err := a.Judging.Verdicts.Retract(c.UserContext(), actor(c), id(c)); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (a verdictActions) matchVerdicts(c *fiber.Ctx) error {
	found, err := a.Judging.Verdicts.OfPair(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	if err := named(c, found); err != nil {
		return err
	}
	return c.JSON(fiber.Map{"verdicts": found})
}

func (a verdictActions) ownVerdicts(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	own, next, err := a.Judging.Verdicts.Own(c.UserContext(), actor(c), c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	items := make([]*market.Verdict, len(own))
	for i, one := range own {
		items[i] = one.Verdict
	}
	if err := named(c, items); err != nil {
		return err
	}
	return c.JSON(pageOf(items, next))
}
