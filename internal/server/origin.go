package server

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"jishi/internal/market"
)

// crossOrigin refuses requests that another site's page makes a browser send,
// as net/http.CrossOriginProtection does: a request that may change something
// must say it comes from here. One without either header is no browser's of
// today and passes as long as it has no cookie to misuse. Requests with a
// bearer token pass: no other site has one to send.
func (s *Server) crossOrigin(c *fiber.Ctx) error {
	switch c.Method() {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodOptions:
		return c.Next()
	}
	if _, bearer := bearerToken(c); bearer && isAPI(c) {
		return c.Next()
	}
	if !s.sameOrigin(c) {
		return market.E(market.Denied, "cross_origin", "这个请求不是从本站页面发出的，没有办理。请回到本站重新操作。")
	}
	return c.Next()
}

func (s *Server) sameOrigin(c *fiber.Ctx) bool {
	switch c.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return true
	case "":
	default:
		return false
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		from, err := url.Parse(origin)
		return err == nil && from.Host != "" && from.Host == string(c.Request().Host())
	}
	return c.Get(fiber.HeaderCookie) == ""
}
