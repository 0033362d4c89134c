package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// name puts the names of people into histories that are about to be shown:
// documents hold ids of people only.
func (s *Site) name(c *fiber.Ctx, histories ...[]market.Event) error {
	var ids []market.ID
	for _, history := range histories {
		for _, e := range history {
			ids = append(ids, e.By)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	names, err := s.People.Names(c.UserContext(), ids)
	if err != nil {
		return err
	}
	for _, history := range histories {
		for i := range history {
			history[i].ByName = names[history[i].By]
		}
	}
	return nil
}

// answering answers with a page, with the name of whoever was faster in its
// refusals.
func (s *Site) answering(answer fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error { return s.naming(c, answer(c)) }
}

// naming puts the name of whoever was faster into what a refusal says.
func (s *Site) naming(c *fiber.Ctx, err error) error {
	var known *market.Error
	if !errors.As(err, &known) || known.By == "" {
		return err
	}
	names, failed := s.People.Names(c.UserContext(), []market.ID{known.By})
	if failed != nil {
		return err // without the name it still says what happened
	}
	return known.Naming(names[known.By])
}
