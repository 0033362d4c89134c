package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// refusal is an action that was not carried out.
type refusal struct {
	action market.Action
	text   string
	note   string
	reason string // what is wrong with the note
	href   string // the document that stands in the way; may be empty
	keep   string // what is wrong with the choice of what to keep
}

// declined tells an action that the document's page can explain from an error
// of its own: the status of that page and what was wrong, or nil and err. Names
// of people stand in what is returned.
func (s *Site) declined(c *fiber.Ctx, err error) (int, *market.Error, error) {
	var known *market.Error
	err = s.naming(c, err)
	status := map[market.Kind]int{
		market.Invalid: fiber.StatusUnprocessableEntity, market.Conflict: fiber.StatusConflict, market.Stale: fiber.StatusConflict,
	}[market.KindOf(err)]
	if status == 0 || !errors.As(err, &known) {
		return 0, nil, err
	}
	return status, known, err
}
