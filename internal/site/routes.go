package site

import (
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
	"jishi/web"
)

// route is one entry of the table of pages.
type route struct {
	method string
	path   string
	answer fiber.Handler
	needs  market.Action // what the reader must be allowed on some document; the use case decides about the one at hand
}

// routes is every page there is. GET changes nothing; POST is checked for
// its origin by the server.
func (s *Site) routes() []route {
	signIn, review, desk := signInPages{s}, reviewPages{s}, deskPages{s}
	return slices.Concat([]route{
		{"GET", "/static/*", s.asset, market.ActPublic},

		{"GET", "/", homePages{s}.show, market.ActPublic},
		{"GET", "/search", searchPages{s}.show, market.ActPublic},
		{"GET", "/search.rss", searchPages{s}.feed, market.ActPublic},
		{"GET", "/search/export/:format", searchPages{s}.export, market.ActExport},

		{"GET", "/review", review.show, market.ActReviewListings},
		{"GET", "/review/next", review.next, market.ActReviewListings},
		{"GET", "/desk", desk.show, market.ActSelf},
		{"GET", "/desk/achievements", desk.achievements, market.ActListOwn},
		{"GET", "/desk/demands", desk.demands, market.ActListOwn},
		{"GET", "/desk/achievements/export/:format", desk.exportAchievements, market.ActListOwn},
		{"GET", "/desk/demands/export/:format", desk.exportDemands, market.ActListOwn},

		{"GET", "/sign-in", signIn.show, market.ActSignIn},
		{"POST", "/sign-in", signIn.open, market.ActSignIn},
		{"POST", "/sign-out", signIn.end, market.ActPublic},
	},
		comparePages{s}.routes(), synonymPages{s}.routes(), s.achievementPages().routes(), entrustPages{s}.routes(), s.demandPages().routes(), contractPages{s}.routes(), importPages{s}.routes(),
		codePages{s}.routes(), recoverPages{s}.routes(), privacyPages{s}.routes(), sessionPages{s}.routes(), passwordPages{s}.routes(), factorPages{s}.routes(),
		duplicatePages{s}.routes(), radarPages{s}.routes(), indexPages{s}.routes(),
		filePages{s}.routes(), turnoverPages{s}.routes(), indicatorPages{s}.routes(), auditPages{s}.routes(), mailPages{s}.routes(), accountPages{s}.routes(), memberPages{s}.routes(), joinPages{s}.routes(), invitationPages{s}.routes(), userPages{s}.routes(), certificatePages{s}.routes(), noticePages{s}.routes(), savedSearchPages{s}.routes(),
		organizationPages{s}.routes(), signUpPages{s}.routes(), verdictPages{s}.routes(), qualityPages{s}.routes(), proposalPages{s}.routes(), matchPages{s}.routes())
}

// routes is the pages of one kind of listing.
func (p listingPages[T, P]) routes() []route {
	routes := []route{
		{"GET", p.path, p.all, market.ActPublic},
		{"GET", p.path + "/new", p.start, p.create},
		{"POST", p.path, p.add, p.create},
		{"GET", p.path + "/:id", p.show, market.ActReadDraft},
		{"POST", p.path + "/:id/contact", p.contact, market.ActReadContact},
		{"GET", p.path + "/:id/edit", p.edit, market.ActRevise},
		{"POST", p.path + "/:id/edit", p.revise, market.ActRevise},
	}
	for action := range moved {
		routes = append(routes, route{"POST", p.path + "/:id/" + string(action), p.move(action), action})
	}
	return routes
}

// Route is one row of the table of pages as those see it who check the table.
type Route struct {
	Method, Path string
	Needs        market.Action
}

// Routes returns every page there is, once.
func (s *Site) Routes() []Route {
	var all []Route
	for _, r := range s.routes() {
		all = append(all, Route{r.method, r.path, r.needs})
	}
	return all
}

// Register adds every page to app.
func (s *Site) Register(app fiber.Router) {
	for _, r := range s.routes() {
		answer := s.answering(admit(r.needs, r.answer))
		app.Add(r.method, r.path, answer)
		if r.method == fiber.MethodGet {
			app.Add(fiber.MethodHead, r.path, answer)
		}
	}
}

// admit refuses readers who may do what a page is for on no document at all.
// Visitors are led to the sign-in page, from where a read goes on.
func admit(needs market.Action, answer fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		by := actor(c)
		if to := settles(by.Due); to != "" && !exempt(c.Path()) {
			return done(c, to, web.Wait, market.Dues.Name(string(by.Due)))
		}
		err := market.Admit(by, needs)
		switch {
		case err == nil:
			return answer(c)
		case !market.Is(err, market.Unauthenticated):
			return err
		case c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead:
			return c.Redirect(signInTo(c.OriginalURL()), fiber.StatusSeeOther)
		}
		return market.E(market.Unauthenticated, "sign_in_first", "登录已失效，请重新登录后再提交。")
	}
}

// settles is the page where what is due gets done, "" when nothing is.
func settles(due market.Due) string {
	switch due {
	case market.DueFactor:
		return "/account/factor"
	case market.DuePassword:
		return "/account/password"
	case market.DueConsent:
		return "/account/privacy"
	}
	return ""
}

// exempt reports whether a page is open to those who have something due: what
// settles it, the way out, and what every page is made of.
func exempt(path string) bool {
	for _, open := range []string{"/account", "/static", "/sign-in", "/sign-out", "/recover", "/privacy"} {
		if below(path, open) {
			return true
		}
	}
	return false
}

// signInTo is the address of the sign-in page that goes on to next.
func signInTo(next string) string { return "/sign-in?next=" + url.QueryEscape(next) }
