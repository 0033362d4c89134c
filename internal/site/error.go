package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// ErrorPage answers with the page for a failure. status is the HTTP status
// the server chose for err. The text is what err says to people; of an error
// that says nothing to people, or is our fault, the page has its usual words.
func (s *Site) ErrorPage(c *fiber.Ctx, status int, err error) error {
	var known *market.Error
	message := ""
	if errors.As(err, &known) && known.Kind != market.Internal {
		message = known.Message
	}
	page := web.NewErrorPage(s.base(c, "", ""), status, message)
	if known != nil {
		for _, f := range known.Fields {
			page.Problems = append(page.Problems, web.Problem{Text: f.Reason})
		}
	}
	return s.render(c, status, "error", page)
}

// sentence returns what an error says to people.
func sentence(err error) string {
	var known *market.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return "这一步没有办成，请稍后再试。"
}
