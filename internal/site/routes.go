package site

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// route is one entry of the table of pages.
type route struct {
	method   string
	path     string
	answer   fiber.Handler
	signedIn bool // visitors are led to the sign-in page first
}

// routes is every page there is. GET changes nothing; POST is checked for
// its origin by the server.
func (s *Site) routes() []route {
	signIn := signInPages{s}
	return []route{
		{"GET", "/static/*", s.asset, false},

		{"GET", "/sign-in", signIn.show, false},
		{"POST", "/sign-in", signIn.open, false},
		{"POST", "/sign-out", signIn.end, false},
	}
}

// Register adds every page to app.
func (s *Site) Register(app fiber.Router) {
	for _, r := range s.routes() {
		answer := r.answer
		if r.signedIn {
			answer = signedIn(answer)
		}
		app.Add(r.method, r.path, answer)
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.path, answer)
		}
	}
}

// signedIn leads visitors to the sign-in page, from where a read goes on.
func signedIn(answer fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		switch {
		case actor(c).SignedIn():
			return answer(c)
		case c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead:
			return c.Redirect("/sign-in?next="+url.QueryEscape(c.OriginalURL()), fiber.StatusSeeOther)
		}
		return market.E(market.Unauthenticated, "sign_in_first", "登录已失效，请重新登录后再提交。")
	}
}
