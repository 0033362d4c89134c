package server

import "github.com/gofiber/fiber/v2"

// renewedKey is where the cookies that the session middleware set are kept.
type renewedKey struct{}

// remember keeps the cookies that were set when the session was found out, so
// that an answer which fails carries them too. A token is renewed once: a
// client that did not get the new one would come back with a used one, and be
// taken for a thief.
func (s *Server) remember(c *fiber.Ctx) error {
	var renewed []string
	for _, cookie := range c.Response().Header.Cookies() { // the second value is the whole cookie
		renewed = append(renewed, string(cookie))
	}
	if renewed != nil {
		c.Locals(renewedKey{}, renewed)
	}
	return c.Next()
}
