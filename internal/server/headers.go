package server

import "github.com/gofiber/fiber/v2"

// policy lets pages use what this server serves and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// headers puts what browsers must hold to on every answer.
func (s *Server) headers(c *fiber.Ctx) error {
	s.secure(c)
	return c.Next()
}

func (s *Server) secure(c *fiber.Ctx) {
	c.Set(fiber.HeaderContentSecurityPolicy, policy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderXFrameOptions, "DENY")         // for browsers older than frame-ancestors
	c.Set(fiber.HeaderReferrerPolicy, "same-origin") // no-referrer would blank the Origin that crossOrigin reads
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=()")
	if s.config.Secure {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}
