package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/api"
	"jishi/internal/market"
	"jishi/internal/site"
)

// session finds out who asks and leaves them in the locals as api.ActorKey:
// by bearer token under /api, by the session cookies everywhere. A bad bearer
// token is refused; bad cookies make a visitor, so that public pages still
// show, and are taken away. A session that still waits for the second factor
// makes a visitor too, but stays.
func (s *Server) session(c *fiber.Ctx) error {
	if strings.HasPrefix(c.Path(), "/static/") {
		return c.Next()
	}
	actor, err := s.whoAsks(c)
	if err != nil {
		return s.unknown(c, err)
	}
	c.Locals(api.ActorKey, actor)
	kept := "no-cache" // until a handler says more
	if actor.SignedIn() {
		kept = "no-store"
	}
	c.Set(fiber.HeaderCacheControl, kept)
	return c.Next()
}

func (s *Server) whoAsks(c *fiber.Ctx) (market.Actor, error) {
	if token, ok := bearerToken(c); ok && isAPI(c) {
		return s.sessions.Actor(c.UserContext(), token)
	}
	access, refresh := s.cookie.Token(c), s.cookie.Refresh(c)
	if access == "" && refresh == "" || isAPI(c) && fromElsewhere(c) {
		return market.Actor{}, nil
	}
	actor, renewed, err := s.sessions.Resume(c.UserContext(), access, refresh)
	switch {
	case site.AwaitsCode(err):
		return market.Actor{}, nil
	case market.Is(err, market.Unauthenticated):
		s.cookie.Drop(c)
		return market.Actor{}, nil
	case err == nil && renewed != nil:
		s.cookie.Keep(c, *renewed)
	}
	return actor, err
}

// fromElsewhere reports whether another site's page made the browser ask. The
// cookie comes along when that page links here; the API does not take it.
func fromElsewhere(c *fiber.Ctx) bool {
	site := c.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// bearerToken returns the token of the Authorization header. Other schemes are
// a proxy's business.
func bearerToken(c *fiber.Ctx) (string, bool) {
	return cutBearer(c.Get(fiber.HeaderAuthorization))
}

func cutBearer(header string) (string, bool) {
	scheme, token, _ := strings.Cut(header, " ")
	return strings.TrimSpace(token), strings.EqualFold(scheme, "Bearer")
}
