package site

import (
	"net/url"
	"slices"

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
	signIn, review, desk := signInPages{s}, reviewPages{s}, deskPages{s}
	return slices.Concat([]route{
		{"GET", "/static/*", s.asset, false},

		{"GET", "/", homePages{s}.show, false},
		{"GET", "/search", searchPages{s}.show, false},
		{"GET", "/search/export/:format", searchPages{s}.export, true},

		{"GET", "/review", review.show, true},
		{"GET", "/review/next", review.next, true},
		{"GET", "/desk", desk.show, true},
		{"GET", "/desk/achievements", desk.achievements, true},
		{"GET", "/desk/demands", desk.demands, true},
		{"GET", "/desk/achievements/export/:format", desk.exportAchievements, true},
		{"GET", "/desk/demands/export/:format", desk.exportDemands, true},

		{"GET", "/sign-in", signIn.show, false},
		{"POST", "/sign-in", signIn.open, false},
		{"POST", "/sign-out", signIn.end, false},
	},
		s.achievementPages().routes(), s.demandPages().routes(), contractPages{s}.routes(), importPages{s}.routes(),
		turnoverPages{s}.routes(), indicatorPages{s}.routes(), organizationPages{s}.routes())
}

// routes is the pages of one kind of listing.
func (p listingPages[T, P]) routes() []route {
	return []route{
		{"GET", p.path, p.all, false},
		{"GET", p.path + "/new", p.start, true},
		{"POST", p.path, p.add, true},
		{"GET", p.path + "/:id", p.show, false},
		{"GET", p.path + "/:id/edit", p.edit, true},
		{"POST", p.path + "/:id/edit", p.revise, true},
		{"POST", p.path + "/:id/:action", p.move, true},
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
			return c.Redirect(signInTo(c.OriginalURL()), fiber.StatusSeeOther)
		}
		return market.E(market.Unauthenticated, "sign_in_first", "登录已失效，请重新登录后再提交。")
	}
}

// signInTo is the address of the sign-in page that goes on to next.
func signInTo(next string) string { return "/sign-in?next=" + url.QueryEscape(next) }
