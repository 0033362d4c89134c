package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// entrustActions are the actions on entrust.
type entrustActions struct{ *API }

func (a entrustActions) routes() []Route {
	return []Route{
		{"GET", "/demands/entrusted", a.listEntrusted, market.ActListEntrusted},
		{"POST", "/demands/:id/entrust", a.entrust, market.ActEntrust},
		{"POST", "/demands/:id/recall", a.recall, market.ActRecall},
		{"POST", "/demands/:id/decline", a.decline, market.ActDecline},
	}
}

// listEntrusted answers a page of the demands handed to the caller.
func (a entrustActions) listEntrusted(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	page, err := a.Entrusting.Entrusted(c.UserContext(), actor(c), c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf(page.Items, page.Next))
}

// entrust hands a demand to the broker of the body.
func (a entrustActions) entrust(c *fiber.Ctx) error {
	var in struct {
		Broker market.ID `json:"broker"`
	}
	if err := decode(c, &in); err != nil {
		return err
	}
	return entrusting(c, func(version int64) (*market.Demand, error) {
		return a.Entrusting.Entrust(c.UserContext(), actor(c), id(c), version, in.Broker)
	})
}

func (a entrustActions) recall(c *fiber.Ctx) error {
	return entrusting(c, func(version int64) (*market.Demand, error) {
		return a.Entrusting.Recall(c.UserContext(), actor(c), id(c), version)
	})
}

func (a entrustActions) decline(c *fiber.Ctx) error {
	var in struct {
		Note string `json:"note"`
	}
	if err := decodeOptional(c, &in); err != nil {
		return err
	}
	return entrusting(c, func(version int64) (*market.Demand, error) {
		return a.Entrusting.Decline(c.UserContext(), actor(c), id(c), version, in.Note)
	})
}

// entrusting carries out a step on the version the caller read and answers
// the demand as it stands then.
func entrusting(c *fiber.Ctx, step func(version int64) (*market.Demand, error)) error {
	version, err := ifMatch(c)
	if err != nil {
		return err
	}
	doc, err := step(version)
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, doc.Meta, doc)
}
