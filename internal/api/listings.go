package api

import (
	"github.com/gofiber/fiber/v2"

	"jishi/internal/listing"
	"jishi/internal/market"
)

// listings is the actions on one kind of listing. In is what a client may
// write of it.
type listings[T any, P listing.Kind[T], In any] struct {
	path    string // below Prefix
	book    *listing.Book[T, P]
	read    func(In) *T
	creates market.Action
}

func (a *API) achievements() listings[market.Achievement, *market.Achievement, achievementInput] {
	return listings[market.Achievement, *market.Achievement, achievementInput]{"/achievements", a.Achievements, achievementInput.read, market.ActCreateAchievement}
}

func (a *API) demands() listings[market.Demand, *market.Demand, demandInput] {
	return listings[market.Demand, *market.Demand, demandInput]{"/demands", a.Demands, demandInput.read, market.ActCreateDemand}
}

// moves is the actions on a listing that only move its state.
var moves = []market.Action{
	market.ActSubmit, market.ActApprove, market.ActReject, market.ActWithdraw, market.ActRenew, market.ActReopen,
}

func (l listings[T, P, In]) routes() []Route {
	routes := []Route{
		{"GET", l.path, l.list, market.ActPublic},
		{"POST", l.path, l.create, l.creates},
		{"GET", l.path + "/:id", l.show, market.ActReadDraft},
		{"PUT", l.path + "/:id", l.revise, market.ActRevise},
	}
	for _, action := range moves {
		routes = append(routes, Route{"POST", l.path + "/:id/" + string(action), l.move(action), action})
	}
	return routes
}

// list answers a page: scope=public (default, newest first), own, or queue.
func (l listings[T, P, In]) list(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 20, market.MaxPageSize)
	if err != nil {
		return err
	}
	find := l.book.Newest
	switch scope := c.Query("scope", "public"); scope {
	case "public":
	case "own":
		find = l.book.Own
	case "queue":
		find = l.book.Queue
	default:
		return invalidField("scope", "只能是 public、own 或 queue")
	}
	page, err := find(c.UserContext(), actor(c), c.Query("cursor"), limit)
	if err != nil {
		return err
	}
	return c.JSON(pageOf(page.Items, page.Next))
}

func (l listings[T, P, In]) create(c *fiber.Ctx) error {
	key, err := idempotencyKey(c)
	if err != nil {
		return err
	}
	var in In
	if err := decode(c, &in); err != nil {
		return err
	}
	doc, err := l.book.CreateKeyed(c.UserContext(), actor(c), l.read(in), key)
	if err != nil {
		return err
	}
	return created(c, l.path, *P(doc).Head(), doc)
}

func (l listings[T, P, In]) show(c *fiber.Ctx) error {
	doc, err := l.book.Show(c.UserContext(), actor(c), id(c))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, *P(doc).Head(), doc)
}

func (l listings[T, P, In]) revise(c *fiber.Ctx) error {
	version, err := needMatch(c)
	if err != nil {
		return err
	}
	var in In
	if err := decode(c, &in); err != nil {
		return err
	}
	doc, err := l.book.Revise(c.UserContext(), actor(c), id(c), version, l.read(in))
	if err != nil {
		return err
	}
	return answer(c, fiber.StatusOK, *P(doc).Head(), doc)
}

func (l listings[T, P, In]) move(action market.Action) fiber.Handler {
	return func(c *fiber.Ctx) error {
		version, err := ifMatch(c)
		if err != nil {
			return err
		}
		var in struct {
			Note string `json:"note"`
		}
		if err := decodeOptional(c, &in); err != nil {
			return err
		}
		doc, err := l.book.Move(c.UserContext(), actor(c), id(c), version, action, in.Note)
		if err != nil {
			return err
		}
		return answer(c, fiber.StatusOK, *P(doc).Head(), doc)
	}
}
